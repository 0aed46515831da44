"""Whether an endpoint's answer is whole, and how all of a graph is read that it does not give at once.

Many servers give so many rows and no more, and say so in a header at most: Virtuoso, as it is shipped, 10,000. What was cut off cannot be
seen in what came, so the server is asked how much there is. An answer that is not whole is no answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from email.message import Message
from itertools import chain
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from pyoxigraph import Store as Engine

from ..errors import InputError
from .results import QueryResult, Solutions, Triples
from .safety import Parts, parts_of

#: Sends a query, and gives what was answered and the headers that came with it.
Ask = Callable[[str], tuple[QueryResult, Message]]
#: An answer of so many rows or more is counted: a limit may be any number.
_COUNTED_FROM = 100
#: So many rows of an answer are asked for at once.
_MANY = 10_000
#: No server is known that would give fewer triples than these.
_FEWEST = 1_000
_VARIABLE = "urn:k2graph:variable:"
_EVERYTHING = "?s ?p ?o"
# By a name that no query of anybody has: Jena refuses one that the counted query uses too.
_ONE = "COUNT(*) AS ?k2graph_rows"
_RAISE = "raise the limit there (of Virtuoso: ResultSetMaxRows in [SPARQL])"
_WAY_OUT = f"ask for less at once, take the whole graph by `k2graph export ntriples`, or {_RAISE}"


def check_rows(url: str, query: str, found: Solutions, headers: Message, ask: Ask) -> None:
    """See that the rows of a SELECT are all that there are.

    Raises:
        InputError: where they are not, or the server cannot tell.
    """
    got = len(found.rows)
    if not _may_be_cut(got, headers):
        return
    parts = parts_of(query)
    if parts is None:
        raise _cut(url, f"{got:,} rows, which may not be all", headers)
    try:
        count = _count(parts, parts.select, ask)
    except InputError as error:
        raise _untold(url, f"{got:,} rows", error) from error
    if count > got:
        raise _cut(url, f"{got:,} of {count:,} rows", headers)


def check_triples(url: str, query: str, found: Triples, headers: Message, ask: Ask) -> Triples:
    """All the triples of a CONSTRUCT: those that were given, or, where these may be a part, those made here of all its rows.

    Of a DESCRIBE only the header can tell: what it makes is the server's affair.

    Raises:
        InputError: where not all can be had.
    """
    got, parts = len(found.triples), parts_of(query)
    template = None if parts is None else _template(parts)
    if parts is None or template is None:
        if _at_limit(got, headers):
            raise _cut(url, f"{got:,} triples, which may not be all", headers)
        return found
    variables, triples = template
    columns = " ".join(variables) or "(1 AS ?one)"
    try:
        rows = _count(parts, f"SELECT {columns} ", ask)
    except InputError as error:
        if not _may_be_cut(got, headers):
            return found
        raise _untold(url, f"{got:,} triples", error) from error
    if not _at_limit(got, headers) and (got == rows * len(triples) or max(rows, got) < _FEWEST):
        return found
    # Where each row makes new nodes, equal rows count.
    distinct = "" if any(isinstance(end, BlankNode) for triple in triples for end in triple) else "DISTINCT "
    solutions = _select(
        url, f"{parts.prologue}SELECT {distinct}{columns} {parts.dataset} WHERE {{ {{ SELECT {columns} {parts.body}\n}} }}", ask
    )
    return Triples(tuple(dict.fromkeys(_made(triples, solutions))))


def all_triples(url: str, ask: Ask) -> list[Triple]:
    """All triples of a graph: at once, or in parts where the server does not give them at once.

    Raises:
        InputError: where they cannot be had, or change while they are read.
    """
    refused: InputError | None = None
    found: dict[Triple, None] = {}
    try:
        found = _construct(ask, "")
    except InputError as error:
        # What is too much at once may be given in parts.
        if getattr(error.__cause__, "code", 0) not in {400, 413, 422, 500, 503}:
            raise
        refused = error
    count = _number(ask, f"SELECT ({_ONE}) WHERE {{ {_EVERYTHING} }}")
    if len(found) != count:
        # A server that asks several graphs as one may count what is in two of them twice.
        count = _number(ask, f"SELECT ({_ONE}) WHERE {{ SELECT DISTINCT {_EVERYTHING} WHERE {{ {_EVERYTHING} }} }}")
    if len(found) == count:
        return list(found)
    most = _MANY if refused else min(len(found), _MANY)
    if not most:
        raise InputError(f"{url}: gave none of {count:,} triples")
    for more in chain([dict(found)], (_construct(ask, part) for part in _parts(url, most, ask))):
        if any(isinstance(end, BlankNode) for triple in more for end in triple):
            raise InputError(
                f"{url}: does not give its {count:,} triples at once, and there are nodes without a name among them, "
                f"which parts would tear apart; {_RAISE}"
            )
        found |= more
    if len(found) != count:
        raise InputError(
            f"{url}: gave {len(found):,} of {count:,} triples; it has a limit below {most:,}, or they changed while they were read"
        )
    return list(found)


def _parts(url: str, most: int, ask: Ask) -> Iterator[str]:
    """Patterns that divide all triples into parts of at most so many: some properties each, or a share of a property."""
    counted = _select(url, f"SELECT ?p ({_ONE}) WHERE {{ {_EVERYTHING} }} GROUP BY ?p", ask)
    together: list[str] = []
    size = 0
    for term, number in sorted(((str(row[0]), _whole(row[1])) for row in counted.rows), key=lambda each: (each[1], each[0])):
        if number > most:
            yield from _shares(term, number, most)
            continue
        if size + number > most:
            yield f"VALUES ?p {{ {' '.join(together)} }}"
            together, size = [], 0
        together.append(term)
        size += number
    if together:
        yield f"VALUES ?p {{ {' '.join(together)} }}"


def _shares(term: str, number: int, most: int) -> Iterator[str]:
    # By a hash, since an order of all terms, and OFFSET in it, is what servers agree on least. Shares differ by a little in size.
    shares = math.ceil(1.3 * number / most)
    bounds = [f"{place * 16**5 // shares:05x}" for place in range(shares)]
    for low, high in zip(bounds, [*bounds[1:], "g"], strict=True):
        yield (
            f'VALUES ?p {{ {term} }} BIND(SUBSTR(MD5(CONCAT(STR(?s), " ", STR(?o))), 1, 5) AS ?share) '
            f'FILTER(?share >= "{low}" && ?share < "{high}")'
        )


def _template(parts: Parts) -> tuple[list[str], list[Triple]] | None:
    """The variables of a CONSTRUCT's template, and its triples with a name in the place of each variable."""
    variables = sorted({f"?{name}" for name in re.findall(r"[?$](\w+)", parts.template)})
    names = " ".join(f"<{_VARIABLE}{variable[1:]}>" for variable in variables)
    values = f"VALUES ({' '.join(variables)}) {{ ({names}) }}" if variables else ""
    try:
        made: Any = Engine().query(f"{parts.prologue}CONSTRUCT {{ {parts.template}\n}} WHERE {{ {values} }}")
        triples = list(made)
    except (SyntaxError, ValueError):
        return None
    return None if any(isinstance(end, Triple) for triple in triples for end in triple) else (variables, triples)


