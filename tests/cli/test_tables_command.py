"""`k2graph tables`: what each column takes, for people, as a Table Schema by which Frictionless checks, as a workbook with pick-lists."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from project import Run

from k2graph import resources
from k2graph.curation.guide import Guide
from k2graph.curation.schema import read_schema, schema
from k2graph.curation.table_schema import table_schema
from k2graph.ontology import Vocabulary
from k2graph.reports.columns import describe_tables


def told(run: Run, *arguments: str) -> Any:
    done = run("tables", *arguments, "--format", "json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_all_tables_are_listed(run: Run) -> None:
    assert [row["table"] + ".tsv" for row in told(run)["rows"]] == [table.file for table in schema()]
    done = run("tables")
    assert done.code == 0
    assert all(path.stem in done.out for path in resources.TABLES.glob("*.tsv"))


def test_a_table_tells_what_each_column_takes(run: Run) -> None:
    rows = {row["column"]: row for row in told(run, "entities")["rows"]}
    assert list(rows) == ["entity *", "label *", "type *", "aspect", "desirable", "general_group", "always_taken",
                          "micrograms_per_iu", "synonyms", "definition *", "source_url *"]  # fmt: skip
    assert rows["entity *"]["it takes"] == "a slug (lower-case letters, digits, single hyphens)"
    assert rows["entity *"]["example"] == "bone-mineral-density"
    assert rows["aspect"]["it takes"] == "activity, level, risk"
    assert rows["synonyms"]["it takes"] == "text; several are divided by |"
    assert rows["source_url *"]["example"] == "https://pubmed.ncbi.nlm.nih.gov/17287908/"
    steps = {row["column"]: row for row in told(run, "mechanism_steps.tsv")["rows"]}
    assert (steps["claim *"]["it takes"], steps["claim *"]["example"]) == ("a key of claims", "lumenol-level-muscle-strength")
    # More words than a line holds are listed by a command of their own, which is named.
    assert "(k2graph tables findings.unit)" in run("tables", "findings", "--format", "md").out.replace("\\", "")


def test_a_column_tells_its_words(run: Run) -> None:
    found = told(run, "entities.desirable")
    assert [row["word"] for row in found["rows"]] == ["higher", "lower", "neither"]
    assert all(row["meaning"] for row in found["rows"])
    units = {row["word"]: row for row in told(run, "findings.unit")["rows"]}
    assert "mcg/d" in units["ug/d"]["also"] or "µg/d" in units["ug/d"]["also"]
    assert "rows" not in told(run, "entities.label")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("finding", "there is no table 'finding'; did you mean 'findings'?; `k2graph tables` lists them"),
        ("findings.untit", "findings has no column 'untit'; did you mean 'unit'?; `k2graph tables findings` lists them"),
        ("a.b", "there is no table 'a'; `k2graph tables` lists them"),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_what_there_is_not_is_one_line(run: Run, name: str, message: str, form: str) -> None:
    assert run("tables", name, "--format", form) == (2, "", f"k2graph: {message}\n")


def test_a_file_is_called_as_what_it_holds_and_is_none_that_is_read(run: Run, tmp_path: Path) -> None:
    assert run("tables", "groups", "--format", "md", "--output", tmp_path / "groups.md").code == 0
    assert (tmp_path / "groups.md").read_text("utf-8").startswith("# groups\n")
    assert run("tables", "--output", resources.ONTOLOGY).code == 2
    assert run("tables", "groups", "--format", "xlsx") == (2, "", "k2graph: a workbook goes into a file: name it with --output\n")


def test_a_column_and_a_word_that_are_added_are_told_of(tmp_path: Path) -> None:
    changed = tmp_path / "tables.toml"
    line = 'label = { property = "rdfs:label", required = true, example = "Perth (Sim, Bondonno, Lewis)" }'
    text = resources.TABLE_SCHEMA.read_text("utf-8")
    assert line in text
    changed.write_text(text.replace(line, line + '\nmood = { property = "skos:note", word_of = "moods", several = true }'), "utf-8")
    ontology = tmp_path / "k2graph.ttl"
    words = '\nk2g:moods a skos:ConceptScheme .\nk2g:mood-good a skos:Concept ; skos:inScheme k2g:moods ; skos:notation "good" ; '
    ontology.write_text(resources.ONTOLOGY.read_text("utf-8") + words + 'rdfs:label "good"@en ; skos:definition "Fine."@en .\n', "utf-8")
    guide = Guide(read_schema(changed), Vocabulary(ontology))
    rows = {row["column"]: row for row in describe_tables(guide, "groups").rows}
    assert rows["mood"]["it takes"] == "good; several are divided by |"
    fields = {field["name"]: field for field in json.loads(table_schema(guide, guide.table("groups")))["fields"]}
    assert fields["mood"]["constraints"] == {"pattern": r"(good)(\|(good))*"}
    workbook = pytest.importorskip("openpyxl").load_workbook(io.BytesIO(_workbook(guide, "groups")))
    assert [cell.value for cell in workbook["groups"][1]] == ["group", "label", "mood", "source_url"]
    assert [cell.value for cell in workbook["words"][2]] == ["moods", "good", "good", "Fine."]


def _workbook(guide: Guide, table: str) -> bytes:
    from k2graph.reports.workbook import workbook

    return workbook(guide, guide.table(table))


def test_the_schema_of_a_table_says_what_its_cells_may_hold(run: Run) -> None:
    described = json.loads(run("tables", "reports", "--format", "table-schema").out)
    assert (described["primaryKey"], described["missingValues"]) == (["report"], [""])
    fields = {field["name"]: field for field in described["fields"]}
    assert fields["report"]["constraints"]["required"] is fields["report"]["constraints"]["unique"] is True
    assert fields["year"]["type"] == "integer"
    assert fields["year"]["constraints"] == {"required": True, "minimum": 1900, "maximum": 2099}
    assert fields["pmid"]["constraints"] == {"pattern": "[1-9][0-9]{0,7}"}
    assert fields["verified"]["constraints"]["enum"] == sorted(Vocabulary().schemes["verifications"])
    # What looks before or behind has no place in a regular expression of XML Schema.
    assert "constraints" not in fields["pages"]
    assert "PMID:17287908" in fields["report"]["description"]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the graph, with what `--format table-schema` writes of them beside them."""
    folder = tmp_path_factory.mktemp("package")
    for path in resources.TABLES.glob("*.tsv"):
        shutil.copy(path, folder)
    (folder / "datapackage.json").write_bytes(table_schema(Guide()))
    return folder


