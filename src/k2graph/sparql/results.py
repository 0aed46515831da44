"""What a query finds, wherever it ran: rows, triples or a truth value, in pyoxigraph's terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyoxigraph import Triple

Term = Any  # pyoxigraph's NamedNode, Literal or BlankNode: the library has no common type for them


@dataclass(frozen=True)
class Solutions:
    """What a SELECT found: the names of its variables in order, and a row of terms (or None) for each solution."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


@dataclass(frozen=True)
class Triples:
    """What a CONSTRUCT or DESCRIBE made."""

    triples: tuple[Triple, ...]


QueryResult = Solutions | Triples | bool
