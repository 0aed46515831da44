"""The graph as built: the same bytes each time, in order, complete, and nothing in it that its tables, ontology and rules do not say."""

import ast
import io
import os
import random
import re
import shutil
import subprocess
import sys
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pytest
import rdflib
from project import Folder, Outcome, Run, one_in_eight_claims, rows, write_built, write_claims, write_part
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize
from shared import Shared

import k2graph
from k2graph import iris, resources
from k2graph.building import build, turtle
from k2graph.building.build import Progress
from k2graph.building.computed_estimates import computed_estimates
from k2graph.building.following import before_and_after_pooling, follow
from k2graph.building.meta_analysis import pooled_estimates
from k2graph.building.triples import asserted_triples
from k2graph.curation.dataset_description import dataset_triples, read_dataset
from k2graph.curation.reader import read_tables
from k2graph.curation.schema import schema
from k2graph.errors import InputError, TableFaults
from k2graph.ontology import Vocabulary
from k2graph.sparql import rules as rule_files
from k2graph.sparql.questions import read_questions
from k2graph.sparql.store import EmbeddedStore

TYPE, LABEL = iris.name("rdf:type"), iris.name("rdfs:label")
GENERATED, DERIVED_BY = iris.name("prov:wasGeneratedBy"), iris.name("k2g:derivedBy")
ONTOLOGY = iris.PREFIXES["k2g"]


def _command(seed: str, *arguments: str | Path) -> Outcome:
    """What `k2graph build` leaves behind, run in a process that hashes as a seed says."""
    done = subprocess.run(
        [sys.executable, "-m", "k2graph", "build", *arguments],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def content() -> bytes:
    """The graph that comes with the package, which is what the tables say now, as the first test shows."""
    return resources.GRAPH.read_bytes()


@pytest.fixture(scope="module")
def triples(content: bytes) -> set[Triple]:
    return {quad.triple for quad in parse(content, RdfFormat.TURTLE)}


@pytest.fixture(scope="module")
def types(triples: set[Triple]) -> dict[Any, set[NamedNode]]:
    return _types(triples)


def _types(triples: set[Triple]) -> dict[Any, set[NamedNode]]:
    found: dict[Any, set[NamedNode]] = defaultdict(set)
    for triple in triples:
        if triple.predicate == TYPE:
            found[triple.subject].add(triple.object)
    return found


@dataclass
class Derivation:
    """What the tables made, what was reckoned from numbers, and what each rule wrote in its turn."""

    asserted: set[Triple] = field(default_factory=set)
    reckoned: set[Triple] = field(default_factory=set)
    written: dict[str, set[Triple]] = field(default_factory=dict)

    @cached_property
    def nodes(self) -> set[Any]:
        return {triple.subject for triple in self.asserted | self.reckoned}


@pytest.fixture(scope="module")
def rule_by_rule(vocabulary: Vocabulary, some_of_all: Path) -> Derivation:
    """Of some of all: each rule has something to write there."""
    folder = some_of_all.parent / "tables"
    rules, tables = rule_files.read_rules(), read_tables(folder, vocabulary)
    store, made = Store(), Derivation()
    store.bulk_extend(Quad(*triple) for triple in asserted_triples(tables, vocabulary, rules, read_questions()))
    store.bulk_extend(Quad(*triple) for triple in dataset_triples(read_dataset(folder), vocabulary.language))
    made.asserted = {quad.triple for quad in store}
    select = partial(store.query, prefixes=iris.PREFIXES)

    def run(those: list[rule_files.Rule]) -> None:
        for rule in those:
            made.written[rule.name] = set(store.query(rule.query))  # type: ignore[arg-type]
            store.extend(Quad(*triple) for triple in made.written[rule.name])

    def reckon(quads: Iterable[Quad]) -> None:
        found = [*quads]
        made.reckoned |= {quad.triple for quad in found}
        store.extend(found)

    before, after = before_and_after_pooling(vocabulary, rules)
    reckon(computed_estimates(select))
    run(before)
    reckon(pooled_estimates(select))
    run(after)
    return made


def _asserted_text(tables: Path, progress: Progress) -> bytes:
    return turtle.turtle(build.triples_of(build.asserted(tables, progress=progress)))


# The same bytes


@pytest.mark.slow
def test_every_run_gives_the_bytes_of_the_committed_graph(tmp_path: Path) -> None:
    built = tmp_path / "k2.ttl"
    # In whose sets all has another order than in the process that built the committed one.
    outcome = _command(str(random.randrange(1, 4_000_000_000)), "--output", built)
    assert outcome.code == 0, outcome.err
    assert built.read_bytes() == resources.GRAPH.read_bytes(), "data/k2.ttl has drifted; run `k2graph build`"


def test_check_says_that_nothing_has_changed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "text", lambda *_, **__: resources.GRAPH.read_bytes())
    assert run("build", "--check") == (0, "", "data/k2.ttl is what the tables say\n")


