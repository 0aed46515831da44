"""A release: every file described, every checksum right, readable by RO-Crate's own tools, the same whenever it is made."""

import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import rdflib
from exported import Export
from project import Run, rows
from rocrate.rocrate import ROCrate

import k2graph
from k2graph import resources
from k2graph.exports import choose, export, find_format

pytestmark = pytest.mark.slow

CONTEXT = "https://w3id.org/ro/crate/1.1/context"


@pytest.fixture(scope="module")
def folder(exported: Export) -> Path:
    path, left_out = exported("ro-crate")
    assert left_out == {}
    return path


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.name != ".k2graph"}


@pytest.fixture(scope="session")
def validator(request: pytest.FixtureRequest) -> Path:
    """A Python that has roc-validator. It needs another click than KGX does, and so has an environment of its own, kept for later runs."""
    packages = ("roc-validator>=0.13,<0.14", "rocrate>=0.14,<0.17")
    said = " ".join((sys.version, *packages))
    folder = request.config.cache.mkdir(f"roc-validator-{hashlib.sha256(said.encode()).hexdigest()[:12]}")
    python, done = folder / "bin" / "python", folder / "done"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            _install(folder, python, packages)
            done.touch()
    return python


def _install(folder: Path, python: Path, packages: tuple[str, ...]) -> None:
    for command in ((sys.executable, "-m", "venv", folder), (python, "-m", "pip", "install", "-q", *packages)):
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


_VALIDATE = """
import email.message, io, json, sys, urllib.response, warnings
from pathlib import Path
warnings.simplefilter("ignore")
import rdflib._networking, requests, requests_cache, rocrate
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
context = (Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_bytes()

# The validator fetches the one context that every crate names; the rocrate package carries it.
def opened(request):
    assert request.full_url == CONTEXT
    headers = email.message.Message()
    headers["Content-Type"] = "application/ld+json"
    return urllib.response.addinfourl(io.BytesIO(context), headers, CONTEXT, 200)

def sent(_, request, **__):
    assert request.url == CONTEXT
    answer = requests.Response()
    answer.status_code, answer.url, answer.request = 200, CONTEXT, request
    answer._content, answer.headers["Content-Type"] = context, "application/ld+json"
    return answer

rdflib._networking.urlopen = opened
requests_cache.CachedSession.send = sent
from rocrate_validator import models, services
found = []
for crate in sys.argv[1:]:
    chosen = services.ValidationSettings(
        rocrate_uri=crate, profile_identifier="ro-crate-1.1", requirement_severity=models.Severity.RECOMMENDED
    )
    issues = services.validate(chosen).get_issues()
    found.append({issue.check.identifier: f"{issue.severity.name}: {issue.message}" for issue in issues})
print("\\n" + json.dumps(found))
"""


