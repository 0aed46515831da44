"""A release as an RO-Crate: the graph, the tables that it is built from, ontology, questions and licences, described and with checksums.

`ro-crate-metadata.json` says what each file is (RO-Crate 1.1), `void.ttl` the same in VoID and DCAT for catalogues of data sets, and
`sha256sum -c manifest-sha256.txt` tells whether a file is as it was. Written without a library: it is one JSON document.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from .. import resources
from ..curation.dataset_description import Author, DatasetDescription
from ..curation.forms import is_date
from ..errors import InputError
from ..iris import BASE, OTHERS, PREFIXES, name
from ..ontology import has_anything_of_ours
from ..sparql.store import EmbeddedStore
from . import Format, Part, has_triples

#: The licence under which ontology, rules and shapes are; `ontology/k2graph.ttl` has it.
_ONTOLOGY = "https://creativecommons.org/licenses/by/4.0/"
_MIT = "https://spdx.org/licenses/MIT"
_MANIFEST, _VOID, _METADATA = "manifest-sha256.txt", "void.ttl", "ro-crate-metadata.json"
#: Media type by ending. N-Triples and SPARQL are those that their specifications register.
_TYPES = {
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".tsv": "text/tab-separated-values",
    ".rq": "application/sparql-query",
    ".ru": "application/sparql-update",
    ".json": "application/ld+json",
    ".txt": "text/plain",
    ".toml": "application/toml",
    "": "text/plain",
}
_ABOUT = {
    "data/k2.ttl": "The graph, with all that follows from it by rule",
    "data/graph.nt": "The graph, or the part of it that was chosen, with all that follows from it by rule",
    "data/LICENSE": "The licence of the data",
    "data/pack.toml": "What the graph says of itself",
    "LICENSE": "The licence of the questions",
    "ontology/k2graph.ttl": "The ontology: what may be said",
    "ontology/tables.toml": "What the columns of the tables mean, and what becomes of them",
    "ontology/shapes.ttl": "SHACL shapes that a complete graph conforms to",
    "ontology/looks.toml": "How the words of a standing look on pages, in plots and in a terminal",
    "ontology/prefixes.tsv": "Prefixes of other vocabularies, and where their identifiers are found (TSV)",
    "ontology/mappings.sssom.tsv": "Mappings of the ontology to other vocabularies (SSSOM)",
    _MANIFEST: "SHA-256 checksums of the other files",
    _VOID: "The data set in VoID and DCAT",
}
_FOREIGN = "An RDF graph"
_DESCRIPTION = "A graph of claims, the findings of studies that bear on each, and where each claim stands by rule."
_FOLDERS = {
    "data/tables": "A table of the curated facts",
    "ontology/rules": "A rule (SPARQL CONSTRUCT)",
    "ontology/scenarios": "What is tried to see how a standing holds (SPARQL Update)",
    "queries": "A question (SPARQL SELECT)",
    "queries/internal": "A query that k2graph asks itself (SPARQL SELECT)",
}


def write(part: Part, path: Path) -> Mapping[str, int]:
    """The folder of a release."""
    triples = sorted(part.triples(), key=str)
    left_out = _copy(part, triples, path)
    date = _date(part)
    (path / _VOID).write_text(_void(part, triples, path, date), encoding="utf-8", newline="\n")
    lines = [f"{_checksum(path / file)}  {file}\n" for file in _files(path)]
    (path / _MANIFEST).write_text("".join(lines), encoding="utf-8", newline="\n")
    described = json.dumps(_metadata(part, path, date), ensure_ascii=False, indent=2) + "\n"
    (path / _METADATA).write_text(described, encoding="utf-8", newline="\n")
    return left_out


def _copy(part: Part, triples: list[Triple], path: Path) -> Mapping[str, int]:
    store = part.graph.store
    shipped = part.whole and isinstance(store, EmbeddedStore) and store.path == resources.GRAPH
    # A graph that says nothing in our words needs none of what explains them.
    ours = has_anything_of_ours(triples)
    folders = [resources.ONTOLOGY.parent, resources.QUESTIONS, *([resources.TABLES] if shipped else [])]
    files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()]
    # The licence of the data is that of the shipped graph; another's is its own.
    files += [resources.ROOT / "LICENSE", *([resources.ROOT / "data" / "LICENSE", resources.PACK, resources.GRAPH] if shipped else [])]
    for file in files if ours else ():
        to = path / file.relative_to(resources.ROOT)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, to)
    if shipped:
        return {}
    (path / "data").mkdir(exist_ok=True)
    (path / "data" / "graph.nt").write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
    if not ours:
        return {}
    return {"tables, which another graph or the whole of it is built from": len(list(resources.TABLES.glob("*.tsv")))}


def _files(path: Path) -> list[str]:
    """All files of the folder that are the release's own, by name."""
    found = (file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file())
    return sorted(file for file in found if not file.startswith(".") and file != _METADATA)


