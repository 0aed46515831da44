"""The rows of all tables as they were read: what the reader makes, and what judges and states them."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ..errors import Fault
from .packs import Pack
from .schema import Row


@dataclass(frozen=True)
class Part:
    """What a table has of one pack: the lines behind `before`, and the file that they stand in, as faults call it."""

    before: int
    file: str
    pack: Pack


@dataclass
class Tables:
    """The rows of all tables, each with the line it stands on.

    Of several packs the files of a table are counted through as if they were one, in the order of `packs`; `place` tells file and line.
    `written` has the text of the cells that hold a word in another spelling, by table, line and column; `warnings` what may be a slip;
    `alike` the packs, besides its own, in which an equal row stands, by table and line.
    """

    rows: dict[str, list[Row]] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    written: dict[tuple[str, int, str], str] = field(default_factory=dict)
    warnings: tuple[Fault, ...] = ()
    packs: tuple[Pack, ...] = ()
    parts: dict[str, list[Part]] = field(default_factory=dict)
    alike: dict[tuple[str, int], list[Pack]] = field(default_factory=dict)

    def numbered(self, table: str) -> Iterator[tuple[Row, int]]:
        """All rows of one table with their line numbers."""
        return zip(self.rows[table], self.lines[table], strict=True)

    def part(self, table: str, line: int) -> Part:
        """That of the pack to which a line belongs."""
        parts = self.parts[table]
        return parts[bisect_right(parts, line - 1, key=lambda part: part.before) - 1]

    def placed(self, fault: Fault) -> Fault:
        """A fault of a line of a table, told by the file in which it stands, and keys as that file writes them."""
        table = fault.file.removesuffix(".tsv")
        if len(self.packs) == 1 and not self.packs[0].description.base:
            return fault
        message = fault.message
        for base in {pack.description.base for pack in self.packs} - {""}:
            message = message.replace(f"{base} ", "")
        if table not in self.parts or not fault.line:
            return replace(fault, message=message)
        part = self.part(table, fault.line)
        return replace(fault, file=part.file, line=fault.line - part.before, message=message)
