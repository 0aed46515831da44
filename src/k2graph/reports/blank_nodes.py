"""What two sets of statements with blank nodes differ in. Such nodes have no names to compare by: what hangs together is the same or not.

In: two lists of triples or quads with blank nodes. Out: the statements of what only the one has, and of what only the other has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from pyoxigraph import BlankNode, Quad, Triple

from ..errors import InputError
from .alike import Drawing, TooManySteps

#: Steps of the search before it gives up, beside some for every node: a minute or less.
_STEPS, _STEPS_PER_NODE = 20_000_000, 100

_Statement = TypeVar("_Statement", bound=Triple | Quad)


def is_blank(term: Any) -> bool:
    """Whether it is a blank node or holds one; of a quad, the name of its graph counts."""
    if isinstance(term, Triple | Quad):
        return is_blank(term.subject) or is_blank(term.object) or (isinstance(term, Quad) and is_blank(term.graph_name))
    return isinstance(term, BlankNode)


def blank_differences(old: Sequence[_Statement], new: Sequence[_Statement]) -> tuple[list[_Statement], list[_Statement]]:
    """The statements with blank nodes that only the one has, and those that only the other has: of what hangs together, all of it.

    Of quads the name of the graph is a part of the statement, so that a blank node is one and the same in all graphs of a file. The order
    of the statements decides nothing but which of several that are alike are listed, and how many steps the search takes.

    Raises:
        InputError: where it cannot be told in a number of steps whether both have the same, the same number each time.
    """
    if set(old) == set(new):
        return [], []
    drawing = Drawing()
    parts_of_old, of_old = _drawn(old, drawing)
    drawing.begin_side()
    parts_of_new, of_new = _drawn(new, drawing)
    try:
        gone, come = drawing.without_equal(parts_of_old, parts_of_new, _STEPS + _STEPS_PER_NODE * len(drawing))
    except TooManySteps as error:
        raise InputError(
            f"{error.nodes:,} nodes without a name hang together and are much alike: "
            "whether both have the same cannot be told in a minute or so"
        ) from None
    return [*_all(gone, of_old)], [*_all(come, of_new)]


def _drawn(statements: Sequence[_Statement], drawing: Drawing) -> tuple[list[list[int]], dict[int, list[_Statement]]]:
    """Draw statements on a side: the parts that hang together, and of the first node of each statement, the statement."""
    of: dict[int, list[_Statement]] = defaultdict(list)
    numbers: dict[BlankNode, int] = {}
    for statement in dict.fromkeys(statements):
        nodes = [*dict.fromkeys(_blanks(statement))]
        for node in nodes:
            if node not in numbers:
                numbers[node] = drawing.node()
        ends = [numbers[node] for node in nodes]
        drawing.statement(_around(statement, {node: place for place, node in enumerate(nodes)}), ends)
        of[ends[0]].append(statement)
    return drawing.parts(), of


def _all(parts: Iterable[list[int]], of: dict[int, list[_Statement]]) -> Iterator[_Statement]:
    """The statements of some parts."""
    for part in parts:
        for number in part:
            yield from of.get(number, ())


def _blanks(term: Any) -> Iterator[BlankNode]:
    if isinstance(term, BlankNode):
        yield term
    elif isinstance(term, Triple | Quad):
        for each in term:
            yield from _blanks(each)


def _around(term: Any, places: dict[BlankNode, int]) -> Any:
    """A statement with its blank nodes numbered as they come in it: all that it says but of which nodes."""
    if isinstance(term, Triple | Quad):
        return tuple(_around(each, places) for each in term)
    return places[term] if isinstance(term, BlankNode) else term
