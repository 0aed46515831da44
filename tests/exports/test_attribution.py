"""What is passed on is signed as the graph says, and with nothing where it says nothing."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from project import MECHANISM, Folder, Run, write_built, write_mechanism_tables

import k2graph
from k2graph import resources
from k2graph.curation.dataset_description import Author, read_dataset
from k2graph.errors import TableFaults
from k2graph.exports import Part, choose, export, find_format, formats

pytestmark = pytest.mark.slow

#: What another group's graph must not say: who we are, our licence, our name in Translator, our place.
OURS = (b"The k2graph authors", b"infores:k2graph", b"CC BY 4.0", b"CC-BY-4.0", b"creativecommons.org/licenses/by/4.0")
THEIRS = """name = "creatine"
address = "https://example.org/creatine"
title = "Creatine"
version = "7.1"
authors = [{ name = "The creatine group" }, { name = "Josiah Carberry", orcid = "0000-0002-1825-0097" }]
licence = "https://creativecommons.org/licenses/by-sa/4.0/"
infores = "infores:creatine"
"""


def _built(tables: Folder, said: str | None) -> Path:
    described = tables.path.parent / "pack.toml"
    described.unlink(missing_ok=True)
    if said is not None:
        described.write_text(said, encoding="utf-8")
    return write_built(tables.path, tables.path.parent / "other.ttl")


def _bytes(path: Path) -> dict[str, bytes]:
    """Each file's bytes, but for those of the tool: ontology, questions, and the licence of both."""
    found = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    all_ = {file.relative_to(path).as_posix(): file.read_bytes() for file in found}
    made = {name: content for name, content in all_.items() if not name.startswith(("ontology/", "queries/", "LICENSE"))}
    for name, content in list(made.items()):
        if name.endswith(".docx"):
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                made[name] = b"".join(parts.read(part) for part in parts.namelist())
    return made


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A graph that says who made it, and one that says nothing, of the same tables: a mechanism, and some findings on its claims."""
    from k2graph.ontology import Vocabulary

    made = {}
    for name, description in (("theirs", THEIRS), ("nobody's", None)):
        folder = tmp_path_factory.mktemp(name.strip("'"))
        write_mechanism_tables(folder / "tables")
        made[name] = _built(Folder(folder / "tables", Vocabulary()), description)
    return made


#: Where the ontology itself is part of what is written, its own licence is in it.
_WITH_ONTOLOGY = ("jsonld", "ntriples", "owl", "rdfxml", "ro-crate", "trig", "turtle", "turtle-star")


@pytest.fixture(scope="module")
def parts(others: dict[str, Path]) -> dict[str, Part]:
    return {whose: choose(k2graph.open(path), mechanism=MECHANISM) for whose, path in others.items()}


@pytest.mark.parametrize("whose", ["theirs", "nobody's"])
@pytest.mark.parametrize("name", formats())
def test_nothing_of_ours_is_claimed_for_another_graph(name: str, whose: str, parts: dict[str, Part], tmp_path: Path) -> None:
    export(parts[whose], find_format(name), tmp_path / "made")
    claimed = OURS[:-1] if name in _WITH_ONTOLOGY else OURS
    assert [(file, word) for file, content in _bytes(tmp_path / "made").items() for word in claimed if word in content] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("kgx", [b"infores:creatine"]),
        ("bel", [b"The creatine group", b"CC-BY-SA-4.0", b'Name = "Creatine"', b'Version = "7.1"']),
        ("nanopub", [b"The creatine group", b"licenses/by-sa/4.0", b"https://example.org/creatine"]),
        ("sssom", [b"#license: https://creativecommons.org/licenses/by-sa/4.0/", b"#mapping_set_id: https://example.org/creatine/"]),
        ("csv", [b"CC-BY-SA-4.0", b'"name": "creatine"']),
        ("cx2", [b"Creatine"]),
        ("ro-crate", [b"The creatine group", b"licenses/by-sa/4.0", b'"version": "7.1"']),
    ],
)
def test_who_made_it_is_said(name: str, words: list[bytes], others: dict[str, Path], run: Run, tmp_path: Path) -> None:
    assert run("export", name, "--data", others["theirs"], "--output", tmp_path / "made").code == 0
    whole = b"".join(_bytes(tmp_path / "made").values())
    assert [word for word in words if word not in whole] == []


def test_a_crate_of_nobody_names_nobody(others: dict[str, Path], run: Run, tmp_path: Path) -> None:
    assert run("export", "ro-crate", "--data", others["nobody's"], "--output", tmp_path / "crate").code == 0
    (root,) = [each for each in json.loads((tmp_path / "crate" / "ro-crate-metadata.json").read_text())["@graph"] if each["@id"] == "./"]
    assert not {"author", "publisher", "license", "identifier", "version"} & root.keys()


def test_pages_name_the_licence_of_the_graph(others: dict[str, Path], run: Run, tmp_path: Path) -> None:
    for whose, licence in (("theirs", "Data: CC-BY-SA-4.0."), ("nobody's", "")):
        assert run("site", tmp_path / whose, "--data", others[whose]).code == 0
        page = (tmp_path / whose / "index.html").read_text(encoding="utf-8")
        assert licence in page
        assert ("Data: " in page) == bool(licence)


NAMED = 'name = "x"\naddress = "https://example.org/x"\n'


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("address = ", "cannot be read as TOML"),
        (NAMED + 'titel = "T"', "titel: is no key here; did you mean 'title'?"),
        # What is not done yet is refused: a key that does nothing would be believed.
        (NAMED + 'queries = ["k2"]', "queries: is no key here; use name, address, title"),
        (NAMED + 'extends = "../common"', "extends: is not a list of texts"),
        (NAMED + 'extends = ["/common"]', "extends: '/common' is no folder as seen from this one, such as ../common, nor the name"),
        (NAMED + 'extends = ["a", "a"]', "pack.toml:3: extends: names a pack twice; name it once"),
        (NAMED + 'base = "creatine"', "base: 'creatine' is no address that others can be made of by adding to it"),
        (NAMED + 'base = "https://example.org/x"', "base: 'https://example.org/x' is no address that others can be made of"),
        (NAMED + 'base = "https://example.org/x#/"', "base: 'https://example.org/x#/' is no address that others can be made of"),
        (NAMED + 'base = "https:///"', "base: 'https:///' is no address that others can be made of"),
        (NAMED + 'base = "https://example.org/claim/"', "has the part 'claim', which is a kind of thing in addresses; take another name"),
        ('name = "x"', "address: is missing"),
        ('address = "https://example.org/x"', "name: is missing"),
        ('name = "../x"\naddress = "https://example.org/x"', "name: '../x' is not a slug"),
        ('name = "x"\naddress = "creatine"', "address: 'creatine' is no address"),
        (NAMED + 'authors = "A"', "authors: is not a list of authors"),
        (NAMED + 'authors = ["A"]', "authors: is not a list of authors"),
        (NAMED + 'authors = [{ orcid = "0000-0002-1825-0097" }]', "authors: has an author without a name"),
        ("\ufeff" + NAMED, "begins with a byte order mark; save the file as UTF-8 without one"),
        (NAMED + 'title = "\udcbb"', "not UTF-8 (byte 0xbb); save the file as UTF-8"),
        (NAMED + 'version = "banana"', "version: 'banana' is no version"),
        (NAMED + 'infores = "x y"', "infores: 'x y' is no name in the registry of sources"),
        (NAMED + 'authors = [{ name = "A", mail = "a@example.org" }]', "authors: 'mail' is no key of an author"),
        (NAMED + 'authors = [{ name = "A", orcid = "0000-0002-1825-0098" }]', "authors: '0000-0002-1825-0098' is no number of ORCID"),
        (NAMED + "version = 1", "version: is not a text"),
        (NAMED + 'date = "2026-02-30"', "date: '2026-02-30' is no date of the calendar"),
        (NAMED + "date = 2026-02-28", 'date: is not a text: write date = "2026-11-27", in quotation marks'),
        (NAMED + 'keywords = "iron"', "keywords: is not a list of texts"),
    ],
)
def test_a_description_that_is_none_is_a_fault(said: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text(said, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(TableFaults, match=r"^pack\.toml:") as raised:
        read_dataset(tmp_path / "tables")
    assert len(raised.value.faults) == 1
    assert fault in str(raised.value)


def test_a_description_of_an_earlier_edition_is_told_where_it_goes(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "dataset.toml").write_text('address = "https://example.org/x"')
    with pytest.raises(
        TableFaults, match=r"^dataset\.toml: is called pack\.toml now, and lies beside the folder of tables: move it to \S+/pack\.toml, "
    ):
        read_dataset(tmp_path / "tables")


def test_a_person_is_known_by_the_number_in_orcid(others: dict[str, Path], run: Run, tmp_path: Path) -> None:
    address = "https://orcid.org/0000-0002-1825-0097"
    (row,) = k2graph.open(others["theirs"]).rows(
        f"SELECT ?name {{ ?d dcterms:creator <{address}> . <{address}> <http://xmlns.com/foaf/0.1/name> ?name }}"
    )
    assert row == {"name": "Josiah Carberry"}
    part = choose(k2graph.open(others["theirs"]))
    assert part.dataset.authors == (Author("Josiah Carberry", "0000-0002-1825-0097"), Author("The creatine group"))
    assert part.dataset.citation.startswith("Josiah Carberry, The creatine group. Creatine, version 7.1")
    export(part, find_format("ro-crate"), tmp_path / "crate")
    graph = {each["@id"]: each for each in json.loads((tmp_path / "crate" / "ro-crate-metadata.json").read_text())["@graph"]}
    assert graph["./"]["author"] == [{"@id": address}, {"@id": "#author-2"}]
    assert graph[address] == {"@id": address, "@type": "Person", "name": "Josiah Carberry"}
    export(part, find_format("csv"), tmp_path / "csv")
    assert json.loads((tmp_path / "csv" / "datapackage.json").read_text())["contributors"][0]["path"] == address


def test_the_version_is_that_of_the_package() -> None:
    assert read_dataset(resources.TABLES).version == k2graph.__version__
