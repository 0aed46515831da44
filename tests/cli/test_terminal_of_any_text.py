"""A table that needs no folding, which k2graph lays out itself, is the one that rich lays out row by row."""

from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from k2graph import terminal

pytestmark = pytest.mark.slow

CELLS = st.text("ab é\u202f[x]\\:維\u0301", max_size=12)


@pytest.mark.parametrize("width", [30, 200])
@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=4))
def test_each_row_stands_where_rich_puts_it(width: int, rows: list[tuple[str, ...]]) -> None:
    columns = ("a", "column", "c d", "e")
    with mock.patch.object(terminal, "_unfolded", return_value=""):
        by_rich = terminal.table(columns, rows, width)
    assert terminal.table(columns, rows, width) == by_rich
