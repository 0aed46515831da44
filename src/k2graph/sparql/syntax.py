"""What the text of a query says of its answer: in which order its columns stand, and in a sentence why it is no SPARQL.

In: the text as its asker wrote it, with no prefix put before it, so that lines and columns are the asker's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from ..iris import PREFIXES
from ..text import did_you_mean
from .safety import names_in, tokens

# The engine lists what it would have read next, in every rule that it tried: words and classes of characters, of which few could
# stand there. Only a whole sentence among them says what is wrong.
_PLACE = re.compile(r"error at (\d+:\d+): expected (?:one of )?(.*)", re.DOTALL)
_EXPECTED = re.compile(r"""\[[^\[\]]*\](?:\s*(?=,|\Z))|"(?:[^"\\]|\\.)*"|[^,]+""")
_SENTENCES = {
    "The SELECT contains a variable that is unbound": "SELECT names a variable that is neither in GROUP BY nor within COUNT or the like",
    "SELECT * is not authorized with GROUP BY": "SELECT * cannot stand with GROUP BY; name the variables",
    "Duplicated variable name in SELECT": "SELECT gives two columns the same name",
    "IRI parsing failed": "an IRI is not valid, or is relative where no BASE is declared",
}


def arranged(query: str, columns: Sequence[str], rows: Sequence[Any]) -> tuple[tuple[str, ...], Sequence[Any]]:
    """Columns and rows of an answer in the order in which the query has them: of `SELECT *`, where each variable first stands.

    Engines give the variables of `SELECT *` in an order of their own; of any other SELECT, they give them as it names them.

    >>> arranged("SELECT * { ?s ?p ?o }", ("o", "p", "s"), [(3, 2, 1)])
    (('s', 'p', 'o'), [(1, 2, 3)])
    """
    if not _selects_all(query):
        return tuple(columns), rows
    first: dict[str, int] = {}
    for token in names_in(query):
        if token[0][0] in "?$":
            first.setdefault(token[0][1:], len(first))
    places = sorted(range(len(columns)), key=lambda place: first.get(columns[place], len(first)))
    if places == list(range(len(columns))):
        return tuple(columns), rows
    return tuple(columns[place] for place in places), [tuple(row[place] for place in places) for row in rows]


def _selects_all(query: str) -> bool:
    words = ((kind, text.upper()) for kind, text in tokens(query))
    for kind, text in words:
        if (kind, text) == ("word", "SELECT"):
            after = next(((kind, text) for kind, text in words if text not in {"DISTINCT", "REDUCED"} and kind != "hidden"), None)
            return after == ("operator", "*")
        if kind == "open":
            return False
    return False


def why_not_sparql(query: str, error: SyntaxError) -> str:
    """What is wrong with a query that the engine cannot read, and where, in one line."""
    for token, prefix in _undeclared(query):
        line = query.count("\n", 0, token.start()) + 1
        column = token.start() - query.rfind("\n", 0, token.start())
        near = did_you_mean(prefix, PREFIXES)
        declare = f"begin the query with PREFIX {prefix}: and its address in < >"
        return f"not a SPARQL query: error at {line}:{column}: the prefix {prefix}: is not declared{near}; {declare}"
    found = _PLACE.fullmatch(str(error.msg))
    if found is None:
        return f"not a SPARQL query: {error.msg}"
    return f"not a SPARQL query: error at {found[1]}{_reason(found[2])}"


def _reason(expected: str) -> str:
    parts = (part.strip() for part in _EXPECTED.findall(expected))
    sentences = [_SENTENCES.get(part, part) for part in parts if re.match(r"[A-Z][A-Za-z*]* [A-Za-z*]", part)]
    return ": " + "; ".join(sentences) if sentences else ", or just before: this cannot stand here"


def _undeclared(query: str) -> Iterator[tuple[re.Match[str], str]]:
    declared = {*PREFIXES, "_"}
    follows = [text for kind, text in tokens(query) if kind != "hidden"]
    declared.update(name[:-1] for word, name in pairwise(follows) if word.upper() == "PREFIX" and name.endswith(":"))
    for token in names_in(query):
        prefix, colon, _ = token[0].partition(":")
        if colon and token[0][0] not in "?$@" and prefix not in declared:
            yield token, prefix
