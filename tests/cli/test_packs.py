"""A pack: it is made by `k2graph init`, found from within, and nothing is written outside of it."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from project import Run, rows
from pyoxigraph import NamedNode, RdfFormat, parse

import k2graph
from k2graph import exports, resources
from k2graph.curation.dataset_description import read_dataset
from k2graph.curation.schema import schema
from k2graph.evidence.dataset import dataset_of
from k2graph.exports import find_format
from k2graph.sparql.questions import read_questions


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which one stands."""
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


EXAMPLE = sorted((resources.EXAMPLE / "tables").glob("*.tsv"))


@pytest.mark.parametrize("path", EXAMPLE, ids=lambda path: path.stem)
def test_the_example_is_of_the_tables_that_come_with_k2graph(path: Path) -> None:
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    real = (resources.TABLES / path.name).read_text(encoding="utf-8").splitlines()
    assert header == real[0]
    assert lines
    assert [line for line in lines if line not in real] == []


def test_a_new_pack_has_a_table_of_each_kind_a_description_and_a_check(run: Run, empty: Path) -> None:
    done = run("init", "creatine")
    assert done == (0, "", "creatine: begin with creatine/README.md; next: cd creatine && k2graph build\n")
    made = files(empty)
    tables = {f"creatine/tables/{table.file}" for table in schema()}
    assert set(made) == {"creatine/pack.toml", "creatine/README.md", "creatine/.github/workflows/check.yml"} | tables
    for table in schema():
        header = made[f"creatine/tables/{table.file}"].decode().split("\n")[0].split("\t")
        assert sorted(header) == sorted(table.named)
    assert len(made["creatine/tables/studies.tsv"].splitlines()) == 2
    described = read_dataset(Path("creatine/tables"))
    assert (described.name, described.address, described.title) == ("creatine", "https://example.org/creatine", "creatine")
    # Who made it, and under which licence, nobody says but those who did.
    assert (described.authors, described.licence, described.infores) == ((), "", "")
    assert b"# creatine\n" in made["creatine/README.md"]
    assert not any(b"$" in content.replace(b"$(", b"") for name, content in made.items() if not name.endswith(".tsv"))


def test_an_empty_pack_has_headers_alone(run: Run, empty: Path) -> None:
    assert run("init", "iron", "--empty").code == 0
    assert {len(content.splitlines()) for name, content in files(empty).items() if name.endswith(".tsv")} == {1}


@pytest.mark.parametrize(
    "name", ["Creatine", "../creatine", "a/b", "/tmp/creatine", ".", "..", "a b", "", "cr\u00e9atine", "a--b", "x" + "\n"]
)
def test_a_name_that_leads_elsewhere_is_none(run: Run, empty: Path, name: str) -> None:
    done = run("init", name)
    assert (done.code, done.out) == (2, "")
    assert "is not what a pack may be called: lower-case letters, digits and single hyphens, such as creatine" in done.err
    assert list(empty.parent.rglob("*")) == [empty]


@pytest.mark.parametrize("kind", ["a file", "a folder", "a link that leads nowhere"])
def test_what_is_there_is_not_touched(run: Run, empty: Path, kind: str) -> None:
    there = empty / "creatine"
    {"a file": Path.touch, "a folder": Path.mkdir, "a link that leads nowhere": lambda path: path.symlink_to("nowhere")}[kind](there)
    assert run("init", "creatine") == (2, "", "k2graph: creatine: is there already, and nothing in it was touched; take another name\n")
    assert list(empty.iterdir()) == [there]
    assert not there.is_dir() or not list(there.iterdir())


