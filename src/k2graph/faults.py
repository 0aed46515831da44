"""What can be wrong with input, said so that whoever made it can mend it."""

from collections.abc import Sequence
from dataclasses import dataclass


class InputError(Exception):
    """Wrong use or wrong input. Its text is one message for the person who made it; the command line exits with 2."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a file: where it is, and the way out. Line 0 speaks of the whole file."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = [self.file, *([str(self.line)] if self.line else [])]
        return ":".join(where) + ": " + (f"{self.column}: " if self.column else "") + self.message


class TableFaults(InputError):
    """All faults of the tables."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        super().__init__("\n".join([*map(str, self.faults), f"{count} fault{'s' if count != 1 else ''}; nothing was written"]))
