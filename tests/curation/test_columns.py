"""What ontology/tables.toml says of columns holds everywhere, and a column that is added there is added everywhere.

So is a rule or a question that is put into its folder.
"""

import ast
import csv
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from project import Folder, ours, write_part
from pyoxigraph import NamedNode, RdfFormat, Store

import k2graph
from k2graph import iris, resources
from k2graph.curation import schema as schema_module
from k2graph.curation.forms import reader_of
from k2graph.curation.schema import Column, Table, read_schema, schema
from k2graph.errors import InputError
from k2graph.evidence import claim_reader, described, reader, things
from k2graph.evidence.nodes import Nodes
from k2graph.exports.tabular.csv_parquet import TABLES
from k2graph.ontology import Vocabulary

COLUMNS = [(table, column) for table in schema() for column in table.columns]
NAMED = {f"{table.name}.{column.name}": (table, column) for table, column in COLUMNS}
#: Columns of which the shapes ask more, or in another way, and why.
ONE_PROPERTY = {"claims.context", "claims.population"}  # two columns; `otherwise` sees to it that one of them speaks
NARROWER = {
    "entities.type": "one of the classes below k2g:Entity, by a list of them",
    "claims.direction": "a claim is proposed, and no proposal is mixed",
    "claims.testable_in_people": "claims that only a mechanism implies have none",
    "trials.comparator_kind": "a warning asks for it",
}


@pytest.fixture(scope="module")
def shapes() -> dict[tuple[str, str], list[dict[str, Any]]]:
    """What the shapes say of a property: by the class of the thing, or, under "", of whatever has it."""
    store = Store()
    store.bulk_load(path=str(resources.SHAPES), format=RdfFormat.TURTLE)
    found = store.query(
        """SELECT ?class ?has ?path ?least ?most ?datatype ?node ?of ?severity {
             ?shape sh:path ?path FILTER(isIRI(?path))
             { ?shape sh:targetClass ?class } UNION { ?shape sh:targetSubjectsOf ?has }
             OPTIONAL { ?shape sh:minCount ?least } OPTIONAL { ?shape sh:maxCount ?most } OPTIONAL { ?shape sh:datatype ?datatype }
             OPTIONAL { ?shape sh:node ?node } OPTIONAL { ?shape sh:class ?of } OPTIONAL { ?shape sh:severity ?severity } }""",
        prefixes=iris.PREFIXES,
    )
    said = defaultdict(list)
    for row in found:  # type: ignore[union-attr]
        one = {name: iris.short(row[name].value) for name in ("class", "has", "path", "least", "most", "datatype", "node", "of", "severity")
               if row[name] is not None}  # fmt: skip
        said[one.get("class", ""), one["path"]].append(one)
    return said


def says(shapes: dict[tuple[str, str], list[dict[str, Any]]], table: Table, name: str, what: str) -> list[str]:
    found = [*shapes.get((table.class_, name), ()), *shapes.get(("", name), ())]
    return [each[what] for each in found if what in each]


def test_the_tables_of_the_description_are_the_tables_there_are() -> None:
    assert {table.file for table in schema()} == {path.name for path in resources.TABLES.glob("*.tsv")}
    for table in schema():
        header = (resources.TABLES / table.file).read_text(encoding="utf-8").partition("\n")[0].split("\t")
        assert sorted(header) == sorted(table.named), table.name


def test_the_kinds_of_address_are_those_of_the_description() -> None:
    assert list(iris.KINDS) == tomllib.loads(resources.TABLE_SCHEMA.read_text(encoding="utf-8"))["addresses"]
    assert {table.address for table in schema() if table.address} <= set(iris.KINDS)


@pytest.mark.parametrize("name", NAMED)
def test_the_ontology_defines_what_a_column_becomes(name: str) -> None:
    vocabulary, (_, column) = Vocabulary(), NAMED[name]
    properties = {thing.value for thing in vocabulary.instances("rdf:Property")}
    assert schema().meaning(column, vocabulary)
    for each in column.properties:
        if each.startswith("k2g:"):
            assert iris.name(each).value in properties
            assert vocabulary.text(iris.name(each), "rdfs:label")


