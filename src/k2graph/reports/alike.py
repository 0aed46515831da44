"""Which parts of two drawings are the same but for the names of their nodes.

In: nodes, and statements that join some of them. Out: the parts of either that the other does not have.

Classes of nodes are split until all of a class have the same neighbours (Paige and Tarjan 1987), in both drawings at once. What that leaves
alike is searched part by part: one node is held for another, and what follows is drawn from it in both (McKay and Piperno 2014). networkx's
VF2++ does as much for simple graphs, but takes the square for a star (24 s for 3,000 leaves), and cannot be told when to give up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

#: So often may a node be held for another, or a part fall into smaller ones, within one search; Python calls no deeper than a thousand.
_DEEPEST = 120

#: Vertex → its class.
_Classes = dict[int, int]


class TooManySteps(Exception):
    """The search took more steps than it may."""

    def __init__(self, nodes: int) -> None:
        super().__init__()
        self.nodes = nodes


class Drawing:
    """Two sides of nodes and statements, each a vertex with a number; those of the first side come first."""

    def __init__(self) -> None:
        self._around: list[list[tuple[int, int]]] = []
        """Of each vertex, what it is joined to, and at which place of the statement."""
        self._content: list[list[int]] = []
        """Of a node, what is said of it alone; of a statement, what it says."""
        self._known: dict[Hashable, int] = {}
        self._begins = 0
        self._steps_left = self._nodes_in_question = 0

    def __len__(self) -> int:
        return len(self._around)

    def begin_side(self) -> None:
        """What comes now is of the next side."""
        self._begins = len(self)

    def node(self) -> int:
        """The number of a new node."""
        self._around.append([])
        self._content.append([0])
        return len(self) - 1

    def statement(self, content: Hashable, nodes: Sequence[int]) -> None:
        """A statement about nodes, each given once, by their places in it."""
        number = self._known.setdefault(content, len(self._known) + 1)
        if len(nodes) == 1:
            self._content[nodes[0]].append(number)
            return
        vertex = self.node()
        self._content[vertex] = [-number]
        for place, node in enumerate(nodes):
            self._around[vertex].append((place, node))
            self._around[node].append((place, vertex))

    def parts(self) -> list[list[int]]:
        """The vertices of the side that is drawn, parted into those that hang together."""
        return self._together(range(self._begins, len(self)))

    def without_equal(self, old: list[list[int]], new: list[list[int]], steps: int) -> tuple[list[list[int]], list[list[int]]]:
        """The parts of the first side and those of the second that are left when each is struck out with one that is the same.

        Raises:
            TooManySteps: where that takes more steps than these.
        """
        self._steps_left = steps
        first: dict[tuple[int, ...], int] = {}
        classes = {vertex: first.setdefault(tuple(sorted(numbers)), len(first)) for vertex, numbers in enumerate(self._content)}
        members = _members(classes, classes)
        self._split(classes, members, [*members], balanced=False)
        left: tuple[list[list[int]], list[list[int]]] = [], []
        for these, those in self._left(old, new, classes, 0):
            left[0].extend(these)
            left[1].extend(those)
        return left

    def _split(self, classes: _Classes, members: dict[int, set[int]], by: list[int], *, balanced: bool) -> bool:
        """Split classes until all of each have the same neighbours; if `balanced`, false once a class has more of a side.

        Classes are held against their neighbours in turn. Of one that is split, the largest piece keeps its name and need not be held
        against them again, so that a long list takes no more than in line.
        """
        waiting = dict.fromkeys(by)
        fresh = max(members) + 1
        while waiting:
            splitter, _ = waiting.popitem()
            hits: dict[int, list[int]] = defaultdict(list)
            for vertex in members[splitter]:
                for place, other in self._around[vertex]:
                    if other in classes:
                        hits[other].append(place)
            if balanced:
                self._step(sum(map(len, hits.values())))
            pieces: dict[int, dict[tuple[int, ...], set[int]]] = defaultdict(lambda: defaultdict(set))
            for vertex, places in hits.items():
                pieces[classes[vertex]][tuple(sorted(places))].add(vertex)
            for name, by_places in pieces.items():
                found = [*by_places.values()]
                if balanced and any(2 * sum(vertex < self._begins for vertex in piece) != len(piece) for piece in found):
                    return False
                rest = len(members[name]) - sum(map(len, found))
                largest = max(found, key=len)
                if len(largest) >= rest:
                    found.remove(largest)
                    if rest:
                        found.append(members[name].difference(largest, *found))
                for piece in found:
                    members[name] -= piece
                    members[fresh] = piece
                    classes.update(dict.fromkeys(piece, fresh))
                    waiting[fresh] = None
                    fresh += 1
        return True

    def _left(
        self, old: Iterable[list[int]], new: Iterable[list[int]], classes: _Classes, depth: int
    ) -> Iterator[tuple[list[list[int]], list[list[int]]]]:
        """The parts that are left of each kind, of which some are. Sameness carries over, so that the first that is the same will do."""
        kinds: dict[tuple[int, ...], tuple[list[list[int]], list[list[int]]]] = defaultdict(lambda: ([], []))
        for side, parts in enumerate((old, new)):
            for part in parts:
                kinds[tuple(sorted(classes[vertex] for vertex in part))][side].append(part)
        for kind, (these, those) in kinds.items():
            if len(set(kind)) == len(kind):
                # Each node has a class of its own, and so its place.
                both = min(len(these), len(those))
                left = these[both:], those[both:]
            else:
                left = self._unmatched(these, those, classes, depth) if these and those else (these, those)
            if any(left):
                yield left

    def _unmatched(
        self, old: list[list[int]], new: list[list[int]], classes: _Classes, depth: int
    ) -> tuple[list[list[int]], list[list[int]]]:
        left, others = [], dict(enumerate(new))
        for part in old:
            if not depth:
                self._nodes_in_question = sum(map(self._is_node, part))
            same = next((place for place, other in others.items() if self._same(part, other, classes, depth)), None)
            if same is None:
                left.append(part)
                if depth:
                    break
            else:
                del others[same]
        return left, [*others.values()]

    def _same(self, old: list[int], new: list[int], classes: _Classes, depth: int) -> bool:
        """Whether two parts with as many of each class are the same."""
        self._step(len(old))
        if depth > _DEEPEST:
            raise TooManySteps(self._nodes_in_question)
        dropped = self._settled(old, classes)
        pieces = [self._together(vertex for vertex in part if classes[vertex] not in dropped) for part in (old, new)]
        if [*map(len, pieces)] == [1, 1]:
            return self._same_where_one_is_held(pieces[0][0], pieces[1][0], classes, depth + 1)
        return next(self._left(pieces[0], pieces[1], classes, depth + 1), None) is None

    def _same_where_one_is_held(self, old: list[int], new: list[int], classes: _Classes, depth: int) -> bool:
        counts = Counter(classes[vertex] for vertex in old if self._is_node(vertex))
        smallest = min(counts, key=counts.__getitem__)
        held = next(vertex for vertex in old if classes[vertex] == smallest)
        for other in (vertex for vertex in new if classes[vertex] == smallest):
            self._step(len(old))
            own = {vertex: classes[vertex] for vertex in (*old, *new)}
            members = _members(own, own)
            both = {held, other}
            fresh = max(members) + 1
            members[smallest] -= both
            members[fresh] = both
            own[held] = own[other] = fresh
            if self._split(own, members, [fresh], balanced=True) and self._same(old, new, own, depth):
                return True
        return False

    def _settled(self, part: Iterable[int], classes: _Classes) -> set[int]:
        """The classes that tell nothing more: those of one vertex, and statements that join each of a class with each of a class."""
        of, here = _members(part, classes), set(part)
        alone = {name for name, vertices in of.items() if len(vertices) == 1}
        settled = set(alone)
        for name, vertices in of.items():
            some = next(iter(vertices))
            if self._is_node(some):
                continue
            ends = [classes[node] for _, node in self._around[some] if node in here and classes[node] not in alone]
            if len(ends) == 2:
                one, other = (len(of[end]) for end in ends)
                if len(vertices) == one * (other - (ends[0] == ends[1])):
                    settled.add(name)
        return settled

    def _together(self, vertices: Iterable[int]) -> list[list[int]]:
        """The vertices, parted into those that hang together."""
        left = dict.fromkeys(vertices)
        parts = []
        while left:
            begin = next(iter(left))
            del left[begin]
            part = [begin]
            for vertex in part:
                for _, other in self._around[vertex]:
                    if other in left:
                        del left[other]
                        part.append(other)
            parts.append(part)
        return parts

    def _is_node(self, vertex: int) -> bool:
        return self._content[vertex][0] == 0

    def _step(self, several: int) -> None:
        self._steps_left -= several
        if self._steps_left < 0:
            raise TooManySteps(self._nodes_in_question)


def _members(vertices: Iterable[int], classes: Mapping[int, int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for vertex in vertices:
        found[classes[vertex]].add(vertex)
    return dict(found)
