"""The syntax of a file of RDF by its ending, and what a file looks like that is in none."""

from __future__ import annotations

import re
from pathlib import Path

from pyoxigraph import RdfFormat

from ..errors import InputError

XML = ".rdf", ".owl", ".xml"
FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".n3": RdfFormat.N3,
    **dict.fromkeys(XML, RdfFormat.RDF_XML),
    ".jsonld": RdfFormat.JSON_LD,
    ".json": RdfFormat.JSON_LD,
}
#: What a file of a syntax may hold besides: its own, since it is a part of the other.
_HOLDS = {
    RdfFormat.TURTLE: (RdfFormat.N_TRIPLES,),
    RdfFormat.N3: (RdfFormat.TURTLE, RdfFormat.N_TRIPLES),
    RdfFormat.TRIG: (RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS),
    RdfFormat.N_QUADS: (RdfFormat.N_TRIPLES,),
}
#: Endings of OWL that is not RDF.
_NO_RDF = {".owx": "OWL/XML", ".ofn": "OWL functional syntax", ".omn": "OWL Manchester syntax", ".obo": "OBO format"}
#: With what a file begins that is called by a wrong ending, and what it then is.
_BEGINNINGS = {
    re.compile(rb"\x1f\x8b"): "a file packed by gzip, whose name ends in .gz; where it does, it was packed twice",
    re.compile(rb"PK\x03\x04"): "a zip archive; unpack it first",
    re.compile(rb"(?i)\s*(?:<!doctype html|<html)"): "a web page; download the file itself",
    re.compile(rb"\s*<(?:\?xml|rdf:RDF)\b"): "RDF/XML, whose ending is .rdf",
    re.compile(rb"\s*(?:\{\s*\"|\[\s*\{)"): "JSON-LD, whose ending is .jsonld",
}


def looks_like(content: bytes) -> str:
    """What a file that cannot be read may be, and what to do; empty where its beginning says nothing."""
    return next((likeness for sign, likeness in _BEGINNINGS.items() if sign.match(content)), "")


def check_ending(path: Path, suffix: str) -> None:
    """Refuse a file's name by which readers, this one too, would take what is written for something else.

    `suffix` is the usual ending of what is written, such as `.ttl` or `.html`.

    Raises:
        InputError: with the ending to use.

    >>> check_ending(Path("graph.trig"), ".ttl")
    >>> check_ending(Path("graph.ttl.gz"), ".ttl")
    Traceback (most recent call last):
    ...
    k2graph.errors.InputError: graph.ttl.gz: what is written is not packed; name a file that ends in .ttl, and pack it afterwards
    """
    ending = path.suffix.lower()
    if path.exists() and not path.is_file():
        return  # pipes and devices are called as they are
    if ending == ".gz":
        raise InputError(f"{path}: what is written is not packed; name a file that ends in {suffix}, and pack it afterwards")
    named, made = FORMATS.get(ending), FORMATS.get(suffix)
    # JSON and XML are endings of much that is no RDF.
    if named is None or named == made or made in _HOLDS.get(named, ()) or (made is None and ending in {".json", ".xml"}):
        return
    raise InputError(f"{path}: the ending says {named.name}, which is not what is written; name a file that ends in {suffix}")


def ending_of(path: Path) -> str:
    """The ending that says in which syntax a file is, without that of what packed it.

    Raises:
        InputError: where it says none, or one that is no RDF.
    """
    ending = Path(path.name.lower().removesuffix(".gz")).suffix
    if ending in _NO_RDF:
        raise no_rdf(path, _NO_RDF[ending])
    if ending not in FORMATS:
        raise InputError(f"{path}: the ending says no format; use one of {', '.join(FORMATS)}, each also with .gz")
    return ending


def no_rdf(path: Path, syntax: str) -> InputError:
    """What is said of OWL that is not RDF."""
    return InputError(
        f"{path}: is in {syntax}, which is no syntax of RDF; save it as RDF/XML or Turtle, in Protégé or by"
        f" `robot convert --input {path.name} --output {path.name}.ttl`"
    )