def words(property_name: str) -> str:
    """The words of a property as Python writes them."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", property_name.partition(":")[2]).lower()


def is_called(name: str, of: str, *, several: bool) -> bool:
    """Whether a name is that of a thing, or of several the plural of it."""
    return name == of or (several and name in {f"{of}s", f"{of.removesuffix('y')}ies"})


def test_a_column_and_its_property_have_one_name() -> None:
    """What else a number writes, its digits, is called as the property is."""
    reasons, used = tomllib.loads(resources.TABLE_SCHEMA.read_text(encoding="utf-8"))["other_names"], set()
    for table, column in COLUMNS:
        if column.property and not is_called(column.name, words(column.property), several=column.several):
            why = {f"*.{column.name}", f"{table.name}.*", f"{table.name}.{column.name}"} & set(reasons)
            assert why, f"{table.name}.{column.name} becomes {column.property}"
            used |= why
        if column.reported:
            name, _, rest = words(column.reported).rpartition("_")
            assert (name in {words(column.property), column.name}, rest) == (True, "reported")
    assert used == set(reasons)
    assert all(reasons.values())


#: What is made of the rows of a table.
MADE = {
    "Arm": "arms", "Claim": "claims", "Entity": "entities", "Finding": "findings", "Identifier": "identifiers", "Report": "reports",
    "Interaction": "interactions", "Mechanism": "mechanisms", "Step": "mechanism_steps", "Study": "studies",
}  # fmt: skip


def test_python_calls_what_it_reads_of_a_column_as_the_column_or_its_property() -> None:
    """What is read by the description has its name by it; of the rest, the code says `curie=read.need(node, "dcterms:identifier")`."""
    reasons, differs, found = tomllib.loads(resources.TABLE_SCHEMA.read_text(encoding="utf-8"))["other_attributes"], set(), 0
    for module in (reader, claim_reader):
        for call in ast.walk(ast.parse(inspect.getsource(module))):
            names = [each.id for each in (call.func, *call.args) if isinstance(each, ast.Name)] if isinstance(call, ast.Call) else []
            for kind in MADE.keys() & set(names):
                columns = {column.property: column for column in schema().tables[MADE[kind]].columns if column.property}
                for argument in call.keywords:
                    match argument.value:
                        case ast.Call(func=ast.Attribute(attr=way), args=[ast.Name(), ast.Constant(str(name)), *_]) if name in columns:
                            found += 1
                            called = (words(name), columns[name].name)
                            if not any(is_called(argument.arg or "", each, several=way == "texts") for each in called):
                                differs.add(f"{kind}.{argument.arg}")
    assert found
    assert differs == set(reasons)
    assert all(reasons.values())


def test_a_field_is_read_as_its_column_is_described() -> None:
    """A word as a word where the field holds one, else as people call it; of a number also the digits."""
    ways = described.ways_of(things.Finding, "findings")
    assert ways["value"] == (Nodes.number, ("k2g:value",))
    assert ways["value_reported"] == (Nodes.reported, ("k2g:value", "k2g:valueReported"))
    assert ways["p_value_relation"] == (Nodes.word_or_none, ("k2g:pValueRelation",))
    assert (ways["direction"][0], ways["analysis"][0], ways["unit"][0]) == (Nodes.word, Nodes.label, Nodes.text)
    assert ways["reported"] == (Nodes.text, ("k2g:reported",))
    assert described.ways_of(things.Study, "studies")["interventions"] == (Nodes.texts, ("k2g:intervention",))
    # A label and what an arm got in words are two; the column has the name of the one and becomes the other.
    assert described.ways_of(things.Arm, "arms")["got_in_words"] == (Nodes.text, ("k2g:gotInWords",))


@pytest.mark.parametrize("name", NAMED)
def test_the_shapes_say_what_a_column_says(name: str, shapes: dict[tuple[str, str], list[dict[str, Any]]]) -> None:
    table, column = NAMED[name]
    if not table.class_ or not column.property:
        return
    if name not in {*ONE_PROPERTY, *NARROWER}:
        classes = [table.class_, *map(iris.short, (each.value for each in _above(table.class_)))]
        asked = [each for kind in classes for each in shapes.get((kind, column.property), ())]
        violations = [each for each in asked if "least" in each and "severity" not in each]
        assert bool(violations) == column.required, f"{name} is needed in one place and not in the other"
    most = says(shapes, table, column.term or column.property, "most")
    if column.several:
        assert not most
    elif column.scheme or column.key_of or schema().kind(column) is not str:
        assert set(most) == {"1"} or name in {*ONE_PROPERTY, "entities.type"}
    _typed_alike(name, table, column, shapes)


def _typed_alike(name: str, table: Table, column: Column, shapes: dict[tuple[str, str], list[dict[str, Any]]]) -> None:
    if column.word_of and name not in {*ONE_PROPERTY, "entities.type", "claims.direction"}:
        assert f"https://w3id.org/k2graph/shape/in-{column.word_of}" in says(shapes, table, column.property, "node")
    if column.spelling_of:
        assert f"https://w3id.org/k2graph/shape/in-{column.spelling_of}" in says(shapes, table, column.term, "node")
    if column.key_of and name not in ONE_PROPERTY:
        (of,) = set(says(shapes, table, column.property, "of"))
        wanted = schema().tables[column.key_of].class_
        assert of == wanted or NamedNode(iris.name(wanted).value) in _above(of)
    datatypes = {"Decimal": "xsd:decimal", "int": "xsd:integer"}
    if (kind := schema().kind(column).__name__) in datatypes:
        assert set(says(shapes, table, column.property, "datatype")) == {datatypes[kind]}


def _above(name: str) -> set[Any]:
    return {quad.object for quad in Vocabulary().store.quads_for_pattern(iris.name(name), iris.name("rdfs:subClassOf"), None)}


def test_every_property_that_a_table_writes_has_a_column(graph: k2graph.Graph) -> None:
    """What is said of things of the tables and no rule derives is in the description."""
    written = {name for _, column in COLUMNS for name in column.properties}
    written |= {table.link[1] for table in schema() if table.link}
    for table in schema():
        if table.class_:
            used = graph.query(
                f"SELECT DISTINCT ?property {{ ?thing a {table.class_} ; ?property ?any . ?property a rdf:Property "
                "FILTER(STRSTARTS(STR(?property), STR(k2g:))) MINUS { ?property k2g:derivedBy ?rule } "
                "MINUS { ?property skos:inScheme ?words } }"
            )
            assert {row["property"] for row in used} - written == DERIVED_BY_PROGRAM.get(table.name, set()), table.name


#: What figures make of rows, and no rule: the sizes of trials.
DERIVED_BY_PROGRAM = {"spreads": {"k2g:planningEffect", "k2g:participantsPerArm"}}


def test_exports_in_tables_carry_every_column() -> None:
    tables = {name: each for each in TABLES for name in each.of}
    #: Each has its own way there: identifiers and steps stand under what they are of.
    assert {table.name for table in schema() if table.class_} - set(tables) == {"identifiers", "mechanism_steps"}
    for table, column in COLUMNS:
        if table.name in tables and column.property:
            carried = {name for each in tables[table.name].columns for name in (each.name, each.meaning, each.path, *each.holds)}
            assert {column.name, column.property} & carried, (table.name, column.name)


# Columns, a rule and a question that are added

#: What a scientist writes who wants to know which of the trials were well hidden.
RULE = """# A study is well hidden where nobody in it knew what participants got, and more than one committee approved it.

