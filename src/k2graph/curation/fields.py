"""What a cell of a table may hold, and what becomes of it: forms, references to other tables, words of the ontology, properties.

A form's message says what is wrong and shows an example of what is right. The forms of what the graph holds too (numbers of papers, keys,
years, p-values) are those of the shapes, where they are written once.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pyoxigraph import NamedNode, RdfFormat, parse

from .. import iris, resources
from .authors import read_author


@dataclass(frozen=True)
class Maps:
    """The cell's value becomes the object of this property: a part of it, and that as a word of a scheme, where these are given."""

    property: str
    part: Callable[[Any], Any] | None = None
    scheme: str = ""


@dataclass(frozen=True)
class Refers:
    """The cell holds a key of another table."""

    table: str


@dataclass(frozen=True)
class OneOf:
    """The cell holds a word of a scheme of the ontology."""

    scheme: str


@dataclass(frozen=True)
class Spelled:
    """The cell holds a word of a scheme in any spelling that the scheme knows; the graph has the word, and the spelling where it differs.

    `term` is the property that points at the word, `written` the one that keeps the spelling.
    """

    scheme: str
    term: str
    written: str


UNIT = Spelled("units", "k2g:unitTerm", "k2g:unitAsWritten")
DOSE_UNIT = Spelled("units", "k2g:doseUnitTerm", "k2g:doseUnitAsWritten")


def _form(pattern: str, what: str, example: str) -> AfterValidator:
    compiled = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(f"{text!r} is not {what}, such as {example}")
        return text

    return AfterValidator(check)


@cache
def _shapes() -> dict[tuple[str, str], str]:
    """What the shapes say of single values, by the shape's name and the word of SHACL."""
    start = iris.BASE + "shape/"
    return {
        (triple.subject.value.removeprefix(start), iris.short(triple.predicate.value)): triple.object.value
        for triple in parse(resources.SHAPES.read_bytes(), RdfFormat.TURTLE)
        if iris.short(triple.predicate.value) in {"sh:pattern", "sh:minInclusive", "sh:maxInclusive"}
    }


def _shaped(shape: str, what: str, example: str, *, compact: bool = False) -> AfterValidator:
    """The form that a shape gives (`sh:pattern`), of the text or of the address for which a compact name stands."""

    def check(text: str) -> str:
        prefix, _, _ = text.partition(":")
        value = iris.name(text).value if compact and prefix in iris.PREFIXES else text
        if not re.fullmatch(_shapes()[shape, "sh:pattern"], value):
            raise ValueError(f"{text!r} is not {what}, such as {example}")
        return text

    return AfterValidator(check)


def _within(shape: str, number: Decimal) -> bool:
    """Whether a number lies between the bounds that a shape gives."""
    return Decimal(_shapes()[shape, "sh:minInclusive"]) <= number <= Decimal(_shapes()[shape, "sh:maxInclusive"])


