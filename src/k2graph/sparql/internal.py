"""The queries that k2graph itself asks, to explain, compare and reckon: one .rq file each in queries/internal, named for what it finds.

Each is valid SPARQL for every other tool, with a comment at its head. What it is asked of stands in a line

    VALUES ?claim { claim:mk-7-level-dp-ucmgp } # an example

as a required parameter of a question does, and is bound in the same way, as a term. Updates that pages run lie beside them as .ru files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pyoxigraph import Literal, NamedNode

from .. import resources
from .questions import with_values

Term = NamedNode | Literal
_ASKED = re.compile(r"VALUES \?(\w+) \{[^}\n]*\} # an example")


def internal(name: str, **values: Term | Sequence[Term] | None) -> str:
    """The query of a name, asked of these terms; of several, where a variable is given a sequence; of all that there are, where of None.

    Raises:
        TypeError: where the variables given are not those that the query is asked of.
    """
    query = _text(name)
    if set(_ASKED.findall(query)) != set(values):
        raise TypeError(f"the query {name!r} is asked of {_ASKED.findall(query)}, not of {sorted(values)}")
    return with_values(query, {variable: _written(given) for variable, given in values.items()})


@cache
def _text(name: str) -> str:
    return example_of(f"{name}.rq")


def example_of(file: str) -> str:
    """The text of a file of the folder, as it lies there: asked of its examples."""
    return (resources.QUESTIONS / "internal" / file).read_text(encoding="utf-8")


def _written(given: Term | Sequence[Term] | None) -> str:
    if given is None:
        return "UNDEF"
    return str(given) if isinstance(given, NamedNode | Literal) else " ".join(map(str, given))