PREFIX k2g: <https://w3id.org/k2graph/ontology#>

CONSTRUCT { ?study k2g:isWellHidden true }
WHERE { ?study k2g:hiding k2g:hiding-double ; k2g:approvals ?approvals FILTER(?approvals > 1) }
"""
QUESTION = """#+ title = "Which studies were hidden in a way, and which of them well?"
#+ description = "One row for each study that was hidden so."
#+ leaves_out = "Studies that do not say how they were hidden."
#+ suited = "SELECT DISTINCT ?hiding WHERE { ?study k2g:hiding ?hiding } ORDER BY ?hiding LIMIT 3"
#+
#+ [columns]
#+ study = "the study"
#+ well = "whether it was hidden well"
#+
#+ [parameters.hiding]
#+ about = "how it was hidden"
#+ type = "scheme:hidings"

PREFIX k2g: <https://w3id.org/k2graph/ontology#>

SELECT ?study (BOUND(?is) AS ?well)
WHERE {
  VALUES ?hiding { k2g:hiding-none } # an example
  ?study k2g:hiding ?hiding .
  OPTIONAL { ?study k2g:isWellHidden ?is }
}
ORDER BY ?study
"""
TABLE = """
[tables.committees]
about = "A committee that approves studies."
class = "k2g:Committee"
address = "committee"
key = ["committee"]