@pytest.mark.extras
def test_the_order_of_columns_changes_nothing(tables: Folder, vocabulary: Vocabulary) -> None:
    before = read_tables(tables.path, vocabulary)
    for path in tables.path.glob("*.tsv"):
        tables.write(path.stem, [list(reversed(cells)) for cells in tables.lines(path.stem)])
    assert read_tables(tables.path, vocabulary) == before


@pytest.mark.slow
def test_check_names_what_has_changed_and_writes_nothing(
    run: Run, few_tables: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is asserted is as good a graph for this, and there sooner.
    monkeypatch.setattr(build, "text", _asserted_text)
    path = tmp_path / "k2.ttl"
    assert run("build", "--tables", few_tables.path, "--output", path).code == 0
    assert run("build", "--check", "--tables", few_tables.path, "--output", path).code == 0
    before, group = path.read_bytes(), few_tables.lines("groups")[1][0]
    old = few_tables.row("groups", group)["label"]
    few_tables.change("groups", group, label="A group under another name")
    outcome = run("build", "--check", "--tables", few_tables.path, "--output", path)
    assert outcome.code == 1
    changed = [line for line in outcome.out.splitlines() if line.startswith(("-", "+")) and not line.startswith(("---", "+++"))]
    assert changed == [f'-\trdfs:label "{old}"@en ;', '+\trdfs:label "A group under another name"@en ;']
    assert outcome.err == f"k2graph: {path} is not what the tables say; run `k2graph build`\n"
    assert path.read_bytes() == before


@pytest.mark.extras
def test_check_of_a_graph_that_is_not_there_yet(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "text", lambda *_, progress: turtle.BUILT)
    outcome = run("build", "--check", "--output", tmp_path / "k2.ttl")
    assert outcome.code == 1
    assert list(tmp_path.iterdir()) == []


def test_a_long_difference_is_cut_and_says_so() -> None:
    lines = build.drift(b"b\n" * 100, b"a\n" * 100, "k2.ttl").splitlines()
    # Two lines name the files, one the place, then a hundred lines go and a hundred come.
    assert len(lines) == 41
    assert lines[-1] == f"… and {2 + 1 + 200 - 40} lines more"


@pytest.mark.extras
def test_the_command_says_where_it_cannot_write(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "text", lambda *_, progress: turtle.BUILT)
    path = tmp_path / "none" / "k2.ttl"
    outcome = run("build", "--output", path)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"k2graph: {path}: there is no folder {path.parent}; make it first\n"


# Whose tables, and whose graph


@pytest.fixture
def project(few_tables: Folder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another folder than the checkout, with tables of its own, in which the command stands. What is asserted is as good a graph."""
    few_tables.change("studies", few_tables.lines("studies")[1][0], label="A trial of this folder")
    (few_tables.path.parent / "data").mkdir()
    few_tables.path.rename(few_tables.path.parent / "data" / "tables")
    (few_tables.path.parent / resources.PACK.name).unlink()  # tables that are no pack
    monkeypatch.chdir(few_tables.path.parent)
    monkeypatch.setattr(build, "text", _asserted_text)
    return few_tables.path.parent


OWN = 'ASK { ?trial rdfs:label ?name FILTER(STR(?name) = "A trial of this folder") }'


@pytest.mark.extras
def test_the_tables_are_those_of_the_folder_one_stands_in(run: Run, project: Path) -> None:
    shipped = resources.GRAPH.read_bytes()
    assert run("build", "--output", "my.ttl").code == 0
    assert run("query", OWN, "--data", "my.ttl").code == 0
    assert resources.GRAPH.read_bytes() == shipped


@pytest.mark.extras
def test_the_graph_is_that_of_the_folder_one_stands_in(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run("build")
    assert (first.code, first.out) == (2, "")
    assert first.err == "k2graph: data/tables: no graph stands beside them yet; name its file, such as --output data/graph.ttl\n"
    assert run("query", OWN).err == first.err
    assert run("build", "--output", "data/graph.ttl").code == 0
    (project / "data" / "graph.ttl").write_text("", encoding="utf-8")
    again = run("build").err.splitlines()[-1]
    size = (project / "data" / "graph.ttl").stat().st_size
    assert again == f"data/graph.ttl: {size:,} bytes"
    asked = run("query", OWN)
    assert (asked.code, asked.err) == (0, "k2graph: the graph is data/graph.ttl, that of this folder\n")
    # What stands where somebody may look for it and is not asked is told of.
    (project / "deep" / "in").mkdir(parents=True)
    monkeypatch.chdir(project / "deep" / "in")
    above = project / "data" / "graph.ttl"
    assert run("query", OWN).err == f"k2graph: the graph is k2graph's own; {above} is asked with --data {above}\n"
    monkeypatch.chdir(project)
    (project / "data" / "tables").rename(project / "tables")
    assert run("query", OWN).err == "k2graph: the graph is k2graph's own; data/graph.ttl is asked with --data data/graph.ttl\n"
    (project / "tables").rename(project / "data" / "tables")
    (project / "data" / "other.ttl").write_text("", encoding="utf-8")
    assert run("build").err == "k2graph: data/tables: beside them stand graph.ttl, other.ttl; name the one that is meant\n"


@pytest.mark.extras
def test_tables_without_a_place_for_their_graph_are_refused(run: Run, few_tables: Folder) -> None:
    shipped = resources.GRAPH.read_bytes()
    outcome = run("build", "--tables", few_tables.path)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "k2graph: --tables needs --output: the file of the graph that these tables make\n"
    assert resources.GRAPH.read_bytes() == shipped


@pytest.mark.extras
def test_a_folder_without_tables_builds_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments in ((), ("--output", "my.ttl")):
        outcome = run("build", *arguments)
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err.startswith("k2graph: there is no pack here, nor data/tables; ")
    assert list(tmp_path.iterdir()) == []


# The text


def paragraphs(content: bytes) -> list[tuple[str, str]]:
    """Section and subject of each paragraph of the file, in order."""
    found, section = [], ""
    for line in content.decode().splitlines()[1:]:
        if line.startswith("# "):
            section = line.removeprefix("# ")
        elif line and not line.startswith(("\t", "@prefix")):
            found.append((section, line.split(" ")[0]))
    return found


def test_sections_stand_in_order_and_none_is_empty(content: bytes) -> None:
    headings = [line.removeprefix("# ") for line in content.decode().splitlines()[1:] if line.startswith("# ")]
    assert headings == ["Ontology", *(heading for heading, _ in turtle.SECTIONS)]
    assert {section for section, _ in paragraphs(content)} == set(headings)


def test_each_thing_stands_once_under_its_section_in_order(content: bytes, types: dict[Any, set[NamedNode]]) -> None:
    def address(written: str) -> str:
        return written.strip("<>") if written.startswith("<") else iris.expand(written.replace("\\", ""))

    found = [(section, address(written)) for section, written in paragraphs(content)]
    assert [thing for thing, count in Counter(thing for _, thing in found).items() if count > 1] == []
    # An address of an earlier edition has no class, and stands before the sections.
    assert {thing for _, thing in found} - {row["old"] for row in rows("redirects")} == {node.value for node in types}
    found = [(section, thing) for section, thing in found if NamedNode(thing) in types]
    classes = {heading: {iris.name(name) for name in allowed} for heading, allowed in turtle.SECTIONS}
    anywhere = set().union(*classes.values())
    for section, thing in found:
        its_types = types[NamedNode(thing)]
        assert its_types & classes.get(section, set()) or (section == "Ontology" and not its_types & anywhere), thing
    for heading in classes:
        things = [thing for section, thing in found if section == heading]
        assert things == sorted(things)


@pytest.mark.slow
def test_made_by_several_processes_it_is_the_same(content: bytes, triples: set[Triple], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turtle, "MUCH", 0)
    assert turtle.turtle(serialize(triples, format=RdfFormat.N_TRIPLES) or b"") == content


def test_the_end_of_a_process_that_helps_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turtle, "MUCH", 0)
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(InputError, match=r"cannot be written: a process that made a part of it ended with 1; is memory short\?$"):
        turtle.turtle(b"<https://example.org/a> <https://example.org/b> <https://example.org/c> .\n" * 100_000)


def test_one_property_stands_on_one_line(content: bytes) -> None:
    assert b"\r" not in content
    assert content.endswith(b" .\n")
    assert all(line == line.rstrip() for line in content.decode().split("\n"))


def test_prefixes_are_declared_once_and_used_only_when_declared(content: bytes) -> None:
    text = content.decode()
    declared = re.findall(r"^@prefix ([\w]+): <([^>]+)> \.$", text, re.MULTILINE)
    assert len(declared) == len({prefix for prefix, _ in declared})
    assert all(iris.PREFIXES[prefix] == start for prefix, start in declared)


# The triples


@pytest.mark.slow
def test_two_parsers_read_the_same_triples(some_of_all: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # rdflib would otherwise rewrite numbers, as "0.20" to "0.2".
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    graph = rdflib.Graph().parse(some_of_all, format="turtle")
    triples = {quad.triple for quad in parse(some_of_all.read_bytes(), RdfFormat.TURTLE)}

    def oxigraph_key(term: Any) -> tuple[str, ...]:
        if isinstance(term, Literal):
            return "literal", term.value, term.language or "", term.datatype.value
        assert isinstance(term, NamedNode)
        return "iri", term.value

    def rdflib_key(term: Any) -> tuple[str, ...]:
        if isinstance(term, rdflib.Literal):
            datatype = term.datatype or (rdflib.RDF.langString if term.language else rdflib.XSD.string)
            return "literal", str(term), term.language or "", str(datatype)
        assert isinstance(term, rdflib.URIRef)
        return "iri", str(term)

    assert len(graph) == len(triples)
    assert {tuple(map(rdflib_key, triple)) for triple in graph} == {tuple(map(oxigraph_key, triple)) for triple in triples}


def test_there_are_no_blank_nodes(triples: set[Triple]) -> None:
    assert not [triple for triple in triples if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode)]


def test_everything_has_a_class(triples: set[Triple], types: dict[Any, set[NamedNode]]) -> None:
    assert {triple.subject.value for triple in triples} - {node.value for node in types} == {row["old"] for row in rows("redirects")}


def test_a_word_of_an_earlier_edition_says_what_it_meant_and_which_took_its_place(triples: set[Triple]) -> None:
    said = {(iris.short(each.subject.value), iris.short(each.predicate.value)): each.object.value for each in triples}
    assert said["k2g:Vitamer", "owl:deprecated"] == said["k2g:vitamer", "owl:deprecated"] == "true"
    assert said["k2g:Vitamer", "dcterms:isReplacedBy"] == iris.name("k2g:NutrientForm").value
    assert said["k2g:vitamer", "dcterms:isReplacedBy"] == iris.name("k2g:form").value
    assert said["k2g:Vitamer", "skos:definition"].startswith("What a form of a nutrient was called")
    # Nothing is said by them.
    assert [each for each in triples if iris.short(getattr(each.object, "value", "")) == "k2g:Vitamer"] == []
    assert [each for each in triples if iris.short(each.predicate.value) == "k2g:vitamer"] == []


def test_an_address_of_an_earlier_edition_leads_to_what_is_in_the_graph_and_says_nothing_else(
    triples: set[Triple], types: dict[Any, set[NamedNode]]
) -> None:
    of_the_ontology = {triple.subject for triple in triples if triple.predicate == iris.name("owl:deprecated")}
    replaced = {
        triple.subject: triple.object
        for triple in triples
        if triple.predicate == iris.name("dcterms:isReplacedBy") and triple.subject not in of_the_ontology
    }
    assert {(old.value, new.value) for old, new in replaced.items()} == {(row["old"], row["new"]) for row in rows("redirects")}
    assert len(replaced) == len(rows("redirects")) > 500
    assert [new.value for new in replaced.values() if new not in types] == []
    # No address is both replaced and in use.
    assert {old for old in replaced if old in types} == set()
    assert {triple for triple in triples if triple.object in replaced} == set()
    assert {triple.predicate for triple in triples if triple.subject in replaced} == {iris.name("dcterms:isReplacedBy")}
    # What was a study by its PubMed number or DOI, a trial or a cohort, is what it says now: a publication is a report, the others studies.
    # What was joined to another, or withdrawn for one that says it better, leads to that.
    kinds = {(old.value.split("/")[4], new.value.split("/")[4]) for old, new in replaced.items()}
    joined = {(kind, kind) for kind in ("claim", "finding", "interaction", "study")}
    assert kinds == {("study", "report"), ("trial", "study"), ("cohort", "study")} | joined


def test_everything_that_is_pointed_to_within_the_graph_is_there(triples: set[Triple]) -> None:
    subjects = {triple.subject for triple in triples}
    pointed = {triple.object for triple in triples if isinstance(triple.object, NamedNode)}
    assert {node.value for node in pointed - subjects if node.value.startswith(iris.BASE)} == set()


def test_everything_of_ours_has_a_class_and_a_term_of_the_ontology(types: dict[Any, set[NamedNode]], vocabulary: Vocabulary) -> None:
    defined = {subject.value for subject, _, _ in vocabulary.triples()}
    used = {cls.value for classes in types.values() for cls in classes}
    assert {cls for cls in used if cls.startswith(iris.BASE)} - defined == set()


def test_every_property_of_ours_is_defined(triples: set[Triple], vocabulary: Vocabulary) -> None:
    said = defaultdict(set)
    for subject, predicate, _ in vocabulary.triples():
        said[subject.value].add(predicate)
    properties = {
        subject.value for subject, predicate, value in vocabulary.triples() if (predicate, value) == (TYPE, iris.name("rdf:Property"))
    }
    used = {triple.predicate.value for triple in triples if triple.predicate.value.startswith(iris.BASE)}
    assert used - properties == set()
    assert [name for name in sorted(used) if not {LABEL, iris.name("skos:definition")} <= said[name]] == []


@pytest.mark.extras
def test_every_row_has_a_node_of_its_own(types: dict[Any, set[NamedNode]], vocabulary: Vocabulary) -> None:
    tables = read_tables(resources.TABLES, vocabulary)
    reach = iris.name("k2g:ReachClaim")
    nodes = Counter(cls.value for classes in types.values() for cls in classes if reach not in classes)
    expected = {table.class_: len(tables.rows[table.name]) for table in schema() if table.class_}
    assert {name: nodes[iris.name(name).value] for name in expected} == expected


def test_a_report_without_an_author_is_not_called_none(triples: set[Triple]) -> None:
    labels = {triple.object.value for triple in triples if triple.predicate == LABEL}
    assert {label for label in labels if label.startswith("None")} == set()


FORMS = {
    "integer": r"-?\d+",
    "decimal": r"-?\d+(\.\d+)?",
    "boolean": "true|false",
    "date": r"\d{4}-\d{2}-\d{2}",
}


def test_every_typed_value_has_the_form_of_its_type(triples: set[Triple]) -> None:
    values = {
        (short.removeprefix("xsd:"), triple.object.value)
        for triple in triples
        if isinstance(triple.object, Literal)
        for short in [iris.short(triple.object.datatype.value)]
        if short not in {"xsd:string", "rdf:langString"}
    }
    assert {kind for kind, _ in values} <= set(FORMS)
    assert [(kind, value) for kind, value in values if not re.fullmatch(FORMS[kind], value, re.ASCII)] == []


# What the rules wrote


def _marked_by(triple: Triple) -> str:
    """Of which word the ontology says what rules write it: the property, or the class where it is said of what kind a thing is."""
    word = triple.object if triple.predicate == TYPE and isinstance(triple.object, NamedNode) else triple.predicate
    return iris.short(word.value)


def declared(vocabulary: Vocabulary) -> dict[str, set[str]]:
    """By the ontology: the rules that alone write a property."""
    found: dict[str, set[str]] = defaultdict(set)
    for subject, predicate, value in vocabulary.triples():
        if predicate == DERIVED_BY:
            found[iris.short(subject.value)].add(value.value.removeprefix(iris.PREFIXES["rule"]))
    return dict(found)


@pytest.mark.slow
def test_a_derived_property_is_written_by_its_rules_and_by_no_table(rule_by_rule: Derivation, vocabulary: Vocabulary) -> None:
    marked = declared(vocabulary)
    writers: dict[str, set[str]] = defaultdict(set)
    for rule, written in rule_by_rule.written.items():
        for triple in written:
            writers[_marked_by(triple)].add(rule)
    # What a rule would write is told by what it constructs: of the real tables nothing may follow that it says, as that translation stops.
    constructed = {rule.name: set(re.findall(r"k2g:\w+", rule.query.partition("WHERE")[0])) for rule in rule_files.read_rules()}
    assert marked == {name: {rule for rule, names in constructed.items() if name in names} for name in marked}
    assert {name: writers[name] - rules for name, rules in marked.items() if not writers[name] <= rules} == {}
    assert {name for name in marked if not writers[name]} <= {"k2g:stopsAtStep"}
    ontology = {subject for subject, _, _ in vocabulary.triples()}
    from_tables = {_marked_by(triple) for triple in rule_by_rule.asserted if triple.subject not in ontology}
    assert from_tables & set(marked) == set()


@pytest.mark.slow
def test_what_a_rule_writes_on_things_of_the_tables_is_marked(rule_by_rule: Derivation, vocabulary: Vocabulary) -> None:
    marked = declared(vocabulary)
    unmarked = {
        (rule, _marked_by(triple))
        for rule, written in rule_by_rule.written.items()
        for triple in written
        if triple.subject in rule_by_rule.nodes and rule not in marked.get(_marked_by(triple), set())
    }
    assert unmarked == set()


@pytest.mark.slow
def test_what_a_rule_makes_says_which_rule_made_it(rule_by_rule: Derivation) -> None:
    rules = {iris.ours("rule", rule.name) for rule in rule_files.read_rules()}
    makers: dict[Any, set[Any]] = defaultdict(set)
    for rule, written in rule_by_rule.written.items():
        for triple in written:
            if triple.predicate == GENERATED:
                assert triple.object == iris.ours("rule", rule)
                makers[triple.subject].add(triple.object)
    made = {triple.subject for written in rule_by_rule.written.values() for triple in written} - rule_by_rule.nodes
    assert set(makers) == made
    assert all(len(makers[node]) == 1 and makers[node] <= rules for node in made)


@pytest.mark.slow
def test_every_rule_writes_something_and_is_described_in_the_graph(rule_by_rule: Derivation, triples: set[Triple]) -> None:
    assert [rule for rule, written in rule_by_rule.written.items() if not written] == []
    described = {triple.subject for triple in triples if triple.predicate == iris.name("skos:definition") and triple.object.value}
    assert {iris.ours("rule", rule.name) for rule in rule_files.read_rules()} <= described


@pytest.mark.slow
def test_the_graph_holds_no_more_than_its_tables_and_rules_say_but_what_would_be_and_numbers(
    rule_by_rule: Derivation, some_of_all: Path
) -> None:
    triples = {quad.triple for quad in parse(some_of_all.read_bytes(), RdfFormat.TURTLE)}
    types = _types(triples)
    by_rule = rule_by_rule.asserted.union(rule_by_rule.reckoned, *rule_by_rule.written.values())
    assert by_rule - triples == set()
    turns_at = iris.name("k2g:turnsAt")
    beyond = {iris.short(cls.value) for triple in triples - by_rule if triple.predicate != turns_at for cls in types[triple.subject]}
    assert beyond <= {"k2g:AlternativeStanding", "k2g:Spread", "k2g:TurningPoint"}
    reckoned = {iris.short(cls.value) for triple in rule_by_rule.reckoned for cls in types[triple.subject]}
    assert reckoned == {"k2g:ComputedEstimate", "k2g:PooledEstimate", "k2g:PooledResult"}


def test_every_maker_that_is_named_is_a_rule_of_the_graph(triples: set[Triple], types: dict[Any, set[NamedNode]]) -> None:
    makers = {triple.object for triple in triples if triple.predicate == GENERATED}
    assert makers <= {iris.ours("rule", rule.name) for rule in rule_files.read_rules()}
    assert all(iris.name("k2g:Rule") in types[maker] for maker in makers)


def test_a_pooled_estimate_has_one_value_in_one_unit(triples: set[Triple], types: dict[Any, set[NamedNode]]) -> None:
    said = Counter(
        (triple.subject, iris.short(triple.predicate.value))
        for triple in triples
        if iris.name("k2g:PooledEstimate") in types[triple.subject]
    )
    single = {"k2g:value", "k2g:unit", "k2g:ciLow", "k2g:ciHigh", "k2g:effectMeasure", "k2g:outcome", "k2g:predictionLow", "k2g:tauSquared"}
    assert [(node, name) for (node, name), count in said.items() if name in single and count > 1] == []


# Nutrients are data

NAMED = re.compile(r"vitamin[\s_-]*k|\bmk-?\d|menaquinone|phylloquinone|osteocalcin|warfarin", re.IGNORECASE)
#: Nutrients of other packs, and a protein of one, which messages of the code and mappings may still name.
NAMED_ELSEWHERE = re.compile(rf"{NAMED.pattern}|vitamin[\s_-]+[a-e]\b|creatine|\bmgp\b", re.IGNORECASE)
#: The line of a parameter, in which a value stands for tools that ask a query as it lies there.
EXAMPLE = re.compile(r"(?:#[ \t]*)?VALUES[ \t]+\?\w+[ \t]*\{[^}\n]*\}")


def _without_a_name_of_a_nutrient() -> list[Path]:
    folders = (resources.ONTOLOGY.parent, resources.QUESTIONS, Path(resources.__file__).parent / "views")
    suffixes = (".ttl", ".toml", ".tsv", ".rq", ".ru", ".html", ".js", ".css")
    return sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in suffixes and "oxigraph" not in path.parts)


def test_nothing_in_ontology_shapes_rules_questions_and_pages_names_a_nutrient() -> None:
    named = {path.name: EXAMPLE.sub("", path.read_text(encoding="utf-8")) for path in _without_a_name_of_a_nutrient()}
    assert len(named) > 150
    assert {name for name, text in named.items() if NAMED_ELSEWHERE.search(text)} == set()


def outside_docstrings(source: str) -> str:
    """A module's tokens without docstrings, and without the examples of commands that a help text shows."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        node.body[0].lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, documented) and node.body and ast.get_docstring(node, clean=False) is not None
    }
    kept = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        is_text = token.type == tokenize.STRING
        is_example = is_text and token.string[1:].startswith("k2graph ")
        if not (is_text and token.start[0] in docstrings) and not is_example:
            kept.append(token.string)
    return " ".join(kept)


@pytest.mark.parametrize("path", sorted(Path(resources.__file__).parent.rglob("*.py")), ids=lambda path: path.name)
def test_nothing_in_the_code_names_a_nutrient_outside_examples(path: Path) -> None:
    if (resources.ROOT / "data").resolve() not in path.resolve().parents:
        assert NAMED.findall(outside_docstrings(path.read_text(encoding="utf-8"))) == []


@pytest.fixture(scope="module")
def tried(graph: k2graph.Graph, shared: Shared) -> Path:
    """All claims that would stand otherwise had something counted, and one in eight of the others: `tables`, and `tried.ttl` of them."""

    def write(folder: Path) -> None:
        claims = {
            row["claim"].removeprefix("claim:") for row in graph.rows("SELECT ?claim { ?a a k2g:AlternativeStanding ; k2g:claim ?claim }")
        }
        assert len(claims) > 5
        write_claims(folder / "tables", graph, *sorted(claims | {*one_in_eight_claims(graph)}))
        write_built(folder / "tables", folder / "tried.ttl")

    return shared.once("tried", write)


@pytest.mark.parametrize("scenario", ["retracted", "concern", "unattributed"])
@pytest.mark.slow
def test_had_they_counted_is_what_a_graph_would_say_without_the_rule_that_excludes_them(
    scenario: str, tried: Path, vocabulary: Vocabulary
) -> None:
    asked = """SELECT ?claim ?tier ?result WHERE {
      ?claim k2g:standing ?standing . ?standing k2g:testedIn ?tier ; k2g:result ?result }"""
    told = f"""SELECT ?claim ?tier ?result WHERE {{
      ?node k2g:hadCounted k2g:reason-{scenario} ; k2g:claim ?claim ; k2g:testedIn ?tier ; k2g:result ?result }}"""

    def rows(store: Store, query: str) -> set[tuple[Any, ...]]:
        found: Any = store.query(query, prefixes=iris.PREFIXES)
        return {tuple(row) for row in found}

    store, without = EmbeddedStore(tried / "tried.ttl").engine, build.asserted(tried / "tables", vocabulary)
    without.extend([*computed_estimates(partial(without.query, prefixes=iris.PREFIXES))])
    follow(without, vocabulary, rule_files.without(rule_files.read_rules(), f"not-counted-{scenario}"))
    others = rows(without, asked) - rows(store, asked)
    assert others
    assert rows(store, told) == others


@pytest.fixture
def rules_folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(resources.RULES, tmp_path / "rules"))