@pytest.mark.slow
def test_frictionless_finds_the_tables_in_order(package: Path) -> None:
    import frictionless

    report = frictionless.validate(str(package / "datapackage.json"))
    assert report.valid, report.flatten(["title", "note"])[:3]
    assert {task.name.replace("-", "_"): task.stats["rows"] for task in report.tasks} == {
        table.name: (resources.TABLES / table.file).read_text("utf-8").rstrip("\n").count("\n") for table in schema()
    }


def _cell(row: int, column: str, value: str) -> Callable[[list[list[str]]], None]:
    def change(lines: list[list[str]]) -> None:
        lines[row][lines[0].index(column)] = value

    return change


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "change", "kind"),
    [
        ("entities", _cell(1, "type", "outcom"), "constraint-error"),
        ("entities", _cell(1, "label", ""), "constraint-error"),
        ("entities", _cell(1, "entity", "Not a slug"), "constraint-error"),
        ("reports", _cell(1, "year", "1850"), "constraint-error"),
        ("reports", _cell(1, "pmid", "PMID:1"), "constraint-error"),
        ("searches", _cell(1, "date", "27 Nov 2026"), "type-error"),
        ("searches", _cell(1, "shown", "many"), "type-error"),
        ("arms", _cell(1, "dose", "12 mg"), "type-error"),
        ("arms", _cell(1, "study", "no-such-study"), "foreign-key"),
        ("studies", _cell(2, "within", "no-such-study"), "foreign-key"),
        ("claims", lambda lines: lines.append(lines[1]), "unique-error"),
        ("mechanism_steps", lambda lines: lines.append(lines[1]), "primary-key"),
        ("certainty_judgements", _cell(1, "lowered_for", "imprecision|boredom"), "constraint-error"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_frictionless_finds_what_is_wrong(
    package: Path, tmp_path: Path, table: str, change: Callable[[list[list[str]]], None], kind: str
) -> None:
    import frictionless

    folder = Path(shutil.copytree(package, tmp_path / "changed"))
    path = folder / f"{table}.tsv"
    lines = [line.split("\t") for line in path.read_text("utf-8").rstrip("\n").split("\n")]
    change(lines)
    path.write_text("".join("\t".join(line) + "\n" for line in lines), "utf-8")
    resource = frictionless.Package(str(folder / "datapackage.json")).get_resource(table.replace("_", "-"))
    assert kind in {found for (found,) in frictionless.validate(resource).flatten(["type"])}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Any:
    openpyxl = pytest.importorskip("openpyxl")
    from k2graph.reports.workbook import workbook

    path = tmp_path_factory.mktemp("workbook") / "tables.xlsx"
    path.write_bytes(workbook(Guide()))
    return openpyxl.load_workbook(path)


@pytest.mark.extras
def test_a_workbook_has_a_sheet_a_table_with_its_columns_as_text(book: Any) -> None:
    assert book.sheetnames == ["guide", *(table.name for table in schema()), "words"]
    for table in schema():
        sheet = book[table.name]
        assert [cell.value for cell in sheet[1]] == [column.name for column in table.columns]
        assert sheet.max_row == 1
        assert {dimension.number_format for dimension in sheet.column_dimensions.values()} == {"@"}
    told_of = [(row[0].value, row[1].value) for row in book["guide"].iter_rows(min_row=2) if row[1].value]
    assert told_of == [(table.name, column.name) for table in schema() for column in table.columns]


@pytest.mark.extras
def test_pick_lists_are_the_words_and_the_keys(book: Any) -> None:
    def listed(table: str, column: str) -> Any:
        sheet = book[table]
        place = next(cell.coordinate for cell in sheet[1] if cell.value == column).replace("1", "2")
        return next(each for each in sheet.data_validations.dataValidation if place in each.sqref)

    def offered(table: str, column: str) -> list[str]:
        name, _, cells = listed(table, column).formula1.partition("!")
        return [row[0].value for row in book[name.strip("'")][cells.replace("$", "")]]

    words = Vocabulary().schemes
    assert offered("studies", "design") == list(words["designs"])
    assert offered("arms", "dose_unit") == list(words["units"])
    assert listed("findings", "study").formula1 == "'studies'!$A$2:$A$5000"
    # Only where a cell holds one word of the list, whatever else is refused.
    assert [listed(*each).showErrorMessage for each in (("studies", "design"), ("arms", "dose_unit"), ("studies", "reports"))] == [
        True, False, False]  # fmt: skip
    assert (listed("studies", "sex").type, listed("studies", "sex").promptTitle) == (None, "sex")
    assert all(len(each.prompt) <= 255 and len(each.promptTitle) <= 32 for name in book.sheetnames
               for each in book[name].data_validations.dataValidation)  # fmt: skip


@pytest.mark.extras
def test_a_workbook_does_not_tell_when_it_was_made(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "groups.xlsx"
    assert run("tables", "groups", "--format", "xlsx", "--output", path).code == 0
    assert path.read_bytes() == _workbook(Guide(), "groups")
    with zipfile.ZipFile(path) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("1980-01-01T00:00:00Z") == core.count(":00Z") == 2
