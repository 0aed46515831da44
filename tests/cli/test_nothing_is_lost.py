"""No command writes over what it reads, or under a name by which readers would take it for something else."""

from pathlib import Path

import pytest
from project import Folder, Run

from k2graph import atomic, resources
from k2graph.errors import InputError

SMALL = '<http://e.org/a> <http://e.org/b> 1.50 , "x"@en .\n'


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.ttl"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["findings.tsv", "new.tsv", "dataset.toml"])
@pytest.mark.extras
def test_the_graph_is_not_written_among_the_tables(run: Run, tables: Folder, name: str) -> None:
    before = {file.name: file.read_bytes() for file in tables.path.iterdir()}
    code, _, err = run("build", "--tables", tables.path, "--output", tables.path / name)
    assert code == 2
    assert err == f"k2graph: {tables.path / name}: is what is read here, and would be lost; name another file\n"
    assert {file.name: file.read_bytes() for file in tables.path.iterdir()} == before


@pytest.mark.parametrize("way", ["a link to a table", "a link among the tables", "to what a table is a link"])
@pytest.mark.extras
def test_the_graph_is_not_written_over_a_table_by_a_link(run: Run, tables: Folder, tmp_path: Path, way: str) -> None:
    table = tables.path / "claims.tsv"
    output = {"a link to a table": tmp_path / "out.ttl", "a link among the tables": tables.path / "l.ttl"}.get(way, tmp_path / "claims.tsv")
    if way.startswith("a link"):
        output.symlink_to(table)
    else:
        table.rename(output)
        table.symlink_to(output)
    before = table.read_bytes()
    code, _, err = run("build", "--tables", tables.path, "--output", output)
    assert (code, table.read_bytes()) == (2, before)
    assert "what is read here, and would be lost" in err or "the ending says" in err


WRITING = {
    "export ntriples": ("export", "ntriples", "--output"),
    "export bibtex": ("export", "bibtex", "--output"),
    "summary": ("summary", "arterial stiffness", "--output"),
    "plot": ("plot", "mk-7-level-arterial-stiffness", "--format", "csv", "--output"),
    "view": ("view", "--output"),
    "figure": ("figure", "mgp-calcification-events", "--output"),
}


@pytest.mark.parametrize("command", WRITING.values(), ids=WRITING)
@pytest.mark.parametrize("place", ["claims.tsv", "dataset.toml", "new.tsv", "a link"])
@pytest.mark.extras
def test_nothing_is_written_among_the_tables_of_the_graph(
    run: Run, few_tables: Folder, mechanism_alone: Path, tmp_path: Path, command: tuple[str, ...], place: str
) -> None:
    graph, output = tmp_path / "mine.ttl", few_tables.path / place
    graph.write_bytes(mechanism_alone.read_bytes())
    if place == "a link":
        output = tmp_path / "out"
        output.symlink_to(few_tables.path / "claims.tsv")
    before = {file.name: file.read_bytes() for file in few_tables.path.iterdir()}
    code, _, err = run(*command, output, "--data", graph)
    assert (code, err) == (2, f"k2graph: {output}: is what is read here, and would be lost; name another file\n")
    assert {file.name: file.read_bytes() for file in few_tables.path.iterdir()} == before


@pytest.mark.parametrize(
    "place", [resources.SHAPES, resources.RULES / "31-standing.rq", resources.QUESTIONS / "paths.rq"], ids=lambda at: at.name
)
def test_a_checkout_s_ontology_and_questions_are_not_written_over(run: Run, small: Path, place: Path) -> None:
    before = place.read_bytes()
    assert run("export", "ntriples", "--data", small, "--output", place).code == 2
    assert place.read_bytes() == before


