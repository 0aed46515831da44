"""Where things stand on a map: in columns along the claims, with few crossings, by the method of Sugiyama.

In: the column of each node, and edges between columns. Out: a row for each node, and for each point at which an edge passes a column.
Nodes are ordered by the mean place of their neighbours, sweep after sweep, and then drawn as near to their neighbours as the distance
between rows allows. No chance and no compiled library has part in it, so the same graph gives the same picture on every machine.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

ROW = 55.0
#: The distance from a line that passes a column to what is above and below it there.
_PASSING = 25.0
#: How often the columns are gone through, and how many points are looked at by it, so that a picture of thousands ends too.
_SWEEPS, _FEWEST_SWEEPS, _MOST_LOOKS = 24, 3, 100_000
#: How hard a line that passes columns pulls itself straight, and what nothing pulls keeps its place, for the pull of one line.
_STRAIGHT, _LOOSE = 4.0, 0.1
#: A node, alone; or the point at which an edge between two nodes passes a column: both nodes, and the column.
Point = tuple[str, ...]
_Point = Point
_Neighbours = Mapping[_Point, Sequence[_Point]]


def rows_of_points(
    columns: Mapping[str, int], edges: Iterable[tuple[str, str]], heights: Mapping[str, float] | None = None
) -> dict[Point, float]:
    """The row of each node, and of each point at which an edge passes a column, where the columns are given.

    `edges` are between different columns. `heights` are the rooms that nodes need in their columns, `ROW` where not said.
    """
    layers: list[list[_Point]] = [[] for _ in range(max(columns.values()) + 1)]
    for name in sorted(columns):
        layers[columns[name]].append((name,))
    left: dict[_Point, list[_Point]] = defaultdict(list)
    right: dict[_Point, list[_Point]] = defaultdict(list)
    for pair in edges:
        start, end = sorted(pair, key=columns.__getitem__)
        before: _Point = (start,)
        for column in range(columns[start] + 1, columns[end] + 1):
            point = (end,) if column == columns[end] else (start, end, str(column))
            if len(point) > 1 and point not in left:
                layers[column].append(point)
            left[point].append(before)
            right[before].append(point)
            before = point
    return _drawn(_untangled(layers, left, right), left, right, heights or {})


def _untangled(layers: list[list[_Point]], left: _Neighbours, right: _Neighbours) -> list[list[_Point]]:
    """The layers in an order with few crossings."""
    best, fewest = [list(layer) for layer in layers], _crossings(layers, right)
    for sweep in range(_sweeps(layers)):
        forwards = sweep % 2 == 0
        pairs = list(pairwise(layers))
        for fixed, moved in pairs if forwards else ((b, a) for a, b in reversed(pairs)):
            _order_by_neighbours(fixed, moved, left if forwards else right)
        _exchange(layers, left, right)
        if (count := _crossings(layers, right)) < fewest:
            best, fewest = [list(layer) for layer in layers], count
    return best


def _sweeps(layers: list[list[_Point]]) -> int:
    return max(_FEWEST_SWEEPS, min(_SWEEPS, _MOST_LOOKS // sum(map(len, layers))))


def _order_by_neighbours(fixed: list[_Point], moved: list[_Point], neighbours: _Neighbours) -> None:
    at = {point: place for place, point in enumerate(fixed)}
    here = {point: place * len(fixed) / len(moved) for place, point in enumerate(moved)}

    def middle(point: _Point) -> float:
        near = [at[other] for other in neighbours.get(point, ())]
        return sum(near) / len(near) if near else here[point]

    moved.sort(key=middle)


def _exchange(layers: list[list[_Point]], left: _Neighbours, right: _Neighbours) -> None:
    """Let points that stand beside each other change places where fewer lines cross by it."""
    for number, layer in enumerate(layers):
        sides = [
            (neighbours, {point: place for place, point in enumerate(layers[other])})
            for neighbours, other in ((left, number - 1), (right, number + 1))
            if 0 <= other < len(layers)
        ]
        ends = {point: [sorted(at[other] for other in near.get(point, ())) for near, at in sides] for point in layer}
        for place in range(len(layer) - 1):
            one, other = layer[place], layer[place + 1]
            now, then = (
                sum(_inverted(a, b) for a, b in zip(ends[upper], ends[lower], strict=True)) for upper, lower in ((one, other), (other, one))
            )
            if then < now:
                layer[place], layer[place + 1] = other, one


def _inverted(upper: Sequence[int], lower: Sequence[int]) -> int:
    """How many lines of two points cross, by the places of their other ends, which are in order."""
    return sum(len(upper) - bisect_right(upper, end) for end in lower)


def _crossings(layers: list[list[_Point]], right: _Neighbours) -> int:
    count = 0
    for here, there in pairwise(layers):
        at = {point: place for place, point in enumerate(there)}
        seen: list[int] = []
        for point in here:
            ends = sorted(at[other] for other in right.get(point, ()))
            count += _inverted(seen, ends)
            for end in ends:
                insort(seen, end)
    return count


def _drawn(layers: list[list[_Point]], left: _Neighbours, right: _Neighbours, heights: Mapping[str, float]) -> dict[_Point, float]:
    """Rows in which each point is as near to its neighbours as the order and the distances allow."""
    spaced = [(layer, _offsets(layer, heights)) for layer in layers]
    row = {point: offset - offsets[-1] / 2 for layer, offsets in spaced for point, offset in zip(layer, offsets, strict=True)}

    def settle(some: Iterable[tuple[list[_Point], list[float]]], sides: Sequence[_Neighbours]) -> None:
        for layer, offsets in some:
            wanted, weights = [], []
            for point in layer:
                total = weight = 0.0
                for other in (other for near in sides for other in near.get(point, ())):
                    pull = _STRAIGHT if len(point) > 1 and len(other) > 1 else 1.0
                    total, weight = total + pull * row[other], weight + pull
                wanted.append(total / weight if weight else row[point])
                weights.append(weight or _LOOSE)
            row.update(zip(layer, _apart(wanted, weights, offsets), strict=True))

    for _ in range(_sweeps(layers) // 2):
        settle(spaced[1:], [left])
        settle(spaced[-2::-1], [right])
    for _ in range(_sweeps(layers) // 2):
        settle(spaced, [left, right])
    return row


def _offsets(layer: Sequence[_Point], heights: Mapping[str, float]) -> list[float]:
    """The least distance of each point of a column from the first."""
    offsets = [0.0]
    for one, other in pairwise(layer):
        rooms = (heights.get(point[0], ROW) if len(point) == 1 else _PASSING for point in (one, other))
        offsets.append(offsets[-1] + sum(rooms) / 2)
    return offsets[: len(layer)]


def _apart(wanted: Sequence[float], weights: Sequence[float], offsets: Sequence[float]) -> list[float]:
    """The places nearest to those wanted, by least squares, that keep their order and distances: those too near become one block."""
    blocks: list[tuple[float, float, int]] = []  # the mean place of its first point, its weight, how many points
    for place, weight, offset in zip(wanted, weights, offsets, strict=True):
        mean, total, count = place - offset, weight, 1
        while blocks and blocks[-1][0] > mean:
            before, heavy, points = blocks.pop()
            mean, total, count = (before * heavy + mean * total) / (heavy + total), heavy + total, points + count
        blocks.append((mean, total, count))
    starts = [mean for mean, _, count in blocks for _ in range(count)]
    return [start + offset for start, offset in zip(starts, offsets, strict=True)]