def several(check: Any) -> Any:
    """The form of one value as the form of each of several in a cell."""

    def each(values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(check.func(value) for value in values)

    return AfterValidator(each)


def _split(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    values = tuple(cell.split("|"))
    if any(value != value.strip() or not value for value in values):
        raise ValueError("has an empty value or a space beside a |; write a|b")
    if len(set(values)) < len(values):
        raise ValueError("holds a value twice")
    return values


def _number(cell: Any) -> Any:
    # Without leading zeros a Decimal has all that stands in the cell, so that the number as reported can be had from it.
    if isinstance(cell, str) and not re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", cell, re.ASCII):
        raise ValueError(f"{cell!r} is not a number, such as 12 or -0.35 (the unit has a column of its own)")
    return cell


def _whole(cell: Any) -> Any:
    if isinstance(cell, str) and not re.fullmatch(r"\d+", cell, re.ASCII):
        raise ValueError(f"{cell!r} is not a whole number, such as 120")
    return cell


_P = re.compile(r"([<>=≤≥]?)(\d+(?:\.\d+)?)", re.ASCII)
#: What stands before the number of a p-value, and the word for it.
_RELATIONS = {"": "equal", "=": "equal", "<": "less", "≤": "at-most", ">": "greater", "≥": "at-least"}


def _probability(text: str) -> str:
    match = _P.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a p-value, such as 0.03 or <0.001")
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


def reported(number: Decimal) -> str:
    """A number with the digits that stand in its cell.

    >>> reported(Decimal("1.150"))
    '1.150'
    """
    return format(number, "f")


SLUG = _form(r"[a-z0-9]+(-[a-z0-9]+)*", "a slug (lower-case letters, digits, single hyphens)", "bone-mineral-density")
STUDY = _shaped("study-key", "a study key", "PMID:17287908 or DOI:10.1016/j.bone.2014.03.008")
PMID = _shaped("study-pmid", "a PubMed number", "17287908")
PMCID = _shaped("study-pmcid", "a PubMed Central number", "PMC4728622")
DOI = _shaped("study-doi", "a DOI", "10.1016/j.bone.2014.03.008")
REGISTRY = _shaped("study-registry", "a registry number", "NCT03243890 or ISRCTN18436190")
CURIE = _shaped("identifier-text", "a compact identifier", "CHEBI:53766")
TAXON = _shaped("organism-taxon", "a taxon of the NCBI Taxonomy", "NCBITaxon:9606", compact=True)


def _year(text: str) -> str:
    if not re.fullmatch(r"\d{4}", text, re.ASCII) or not _within("study-year", Decimal(text)):
        raise ValueError(f"{text!r} is not a year, such as 2014")
    return text


def _address(text: str) -> str:
    """The address of the page that was read, or the record's number where the page shows no address of its own."""
    try:
        if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+|KMID:\d+", text, re.ASCII):
            raise ValueError
        NamedNode(text)  # knows what RDF allows in an address
    except ValueError:
        raise ValueError(f"{text!r} is not the address of what was read, such as https://pubmed.ncbi.nlm.nih.gov/17287908/") from None
    return text


# Journals print many kinds of these; the forms are as wide as that, and still keep out what a spreadsheet makes of them.
_PAGE = r"(?:(?!(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\b)[A-Za-z]{0,12}[. ]?\d+(?:[A-Za-z]+\d*)?|[ivxlcdmIVXLCDM]+)"
PAGES = _form(rf"{_PAGE}(?:-{_PAGE})?(?:[,;] ?{_PAGE}(?:-{_PAGE})?)*", "pages or an article number", "358-361, e0195432 or S57")
VOLUME = _form(
    r"(?:[A-Za-z][A-Za-z. ]*)?(?:\d+[A-Za-z]?(?:[-/]\d+)?|[IVXLCDM]+)(?: ?\(?[A-Za-z][A-Za-z0-9. ]*\)?|\(\d+\))?",
    "a volume",
    "36, 164A or 12 Suppl 1",
)
ISSUE = _form(
    r"(?:[A-Za-z][A-Za-z. ]*)?\d+[A-Za-z]?(?:[-/]\d+[A-Za-z]?)?(?: ?\(?[A-Za-z][A-Za-z0-9. ]*\)?)?|[A-Za-z][A-Za-z. ]*(?:[-/][A-Za-z. ]+)?",
    "an issue",
    "3, 3-4, 4 Suppl or Pt 2",
)
AGE = _form(r"[^=+@'−-].*", "an age", "50-65, mean 66 (SD 11) or 8 weeks")
AMOUNT = _form(
    r"(?:[<>≤≥~] ?)?-?\d+(?:\.\d+)?(?:/\d+(?:\.\d+)?)?(?:(?:-| to | ± |–)\d+(?:\.\d+)?)?(?:[ ,;(].*)?|[^\d<>≤≥~=+@'-].*",
    "an amount",
    "7-8, 0.28 to 1.94, >2 or not detectable",
)


def _author(text: str | None) -> str | None:
    """A name of which it is clear what is the family name: nobody, and no program, knows it from the order of the words."""
    if text is None:
        return None
    written = "write it as 'Knapen, Marjo H J', or as '{World Health Organization}' if it is a body or its parts are not known"
    if " " in text.strip() and "," not in text and not text.startswith("{"):
        raise ValueError(f"{text!r} does not say which is the family name: {written}")
    try:
        author = read_author(text)
    except ValueError as error:
        raise ValueError(f"{error}; {written}") from None
    if not author.family or set("{}") & set(str(author)):
        raise ValueError(f"{text!r} is not the name of an author: {written}")
    return text


ADDRESS = AfterValidator(_address)
AUTHOR = AfterValidator(_author)
PROBABILITY = AfterValidator(_probability)
YEAR = AfterValidator(_year)

Slug = Annotated[str, SLUG]
Text = Annotated[str, Field(min_length=1)]
Several = Annotated[tuple[str, ...], BeforeValidator(_split)]
Number = Annotated[Decimal, BeforeValidator(_number)]
Whole = Annotated[int, BeforeValidator(_whole)]
Sources = Annotated[Several, several(ADDRESS), Maps("dcterms:source")]
Note = Annotated[Text | None, Maps("skos:note")]
Entity = Annotated[str, Refers("entities")]
