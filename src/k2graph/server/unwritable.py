"""What a syntax cannot hold. The library writes it all the same, or stops in the middle, so an answer is looked through before it is begun.

XML has no control characters but tab and line ends, and a property's address has to end in a name. JSON-LD has no triples of triples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from .. import iris

_RDF_XML = "application/rdf+xml"
_XML = ("application/sparql-results+xml", "application/xml", _RDF_XML)
_JSON_LD = "application/ld+json"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: What is a name in XML without further look.
_NAME = re.compile("[A-Za-z_][A-Za-z0-9_.-]*")
_TYPE = iris.name("rdf:type")


def unwritable(rows: Iterable[Any], media_type: str) -> str:
    """Why a table, or the triples of a graph, cannot be written in a syntax; an empty text where they can."""
    if media_type == _JSON_LD:
        return "JSON-LD has no triples within triples" if any(isinstance(row[2], Triple) for row in rows) else ""
    if media_type not in _XML:
        return ""
    for row in rows:
        for term in row:
            if reason := _not_text(term):
                return reason
        if media_type == _RDF_XML and (reason := _not_elements(*row)):
            return reason
    return ""


def others(media_type: str, offers: Iterable[str]) -> str:
    """The syntaxes in which what one cannot hold can be had."""
    return ", ".join(offer for offer in offers if offer != media_type and not (offer in _XML and media_type in _XML))


def _not_text(term: Any) -> str:
    if isinstance(term, Triple):
        return _not_text(term.subject) or _not_text(term.predicate) or _not_text(term.object)
    if isinstance(term, (Literal, NamedNode)) and (character := _NOT_XML.search(term.value)):
        place = f"{term.value[max(0, character.start() - 20) : character.start()]!r}"
        return f"the answer has the character U+{ord(character[0]):04X} (after {place}), which XML cannot hold"
    return ""


def _not_elements(subject: Any, predicate: Any, value: Any) -> str:
    """What of a triple has to be the name of an element or of a node, and cannot."""
    inner = _not_elements(*value) if isinstance(value, Triple) else ""
    for node in (subject, value):
        if isinstance(node, BlankNode) and not _NAME.fullmatch(node.value) and not _is_read_back(node, _TYPE, _RESOURCE):
            return f"the answer has the blank node {node}, whose name RDF/XML cannot write"
    if not _is_read_back(_RESOURCE, predicate, _RESOURCE):
        return f"the answer has the property {predicate}, for which RDF/XML has no name, since its address does not end in one"
    if predicate == _TYPE and isinstance(value, NamedNode) and not _is_read_back(_RESOURCE, _TYPE, value):
        return f"the answer has the class {value}, for which RDF/XML has no name, since its address does not end in one"
    return inner


_RESOURCE = NamedNode(iris.BASE + "x")


@lru_cache(maxsize=2**12)
def _is_read_back(subject: Any, predicate: Any, value: Any) -> bool:
    """Whether RDF/XML of a triple is XML, and says that triple."""
    triple = Triple(subject, predicate, value)
    try:
        written = serialize([triple], format=RdfFormat.RDF_XML, prefixes=iris.PREFIXES) or b""
        expat.ParserCreate(namespace_separator=" ").Parse(written, True)
        return [quad.triple for quad in parse(written, RdfFormat.RDF_XML)] == [triple]
    except (OSError, SyntaxError, ValueError, expat.ExpatError):
        return False
