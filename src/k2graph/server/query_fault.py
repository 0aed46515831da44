"""Where a query is wrong, so that a page can show the place and lead to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MESSAGE = re.compile(r"(not a SPARQL query): error at (\d+):(\d+)(.*)", re.DOTALL)
#: What stands at the place: a name, a variable or a word, or any one character.
_AT = re.compile(r"[?$@]?[\w:.-]*\w|[^\r\n]")
#: Characters of the line that are shown before and after.
_AROUND = 60


@dataclass(frozen=True)
class Fault:
    """What is wrong with a query, and where, if that is known: the line and column, from 1, and the line's text around it.

    With a place, the message is what follows upon that.
    """

    message: str
    line: int = 0
    column: int = 0
    before: str = ""
    at: str = ""
    after: str = ""


def fault_in(query: str, message: str) -> Fault:
    r"""The fault of which `why_not_sparql` wrote the message; any other message alone.

    >>> fault_in("SELECT *\nWHERE { ?s nonsense ?o }", "not a SPARQL query: error at 2:12: no such word")
    Fault(message=': no such word', line=2, column=12, before='WHERE { ?s ', at='nonsense', after=' ?o }')
    """
    found = _MESSAGE.fullmatch(message)
    if found is None:
        return Fault(message)
    line, column = int(found[2]), int(found[3])
    lines = re.split(r"\r\n|\n|\r", query)
    text = lines[line - 1] if line <= len(lines) else ""
    begin = min(column - 1, len(text))
    at = _AT.match(text, begin)
    end = at.end() if at else begin
    first, last = max(begin - _AROUND, 0), end + _AROUND
    return Fault(
        found[4],
        line,
        column,
        before=("…" if first else "") + text[first:begin],
        at=text[begin:end],
        after=text[end:last] + ("…" if last < len(text) else ""),
    )