def _checksum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _date(part: Part) -> str:
    """When it was released, if SOURCE_DATE_EPOCH says; else the year of the newest report, before which it cannot have been.

    Of a graph without reports the day that it gives itself; empty where it gives none.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        newest = max((report.year for report in part.evidence.reports.values()), default=None)
        return f"{newest:04}" if newest is not None else part.dataset.date if is_date(part.dataset.date) else ""
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise InputError(f"SOURCE_DATE_EPOCH: {epoch!r} is not a number of seconds since 1970") from error


def _about(file: str, ours: bool) -> str:
    if not ours and file.startswith("data/"):
        return _FOREIGN
    folder = file.rpartition("/")[0]
    return _ABOUT.get(file) or f"{_FOLDERS[folder]}: {Path(file).stem}"


def _licence(file: str, of: DatasetDescription) -> str:
    """The licence of a file: of the data what the graph says, of the ontology what it says itself."""
    if file.startswith("queries/") or file == "LICENSE":
        return _MIT
    return _ONTOLOGY if file.startswith("ontology/") else of.licence


def _metadata(part: Part, path: Path, date: str) -> dict[str, Any]:
    files = _files(path)
    of = part.dataset
    ours = has_anything_of_ours(part.triples())
    otherwise = _DESCRIPTION if ours else _FOREIGN
    makers = [{"@id": author.address or f"#author-{place}"} for place, author in enumerate(of.authors, 1)]
    # RO-Crate has one value as such, and not in a list.
    authors = makers[0] if len(makers) == 1 else makers
    root = {
        "@id": "./",
        "@type": "Dataset",
        # RO-Crate asks for a name and a description of every crate; what else the graph does not say, is not here.
        "name": of.title or otherwise,
        "description": of.description or otherwise,
        "identifier": of.address,
        "version": of.version,
        "datePublished": date,
        "license": {"@id": of.licence} if of.licence else None,
        "author": authors,
        "publisher": authors,
        "keywords": list(of.keywords),
        "hasPart": [{"@id": file} for file in files],
    }
    root = {name: value for name, value in root.items() if value}
    at = {"url": of.address} if of.address else {}
    descriptor = {
        "@id": _METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    described = [
        {
            "@id": file,
            "@type": "File",
            "name": Path(file).name,
            "description": _about(file, ours),
            "encodingFormat": _TYPES[Path(file).suffix],
            "contentSize": str((path / file).stat().st_size),
            **({"license": {"@id": _licence(file, of)}} if _licence(file, of) else {}),
        }
        for file in files
    ]
    around = [
        *(_maker(each, author, at) for each, author in zip(makers, of.authors, strict=True)),
        *({"@id": each, "@type": "CreativeWork", "name": each} for each in sorted({_ONTOLOGY if ours else "", of.licence} - {""})),
        *([{"@id": _MIT, "@type": "CreativeWork", "name": "MIT", "description": "MIT License"}] if ours else []),
    ]
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [descriptor, root, *described, *around]}


def _maker(called: dict[str, str], author: Author, at: dict[str, str]) -> dict[str, str]:
    """Who made it: a person where there is a number of ORCID, which is of persons alone."""
    return (
        {**called, "@type": "Person", "name": author.name}
        if author.orcid
        else {**called, "@type": "Organization", "name": author.name, **at}
    )


#: Where the files are put to be written; it is cut away again, so that their addresses hang on wherever the file lies.
_HERE = "k2graph-release:/"
_NAMES = {
    **{prefix: OTHERS[prefix] for prefix in ("dcat", "void", "spdx")},
    **{prefix: PREFIXES[prefix] for prefix in ("dcterms", "k2g", "owl", "rdf", "xsd")},
}


def _void(part: Part, triples: list[Triple], path: Path, date: str) -> str:
    described = sorted({Triple(*each) for each in _description_triples(part, triples, path, date)}, key=str)
    text = (serialize(described, format=RdfFormat.TURTLE, prefixes=_NAMES) or b"").decode()
    return text.replace(f"<{_HERE}", "<")


def _description_triples(part: Part, triples: list[Triple], path: Path, date: str) -> Iterator[tuple[NamedNode, NamedNode, Any]]:
    integer = name("xsd:integer")
    of = part.dataset
    ours = has_anything_of_ours(triples)
    # Without an address of its own it is called by this file.
    dataset = NamedNode(of.address or f"{_HERE}{_VOID}#dataset")
    a = name("rdf:type")
    yield from ((dataset, a, name(kind)) for kind in ("void:Dataset", "dcat:Dataset"))
    if of.title:
        yield dataset, name("dcterms:title"), Literal(of.title, language="en")
    yield dataset, name("dcterms:description"), Literal(of.description or (_DESCRIPTION if ours else _FOREIGN), language="en")
    if of.licence:
        yield dataset, name("dcterms:license"), NamedNode(of.licence)
    yield from ((dataset, name("dcterms:creator"), Literal(creator)) for creator in of.creators)
    if date:
        yield dataset, name("dcterms:issued"), Literal(date, datatype=name("xsd:gYear" if len(date) == 4 else "xsd:date"))
    yield dataset, name("void:triples"), Literal(str(len(triples)), datatype=integer)
    if ours:
        yield dataset, name("void:uriSpace"), Literal(BASE)
        yield dataset, name("void:vocabulary"), NamedNode(PREFIXES["k2g"])
    classes = Counter(triple.object.value for triple in triples if triple.predicate == a and isinstance(triple.object, NamedNode))
    for kind, count in classes.items():
        partition = NamedNode(f"{_HERE}{_VOID}#{hashlib.sha256(kind.encode()).hexdigest()[:12]}")
        yield dataset, name("void:classPartition"), partition
        yield partition, name("void:class"), NamedNode(kind)
        yield partition, name("void:entities"), Literal(str(count), datatype=integer)
    for file in _files(path):
        node, checksum = NamedNode(_HERE + file), NamedNode(f"{_HERE}{_VOID}#sha256-{_checksum(path / file)}")
        yield dataset, name("dcat:distribution"), node
        yield node, a, name("dcat:Distribution")
        yield node, name("dcterms:title"), Literal(_about(file, ours), language="en")
        if licence := _licence(file, of):
            yield node, name("dcterms:license"), NamedNode(licence)
        yield node, name("dcat:mediaType"), NamedNode(f"https://www.iana.org/assignments/media-types/{_TYPES[Path(file).suffix]}")
        yield node, name("dcat:byteSize"), Literal(str((path / file).stat().st_size), datatype=name("xsd:nonNegativeInteger"))
        yield node, name("spdx:checksum"), checksum
        yield checksum, name("spdx:checksumValue"), Literal(_checksum(path / file), datatype=name("xsd:hexBinary"))
        yield checksum, name("spdx:algorithm"), name("spdx:checksumAlgorithm_sha256")


RO_CRATE = Format(
    "ro-crate",
    "A release with all its files described",
    "RO-Crate tools, Zenodo, catalogues of data sets",
    "everything: the graph as it is, the tables, ontology, rules, shapes and questions, licences, checksums, a description in RO-Crate, "
    "VoID and DCAT; of a part, its triples",
    "of a part of the graph or of a graph of your own, the tables; of a graph with nothing in our words, what explains these",
    "",
    write,
    has=has_triples,
    incomplete=True,
)
