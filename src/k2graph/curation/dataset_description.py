"""What a graph says of itself as a data set: title, version, licence, who made it. Whoever passes it on repeats this and nothing else.

A pack has it in `pack.toml`, beside its folder of tables; the graph that is built has it at its `dcat:Dataset`. A graph that has no such
node says nothing, and then nothing is said for it; one that was built of several packs has one of each.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode

from .. import iris
from ..errors import Fault, TableFaults
from ..resources import NAME
from ..text import did_you_mean
from .forms import is_date
from .spreadsheet import utf8_fault

FILE = "pack.toml"
#: What the file was called, and where it lay: among the tables.
_WAS = "dataset.toml"
_ORCID = "https://orcid.org/"
#: The property of what a person is called, which is in no language.
PERSONS_NAME = "http://xmlns.com/foaf/0.1/name"
_DCAT = "http://www.w3.org/ns/dcat#"
#: The class of the node, as facts name it.
CLASS = f"{_DCAT}Dataset"
PROPERTIES = {
    "title": "dcterms:title",
    "description": "dcterms:description",
    "version": "owl:versionInfo",
    "date": "dcterms:modified",
    "licence": "dcterms:license",
    "infores": "dcterms:identifier",
    "authors": "dcterms:creator",
    "keywords": f"{_DCAT}keyword",
    "base": "http://rdfs.org/ns/void#uriSpace",
}
#: Leads from a data set to those that it extends.
REQUIRES = "dcterms:requires"


@dataclass(frozen=True)
class Author:
    """Somebody who made it, a person or a group; `orcid` is the number of a person in ORCID, as 0000-0002-1825-0097."""

    name: str
    orcid: str = ""

    @property
    def address(self) -> str:
        """Where ORCID tells of the person; empty without a number."""
        return _ORCID + self.orcid if self.orcid else ""


@dataclass(frozen=True)
class DatasetDescription:
    """A description; what is empty was not said.

    `name` is a slug by which the file of the graph is called, which the graph itself does not say; `date` is the day up to which the tables
    speak, `licence` an address, `infores` a name in Translator's registry of sources. `base` is with what the addresses of its things begin
    where that is not k2graph's own, `extends` names the packs that it builds on.
    """

    name: str = ""
    address: str = ""
    title: str = ""
    description: str = ""
    version: str = ""
    date: str = ""
    licence: str = ""
    infores: str = ""
    authors: tuple[Author, ...] = ()
    keywords: tuple[str, ...] = ()
    base: str = ""
    extends: tuple[str, ...] = ()

    @property
    def creators(self) -> tuple[str, ...]:
        """The names of the authors."""
        return tuple(author.name for author in self.authors)

    @property
    def licence_name(self) -> str:
        """The licence as SPDX calls it where its address tells, else its address."""
        parts = self.licence.removesuffix("/").split("/")
        if "creativecommons.org" in parts and "licenses" in parts:
            return "-".join(["CC", *parts[parts.index("licenses") + 1 :]]).upper()
        return parts[-1] if "spdx.org" in parts else self.licence

    @property
    def citation(self) -> str:
        """How it is cited: who made it, what it is called, which version of what day, and where it is; as far as it says.

        >>> DatasetDescription(title="Iron", version="2", authors=(Author("A. Smith"),), address="https://example.org/iron").citation
        'A. Smith. Iron, version 2. https://example.org/iron'
        """
        version = f", version {self.version}" if self.version else ""
        named = f"{self.title}{version}{f' ({self.date})' if self.date else ''}" if self.title else ""
        return ". ".join(filter(None, (", ".join(self.creators), named, self.address)))


def read_dataset(folder: Path) -> DatasetDescription:
    """What is said, beside a folder of tables, of the graph that is built of it; nothing, where there is no such file.

    Raises:
        TableFaults: where the file is no TOML, or has another key or value than those above.
    """
    if os.path.lexists(folder / _WAS):
        moved = f"is called {FILE} now, and lies beside the folder of tables: move it to {folder.parent / FILE}, give it a name, such as"
        raise TableFaults([Fault(_WAS, 0, "", f'{moved} name = "creatine", and write creators as authors = [{{ name = "…" }}]')])
    path = folder.parent / FILE
    if not os.path.lexists(path):
        return DatasetDescription()
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise TableFaults([Fault(FILE, 0, "", f"cannot be read: {error.strerror}")]) from error
    if fault := utf8_fault(FILE, raw):
        raise TableFaults([fault])
    try:
        record: dict[str, Any] = tomllib.loads(raw.decode())
    except tomllib.TOMLDecodeError as error:
        raise TableFaults([Fault(FILE, 0, "", f"cannot be read as TOML: {error}")]) from error
    faults = [Fault(FILE, line_of(path, key), key, message) for key, message in _faults(record)]
    if faults:
        raise TableFaults(faults)
    given: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in record.items()}
    return DatasetDescription(**{**given, "authors": tuple(Author(**author) for author in record.get("authors", ()))})


def line_of(path: Path, key: str, value: str = "") -> int:
    """The line of a description on which a key stands, or of it the one with a value; 0 where none does. TOML's reader tells no lines."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 0
    first = next((number for number, line in enumerate(lines, 1) if re.match(rf"""\s*["']?{re.escape(key)}["']?\s*=""", line)), 0)
    quoted = tuple(f"{sign}{value}{sign}" for sign in "\"'")
    behind = ((number, line) for number, line in enumerate(lines, 1) if value and first and number >= first)
    return next((number for number, line in behind if any(each in line for each in quoted)), first)