[tables.committees.columns]
committee = { meaning = "Its key.", required = true, form = "slug" }
label = { property = "rdfs:label", required = true }
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with what this one does not have: how a trial hid what people got, how often it was approved, and what follows."""
    root = tmp_path_factory.mktemp("checkout")
    for folder in ("src", "ontology", "queries", "data", "tools", "tests"):
        shutil.copytree(resources.ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(resources.ROOT / "pyproject.toml", root)
    for name in ("README.md", "LICENSE"):
        shutil.copy(resources.ROOT / name, root)
    # Of the tables a part: each command reads them all again, or what was built of them.
    shutil.rmtree(root / "data" / "tables")
    write_part(root / "data" / "tables")
    _append(
        root / "ontology" / "k2graph.ttl",
        """
k2g:hidings a skos:ConceptScheme ; rdfs:label "hidings"@en ; skos:definition "From whom it was hidden what participants got."@en .
k2g:hiding-none a skos:Concept ; skos:inScheme k2g:hidings ; skos:notation "none" ; rdfs:label "open"@en ;
    skos:definition "From nobody."@en .
k2g:hiding-double a skos:Concept ; skos:inScheme k2g:hidings ; skos:notation "double" ; rdfs:label "double-blind"@en ;
    skos:definition "From participants and from those who treated them."@en .
k2g:hiding a rdf:Property ; rdfs:label "hiding"@en ; skos:definition "From whom it was hidden what participants got."@en .
k2g:approvals a rdf:Property ; rdfs:label "approvals"@en ; skos:definition "How many committees approved a study."@en .
k2g:Committee a owl:Class ; rdfs:label "committee"@en ; skos:definition "A committee that approves studies."@en .
k2g:isWellHidden a rdf:Property ; rdfs:label "is well hidden"@en ; skos:definition "Whether a study was hidden well."@en ;
    k2g:derivedBy rule:well-hidden .
""",
    )
    rules = root / "ontology" / "rules"
    (rules / f"{len(list(rules.glob('*.rq'))) + 1}-well-hidden.rq").write_text(RULE, encoding="utf-8")
    (root / "queries" / "hidden-studies.rq").write_text(QUESTION, encoding="utf-8")
    _append(
        root / "ontology" / "shapes.ttl",
        """
shape:in-hidings a sh:NodeShape ; sh:property shape:of-hidings .
shape:of-hidings a sh:PropertyShape ; sh:path skos:inScheme ; sh:hasValue k2g:hidings .
shape:study-hiding a sh:PropertyShape ; sh:targetClass k2g:Study ; sh:path k2g:hiding ; sh:maxCount 1 ; sh:node shape:in-hidings ;
    sh:message "How a study was hidden is one word of k2g:hidings." .
shape:study-approvals a sh:PropertyShape ; sh:targetClass k2g:Study ; sh:path k2g:approvals ; sh:maxCount 1 ; sh:datatype xsd:integer ;
    sh:maxInclusive 9 ;
    sh:message "No study is approved by more than nine committees." .