@pytest.mark.slow
def test_what_a_rule_wrote_on_things_of_the_tables_is_held_against_the_shapes(
    few_tables: Folder, rules_folder: Path, vocabulary: Vocabulary
) -> None:
    # By a property of which the ontology does not say that a rule writes it.
    more = "CONSTRUCT { ?study k2g:design k2g:design-guideline } WHERE { ?study k2g:design k2g:design-rct }"
    (rules_folder / "99-more.rq").write_text(f"# More.\n\nPREFIX k2g: <{ONTOLOGY}>\n{more}\n", encoding="utf-8")
    with pytest.raises(TableFaults, match="design"):
        build.build(few_tables.path, vocabulary, rule_files.read_rules(rules_folder))


@pytest.mark.slow
def test_what_rules_should_have_written_and_did_not_is_missed(few_tables: Folder, rules_folder: Path, vocabulary: Vocabulary) -> None:
    writing = [path for path in rules_folder.iterdir() if "k2g:standing ?" in path.read_text(encoding="utf-8").partition("WHERE")[0]]
    assert writing
    for path in writing:
        head = path.read_text(encoding="utf-8").partition("WHERE")[0]
        path.write_text(f"{head}WHERE {{ FILTER(false) }}\n", encoding="utf-8")
    with pytest.raises(TableFaults, match="standing"):
        build.build(few_tables.path, vocabulary, rule_files.read_rules(rules_folder))


@pytest.mark.slow
@pytest.mark.parametrize(("p", "computed"), [("0.04", 1), ("0.9999", 0)])
def test_an_interval_from_nothing_to_everything_is_none(p: str, computed: int, tmp_path: Path, vocabulary: Vocabulary) -> None:
    # log(0.45) lies 0.000125 standard errors from none where p is 0.9999: the interval would end at the power of 12,500 of e.
    write_part(tmp_path / "tables", "angelamcheung2008-3")
    tables = Folder(tmp_path / "tables", vocabulary)
    assert tables.row("findings", "angelamcheung2008-3")["effect_measure"] == "hazard ratio"
    tables.change("findings", "angelamcheung2008-3", p_value=p)
    store = build.build(tables.path, vocabulary)
    of_it = store.quads_for_pattern(None, iris.name("k2g:computedFor"), iris.ours("finding", "angelamcheung2008-3"))
    assert len(list(of_it)) == computed
