"""What a cell of a table may hold: from its text to a value, or to what is wrong with it and an example of what is right.

Most forms are patterns of ontology/tables.toml. Those of what the graph holds too (numbers of papers, keys, years, p-values) are those of
the shapes, where they are written once. Here is what is more than a pattern.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, parse

from .. import iris, resources
from ..errors import InputError
from .authors import read_author
from .schema import READ_BY_PROGRAM, Column, Form, Schema

#: From the text of a cell, or of one of several values in it, to its value; raises ValueError with what is wrong.
Read = Callable[[str], Any]


def reader_of(column: Column, schema: Schema) -> Read:
    """How the text of a cell that is not empty becomes the value of a column.

    Raises:
        InputError: where its form is by a shape that there is not.
    """
    read = _BY_PROGRAM.get(column.form) or _reader_of_form(column.form, schema.forms[column.form])
    return partial(_each, read) if column.several else read


def _each(read: Read, cell: str) -> tuple[Any, ...]:
    values = tuple(cell.split("|"))
    if any(value != value.strip() or not value for value in values):
        raise ValueError("has an empty value or a space beside a |; write a|b")
    if len(set(values)) < len(values):
        raise ValueError("holds a value twice")
    return tuple(map(read, values))


@cache
def _shapes() -> dict[tuple[str, str], str]:
    """What the shapes say of single values, by the shape's name and the word of SHACL."""
    start = iris.BASE + "shape/"
    return {
        (triple.subject.value.removeprefix(start), iris.short(triple.predicate.value)): triple.object.value
        for triple in parse(resources.SHAPES.read_bytes(), RdfFormat.TURTLE)
        if iris.short(triple.predicate.value) in {"sh:pattern", "sh:minInclusive", "sh:maxInclusive"}
    }


def _within(shape: str, number: Decimal) -> bool:
    """Whether a number lies between the bounds that a shape gives."""
    return Decimal(_shapes()[shape, "sh:minInclusive"]) <= number <= Decimal(_shapes()[shape, "sh:maxInclusive"])


def _reader_of_form(name: str, form: Form) -> Read:
    where = f"{resources.TABLE_SCHEMA.name}: forms.{name}"
    try:
        pattern = re.compile(form.pattern, re.ASCII) if form.pattern else None
        shaped = re.compile(_shapes()[form.shape, "sh:pattern"]) if (form.shape, "sh:pattern") in _shapes() else None
    except re.error as error:
        raise InputError(f"{where}: the pattern is no regular expression: {error}") from None
    bounded = (form.shape, "sh:minInclusive") in _shapes() and (form.shape, "sh:maxInclusive") in _shapes()
    if form.shape and shaped is None and not bounded:
        raise InputError(f"{where}: shape:{form.shape} has neither a pattern nor bounds")

    def read(text: str) -> Any:
        prefix, _, _ = text.partition(":")
        address = iris.name(text).value if form.compact and prefix in iris.PREFIXES else text
        fits = (pattern is None or pattern.fullmatch(text)) and (shaped is None or shaped.fullmatch(address))
        if not fits or (bounded and not _within(form.shape, Decimal(text))):
            raise _not(text, form)
        return int(text) if form.whole else text

    return read


#: What no regular expression of XML Schema has: flags, and what is looked for before or behind.
_BEYOND_XML = re.compile(r"\(\?[^:]")


def pattern_of(name: str, form: Form) -> str:
    """The pattern of one value as a regular expression of XML Schema, which is always of the whole; empty where it says not all or is none.

    >>> pattern_of("pmcid", Form("a number", "PMC1", shape="report-pmcid"))
    'PMC[1-9][0-9]*'
    """
    if name == "p-value":
        return _P.pattern.replace("(?:", "(")
    shaped = _shapes().get((form.shape, "sh:pattern"), "")
    # A shape's pattern is of the address for which a compact name stands.
    pattern = form.pattern or ("" if form.compact else shaped.removeprefix("^").removesuffix("$"))
    return "" if _BEYOND_XML.search(pattern) else pattern.replace("(?:", "(")


def bounds_of(form: Form) -> tuple[int, int]:
    """The least and the most of a whole number."""
    least, most = (_shapes().get((form.shape, f"sh:{bound}Inclusive")) for bound in ("min", "max"))
    return int(least or 0), int(most or _MOST)


