"""Where boxes and lines of the routed map lie: lanes by kind from exposure to outcome, and lines that pass beside every box.

In: things with their lanes, and links between them. Out: a plan in pixels. Lanes have as many columns as the links within them need. A line
goes straight through a column at the point that `layout` reckons for it, and bends between columns only, where no box is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..layout import Point, rows_of_points
from ..lettering import folded, widest_word, width_of

#: Letters of names; a line of them; the widest box; room within a box and between one and the next.
SIZE, _LEADING, _WIDEST, _PAD, _BETWEEN = 12.0, 15.0, 132.0, 7.0, 16.0
#: Between columns: at least so far, and for each line that bends there a little more; where a lane ends, more.
_GAP, _A_LINE, _LANE = 40.0, 1.4, 22.0
#: From one line to the next at the side of a box, and at the edge of the whole.
_PORT, MARGIN, HEAD = 8.0, 16.0, 34.0
_MOST_LINES = 4


@dataclass(frozen=True)
class Link:
    """Something to draw a line for, from a thing to another."""

    id: str
    start: str
    end: str


@dataclass(frozen=True)
class Box:
    """The box of a thing, and its name in lines."""

    id: str
    lane: int
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """The way of a line: straight stretches through columns, from x to x at a height; between them it bends.

    `is_forward` says whether it arrives at the left side of its end.
    """

    link: Link
    stretches: tuple[tuple[float, float, float], ...]
    is_forward: bool


@dataclass(frozen=True)
class Plan:
    """The map as it lies: its size, its boxes, in which column each is, its routes, and from where to where each lane goes."""

    width: float
    height: float
    boxes: Mapping[str, Box]
    columns: Mapping[str, int]
    routes: tuple[Route, ...]
    lanes: Mapping[int, tuple[float, float]]

    @cached_property
    def order(self) -> dict[str, Any]:
        """What a page needs to move together what is left after a filter, in the same order within columns.

        Of each thing its column, its lane and the height of its middle; of each line, by its name, the heights at which it passes columns,
        from left to right.
        """
        passed = {}
        for route in self.routes:
            heights = [round(height, 1) for _, _, height in route.stretches[1:-1]]
            passed[route.link.id] = heights if self.columns[route.link.start] <= self.columns[route.link.end] else heights[::-1]
        things = {name: (self.columns[name], box.lane, round(box.y + box.height / 2, 1)) for name, box in self.boxes.items()}
        return {"things": things, "lines": passed}


def plan(names: Mapping[str, str], lanes: Mapping[str, int], links: Sequence[Link], joins: Sequence[Link]) -> Plan:
    """Lay out things, by name and lane, with links; `joins` are drawn too, and lead from the wider thing to the narrower."""
    links = sorted(links, key=lambda link: link.id)
    drawn = [link for link in (*links, *sorted(joins, key=lambda link: link.id)) if link.start != link.end]
    columns = _columns(lanes, drawn)
    sides = _sides(columns, drawn)
    texts = {name: tuple(_name(label)) for name, label in names.items()}
    widths = {name: max((width_of(line, SIZE) for line in lines), default=0.0) + 2 * _PAD for name, lines in texts.items()}
    ports = {name: max(len(sides[name, side]) for side in (0, 1)) for name in names}
    heights = {name: max(len(texts[name]) * _LEADING + 10, (ports[name] - 1) * _PORT + 12, 28.0) for name in names}
    crossing = [(link.start, link.end) for link in drawn if columns[link.start] != columns[link.end]]
    rows = rows_of_points(columns, sorted(set(crossing)), {name: height + _BETWEEN for name, height in heights.items()})
    lefts, rights = _across(columns, widths, lanes, drawn)
    top = min(row - heights[point[0]] / 2 if len(point) == 1 else row for point, row in rows.items())
    down = MARGIN + HEAD - top
    boxes = {
        name: Box(
            name,
            lanes[name],
            (lefts[columns[name]] + rights[columns[name]] - widths[name]) / 2,
            rows[name,] + down - heights[name] / 2,
            widths[name],
            heights[name],
            texts[name],
        )
        for name in sorted(names)
    }
    routes = _routes(drawn, columns, rows, down, boxes, (lefts, rights))
    bounds: dict[int, tuple[float, float]] = {}
    for name in names:
        left, right = lefts[columns[name]], rights[columns[name]]
        before = bounds.get(lanes[name], (left, right))
        bounds[lanes[name]] = (min(before[0], left), max(before[1], right))
    low = max([row + down for row in rows.values()] + [box.y + box.height for box in boxes.values()])
    return Plan(rights[max(rights)] + MARGIN + _GAP / 2, low + MARGIN, boxes, columns, tuple(routes), dict(sorted(bounds.items())))


def _name(label: str) -> list[str]:
    wide = _WIDEST - 2 * _PAD
    # As narrow as it can be in the lines that it needs anyhow.
    lines = folded(label, wide, SIZE, most=_MOST_LINES)
    narrow = max(widest_word(label, SIZE), sum(width_of(line, SIZE) for line in lines) / max(1, len(lines)))
    while narrow < wide:
        tried = folded(label, narrow, SIZE, most=_MOST_LINES)
        if len(tried) <= len(lines):
            return tried
        narrow += 3
    return lines


def _columns(lanes: Mapping[str, int], links: Sequence[Link]) -> dict[str, int]:
    """Lane after lane, each with the columns that its own links need; what leads to nothing in its lane stands first there."""
    import networkx

    columns: dict[str, int] = {}
    begins = 0
    for lane in sorted(set(lanes.values())):
        graph: Any = networkx.DiGraph()
        graph.add_nodes_from(sorted(name for name, its in lanes.items() if its == lane))
        for link in links:
            # A link that would close a circle is drawn backwards.
            if lanes[link.start] == lanes[link.end] == lane and not networkx.has_path(graph, link.end, link.start):
                graph.add_edge(link.start, link.end)
        depth: dict[str, int] = {}
        for name in networkx.lexicographical_topological_sort(graph):
            depth[name] = max((depth[before] + 1 for before in graph.predecessors(name)), default=0)
        last = max(depth.values())
        for name in reversed(list(networkx.lexicographical_topological_sort(graph))):
            after = [depth[other] - 1 for other in graph.successors(name)]
            # In the first lane all stand as near to the next as they can; elsewhere what leads on in its lane does.
            if after or lane == min(lanes.values()):
                depth[name] = min(after, default=last) if not graph.in_degree(name) or after else depth[name]
        columns |= {name: begins + place for name, place in depth.items()}
        begins += last + 1
    return columns


def _sides(columns: Mapping[str, int], links: Sequence[Link]) -> dict[tuple[str, int], list[Link]]:
    """The links at the left (0) and right (1) side of each thing; one within a column is at the right of both."""
    found: dict[tuple[str, int], list[Link]] = defaultdict(list)
    for link in links:
        here, there = columns[link.start], columns[link.end]
        found[link.start, int(here <= there)].append(link)
        found[link.end, int(there <= here)].append(link)
    return found


def _across(
    columns: Mapping[str, int], widths: Mapping[str, float], lanes: Mapping[str, int], links: Sequence[Link]
) -> tuple[dict[int, float], dict[int, float]]:
    """Where each column begins and ends."""
    lefts, rights, x = {}, {}, MARGIN
    lane_of = {columns[name]: lane for name, lane in lanes.items()}
    for column in range(max(columns.values()) + 1):
        lefts[column] = x
        rights[column] = x + max(widths[name] for name, its in columns.items() if its == column)
        bending = sum(min(columns[link.start], columns[link.end]) <= column < max(columns[link.start], columns[link.end]) for link in links)
        x = rights[column] + _GAP + _A_LINE * bending + _LANE * (lane_of.get(column + 1) != lane_of[column])
    return lefts, rights


def _routes(
    links: Sequence[Link],
    columns: Mapping[str, int],
    rows: Mapping[Point, float],
    down: float,
    boxes: Mapping[str, Box],
    bounds: tuple[Mapping[int, float], Mapping[int, float]],
) -> list[Route]:
    lefts, rights = bounds
    points: dict[str, list[Point]] = {}
    for link in links:
        start, end = sorted((link.start, link.end), key=columns.__getitem__)
        passed = range(columns[start] + 1, columns[end])
        # The pair under which the points were reckoned: that of the link, whichever way it goes.
        points[link.id] = [(start,), *((start, end, str(column)) for column in passed), (end,)]
    port: dict[tuple[str, str], float] = {}
    for (name, _), some in _sides(columns, links).items():

        def toward(link: Link, name: str = name) -> tuple[float, str]:
            way = points[link.id]
            return rows[way[1] if way[0] == (name,) else way[-2]], link.id

        some.sort(key=toward)
        box = boxes[name]
        for place, link in enumerate(some):
            port[link.id, name] = box.y + box.height / 2 + (place - (len(some) - 1) / 2) * _PORT
    beside: dict[tuple[str, str], int] = defaultdict(int)
    routes = []
    for link in links:
        way = points[link.id]
        pair = (way[0][0], way[-1][0])
        # Claims between the same two things pass columns side by side.
        apart = 5.0 * beside[pair]
        beside[pair] += 1
        first, last = boxes[pair[0]], boxes[pair[1]]
        if columns[link.start] == columns[link.end]:
            out = rights[columns[link.start]] + 18
            ends = [(boxes[name].x + boxes[name].width, port[link.id, name]) for name in (link.start, link.end)]
            stretches = [(ends[0][0], out, ends[0][1]), (out, ends[1][0], ends[1][1])]
            routes.append(Route(link, tuple(stretches), is_forward=False))
            continue
        stretches = [(first.x + first.width, rights[columns[pair[0]]], port[link.id, pair[0]])]
        for point in way[1:-1]:
            column = int(point[2])
            stretches.append((lefts[column], rights[column], rows[point] + down + apart))
        stretches.append((lefts[columns[pair[1]]], last.x, port[link.id, pair[1]]))
        forward = pair[0] == link.start
        if not forward:
            stretches = [(right, left, y) for left, right, y in reversed(stretches)]
        routes.append(Route(link, tuple(stretches), forward))
    return routes