@pytest.mark.parametrize("command", [("export", "ntriples", "--output"), ("view", "--output"), ("site",)], ids=" ".join)
@pytest.mark.extras
def test_links_that_lead_in_a_circle_are_one_error(run: Run, small: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    code, _, err = run(*command, tmp_path / "a", "--data", small)
    assert (code, err) == (2, f"k2graph: {tmp_path / 'a'}: cannot be written: Too many levels of symbolic links\n")


@pytest.mark.parametrize("command", [("export", "ro-crate", "--output"), ("site",)], ids=["export", "site"])
@pytest.mark.extras
def test_a_folder_that_holds_what_is_read_is_not_replaced(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    source = tmp_path / "made" / "data" / "graph.ttl"
    source.parent.mkdir(parents=True)
    source.write_text(SMALL, encoding="utf-8")
    code, _, err = run(*command, tmp_path / "made", "--data", source)
    assert (code, err) == (2, f"k2graph: {tmp_path / 'made'}: holds what is read here, and would be lost; name another folder\n")
    assert source.read_text(encoding="utf-8") == SMALL


@pytest.mark.parametrize("way", ["itself", "link", "detour"])
@pytest.mark.parametrize("command", [("export", "turtle", "--about", "MK-7"), ("export", "turtle")], ids=["part", "whole"])
def test_a_graph_is_not_exported_over_itself(run: Run, small: Path, way: str, command: tuple[str, ...]) -> None:
    output = {"itself": small, "link": small.with_name("link.ttl"), "detour": small.parent / "." / "x" / ".." / small.name}[way]
    if way == "link":
        output.symlink_to(small)
    elif way == "detour":
        (small.parent / "x").mkdir()
    code, _, err = run(*command, "--data", small, "--output", output)
    assert code == 2
    assert "is what is read here, and would be lost; name another file" in err
    assert small.read_text(encoding="utf-8") == SMALL


def test_the_graph_of_this_folder_is_not_exported_over_itself(
    run: Run, tables: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "tables").symlink_to(tables.path)
    graph = tmp_path / "data" / "mine.ttl"
    graph.write_text(SMALL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code, _, err = run("export", "turtle", "--output", "data/mine.ttl")
    assert (code, graph.read_text(encoding="utf-8")) == (2, SMALL)
    assert "data/mine.ttl: is what is read here" in err


@pytest.mark.parametrize(
    ("command", "name", "says"),
    [
        (("export", "turtle"), "x.nt", "the ending says N-Triples, which is not what is written; name a file that ends in .ttl"),
        (("export", "turtle"), "x.RDF", "the ending says RDF/XML, which is not what is written; name a file that ends in .ttl"),
        (("export", "turtle"), "x.ttl.gz", "what is written is not packed; name a file that ends in .ttl, and pack it afterwards"),
        (("export", "jsonld"), "x.ttl", "the ending says Turtle, which is not what is written; name a file that ends in .jsonld"),
        (("export", "trig"), "x.ttl", "the ending says Turtle, which is not what is written; name a file that ends in .trig"),
        (("view",), "x.ttl", "the ending says Turtle, which is not what is written; name a file that ends in .html"),
    ],
)
def test_an_ending_that_would_mislead_is_refused(run: Run, small: Path, command: tuple[str, ...], name: str, says: str) -> None:
    output = small.with_name(name)
    code, _, err = run(*command, "--data", small, "--output", output)
    assert (code, err) == (2, f"k2graph: {output}: {says}\n")
    assert not output.exists()


@pytest.mark.parametrize("name", ["x.nt", "x.ttl.gz"])
@pytest.mark.extras
def test_a_build_s_ending_is_looked_at_before_its_work(run: Run, tables: Folder, tmp_path: Path, name: str) -> None:
    tables.file("findings").write_text("", encoding="utf-8")  # what would be said else
    code, _, err = run("build", "--tables", tables.path, "--output", tmp_path / name)
    assert code == 2
    assert "name a file that ends in .ttl" in err


@pytest.mark.parametrize(("form", "name"), [("turtle", "x.trig"), ("ntriples", "x.ttl"), ("ntriples", "x.nq"), ("turtle", "x")])
def test_an_ending_under_which_it_can_be_read_is_taken(run: Run, small: Path, form: str, name: str) -> None:
    assert run("export", form, "--data", small, "--output", small.with_name(name)).code == 0
    assert "1.50" in small.with_name(name).read_text(encoding="utf-8")


def test_a_stranger_s_graph_is_not_said_to_be_built_from_tables(run: Run, small: Path) -> None:
    for form in ("turtle", "turtle-star"):
        output = small.with_name(f"{form}.ttl")
        assert run("export", form, "--data", small, "--output", output).code == 0
        assert "k2graph build" not in output.read_text(encoding="utf-8")


def test_what_was_put_into_a_folder_since_is_not_lost(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    for _ in range(2):
        with atomic.replaced_folder(folder, "site") as made:
            (made / "index.html").write_text("new", encoding="utf-8")
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("mine", encoding="utf-8")
    refused = r"pages: \.git/HEAD was put there since, and would be lost; move it away, or name another folder"
    with pytest.raises(InputError, match=refused), atomic.replaced_folder(folder, "site"):
        pass
    assert (folder / ".git" / "HEAD").read_text(encoding="utf-8") == "mine"
    (folder / ".git" / "HEAD").unlink()
    with atomic.replaced_folder(folder, "site"):
        pass
    assert [file.name for file in folder.iterdir()] == [".k2graph"]
