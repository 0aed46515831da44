"""An answer: columns and rows, and the forms in which a person or a program wants them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from .names import PREFIXES, short

if TYPE_CHECKING:
    import pandas

_XSD = PREFIXES["xsd"]
_WHOLE = re.compile(r"[+-]?\d{1,300}")
_DECIMAL = re.compile(r"[+-]?(\d{1,300}(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?")
#: Whole numbers below this are exact in a float.
_EXACT = 2**53


@dataclass(frozen=True)
class Answer(Sequence[Mapping[str, Any]]):
    """Rows of a question or a SELECT, in the order of the query.

    A row is a mapping from column to value: `int`, `float` or `bool` for numbers and truth values, compact names such as
    `entity:mk-7` for things of ours, `None` for nothing, text for all else. `terms` holds the RDF terms themselves.
    """

    columns: tuple[str, ...]
    terms: tuple[tuple[Any, ...], ...]
    title: str = ""
    meanings: Mapping[str, str] = field(default_factory=dict)
    #: The name of the question and the values of its parameters, where it was one.
    question: str = ""
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def nothing(self) -> str:
        """Where there is no row, what it is that nothing in the graph answers; else empty."""
        if self.terms:
            return ""
        if not self.question:
            return "nothing in this graph answers this"
        given = " and ".join(f"{name} = {value}" for name, value in self.given.items())
        return f"nothing in this graph answers {self.question}" + (f" with {given}" if given else "")

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """All rows as dictionaries."""
        return [dict(zip(self.columns, map(plain_value, row), strict=True)) for row in self.terms]

    def __len__(self) -> int:
        return len(self.terms)

    def __getitem__(self, place: Any) -> Any:
        return self.rows[place]

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self.rows)

    def to_frame(self) -> pandas.DataFrame:
        """A pandas data frame; needs the `frame` extra."""
        import pandas

        return pandas.DataFrame(self.rows, columns=list(self.columns))

    def to_json(self) -> str:
        """A JSON object with `columns` and `rows`; of a question also what was `asked`, and of no rows that there is `nothing`."""
        import json

        content: dict[str, Any] = {"asked": {"question": self.question, "parameters": dict(self.given)}} if self.question else {}
        content |= {"columns": list(self.columns), "rows": self.rows}
        if self.question and self.nothing:
            content["nothing"] = self.nothing
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"

    def to_csv(self, delimiter: str = ",") -> str:
        """Delimited text with a header; a cell that a spreadsheet would run as a formula is led by an apostrophe."""
        import csv
        import io

        lines = []
        for row in (self.columns, *([inert(cell) for cell in row] for row in self._cells())):
            out = io.StringIO()
            # The writer quotes what stands in its own line end, so with CRLF a carriage return within a cell is quoted too.
            csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerow(row)
            lines.append(out.getvalue().removesuffix("\r\n") + "\n")
        return "".join(lines)

    def to_tsv(self) -> str:
        """Tab-separated text."""
        return self.to_csv("\t")

    def to_markdown(self) -> str:
        """A Markdown table."""
        lines = ["| " + " | ".join(self.columns) + " |", "| " + " | ".join("---" for _ in self.columns) + " |"]
        lines += ["| " + " | ".join(_markdown(cell) for cell in row) + " |" for row in self._cells()]
        lines += ["", _markdown(self.nothing)] if self.question and self.nothing else []
        return "\n".join(lines) + "\n"

    def to_table(self, width: int | None = None, *, marked: bool = False) -> str:
        """A table for a terminal, its columns folded to `width` characters (default: as wide as it needs).

        `marked`: each standing is led by its icon.
        """
        from .terminal import table, with_icons

        cells = self._cells()
        return table(self.columns, [list(map(with_icons, row)) for row in cells] if marked else cells, width)

    def _repr_html_(self) -> str:
        import html

        head = "".join(f'<th title="{html.escape(self.meanings.get(column, ""))}">{html.escape(column)}</th>' for column in self.columns)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in self._cells())
        nothing = f"<p>{html.escape(self.nothing)}</p>" if self.nothing else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{nothing}"

    def _cells(self) -> list[list[str]]:
        return [[plain_text(term) for term in row] for row in self.terms]


def plain_value(term: Any) -> Any:
    """A term as Python says it; see `Answer`."""
    if term is None:
        return None
    if isinstance(term, NamedNode):
        return short(term.value)
    if isinstance(term, Literal):
        kind = term.datatype.value.removeprefix(_XSD)
        if kind == "boolean":
            return term.value in {"true", "1"}
        # A lexical form that is no number after all, or one that no JSON could hold, stays the text that it is.
        if kind in {"integer", "int", "long", "nonNegativeInteger", "gYear"} and _WHOLE.fullmatch(term.value):
            return int(term.value)
        if kind in {"decimal", "double", "float"} and _DECIMAL.fullmatch(term.value):
            return float(term.value)
    return str(getattr(term, "value", term))


def plain_text(term: Any) -> str:
    """A term as a cell of a table says it."""
    value = plain_value(term)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    return str(value)


def inert(cell: str) -> str:
    """Text that no spreadsheet runs as a formula: where it would, an apostrophe leads it.

    >>> inert("=1+1"), inert("-0.5"), inert("MK-7")
    ("'=1+1", '-0.5', 'MK-7')
    """
    # https://owasp.org/www-community/attacks/CSV_Injection: spreadsheets run cells that begin like this. Numbers stay numbers.
    risky = cell[:1] in {"=", "+", "@", "\t", "\r"} or (cell[:1] == "-" and not cell[1:].replace(".", "", 1).isdigit())
    return "'" + cell if risky else cell


def _markdown(cell: str) -> str:
    import html

    return html.escape(cell, quote=False).replace("|", "\\|").replace("\n", " ").replace("\r", " ")
