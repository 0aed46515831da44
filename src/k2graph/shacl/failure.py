"""One result of a validation, in pyoxigraph's terms: what the queries find, what pySHACL finds, and what a build leads back to a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from ..iris import short
from .literals import Term


@dataclass(frozen=True)
class Way:
    """The way from a focus to its values: a property, or a property backwards."""

    property: NamedNode
    inverse: bool = False

    def __str__(self) -> str:
        return ("^" if self.inverse else "") + str(self.property)


@dataclass(frozen=True)
class Failure:
    """One result of a validation, as SHACL describes it, in pyoxigraph's terms."""

    severity: str
    message: str
    focus: Term
    path: Way | None
    value: Term
    shape: Term
    constraint: Term
    component: NamedNode
    #: What the variables of a constraint in SPARQL stand for.
    named: Mapping[str, Term] = field(default_factory=dict, compare=False)


def called(node: Term) -> str:
    """A shape by its name."""
    text = str(node.value)
    return f"shape:{text.rpartition('/')[2]}" if "/shape/" in text else short(text)