def _faults(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with a description: the key, and how."""
    known = {field.name: field.default for field in fields(DatasetDescription)}
    for key in sorted(record.keys() - known.keys()):
        yield key, f"is no key here{did_you_mean(key, known, 1) or '; use ' + ', '.join(known)}"
    for key in sorted(record.keys() & known.keys() - {"authors"}):
        several = isinstance(known[key], tuple)
        values = record[key] if several and isinstance(record[key], list) else [record[key]]
        if isinstance(record[key], list) != several or not all(isinstance(value, str) and value.strip() for value in values):
            example = '["iron", "anaemia"]' if several else '"2026-11-27"' if key == "date" else '"…"'
            yield key, f"is not a {'list of texts' if several else 'text'}: write {key} = {example}, in quotation marks"
    yield from _faults_of_authors(record.get("authors", []))
    for key in ("address", "licence"):
        if isinstance(record.get(key), str) and not _is_address(record[key]):
            yield key, f"{record[key]!r} is no address, such as https://example.org/graph"
    if isinstance(record.get("base"), str) and (wrong := _wrong_with_base(record["base"])):
        yield "base", f"{record['base']!r} {wrong}"
    for name in record["extends"] if _is_texts(record.get("extends")) else ():
        if Path(name).is_absolute() or "\\" in name:
            yield "extends", f"{name!r} is no folder as seen from this one, such as ../common, nor the name of an installed pack"
    if _is_texts(record.get("extends")) and len(set(record["extends"])) < len(record["extends"]):
        yield "extends", "names a pack twice; name it once"
    if isinstance(record.get("name"), str) and not NAME.fullmatch(record["name"]):
        yield "name", f"{record['name']!r} is not a slug (lower-case letters, digits, single hyphens), such as creatine"
    if isinstance(record.get("version"), str) and not re.fullmatch(r"\d+(\.\d+)*([-+.]?[0-9A-Za-z.+-]+)?", record["version"]):
        yield "version", f'{record["version"]!r} is no version, such as "1.0.0"'
    if isinstance(record.get("infores"), str) and not re.fullmatch(r"infores:[a-z0-9]+(-[a-z0-9]+)*", record["infores"]):
        yield "infores", f"{record['infores']!r} is no name in the registry of sources, such as infores:chebi"
    if isinstance(record.get("date"), str) and not is_date(record["date"]):
        yield "date", f'{record["date"]!r} is no date of the calendar, such as "2026-11-27"'
    if "name" not in record:
        yield "name", "is missing: the file of the graph is called so"
    if "address" not in record:
        yield "address", "is missing: what is said needs something that it is said of"


def _faults_of_authors(authors: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(authors, list):
        yield "authors", _AUTHORS
        return
    for author in authors:
        if not isinstance(author, dict):
            yield "authors", _AUTHORS
        elif "name" not in author or not all(isinstance(text, str) and text.strip() for text in author.values()):
            yield "authors", 'has an author without a name: each is { name = "A. Smith" }, with an orcid where there is one'
        elif unknown := author.keys() - {"name", "orcid"}:
            yield "authors", f"{min(unknown)!r} is no key of an author; use name, orcid"
        elif "orcid" in author and not is_orcid(author["orcid"]):
            yield "authors", f"{author['orcid']!r} is no number of ORCID, such as 0000-0002-1825-0097"


_AUTHORS = 'is not a list of authors, such as [{ name = "A. Smith", orcid = "0000-0002-1825-0097" }, { name = "The creatine group" }]'


def is_orcid(text: str) -> bool:
    """Whether a text is a number of ORCID, whose last sign is reckoned from the others (ISO 7064, MOD 11-2).

    >>> is_orcid("0000-0002-1825-0097"), is_orcid("0000-0002-1825-0098"), is_orcid("0000-0002-1694-233X")
    (True, False, True)
    """
    if not re.fullmatch(r"(\d{4}-){3}\d{3}[\dX]", text, re.ASCII):
        return False
    total = 0
    for digit in text[:-1].replace("-", ""):
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == text[-1]


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _wrong_with_base(text: str) -> str:
    """What is wrong with a base address; empty where nothing is. The kind of a thing is told by the part of its address before the last."""
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~-]+)*/", text, re.ASCII):
        return "is no address that others can be made of by adding to it, such as https://example.org/creatine/"
    kinds = [part for part in text.split("/") if part in iris.KINDS]
    return f"has the part {kinds[0]!r}, which is a kind of thing in addresses; take another name for it" if kinds else ""


def _is_address(text: str) -> bool:
    try:
        return NamedNode(text).value.startswith(("https://", "http://"))
    except ValueError:
        return False


def dataset_triples(
    description: DatasetDescription, language: str, extends: Iterable[str] = ()
) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
    """The description as it stands in the graph. `language` is the tag of what people read of it, `extends` has addresses of others."""
    if not description.address:
        return
    node = NamedNode(description.address)
    yield node, iris.name("rdf:type"), NamedNode(CLASS)
    for other in filter(None, extends):
        yield node, iris.name(REQUIRES), NamedNode(other)
    for key, property_name in PROPERTIES.items():
        value = getattr(description, key)
        for each in value if isinstance(value, tuple) else filter(None, [value]):
            if isinstance(each, Author):
                yield from _author(node, iris.name(property_name), each)
            else:
                yield node, iris.name(property_name), _value(key, each, language)


def _author(node: NamedNode, creator: NamedNode, author: Author) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
    """A person with a number is the thing at its address, and called so; others are but a name."""
    if not author.address:
        yield node, creator, Literal(author.name)
        return
    yield node, creator, NamedNode(author.address)
    yield NamedNode(author.address), NamedNode(PERSONS_NAME), Literal(author.name)


def author_called(value: str, name: str) -> Author:
    """The author for whom a value of the graph stands, which may be the address of a person with a name."""
    return Author(name or value, value.removeprefix(_ORCID)) if value.startswith(_ORCID) else Author(value)


def _value(key: str, text: str, language: str) -> NamedNode | Literal:
    if key == "licence":
        return NamedNode(text)
    if key == "date":
        return Literal(text, datatype=iris.name("xsd:date"))
    return Literal(text, language=language) if key in ("title", "description") else Literal(text)
