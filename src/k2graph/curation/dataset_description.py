"""What a graph says of itself as a data set: title, version, licence, who made it. Whoever passes it on repeats this and nothing else.

A folder of tables has it in `dataset.toml`; the graph that is built has it at its `dcat:Dataset`. A graph that has no such node, or
several, says nothing, and then nothing is said for it.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode

from .. import iris
from ..errors import Fault, TableFaults
from .forms import is_date

FILE = "dataset.toml"
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
    "creators": "dcterms:creator",
    "keywords": f"{_DCAT}keyword",
}


@dataclass(frozen=True)
class DatasetDescription:
    """A description; what is empty was not said.

    `date` is the day up to which the tables speak, `licence` an address, `infores` a name in Translator's registry of sources.
    """

    address: str = ""
    title: str = ""
    description: str = ""
    version: str = ""
    date: str = ""
    licence: str = ""
    infores: str = ""
    creators: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

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

        >>> DatasetDescription(title="Iron", version="2", creators=("A. Smith", "B. Jones"), address="https://example.org/iron").citation
        'A. Smith, B. Jones. Iron, version 2. https://example.org/iron'
        """
        version = f", version {self.version}" if self.version else ""
        named = f"{self.title}{version}{f' ({self.date})' if self.date else ''}" if self.title else ""
        return ". ".join(filter(None, (", ".join(self.creators), named, self.address)))


def read_dataset(folder: Path) -> DatasetDescription:
    """What a folder of tables says of the graph that is built of it; nothing, where it has no such file.

    Raises:
        TableFaults: where the file is no TOML, or has another key or value than those above.
    """
    path = folder / FILE
    if not os.path.lexists(path):
        return DatasetDescription()
    try:
        record: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TableFaults([Fault(FILE, 0, "", f"cannot be read: {error.strerror}")]) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TableFaults([Fault(FILE, 0, "", f"cannot be read as TOML: {error}")]) from error
    known = {field.name: field.default for field in fields(DatasetDescription)}
    faults = [Fault(FILE, 0, key, f"is no key here; use {', '.join(known)}") for key in record if key not in known]
    for key in sorted(record.keys() & known.keys()):
        several = isinstance(known[key], tuple)
        values = record[key] if several and isinstance(record[key], list) else [record[key]]
        if isinstance(record[key], list) != several or not all(isinstance(value, str) and value.strip() for value in values):
            faults.append(Fault(FILE, 0, key, "is not a list of texts" if several else "is not a text"))
    for key in ("address", "licence"):
        if isinstance(record.get(key), str) and not _is_address(record[key]):
            faults.append(Fault(FILE, 0, key, f"{record[key]!r} is no address, such as https://example.org/graph"))
    if isinstance(record.get("date"), str) and not is_date(record["date"]):
        faults.append(Fault(FILE, 0, "date", f'{record["date"]!r} is no date of the calendar, such as "2026-11-27"'))
    if record and "address" not in record:
        faults.append(Fault(FILE, 0, "address", "is missing: what is said needs something that it is said of"))
    if faults:
        raise TableFaults(faults)
    given: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in record.items()}
    return DatasetDescription(**given)


def _is_address(text: str) -> bool:
    try:
        return NamedNode(text).value.startswith(("https://", "http://"))
    except ValueError:
        return False


def dataset_triples(description: DatasetDescription, language: str) -> Iterator[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
    """The description as it stands in the graph. `language` is the tag of what people read of it."""
    if not description.address:
        return
    node = NamedNode(description.address)
    yield node, iris.name("rdf:type"), NamedNode(CLASS)
    for key, property_name in PROPERTIES.items():
        value = getattr(description, key)
        for each in value if isinstance(value, tuple) else filter(None, [value]):
            yield node, iris.name(property_name), _value(key, each, language)


def _value(key: str, text: str, language: str) -> NamedNode | Literal:
    if key == "licence":
        return NamedNode(text)
    if key == "date":
        return Literal(text, datatype=iris.name("xsd:date"))
    return Literal(text, language=language) if key in ("title", "description") else Literal(text)
