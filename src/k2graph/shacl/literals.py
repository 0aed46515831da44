"""Whether a literal is of a datatype, matches a pattern or is less than another: what engines judge differently.

In: what a shape says of values. Out: a filter that narrows a graph down to the literals in doubt, and what tells whether one of them
passes: rdflib, with which the reference (pySHACL) reads them.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import datetime, time
from functools import partial
from typing import Any

from pyoxigraph import BlankNode, Literal

from ..iris import name

Term = Any  # pyoxigraph's or rdflib's, or None: neither library has a common type for them
Judge = Callable[..., bool]

COMPARED = {"minInclusive": (">=", operator.ge), "maxInclusive": ("<=", operator.le), "minExclusive": (">", operator.gt)}
PAIRED = {"lessThan": ("<", operator.lt), "lessThanOrEquals": ("<=", operator.le)}
#: How a literal of a datatype is written where it is beyond doubt. Of another datatype, each is looked at.
_BEYOND_DOUBT = {
    name("xsd:string"): "",
    name("xsd:integer"): "^[+-]?[0-9]+$",
    name("xsd:decimal"): "^[+-]?[0-9]+([.][0-9]+)?$",
    name("xsd:boolean"): "^(true|false)$",
}
#: What has no text, or a literal that engines write in different ways: one half as 0.5 or 5.0E-1.
_NO_PLAIN_TEXT = (
    f"isBlank(?value) || (isLiteral(?value) && DATATYPE(?value) NOT IN ({', '.join(map(str, [*_BEYOND_DOUBT, name('rdf:langString')]))}))"
)
#: What Python and rdflib say where two values cannot be compared, which then fails (SHACL, 4.5.3): a date with a number, NaN with any.
_NOT_COMPARABLE = (TypeError, NotImplementedError, ArithmeticError)
#: Some engines hold any text to be greater than any number.
NUMBER = f"DATATYPE({{}}) IN ({name('xsd:integer')}, {name('xsd:decimal')})"


def in_doubt(keyword: str, term: Term) -> tuple[str, Judge | None]:
    """A filter for the ?value that may fail, and what tells whether it passes; None where the filter is sure."""
    if keyword == "nodeKind":
        return "!isIRI(?value)", None
    if keyword == "datatype":
        plain = _BEYOND_DOUBT.get(term)
        written = "" if plain == "" else f" || !REGEX(STR(?value), {_quoted(plain)})" if plain else " || true"
        return f"!isLiteral(?value) || DATATYPE(?value) != {term}{written}", partial(_is_of, term.value)
    if keyword == "pattern":
        return f"{_NO_PLAIN_TEXT} || !REGEX(STR(?value), {_quoted(term.value)})", partial(_matches, re.compile(term.value))
    if keyword == "minLength":
        return f"{_NO_PLAIN_TEXT} || STRLEN(STR(?value)) < {term.value}", partial(_is_as_long, int(term.value))
    sign, compare = COMPARED[keyword]
    return f"!COALESCE(?value {sign} {term} && {NUMBER.format('?value')}, false)", partial(_stands, compare, as_rdflib(term))


def _is_of(datatype: str, value: Term) -> bool:
    from rdflib import Literal

    return isinstance(value, Literal) and str(value.datatype) == datatype and not value.ill_typed


def _matches(pattern: re.Pattern[str], value: Term) -> bool:
    from rdflib import BNode

    return not isinstance(value, BNode) and pattern.search(str(value)) is not None


def _is_as_long(least: int, value: Term) -> bool:
    from rdflib import BNode

    return not isinstance(value, BNode) and len(str(value)) >= least


def _stands(compare: Callable[[int, int], bool], bound: Term, value: Term) -> bool:
    from rdflib import Literal

    if not isinstance(value, Literal) or isinstance(value.value, str) != isinstance(bound.value, str):
        return False
    # rdflib puts moments in an order of its own where they have none; as pySHACL does, they are compared as Python does, which refuses.
    moments = isinstance(value.value, (datetime, time))
    one, two = (value.value, bound.value) if moments else (value, bound)
    try:
        return compare(0 if value.eq(bound) or (moments and one == two) else 1 if one > two else -1, 0)
    except _NOT_COMPARABLE:
        return False


def in_order(compare: Callable[[Any, Any], bool], value: Term, other: Term) -> bool:
    """Whether one literal stands to another as a comparison wants it."""
    (one, is_text), (two, also_text) = _comparable(value), _comparable(other)
    try:
        return is_text == also_text and compare(one, two)
    except _NOT_COMPARABLE:
        return False


def _comparable(value: Term) -> tuple[Any, bool]:
    """What of a term is compared, and whether that is text."""
    from rdflib import Literal

    if not isinstance(value, Literal):
        return str(value), True
    return (value.value, True) if isinstance(value.value, str) else (value, False)


def as_rdflib(term: Term) -> Any:
    """A term as rdflib reads it, which writes a literal in its usual form."""
    import rdflib

    if isinstance(term, Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))
    return rdflib.BNode(term.value) if isinstance(term, BlankNode) else rdflib.URIRef(term.value)


def as_reported(term: Term) -> Term:
    """A term as a report has it: a literal in its usual form."""
    if not isinstance(term, Literal):
        return term
    read = as_rdflib(term)
    return Literal(str(read), language=term.language) if term.language else Literal(str(read), datatype=term.datatype)


def _quoted(text: str) -> str:
    return str(Literal(text))
