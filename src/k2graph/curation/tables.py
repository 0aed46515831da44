"""The rows of all tables as they were read: what the reader makes, and what judges and states them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..errors import Fault
from .schema import Row


@dataclass
class Tables:
    """The rows of all tables, each with the line it stands on.

    `written` has the text of the cells that hold a word in another spelling, by table, line and column; `warnings` what may be a slip.
    """

    rows: dict[str, list[Row]] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    written: dict[tuple[str, int, str], str] = field(default_factory=dict)
    warnings: tuple[Fault, ...] = ()

    def numbered(self, table: str) -> Iterator[tuple[Row, int]]:
        """All rows of one table with their line numbers."""
        return zip(self.rows[table], self.lines[table], strict=True)
