"""An answer: columns and rows, and the forms in which a person or a program wants them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from ..errors import needing
from ..iris import PREFIXES, short
from ..text import NUMBER, html_text, inert, markdown_text

if TYPE_CHECKING:
    import pandas

_XSD = PREFIXES["xsd"]
_WHOLE = re.compile(r"[+-]?\d{1,300}", re.ASCII)
_WHOLE_KINDS = {
    "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger",
    "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte", "gYear",
}  # fmt: skip


#: What is told of a query without an answer.
NOTHING = "nothing in this graph answers this"


@dataclass(frozen=True)
class Answer(Sequence[Mapping[str, Any]]):
    """Rows of a question or a SELECT, in the order of the query.

    A row is a mapping from column to value: `int`, `float` or `bool` for numbers and truth values, compact names such as
    `entity:mk-7` for things of ours, `None` for nothing, text for all else. A `float` has some 16 digits; all that the engine gave are in
    the texts (CSV, JSON, tables) and in `terms`, which holds the RDF terms themselves.
    """

    columns: tuple[str, ...]
    terms: tuple[tuple[Any, ...], ...]
    title: str = ""
    meanings: Mapping[str, str] = field(default_factory=dict)
    #: The name of the question and the values of its parameters, where it was one.
    question: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    #: The columns that say the most, for where there is no room for all.
    short: tuple[str, ...] = ()
    #: What the graph is without, where the question is about nothing that is there.
    without: str = ""

    @property
    def nothing(self) -> str:
        """Where there is no row, what it is that nothing in the graph answers; else empty."""
        if self.terms:
            return ""
        if not self.question:
            return NOTHING
        given = " and ".join(f"{name} = {value}" for name, value in self.given.items())
        why = f": {self.without}" if self.without else ""
        return f"nothing in this graph answers {self.question}" + (f" with {given}" if given else "") + why

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
        """A pandas data frame; needs the `frame` extra.

        Whole numbers stay whole and truth values stay such where cells are empty: as `Int64` and `boolean`.

        Raises:
            InputError: where pandas is not installed.
        """
        with needing("a data frame", "frame"):
            import pandas

        frame = pandas.DataFrame(self.rows, columns=list(self.columns))
        for column in self.columns:
            values = [row[column] for row in self.rows]
            kinds = {type(value) for value in values}
            if kinds == {bool, type(None)}:
                frame[column] = pandas.array(values, dtype="boolean")
            elif kinds == {int, type(None)}:
                small = all(value is None or -(2**63) <= value < 2**63 for value in values)
                frame[column] = pandas.Series(values, dtype="Int64" if small else "object")
        return frame

    def to_json(self) -> str:
        """A JSON object with `columns` and `rows`; of a question also what was `asked`, and of no rows that there is `nothing`.

        Numbers have all their digits, which most readers round to 16.
        """
        import json

        names = [json.dumps(column, ensure_ascii=False) for column in self.columns]
        written = []
        for row in self.terms:
            cells = [f"      {name}: {_json(term)}" for name, term in zip(names, row, strict=True)]
            written.append("    {\n" + ",\n".join(cells) + "\n    }" if cells else "    {}")
        asked = {"question": self.question, "parameters": dict(self.given)}
        parts = {
            **({"asked": json.dumps(asked, ensure_ascii=False, indent=2).replace("\n", "\n  ")} if self.question else {}),
            "columns": "[\n" + ",\n".join(f"    {name}" for name in names) + "\n  ]" if names else "[]",
            "rows": "[\n" + ",\n".join(written) + "\n  ]" if written else "[]",
            **({"nothing": json.dumps(self.nothing, ensure_ascii=False)} if self.question and self.nothing else {}),
        }
        return "{\n" + ",\n".join(f'  "{name}": {part}' for name, part in parts.items()) + "\n}\n"

    def to_csv(self, delimiter: str = ",") -> str:
        """Delimited text with a header; a cell that a spreadsheet would run as a formula is led by an apostrophe."""
        import csv
        import io

        lines = []
        for row in (self.columns, *(map(_delimited, row) for row in self.terms)):
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
        rows = [[*map(markdown_text, self.columns)], ["---"] * len(self.columns), *([*map(markdown_text, row)] for row in self._cells)]
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        lines += ["", markdown_text(self.nothing, begins_block=True)] if self.question and self.nothing else []
        return "\n".join(lines) + "\n"

    def to_table(self, width: int | None = None, mark: Callable[[str], str] = str) -> str:
        """A table for a terminal, its columns folded to `width` characters (default: as wide as it needs); see `columns_within`.

        `mark` adds icons or colours to what is shown.
        """
        from ..terminal import table

        places = [self.columns.index(column) for column in self.columns_within(width)]
        cells = self._cells
        return table([self.columns[place] for place in places], [[row[place] for place in places] for row in cells], width, mark)

    def columns_within(self, width: int | None) -> Sequence[str]:
        """The columns that a table of this width has: all where a row needs no more than a line, or the question names no shorter set."""
        cells = self._cells
        longest = [max(len(column), *(len(row[place]) for row in cells), 0) for place, column in enumerate(self.columns)]
        if width is None or not self.short or sum(longest) + 2 * len(longest) <= width:
            return self.columns
        return self.short

    def _repr_html_(self) -> str:
        head = "".join(f'<th title="{html_text(self.meanings.get(column, ""))}">{html_text(column)}</th>' for column in self.columns)
        body = "".join("<tr>" + "".join(f"<td>{html_text(cell)}</td>" for cell in row) + "</tr>" for row in self._cells)
        nothing = f"<p>{html_text(self.nothing)}</p>" if self.nothing else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{nothing}"

    @cached_property
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
        if kind in _WHOLE_KINDS and _WHOLE.fullmatch(term.value):
            return int(term.value)
        if kind in {"decimal", "double", "float"} and NUMBER.fullmatch(term.value) and math.isfinite(value := float(term.value)):
            return value
    return str(getattr(term, "value", term))


def plain_text(term: Any) -> str:
    """A term as a cell of a table says it; a number with the digits that it came with."""
    value = plain_value(term)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value if isinstance(value, str) else term.value)


def _delimited(term: Any) -> str:
    text = plain_text(term)
    # A number with a plus before it is one still; text that looks so might be none.
    return text if isinstance(plain_value(term), (int, float)) else inert(text)


def _json(term: Any) -> str:
    """A term in JSON; a number with all its digits, less what JSON forbids: a plus before it, zeros before it, a bare point."""
    import json

    value = plain_value(term)
    number = None if isinstance(value, (bool, str)) or value is None else NUMBER.fullmatch(term.value)
    if number is None:
        return json.dumps(value, ensure_ascii=False)
    sign, digits, exponent = number.groups(default="")
    whole, _, rest = digits.partition(".")
    return sign.removeprefix("+") + (whole.lstrip("0") or "0") + (f".{rest}" if rest else "") + exponent