""",
    )
    described = root / "ontology" / "tables.toml"
    text = described.read_text(encoding="utf-8")
    before = 'funding = { property = "k2g:funding", example = "Ontario Drug Policy Research Network" }\n'
    assert text.count(before) == 1
    more = 'hiding = { property = "k2g:hiding", word_of = "hidings" }\napprovals = { property = "k2g:approvals", form = "whole" }\n'
    text = text.replace(before, before + more).replace('"rule", "question",', '"rule", "question", "committee",')
    described.write_text(text + TABLE, encoding="utf-8")
    (root / "data" / "tables" / "committees.tsv").write_text("committee\tlabel\nethics\tEthics committee\n", encoding="utf-8")
    _fill(root, "double", "2")
    return root


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def _fill(root: Path, hiding: str, approvals: str) -> str:
    """Give the first study a cell in the two columns, and every other none; the key of that study."""
    table = root / "data" / "tables" / "studies.tsv"
    lines = [line.split("\t") for line in table.read_text(encoding="utf-8").removesuffix("\n").split("\n")]
    width = lines[0].index("hiding") if "hiding" in lines[0] else len(lines[0])
    first, *others = (cells[:width] for cells in lines[1:])
    filled = [[*lines[0][:width], "hiding", "approvals"], [*first, hiding, approvals], *([*cells, "", ""] for cells in others)]
    table.write_text("".join("\t".join(cells) + "\n" for cells in filled), encoding="utf-8")
    return first[lines[0].index("study")]


@pytest.fixture(scope="module")
def there(project: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run Python in that checkout, with its own k2graph."""

    def run(*arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(project / "src"), str(project / "tests"), str(project / "tools")))}
        done = subprocess.run([sys.executable, *arguments], cwd=project, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stderr
        return done

    return run


@pytest.fixture(scope="module")
def study(project: Path, there: Callable[..., subprocess.CompletedProcess[str]]) -> str:
    """The one study that is well hidden in the graph that was built there."""
    key = _fill(project, "double", "2")
    there("-m", "k2graph", "build")
    return ours("study", key)


@pytest.mark.slow
def test_a_column_is_added_without_python(project: Path, study: str, there: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    query = f"SELECT ?how ?many WHERE {{ {study} k2g:hiding ?how ; k2g:approvals ?many }}"
    answer = json.loads(there("-m", "k2graph", "query", query, "--format", "json").stdout)
    assert answer["rows"] == [{"how": "k2g:hiding-double", "many": 2}]
    # Written and read back: the same facts for whoever reads a study in Python, and for whoever reads a table.
    facts = "import k2graph; facts = k2graph.open().evidence().facts"
    read = f"{facts}; print(facts.one('{study}', 'k2g:hiding'), facts.one('{study}', 'k2g:approvals') + 1)"
    assert there("-c", read).stdout == "k2g:hiding-double 3\n"
    there("-m", "k2graph", "export", "csv", "--output", "tables")
    with (project / "tables" / "studies.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["study"]: (row["hiding"], row["approvals"]) for row in csv.DictReader(file)}
    assert {name: cells for name, cells in rows.items() if any(cells)} == {study: ("double", "2")}
    with (project / "tables" / "data_dictionary.csv").open(encoding="utf-8", newline="") as file:
        (meaning,) = [row["meaning"] for row in csv.DictReader(file) if (row["table"], row["column"]) == ("studies", "hiding")]
    assert meaning.startswith("From whom it was hidden what participants got.")
    page = there("-c", "import renew_docs; print(renew_docs.page_of_columns())").stdout
    assert "| `hiding` | From whom it was hidden what participants got. | `double`, `none` | double | `k2g:hiding` |" in page.splitlines()
    assert "| `approvals` | How many committees approved a study. | a whole number | 120 | `k2g:approvals` |" in page.splitlines()


@pytest.mark.slow
def test_a_table_is_added_without_python(project: Path, study: str, there: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    assert study
    answer = json.loads(there("-m", "k2graph", "query", "SELECT ?label { committee:ethics rdfs:label ?label }", "--format", "json").stdout)
    assert answer["rows"] == [{"label": "Ethics committee"}]
    assert "@prefix committee: <https://w3id.org/k2graph/committee/> ." in (project / "data" / "k2.ttl").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_rule_and_a_question_are_added_without_python(study: str, there: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    well = "SELECT ?study ?why WHERE { ?study k2g:isWellHidden true . rule:well-hidden skos:definition ?why }"
    why = RULE.partition("\n")[0].removeprefix("# ")
    assert json.loads(there("-m", "k2graph", "query", well, "--format", "json").stdout)["rows"] == [{"study": study, "why": why}]
    assert "hidden-studies" in there("-m", "k2graph", "ask").stdout
    answer = json.loads(there("-m", "k2graph", "ask", "hidden-studies", "--hiding", "double", "--format", "json").stdout)
    assert answer["rows"] == [{"study": study, "well": True}]
    # What the query names is an example for other tools; what this graph can answer is found by the question's own query.
    assert (
        "this graph has an answer, for example, where hiding = double" in there("-m", "k2graph", "ask", "hidden-studies", status=2).stderr
    )
    page = there("-c", "import renew_docs; print(renew_docs.page_of_questions())").stdout
    assert "| `--hiding` (needed) | how it was hidden | `double`, `none` |" in page.splitlines()


@pytest.mark.slow
def test_an_added_column_is_held_by_its_description_and_by_its_shape(
    project: Path, there: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    _fill(project, "doubly", "two")
    said = there("-m", "k2graph", "build", "--check", status=2).stderr
    assert "studies.tsv:2: approvals: 'two' is not a whole number, such as 120" in said
    _fill(project, "doubly", "2")
    said = there("-m", "k2graph", "build", "--check", status=2).stderr
    assert "studies.tsv:2: hiding: 'doubly' is not one of: double, none; did you mean 'double'?" in said
    _fill(project, "double", "12")
    said = there("-m", "k2graph", "build", "--check", status=2).stderr
    assert "studies.tsv:2: approvals: No study is approved by more than nine committees. (shape:study-approvals)" in said


# A description that is not in order


TOML = """[tables.things]
about = "A thing."
class = "k2g:Entity"
address = "entity"
key = ["thing"]
[tables.things.columns]
thing = { required = true, meaning = "Its name." }
"""


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("size = = 3", "tables.toml: Invalid value (at line 8"),
        ("size = 3", "tables.toml: things.size: what a column holds stands in braces"),
        ('size = { propery = "k2g:sampleSize" }', "tables.toml: things.size: 'propery' is not known here; known are property, meaning"),
        ('size = { required = "yes" }', "tables.toml: things.size: required is 'yes', which is not true or false"),
        ('size = { form = "wholly" }', "tables.toml: things.size: 'wholly' is no form; known are text, number, whole"),
        ('size = { key_of = "sizes" }', "tables.toml: things.size: 'sizes' is no table that stands before this one"),
        ('size = { spelling_of = "units" }', "tables.toml: things.size: spelling_of, term and as_written go together"),
        ('size = { word_of = "designs", form = "whole" }', "tables.toml: things.size: a cell holds a word, a key, a spelling or a value"),
        ('[tables.others]\nabout = "Others."', "tables.toml: others: key is missing"),
        ('[tables.others]\nabout = "Others."\nkey = ["other"]', "tables.toml: others: 'other' is no column of it"),
        ('[tables.others]\nabout = "Others."\nkey = "other"', "tables.toml: others: key is 'other', which is not a list"),
        ('[tables.others]\nabout = "Others."\nkey = []\naddress = "other"', "tables.toml: others: 'other' is no kind of address"),
        ('[forms.odd]\nwhat = "odd"', "tables.toml: forms.odd: example is missing"),
        (
            'size = { property = "k2g:size" }',
            "tables.toml: things.size: the ontology does not define k2g:size: mend the name, or define it",
        ),
        ('size = { property = "k2g:design", word_of = "sizes" }', "tables.toml: things.size: k2g:sizes is no scheme of the ontology"),
        ('size = { property = "bibo:size" }', "tables.toml: things.size: nothing says what it means: give it a meaning"),
        (
            'size = { property = "k2g:design", word_of = "designs", otherwise = "none" }',
            "tables.toml: things.size: otherwise is 'none', which is no word of k2g:designs",
        ),
    ],
)
def test_a_description_that_is_not_in_order(more: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "tables.toml"
    path.write_text(TOML + more, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_schema(path).check(Vocabulary())
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("pattern = '['", "tables.toml: forms.odd: the pattern is no regular expression"),
        ("shape = 'no-such'", "tables.toml: forms.odd: shape:no-such has neither a pattern nor bounds"),
    ],
)
def test_a_form_that_is_none(form: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "tables.toml"
    path.write_text(f'[forms.odd]\nwhat = "odd"\nexample = "1"\n{form}\n{TOML}size = {{ form = "odd" }}', encoding="utf-8")
    described = read_schema(path)
    with pytest.raises(InputError) as error:
        reader_of(described.tables["things"].named["size"], described)
    assert str(error.value).startswith(message)


def test_a_description_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema_module.resources, "TABLE_SCHEMA", tmp_path / "tables.toml")
    schema.cache_clear()
    try:
        with pytest.raises(InputError, match=r"tables\.toml"):
            schema()
    finally:
        monkeypatch.undo()
        schema.cache_clear()


@pytest.mark.parametrize("table", ["studies", "findings"])
def test_a_number_that_nobody_counts_is_told_at_its_cell(few_tables: Folder, table: str) -> None:
    lines = few_tables.lines(table)
    lines[1][lines[0].index("n")] = "99999999999999999999"
    few_tables.write(table, lines)
    said = "n: '99999999999999999999' is more than 1,000,000,000, the most that is counted here"
    assert few_tables.faults() == [f"{table}.tsv:2: {said}"]