def _made(template: list[Triple], solutions: Solutions) -> Iterator[Triple]:
    """The triples of a template for each row; none where a part is not bound, or cannot stand where it would."""
    for number, row in enumerate(solutions.rows):
        bound = {f"{_VARIABLE}{name}": term for name, term in zip(solutions.variables, row, strict=True)}
        fresh: dict[Any, BlankNode] = {}

        def value(end: Any, bound: dict[str, Any] = bound, fresh: dict[Any, BlankNode] = fresh, number: int = number) -> Any:
            if isinstance(end, BlankNode):
                return fresh.setdefault(end, BlankNode(f"k2graph-{number}-{len(fresh)}"))
            return bound.get(end.value) if isinstance(end, NamedNode) and end.value.startswith(_VARIABLE) else end

        for triple in template:
            subject, predicate, object_ = map(value, triple)
            if object_ is not None and isinstance(predicate, NamedNode) and subject is not None and not isinstance(subject, Literal):
                yield Triple(subject, predicate, object_)


def _count(parts: Parts, select: str, ask: Ask) -> int:
    return _number(ask, f"{parts.prologue}SELECT ({_ONE}) {parts.dataset} WHERE {{ {{ {select}{parts.body}\n}} }}")


def _number(ask: Ask, query: str) -> int:
    found, _ = ask(query)
    rows = found.rows if isinstance(found, Solutions) else ()
    return _whole(rows[0][0] if rows and rows[0] else None)


def _whole(term: Any) -> int:
    text = getattr(term, "value", "")
    if not text.isdecimal():
        raise InputError(f"the server was asked for a number and answered {text!r}")
    return int(text)


def _select(url: str, query: str, ask: Ask) -> Solutions:
    found, headers = ask(query)
    if not isinstance(found, Solutions):
        raise InputError(f"{url}: was asked for a table and answered with something else")
    check_rows(url, query, found, headers, ask)
    return found


def _construct(ask: Ask, part: str) -> dict[Triple, None]:
    found, _ = ask(f"CONSTRUCT {{ {_EVERYTHING} }} WHERE {{ {_EVERYTHING} {part} }}")
    return dict.fromkeys(found.triples if isinstance(found, Triples) else ())


def _may_be_cut(got: int, headers: Message) -> bool:
    return _at_limit(got, headers) or got >= _COUNTED_FROM


def _at_limit(got: int, headers: Message) -> bool:
    most = headers.get("X-SPARQL-MaxRows", "").strip()
    return most.isdecimal() and got >= int(most)


def _cut(url: str, what: str, headers: Message) -> InputError:
    most = headers.get("X-SPARQL-MaxRows", "").strip()
    limit = f": its limit is {int(most):,} (X-SPARQL-MaxRows)" if most.isdecimal() else ", as a server with a limit does"
    return InputError(f"{url}: gave {what}{limit}; {_WAY_OUT}")


def _untold(url: str, what: str, error: InputError) -> InputError:
    return InputError(f"{url}: gave {what}, which may not be all, and does not tell how many there are ({error}); {_WAY_OUT}")
