"""Where things stand on the map: columns along the claims, few crossings, room for every name."""

from itertools import combinations, pairwise

import pytest

from k2graph.evidence.model import Evidence
from k2graph.views import mechanism_map
from k2graph.views.layout import COLUMN, ROW, places

Edge = tuple[str, str]


def crossings(drawn: dict[str, tuple[float, float]], edges: list[Edge]) -> int:
    """How many straight lines between neighbouring columns cross."""
    lines = [(drawn[a], drawn[b]) for a, b in edges]
    return sum(a[0] == c[0] and b[0] == d[0] and (a[1] - c[1]) * (b[1] - d[1]) < 0 for (a, b), (c, d) in combinations(lines, 2))


def test_a_chain_is_a_straight_line() -> None:
    drawn = places(["c", "a", "b"], [("b", "c"), ("a", "b")], [], set())
    assert drawn == {"a": (0.0, 0.0), "b": (COLUMN, 0.0), "c": (2 * COLUMN, 0.0)}


@pytest.mark.parametrize(
    "edges",
    [
        [("a1", "b3"), ("a2", "b2"), ("a3", "b1")],
        [("a1", "b4"), ("a1", "b1"), ("a2", "b3"), ("a3", "b2"), ("b3", "c1"), ("b2", "c2"), ("b1", "c3"), ("b4", "c3")],
    ],
    ids=["turned round", "a tree"],
)
def test_lines_that_need_not_cross_do_not(edges: list[Edge]) -> None:
    nodes = sorted({end for edge in edges for end in edge})
    assert crossings(places(nodes, edges, [], set()), edges) == 0


def test_a_line_over_columns_passes_beside_what_stands_there() -> None:
    # From a to e, past b and d, with which a line in the middle would collide.
    drawn = places(["a", "b", "d", "e"], [("a", "b"), ("b", "d"), ("d", "e"), ("a", "e")], [], set())
    straight = (drawn["a"][1] + drawn["e"][1]) / 2
    assert all(abs(drawn[name][1] - straight) > ROW / 4 for name in "bd")


def test_names_in_a_column_have_room() -> None:
    nodes = ["a", *(f"b{number}" for number in range(30))]
    drawn = places(nodes, [("a", name) for name in nodes[1:]], [], set())
    rows = sorted(drawn[name][1] for name in nodes[1:])
    assert min(after - before for before, after in pairwise(rows)) >= ROW - 0.1
    assert drawn["a"][1] == pytest.approx((rows[0] + rows[-1]) / 2, abs=0.2)


def test_neither_the_order_of_what_is_given_nor_a_circle_matters() -> None:
    nodes, edges = ["a", "b", "c", "d"], [("a", "b"), ("b", "c"), ("c", "a"), ("a", "d"), ("d", "d")]
    drawn = places(nodes, edges, [("d", "b")], {"a"})
    assert places(nodes[::-1], edges[::-1], [("d", "b")], {"a"}) == drawn
    assert drawn["a"][0] == 0.0 == min(x for x, _ in drawn.values())
    assert places(["alone"], [], [], set()) == {"alone": (0.0, 0.0)}


def test_the_real_map_has_few_crossings_and_no_thing_over_another(evidence: Evidence) -> None:
    shown = mechanism_map.shown(evidence)
    drawn = {node["id"]: (node["x"], node["y"]) for node in mechanism_map.map_data(evidence, shown)["nodes"]}
    edges = [(evidence.claims[name].subject, evidence.claims[name].object) for name in shown.claims if name not in shown.whole]
    assert crossings(drawn, edges) <= 15
    for (_, one), (_, other) in combinations(drawn.items(), 2):
        assert one[0] != other[0] or abs(one[1] - other[1]) >= ROW - 0.1