def _not(text: str, form: Form) -> ValueError:
    return ValueError(f"{text!r} is not {form.what}, such as {form.example}")


def _number(text: str) -> Decimal:
    # Without leading zeros a Decimal has all that stands in the cell, so that the number as reported can be had from it.
    if not re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", text, re.ASCII):
        raise _not(text, READ_BY_PROGRAM["number"])
    return Decimal(text)


#: There are not ten times as many people.
_MOST = 10**9


def _whole(text: str) -> int:
    # Python reads no number of more than some thousand digits; what is reckoned from it is more than stores hold long before.
    if not re.fullmatch(r"\d{1,400}", text, re.ASCII):
        raise _not(text, READ_BY_PROGRAM["whole"])
    if int(text) > _MOST:
        raise ValueError(f"{text!r} is more than {_MOST:,}, the most that is counted here")
    return int(text)


def amount(number: Decimal, unit: str | None) -> str:
    """A number with the digits reported, and its unit where it has one."""
    return f"{reported(number)} {unit or ''}".strip()


def is_date(text: str) -> bool:
    """Whether a text is a day of the calendar, written as 2026-11-27 and in no other form of ISO 8601.

    >>> is_date("2026-11-27"), is_date("2026-02-30"), is_date("20261127")
    (True, False, False)
    """
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _date(text: str) -> str:
    if not is_date(text):
        raise _not(text, READ_BY_PROGRAM["date"])
    return text


_P = re.compile(r"([<>=≤≥]?)(\d+(?:\.\d+)?)", re.ASCII)
#: What stands before the number of a p-value, and the word for it.
_RELATIONS = {"": "equal", "=": "equal", "<": "less", "≤": "at-most", ">": "greater", "≥": "at-least"}


def _probability(text: str) -> str:
    match = _P.fullmatch(text)
    if not match:
        raise _not(text, READ_BY_PROGRAM["p-value"])
    if not _within("finding-p", Decimal(match[2])):
        raise ValueError(f"{text!r} is no p-value: it lies outside 0 to 1")
    return text


def p_number(text: str) -> Decimal:
    """The number of a p-value.

    >>> p_number("<0.001")
    Decimal('0.001')
    """
    return Decimal(text.lstrip("<>=≤≥"))


def p_relation(text: str) -> str:
    """How a p-value stands to its number, as a word of the scheme `number-relations`.

    >>> p_relation("<0.001"), p_relation("0.04")
    ('less', 'equal')
    """
    return _RELATIONS[text[: -len(text.lstrip("<>=≤≥"))]]


def reported(value: str | Decimal) -> str:
    """A number with the digits that stand in its cell; a p-value as it stands there.

    >>> reported(Decimal("1.150")), reported("<0.001")
    ('1.150', '<0.001')
    """
    return format(value, "f") if isinstance(value, Decimal) else value


def _address(text: str) -> str:
    """The address of the page that was read, of a package that holds the data (`pkg:`), or a record's number where there is no other."""
    try:
        if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+|pkg:[a-z]+/[A-Za-z0-9._/@-]+|KMID:\d+", text, re.ASCII):
            raise ValueError
        NamedNode(text)  # knows what RDF allows in an address
    except ValueError:
        raise _not(text, READ_BY_PROGRAM["address"]) from None
    return text


def _author(text: str) -> str:
    """A name of which it is clear what is the family name: nobody, and no program, knows it from the order of the words."""
    written = f"write it as {READ_BY_PROGRAM['author'].example}"
    if " " in text.strip() and "," not in text and not text.startswith("{"):
        raise ValueError(f"{text!r} does not say which is the family name: {written}")
    try:
        author = read_author(text)
    except ValueError as error:
        raise ValueError(f"{error}; {written}") from None
    if not author.family or set("{}") & set(str(author)):
        raise ValueError(f"{text!r} is not the name of an author: {written}")
    return text


_BY_PROGRAM: dict[str, Read] = {
    "text": str, "number": _number, "whole": _whole, "date": _date, "p-value": _probability, "author": _author, "address": _address,
}  # fmt: skip
