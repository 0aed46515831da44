"""Tables for a terminal, by rich."""

import io
import re
from collections.abc import Sequence

# Control characters, among them the escape that moves a cursor or sets a colour: text from a graph must not do either.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Text that a terminal shows and does not obey.

    >>> clean("MK-7" + chr(27) + "[31m")
    'MK-7 [31m'
    """
    return _CONTROL.sub(" ", text)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int | None = None) -> str:
    """Aligned columns, folded to `width` characters; without a width, every row on one line.

    Where a column would have to be folded within words, each row becomes a block with a line for each filled cell.
    """
    cells = [[clean(cell) for cell in row] for row in rows]
    natural = [max(len(column), *(len(row[place]) for row in cells), 1) for place, column in enumerate(columns)]
    words = [max((len(word) for text in (column, *(row[place] for row in cells)) for word in text.split()), default=1) for place, column in enumerate(columns)]
    if width is not None and sum(words) + 2 * (len(columns) - 1) > width:
        return _blocks(columns, cells, width)
    return _grid(columns, cells, width or sum(natural) + 2 * len(columns))


def _grid(columns: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1))
    for column in columns:
        grid.add_column(Text(column), overflow="fold")
    for row in cells:
        grid.add_row(*map(Text, row))
    return _printed(grid, width + len(columns))


def _blocks(columns: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> str:
    from rich.table import Table
    from rich.text import Text

    parts = []
    for row in cells:
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(width=max(map(len, columns)), no_wrap=True)
        grid.add_column(overflow="fold")
        for column, cell in zip(columns, row, strict=True):
            if cell:
                grid.add_row(Text(column), Text(cell))
        parts.append(_printed(grid, width))
    return "\n".join(parts)


def _printed(renderable: object, width: int) -> str:
    from rich.console import Console

    out = io.StringIO()
    Console(file=out, width=width, color_system=None, legacy_windows=False, highlight=False, emoji=False, markup=False).print(renderable)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
