"""What can be wrong with input, said so that whoever made it can mend it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec


class InputError(Exception):
    """Wrong use or wrong input. Its text is one message for the person who made it; the command line exits with 2."""


class NothingToShow(InputError):
    """Right use of a graph that holds nothing of what was asked for. The command line exits with 1, as where an export is empty."""


def incomplete(thing: str, lacks: str = "") -> InputError:
    """The error of a thing that a graph has in part alone, with the property that it lacks where that is known."""
    without = f": it has no {lacks}" if lacks else ""
    return InputError(f"{thing} is not complete in this graph{without}; `k2graph validate` tells what it lacks")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a file: where it is, and the way out. Line 0 speaks of the whole file. A warning stops nothing."""

    file: str
    line: int
    column: str
    message: str
    is_warning: bool = False

    def __str__(self) -> str:
        where = [self.file, *([str(self.line)] if self.line else [])]
        return ":".join(where) + ": " + "warning: " * self.is_warning + (f"{self.column}: " if self.column else "") + self.message


def counted(number: int, thing: str) -> str:
    """`1 fault`, `3 warnings`."""
    return f"{number} {thing}{'s' if number != 1 else ''}"


class TableFaults(InputError):
    """All faults of the tables, or of several graphs together, and the warnings that came with them; last how it ended."""

    def __init__(self, faults: Sequence[Fault], warnings: Sequence[Fault] = (), ending: str = "nothing was written") -> None:
        self.faults, self.warnings = tuple(faults), tuple(warnings)
        counts = [counted(len(self.faults), "fault"), *([counted(len(self.warnings), "warning")] if warnings else [])]
        # Names of files may hold ends of lines: each fault is one line.
        lines = (" ".join(str(fault).splitlines()) for fault in (*self.faults, *self.warnings))
        super().__init__("\n".join([*lines, f"{', '.join(counts)}; {ending}"]))


#: Packages that are called otherwise than the module that they bring.
_PACKAGES = {"docx": "python-docx"}


def _missing(what: str, extra: str, module: str) -> InputError:
    package = _PACKAGES.get(module, module.replace("_", "-"))
    return InputError(f"{what} needs {package}: pip install 'k2graph[{extra}]'")


@contextmanager
def needing(what: str, extra: str) -> Iterator[None]:
    """Do what needs packages of an extra.

    Raises:
        InputError: where one of them is not installed.

    >>> with needing("building", "build"):
    ...     import no_such_package
    Traceback (most recent call last):
    k2graph.errors.InputError: building needs no-such-package: pip install 'k2graph[build]'
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise _missing(what, extra, (error.name or "").partition(".")[0]) from error


def require(what: str, extra: str, *modules: str) -> None:
    """Look for the packages of an extra before much else is done, without loading them.

    Raises:
        InputError: where one of them is not installed.
    """
    for module in modules:
        if find_spec(module) is None:
            raise _missing(what, extra, module)
