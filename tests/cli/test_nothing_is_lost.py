"""No command writes over what it reads, or under a name by which readers would take it for something else."""

import os
import shutil
from pathlib import Path

import pytest
from project import Folder, Run

from k2graph import atomic, resources
from k2graph.building import build
from k2graph.errors import InputError

SMALL = '<http://e.org/a> <http://e.org/b> 1.50 , "x"@en .\n'


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.ttl"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["findings.tsv", "new.tsv", "../pack.toml"])
@pytest.mark.extras
def test_the_graph_is_not_written_among_the_tables(run: Run, tables: Folder, name: str) -> None:
    before = every_file(tables.path.parent)
    code, _, err = run("build", "--tables", tables.path, "--output", tables.path / name)
    assert code == 2
    assert err == f"k2graph: {tables.path / name}: is what is read here, and would be lost; name another file\n"
    assert every_file(tables.path.parent) == before


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
@pytest.mark.parametrize("place", ["claims.tsv", "../pack.toml", "new.tsv", "a link"])
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


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of all that is read of a checkout, for what would be lost if a test failed; its graph and its code are small."""
    root = tmp_path / "checkout"
    for folder in ("ontology", "queries", "data/tables"):
        shutil.copytree(resources.ROOT / folder, root / folder)
    for name in ("LICENSE", "data/LICENSE"):
        shutil.copy(resources.ROOT / name, root / name)
    (root / "data" / "k2.ttl").write_text(SMALL, encoding="utf-8")
    (root / "src" / "templates").mkdir(parents=True)
    (root / "src" / "templates" / "page.html").write_text("page", encoding="utf-8")
    monkeypatch.setattr(resources, "__file__", str(root / "src" / "resources.py"))
    for name, path in list(vars(resources).items()):
        if isinstance(path, Path) and path.is_relative_to(resources.ROOT) and path != resources.ROOT:
            monkeypatch.setattr(resources, name, root / path.relative_to(resources.ROOT))
    monkeypatch.setattr(resources, "ROOT", root)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return root


def every_file(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("way", ["itself", "a link to it", "a link to its folder"])
def test_nothing_that_is_read_of_a_checkout_is_written_over(run: Run, small: Path, checkout: Path, way: str) -> None:
    before = every_file(checkout)
    assert len({file.suffix for file in before}) == 7  # .tsv, .toml, .ttl, .rq, .ru, .html and none
    for number, file in enumerate(sorted(before)):
        link = Path(f"link-{number}")
        output = {"itself": file, "a link to it": link, "a link to its folder": link / file.name}[way]
        if way != "itself":
            link.symlink_to(file.parent if output != link else file)
        code, _, err = run("export", "ntriples", "--data", small, "--output", output)
        assert (code, err) == (2, f"k2graph: {output}: is what is read here, and would be lost; name another file\n")
    assert every_file(checkout) == before


@pytest.mark.parametrize("way", ["itself", "link"])
def test_the_graph_that_comes_with_k2graph_is_not_written_over_from_another_folder(run: Run, checkout: Path, way: str) -> None:
    output = checkout / "data" / "k2.ttl"
    if way == "link":
        output = Path("mine.ttl")
        output.symlink_to(resources.GRAPH)
    code, _, err = run("export", "turtle", "--output", output)
    assert (code, resources.GRAPH.read_text(encoding="utf-8")) == (2, SMALL)
    assert err == f"k2graph: {output}: is what is read here, and would be lost; name another file\n"


@pytest.mark.extras
def test_a_build_may_renew_the_graph_that_comes_with_k2graph(run: Run, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "text", lambda *_, progress: b"")
    monkeypatch.chdir(checkout)
    assert run("build").code == 0
    assert resources.GRAPH.read_text(encoding="utf-8") != SMALL


@pytest.mark.parametrize("stand", ["data/tables", "data", "deep/in"])
def test_nothing_of_a_folder_of_ones_own_is_written_over_from_within(
    run: Run, small: Path, few_tables: Folder, tmp_path: Path, stand: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    (own / "data").mkdir(parents=True)
    few_tables.path.rename(own / "data" / "tables")
    (own / "data" / "mine.ttl").write_text(SMALL, encoding="utf-8")
    (own / "deep" / "in").mkdir(parents=True)
    before = every_file(own)
    monkeypatch.chdir(own / stand)
    for file in (own / "data" / "tables" / "arms.tsv", own / "data" / "mine.ttl"):
        output = Path(os.path.relpath(file))
        code, _, err = run("export", "ntriples", "--data", small, "--output", output)
        assert (code, err) == (2, f"k2graph: {output}: is what is read here, and would be lost; name another file\n")
    assert every_file(own) == before
    # What is new there may be written.
    assert run("export", "ntriples", "--data", small, "--output", os.path.relpath(own / "data" / "new.nt")).code == 0


def looped(path: Path) -> Path:
    path.unlink(missing_ok=True)
    path.symlink_to(path.name)
    return path


LOOPED = "Too many levels of symbolic links"


@pytest.mark.parametrize(
    ("name", "says"),
    [("findings.tsv", f"findings.tsv: cannot be read: {LOOPED}"), ("../pack.toml", f"pack.toml: cannot be read: {LOOPED}")],
)
@pytest.mark.extras
def test_a_table_that_leads_in_a_circle_is_one_error(run: Run, few_tables: Folder, tmp_path: Path, name: str, says: str) -> None:
    looped(few_tables.path / name)
    code, out, err = run("build", "--asserted", "--tables", few_tables.path, "--output", tmp_path / "x.ttl")
    assert (code, out, err) == (2, "", f"{says}\n1 fault; nothing was written\n")
    assert not (tmp_path / "x.ttl").exists()


def test_a_graph_of_this_folder_that_leads_in_a_circle_is_one_error(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data" / "tables").mkdir(parents=True)
    (tmp_path / "data" / "tables" / "entities.tsv").touch()
    looped(tmp_path / "data" / "k.ttl")
    (tmp_path / "further").mkdir()
    monkeypatch.chdir(tmp_path)
    here = "k2graph: the graph is data/k.ttl, that of this folder\n"
    assert run("stats") == (2, "", f"{here}k2graph: data/k.ttl: cannot be read: {LOOPED}\n")
    monkeypatch.chdir(tmp_path / "further")
    assert resources.graphs_passed_over() == [tmp_path / "data" / "k.ttl"]


@pytest.mark.parametrize("kind", ["a circle", "nowhere", "a folder"])
@pytest.mark.extras
def test_a_check_of_what_cannot_be_read_is_one_error(run: Run, few_tables: Folder, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.ttl"
    {"a circle": looped, "nowhere": lambda at: at.symlink_to("none"), "a folder": Path.mkdir}[kind](path)
    code, out, err = run("build", "--check", "--asserted", "--tables", few_tables.path, "--output", path)
    says = {"a circle": LOOPED, "nowhere": "No such file or directory", "a folder": "Is a directory"}[kind]
    assert (code, out, err) == (2, "", f"k2graph: {path}: cannot be read: {says}\n")


@pytest.mark.extras
def test_a_folder_without_tables_is_told_as_such(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    (tmp_path / "mine.tsv").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for output in ("o.ttl", "pyproject.toml"):
        message = ".: holds no tables; name the folder that does\n1 fault; nothing was written\n"
        assert run("build", "--tables", ".", "--output", output) == (2, "", message)
    assert (tmp_path / "pyproject.toml").read_text(encoding="utf-8") == ""


@pytest.mark.parametrize("letter", ["\n", "\r", "\x1b", "\u2028"], ids=ascii)
@pytest.mark.extras
def test_a_name_of_a_file_does_not_break_the_line_of_an_error(run: Run, few_tables: Folder, tmp_path: Path, letter: str) -> None:
    name = tmp_path / f"a{letter}b.ttl"
    shown = f"{tmp_path}/a b.ttl"
    assert run("stats", "--data", name).err == f"k2graph: {shown}: cannot be read: No such file or directory\n"
    name.write_text(SMALL, encoding="utf-8")
    refused = f"k2graph: {shown}: is what is read here, and would be lost; name another file\n"
    assert run("export", "ntriples", "--data", name, "--output", name).err == refused
    written = run("export", "ntriples", "--data", name, "--output", tmp_path / f"c{letter}d.nt").err
    assert written.startswith(f"{tmp_path}/c d.nt: ")
    assert len(written.splitlines()) == 1
    (few_tables.path / f"0{letter}123456789.tsv").touch()
    err = run("build", "--tables", few_tables.path, "--output", tmp_path / "x.ttl").err
    assert err == "0 123456789.tsv: not a known table\n1 fault; nothing was written\n"


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
    (tmp_path / "pack.toml").unlink()
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
