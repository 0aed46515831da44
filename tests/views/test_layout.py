"""Where things stand on the map: few crossings, room for every name, and lines that pass beside what stands in between."""

from itertools import pairwise

import pytest

from k2graph.views.layout import ROW, rows_of_points

Edge = tuple[str, str]


def crossings(columns: dict[str, int], edges: list[Edge]) -> int:
    """How many lines between neighbouring columns cross."""
    rows = rows_of_points(columns, edges)
    lines = [(columns[a], rows[a,], rows[b,]) for a, b in edges]
    return sum(a[0] == b[0] and (a[1] - b[1]) * (a[2] - b[2]) < 0 for place, a in enumerate(lines) for b in lines[:place])


def test_a_chain_is_a_straight_line() -> None:
    rows = rows_of_points({"c": 2, "a": 0, "b": 1}, [("b", "c"), ("a", "b")])
    assert rows == {("a",): 0.0, ("b",): 0.0, ("c",): 0.0}


@pytest.mark.parametrize(
    "edges",
    [
        [("a1", "b3"), ("a2", "b2"), ("a3", "b1")],
        [("a1", "b4"), ("a1", "b1"), ("a2", "b3"), ("a3", "b2"), ("b3", "c1"), ("b2", "c2"), ("b1", "c3"), ("b4", "c3")],
    ],
    ids=["turned round", "a tree"],
)
def test_lines_that_need_not_cross_do_not(edges: list[Edge]) -> None:
    columns = {end: "abc".index(end[0]) for edge in edges for end in edge}
    assert crossings(columns, edges) == 0


def test_a_line_over_columns_passes_beside_what_stands_there() -> None:
    # From a to e, past b and d, with which a line in the middle would collide.
    columns = {"a": 0, "b": 1, "d": 2, "e": 3}
    rows = rows_of_points(columns, [("a", "b"), ("b", "d"), ("d", "e"), ("a", "e")])
    for name, column in (("b", "1"), ("d", "2")):
        assert abs(rows[name,] - rows["a", "e", column]) >= ROW / 4


def test_names_in_a_column_have_room() -> None:
    names = [f"b{number}" for number in range(30)]
    found = rows_of_points({"a": 0, **dict.fromkeys(names, 1)}, [("a", name) for name in names])
    rows = sorted(found[name,] for name in names)
    assert min(after - before for before, after in pairwise(rows)) >= ROW - 0.1
    assert found["a",] == pytest.approx((rows[0] + rows[-1]) / 2, abs=0.2)


def test_the_order_of_what_is_given_does_not_matter() -> None:
    columns, edges = {"a": 0, "b": 1, "c": 1, "d": 2}, [("a", "b"), ("a", "c"), ("c", "d"), ("a", "d")]
    assert rows_of_points(dict(reversed(columns.items())), sorted(edges)) == rows_of_points(columns, sorted(edges))