@pytest.fixture(scope="module")
def validated(folder: Path, graph: k2graph.Graph, validator: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """What roc-validator has to say of three crates, down to what is only recommended: starting it takes longer than a crate."""
    crates = tmp_path_factory.mktemp("crates")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1760000000")
        export(choose(graph), find_format("ro-crate"), crates / "dated")
    shutil.copytree(folder, crates / "broken")
    described = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    (root,) = (each for each in described["@graph"] if each["@id"] == "./")
    del root["license"], root["name"]
    (crates / "broken" / "ro-crate-metadata.json").write_text(json.dumps(described), encoding="utf-8")
    places = {"dated": crates / "dated", "undated": folder, "broken": crates / "broken"}
    done = subprocess.run([validator, "-c", _VALIDATE, *places.values()], cwd=crates, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(zip(places, json.loads(done.stdout.splitlines()[-1]), strict=True))


def test_roc_validator_finds_nothing_in_a_dated_release(validated: dict[str, dict[str, str]]) -> None:
    assert validated["dated"] == {}


def test_without_a_date_only_the_day_is_missed(validated: dict[str, dict[str, str]]) -> None:
    (only,) = validated["undated"].values()
    assert only.startswith("RECOMMENDED: ")
    assert "at least the day level" in only


def test_roc_validator_would_find_a_fault(validated: dict[str, dict[str, str]]) -> None:
    assert len(validated["broken"]) > 1


def test_rocrate_reads_every_file_with_its_size_type_and_licence(folder: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rocrate's own
        crate = ROCrate(str(folder))
    described = {entity.id: entity for entity in crate.data_entities}
    assert set(described) == _files(folder) - {"ro-crate-metadata.json"}
    for name, entity in described.items():
        assert entity["contentSize"] == str((folder / name).stat().st_size)
        assert entity["encodingFormat"]
        assert entity["license"].id.startswith("https://")
    assert crate.datePublished.year == max(int(row["year"]) for row in rows("reports"))
    assert described["data/k2.ttl"]["license"].id == "https://creativecommons.org/licenses/by/4.0/"
    assert described["queries/studies.rq"]["license"].id == "https://spdx.org/licenses/MIT"


def test_all_that_the_graph_is_built_from_is_there_as_it_is(folder: Path) -> None:
    source = [resources.GRAPH, resources.ONTOLOGY, resources.SHAPES, resources.MAPPINGS, resources.ROOT / "LICENSE"]
    source += [*resources.TABLES.glob("*.tsv"), *resources.RULES.glob("*.rq"), *resources.QUESTIONS.glob("*.rq")]
    source.append(resources.ROOT / "data" / "LICENSE")
    assert len(source) > 70
    for file in source:
        assert (folder / file.relative_to(resources.ROOT)).read_bytes() == file.read_bytes()


def test_the_checksums_are_those_of_the_files(folder: Path) -> None:
    checked = subprocess.run(
        ["sha256sum", "-c", "--strict", "--quiet", "manifest-sha256.txt"], cwd=folder, capture_output=True, check=False
    )
    assert (checked.returncode, checked.stdout) == (0, b"")
    lines = (folder / "manifest-sha256.txt").read_text(encoding="utf-8").splitlines()
    named = {line.partition("  ")[2] for line in lines}
    assert named == _files(folder) - {"manifest-sha256.txt", "ro-crate-metadata.json"}


def test_void_and_dcat_count_what_is_there(folder: Path, graph: k2graph.Graph) -> None:
    described = rdflib.Graph().parse(folder / "void.ttl", format="turtle")
    void, dcat = rdflib.Namespace("http://rdfs.org/ns/void#"), rdflib.Namespace("http://www.w3.org/ns/dcat#")
    dataset = rdflib.URIRef("https://w3id.org/k2graph")
    assert int(described.value(dataset, void.triples)) == len(list(graph.triples()))  # type: ignore[arg-type]
    counts = {
        str(described.value(each, void["class"])): int(described.value(each, void.entities))
        for each in described.objects(dataset, void.classPartition)
    }  # type: ignore[arg-type]
    ontology = "https://w3id.org/k2graph/ontology#"
    assert counts[f"{ontology}Report"] == len(rows("reports"))
    assert counts[f"{ontology}Study"] == len(rows("studies"))
    assert counts[f"{ontology}Arm"] == len(rows("arms"))
    assert counts[f"{ontology}Finding"] == len(rows("findings"))
    # An address without a beginning is that of a file beside this one.
    files = {str(each).removeprefix(folder.as_uri() + "/") for each in described.objects(dataset, dcat.distribution)}
    assert files == _files(folder) - {"manifest-sha256.txt", "ro-crate-metadata.json", "void.ttl"}
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    checksum = described.value(rdflib.URIRef(f"{folder.as_uri()}/data/k2.ttl"), spdx.checksum)
    assert str(described.value(checksum, spdx.checksumValue)) == hashlib.sha256((folder / "data" / "k2.ttl").read_bytes()).hexdigest()


def test_same_graph_same_bytes(folder: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert run("export", "ro-crate", "--output", tmp_path / "again").code == 0
    assert _files(tmp_path / "again") == _files(folder)
    for name in _files(folder):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes(), name


def test_a_part_has_its_triples_and_no_tables(run: Run, tmp_path: Path) -> None:
    made = run("export", "ro-crate", "--mechanism", "mgp-calcification-events", "--output", tmp_path / "part")
    tables = len(list(resources.TABLES.glob("*.tsv")))
    assert made.code == 0
    assert f"left out {tables} tables, which another graph or the whole of it is built from\n" in made.err
    part = k2graph.open(tmp_path / "part" / "data" / "graph.nt")
    assert part.query("ASK { claim:mgp-level-vascular-calcification k2g:standing ?s }") is True
    assert not (tmp_path / "part" / "data" / "tables").exists()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        assert ROCrate(str(tmp_path / "part")).get("data/graph.nt")["encodingFormat"] == "application/n-triples"


@pytest.mark.parametrize("epoch", ["soon", "1e9", "99999999999999999999"])
def test_a_date_that_is_none_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    outcome = run("export", "ro-crate", "--output", tmp_path / "k2")
    assert outcome.code == 2
    assert outcome.err == f"k2graph: SOURCE_DATE_EPOCH: {epoch!r} is not a number of seconds since 1970\n"
    assert list(tmp_path.iterdir()) == []


def test_a_date_that_is_one_is_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1760000000")  # date -u -d @1760000000
    run("export", "ro-crate", "--output", tmp_path / "k2")
    assert '"datePublished": "2025-10-09"' in (tmp_path / "k2" / "ro-crate-metadata.json").read_text(encoding="utf-8")
    assert '"2025-10-09"^^xsd:date' in (tmp_path / "k2" / "void.ttl").read_text(encoding="utf-8")


def test_of_a_graph_of_others_only_what_it_says_of_itself(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    cats = "<http://e.org/cat> a <http://e.org/Animal> .\n"
    described = """<http://e.org/cats> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> "Cats" ;
        <http://purl.org/dc/terms/modified> "2024-05-06" ; <http://purl.org/dc/terms/description> "All cats." ."""
    own = {"data/graph.nt", "manifest-sha256.txt", "void.ttl", "ro-crate-metadata.json"}
    for content, says in ((cats, ("An RDF graph", "An RDF graph", None)), (cats + described, ("Cats", "All cats.", "2024-05-06"))):
        (tmp_path / "other.ttl").write_text(content, encoding="utf-8")
        done = run("export", "ro-crate", "--data", tmp_path / "other.ttl", "--output", tmp_path / "crate")
        assert (done.code, "left out" in done.err) == (0, False)
        assert {file for file in _files(tmp_path / "crate") if not file.startswith(".")} == own
        root = json.loads((tmp_path / "crate" / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"][1]
        assert (root["name"], root["description"], root.get("datePublished")) == says
        texts = "".join((tmp_path / "crate" / file).read_text(encoding="utf-8") for file in own)
        assert "findings" not in texts
        assert "uriSpace" not in texts
        assert "void:vocabulary" not in texts