@pytest.fixture
def pack(run: Run, empty: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new pack in which one stands."""
    assert run("init", "creatine").code == 0
    monkeypatch.chdir("creatine")
    return empty / "creatine"


@pytest.mark.slow
def test_a_new_pack_is_built_and_asked_at_once_from_any_folder_in_it(run: Run, pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("stats") == (2, "", "k2graph: creatine.ttl: is not built yet; run `k2graph build`\n")
    done = run("build")
    assert done.code == 0, done.err
    assert "creatine.ttl: " in done.err
    before = files(pack)
    validated = run("validate")
    assert (validated.code, "0 violations" in validated.out) == (0, True)
    monkeypatch.chdir("tables")
    found = run("search", "stiffness", "--type", "claim", "--format", "json")
    assert found.err == "k2graph: the graph is ../creatine.ttl, that of this folder\n"
    assert "mk-7-level-arterial-stiffness" in found.out
    assert run("build", "--check").code == 0
    assert run("ask", "studies", "--format", "csv").out.count("vitak-mk7-three-year") == 1
    assert files(pack) == before


@pytest.mark.slow
def test_of_two_packs_the_nearest_is_meant_and_tables_of_a_checkout_are_a_pack_too(
    run: Run, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("init", "inner", "--empty").code == 0
    monkeypatch.chdir("inner/tables")
    assert resources.pack_here() == Path("..")
    assert resources.graph_to_build() == Path("../inner.ttl")
    monkeypatch.chdir(resources.ROOT / "docs")
    assert resources.pack_here() == Path("../data")
    assert resources.graph_here() == Path("../data/k2.ttl")
    assert run("stats").err == ""


def test_a_pack_of_another_program_is_none(run: Run, empty: Path) -> None:
    (empty / "pack.toml").write_text('name = "My Modpack"\n', encoding="utf-8")
    assert resources.pack_here() is None
    assert run("ask", "foods", "--format", "csv").code == 0


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ('name = "../elsewhere"\n', 'pack.toml: name: has to be a slug, of which the graph is called, such as name = "creatine"'),
        ('title = "T"\n', 'pack.toml: name: has to be a slug, of which the graph is called, such as name = "creatine"'),
        ("name = 7\n", 'pack.toml: name: has to be a slug, of which the graph is called, such as name = "creatine"'),
        ("name = \n", "pack.toml: cannot be read: Invalid value (at line 1, column 8)"),
    ],
)
@pytest.mark.extras
def test_a_name_in_a_description_leads_nowhere_else(run: Run, pack: Path, said: str, message: str) -> None:
    (pack / "pack.toml").write_text(said, encoding="utf-8")
    before = set(files(pack.parent))
    for command in ("build", "stats"):
        assert run(command) == (2, "", f"k2graph: {message}\n")
    assert set(files(pack.parent)) == before


@pytest.mark.extras
def test_a_key_that_does_nothing_is_a_fault(run: Run, pack: Path) -> None:
    with (pack / "pack.toml").open("a", encoding="utf-8") as file:
        file.write('queries = "https://example.org/creatine/"\nlicense = "https://example.org/"\n')
    done = run("build")
    assert (done.code, done.out) == (2, "")
    assert re.search(r"^pack\.toml:\d+: queries: is no key here; use name, address, title", done.err, re.MULTILINE)
    assert re.search(r"^pack\.toml:\d+: license: is no key here; did you mean 'licence'\?", done.err, re.MULTILINE)
    assert done.err.endswith("2 faults; nothing was written\n")
    assert not (pack / "creatine.ttl").exists()


@pytest.mark.parametrize("output", ["pack.toml", "tables/claims.tsv", "tables/new.tsv", "creatine.ttl"])
def test_nothing_of_a_pack_is_written_over_by_an_export(run: Run, pack: Path, output: str) -> None:
    (pack / "creatine.ttl").write_text("<http://e.org/a> <http://e.org/b> 1 .\n", encoding="utf-8")
    before = files(pack)
    done = run("export", "ntriples", "--data", resources.GRAPH, "--output", output)
    assert (done.code, done.err) == (2, f"k2graph: {output}: is what is read here, and would be lost; name another file\n")
    assert files(pack) == before


@pytest.mark.slow
def test_a_table_of_a_pack_that_has_no_rows_need_not_be_there(run: Run, pack: Path) -> None:
    assert run("build").code == 0
    built = (pack / "creatine.ttl").read_bytes()
    for table in schema():
        if not rows(table.name, pack / "tables"):
            (pack / "tables" / table.file).unlink()
    assert len(os.listdir(pack / "tables")) == len(EXAMPLE)
    assert run("build").code == 0
    assert (pack / "creatine.ttl").read_bytes() == built


@pytest.mark.slow
def test_a_pack_is_signed_by_those_who_made_it(run: Run, pack: Path) -> None:
    text = (pack / "pack.toml").read_text(encoding="utf-8")
    who = 'authors = [{ name = "Josiah Carberry", orcid = "0000-0002-1825-0097" }]\n'
    (pack / "pack.toml").write_text(text.replace('title = "creatine"', 'title = "Creatine & more"') + who, encoding="utf-8")
    assert run("build").code == 0
    graph = k2graph.open(pack / "creatine.ttl")
    (row,) = graph.rows("SELECT ?title ?who { ?d a <http://www.w3.org/ns/dcat#Dataset> ; dcterms:title ?title ; dcterms:creator ?who }")
    assert row == {"title": "Creatine & more", "who": "https://orcid.org/0000-0002-1825-0097"}
    assert run("site", pack / "pages").code == 0
    page = (pack / "pages" / "index.html").read_text(encoding="utf-8")
    assert "<title>What is known · Creatine &amp; more</title>" in page
    assert "k2graph" not in page.partition("<main")[0]
    assert "Josiah Carberry. Creatine &amp; more, version 0.1.0. https://example.org/creatine" in page


@pytest.mark.slow
@pytest.mark.extras
def test_a_pack_is_tried_through(run: Run, empty: Path) -> None:
    run("init", "creatine")
    before = files(empty)
    done = run("test-pack", "creatine")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        f"passed  {what}" for what in ("tables", "shapes", "questions", "exports", "pages")
    ]
    assert lines[0].startswith("passed  tables: built twice, the same ")
    assert f"passed  questions: {len(read_questions())} asked, " in lines[2]
    # The example has no food, and nothing that was retracted.
    assert {"foods", "retracted-studies"} < set(lines[2].partition("none: ")[2].split(", "))
    assert "mechanism-steps" not in lines[2]
    assert files(empty) == before


@pytest.mark.slow
def test_a_pack_whose_tables_are_not_in_order_fails_the_trial(run: Run, empty: Path) -> None:
    run("init", "creatine")
    studies = Path("creatine/tables/studies.tsv")
    studies.write_text(studies.read_text(encoding="utf-8").replace("\trct\t", "\trtc\t"), encoding="utf-8")
    done = run("test-pack", "creatine")
    assert done.code == 1
    assert done.out.startswith("FAILED  tables: studies.tsv:2: design: ")
    assert "did you mean 'rct'?" in done.out
    assert "questions" not in done.out


@pytest.mark.slow
@pytest.mark.extras
def test_an_export_that_its_reader_refuses_fails_the_trial(run: Run, empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = replace(find_format("csl-json"), write=lambda part, path: path.write_text("[{", encoding="utf-8") and {})
    monkeypatch.setattr(exports, "formats", lambda: {"csl-json": "a broken one"})
    monkeypatch.setattr(exports, "find_format", lambda name: broken)
    run("init", "creatine")
    done = run("test-pack", "creatine")
    assert done.code == 1
    assert "\nFAILED  exports: csl-json: csl-json.json cannot be read again: " in done.out
    assert "\npassed  pages: " in done.out


def test_a_trial_needs_a_pack(run: Run, empty: Path) -> None:
    assert run("test-pack") == (2, "", "k2graph: there is no pack here; name its folder, or go there\n")
    assert run("test-pack", "nowhere").code == 2


INVENTED = """entity\tlabel\ttype\taspect\tdefinition\tsource_url
lumenol\tlumenol\tnutrient\t\tAn invented nutrient.\thttps://example.org/lumenol
"""


def _invented(folder: Path, entities: str, said: str = "") -> None:
    """A pack of things that there are not, beside the one that is at hand."""
    (folder / "tables").mkdir(parents=True)
    described = (
        f'name = "{folder.name}"\naddress = "https://example.org/{folder.name}"\ntitle = "Lumen"\nauthors = [{{ name = "Nobody" }}]\n'
    )
    (folder / "pack.toml").write_text(described + said, encoding="utf-8")
    (folder / "tables" / "entities.tsv").write_text(entities, encoding="utf-8")


@pytest.mark.slow
def test_several_packs_are_one_graph_in_which_each_stands_with_what_it_says_of_itself(
    run: Run, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, *lines = (pack / "tables" / "entities.tsv").read_text(encoding="utf-8").splitlines(keepends=True)
    (line,) = [line for line in lines if line.startswith("mk-7\t")]
    _invented(pack.parent / "lumen", header + line)
    # Of which it is told that it has no number.
    report = (
        "report\ttitle\tyear\tsource_url\tverified\nURL:https://example.org/r\tAn invented report\t2020\thttps://example.org/r\trecord\n"
    )
    (pack.parent / "lumen" / "tables" / "reports.tsv").write_text(report, encoding="utf-8")
    _invented(pack.parent / "glow", INVENTED, 'extends = ["../lumen"]\n')
    monkeypatch.chdir(pack.parent)
    before = files(pack.parent)
    needed = "k2graph: several packs need --output: the file of the graph that they make together\n"
    assert run("build", "creatine", "glow") == (2, "", needed)
    alone = "k2graph: creatine/creatine.ttl: is the graph of the pack creatine alone; name another file\n"
    assert run("build", "creatine", "glow", "--output", "creatine/creatine.ttl") == (2, "", alone)
    assert run("build", "creatine", "--tables", "glow/tables") == (2, "", "k2graph: name packs or --tables, not both\n")
    unknown = "k2graph: creatin: there is no such folder, nor an installed pack of that name; did you mean 'creatine'?\n"
    assert run("build", "creatin", "glow", "--output", "all.ttl") == (2, "", unknown)
    assert files(pack.parent) == before
    done = run("build", "creatine", "glow", "--output", "all.ttl")
    assert done.code == 0
    assert re.search(r" warnings?, and [1-9]\d* in packs that are extended\n", done.err)
    assert "lumen/tables" not in done.err
    assert {name for name in files(pack.parent) if name not in before} == {"all.ttl"}
    graph = k2graph.open("all.ttl")
    parts = graph.rows("SELECT ?pack { entity:mk-7 dcterms:isPartOf ?pack } ORDER BY ?pack")
    assert [row["pack"] for row in parts] == ["https://example.org/creatine", "https://example.org/lumen"]
    (row,) = graph.rows(
        "SELECT ?pack ?title ?who { entity:lumenol dcterms:isPartOf ?pack . ?pack dcterms:title ?title ; dcterms:creator ?who }"
    )
    assert row == {"pack": "https://example.org/glow", "title": "Lumen", "who": "Nobody"}
    assert graph.rows("SELECT ?extended { ?pack dcterms:requires ?extended }") == [{"extended": "https://example.org/lumen"}]
    kinds = graph.rows(
        "SELECT DISTINCT ?kind { ?x a ?kind ; dcterms:isPartOf ?pack . FILTER(?kind IN (k2g:Study, k2g:Report, k2g:Finding, k2g:Claim)) }"
    )
    assert len(kinds) == 4
    said = dataset_of(graph.evidence().facts)
    assert (said.title, said.creators, said.address, said.version) == ("Lumen; creatine", ("Nobody",), "", "")


@pytest.mark.slow
def test_all_that_a_pack_with_a_base_says_and_all_that_follows_has_addresses_that_begin_with_it(run: Run, pack: Path) -> None:
    assert run("build").code == 0
    usual = set(parse((pack / "creatine.ttl").read_bytes(), RdfFormat.TURTLE))
    with (pack / "pack.toml").open("a", encoding="utf-8") as file:
        file.write('base = "https://example.org/creatine/"\n')
    assert run("build").code == 0
    own = set(parse((pack / "creatine.ttl").read_bytes(), RdfFormat.TURTLE))
    # What k2graph brings: its words, rules and questions, what many syntheses say together, and how a standing could turn.
    others = re.compile("https://w3id.org/k2graph/(?!ontology|rule/|question/|investigation/syntheses|turning/)")

    def moved(term: object) -> str:
        return others.sub("https://example.org/creatine/", str(term)) if isinstance(term, NamedNode) else str(term)

    expected = {tuple(map(moved, quad.triple)) for quad in usual}
    # Its base is all that it says of itself besides.
    said = ("<https://example.org/creatine>", "<http://rdfs.org/ns/void#uriSpace>", '"https://example.org/creatine/"')
    assert {tuple(map(str, quad.triple)) for quad in own} == expected | {said}
    key = rows("claims", pack / "tables")[0]["claim"]
    address = f"https://example.org/creatine/claim/{key}"
    graph = k2graph.open(pack / "creatine.ttl")
    assert [graph.find("claim", each).value for each in (key, f"claim:{key}", address)] == [address] * 3
    assert run("search", key, "--type", "claim", "--format", "md").out.count(f"{key} |") == 1
    assert run("site", pack / "pages").code == 0
    assert (pack / "pages" / "claim" / f"{key}.html").is_file()
