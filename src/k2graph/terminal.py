"""What a terminal shows: tables, progress, and no character that would steer it."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from . import palette
from .ontology import Vocabulary
from .text import clean


@cache
def _standings() -> tuple[re.Pattern[str], dict[str, palette.Look]]:
    """How standings are written, by the labels that the ontology gives to results and tiers, and the look of each result."""
    vocabulary = Vocabulary()
    labels = {
        scheme: {notation: vocabulary.text(word, "rdfs:label") for notation, word in vocabulary.schemes[scheme].items()}
        for scheme in ("results", "tiers")
    }
    looks = {label: palette.of_result(notation) for notation, label in labels["results"].items()}
    results, tiers = ("|".join(map(re.escape, each)) for each in (looks, labels["tiers"].values()))
    # What nobody tested stands in no tier.
    alone = "|".join(re.escape(label) for notation, label in labels["results"].items() if notation == "untested")
    return re.compile(rf"\b({results}) in (?:{tiers})" + (rf"|\b{alone}\b" if alone else "")), looks


def _marked(text: str, mark: Callable[[palette.Look, str], str]) -> str:
    pattern, looks = _standings()
    return pattern.sub(lambda found: mark(looks[found[1] or found[0]], found[0]), text)


def write_data(content: str | bytes) -> None:
    """Data on standard output: UTF-8 wherever that goes and whatever the locale is, with line ends as they are."""
    content = content.encode() if isinstance(content, str) else content
    sys.stdout.flush()
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:  # a text in memory, which somebody put in its place
        sys.stdout.write(content.decode())
    else:
        binary.write(content)
        binary.flush()


def write_text(text: str) -> None:
    """Text for people on standard output: through a pager, `less` or what PAGER names, where a terminal is not high enough to show it."""
    try:
        command = shlex.split(os.environ.get("PAGER", "less"))
    except ValueError:  # a quote without its like
        command = []
    high = shutil.get_terminal_size().lines
    if (
        not command
        or text.count("\n") < high
        or os.environ.get("TERM") == "dumb"
        or not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())
    ):
        sys.stdout.write(text)
        return
    import subprocess

    sys.stdout.flush()
    # As git has it: nothing to leave where all fits, colours, and what was shown stays.
    environment = {"LESS": "FRX", **os.environ}
    with contextlib.suppress(KeyboardInterrupt):  # it is the pager's, which takes it for an end to what it does
        try:
            with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as pager, contextlib.suppress(BrokenPipeError):  # noqa: S603  # the user's own
                pager.communicate(text.encode(sys.stdout.encoding or "utf-8", "replace"))
        except OSError:
            sys.stdout.write(text)


def stand_in_for_closed_streams() -> None:
    """Where standard output is closed, one that says so as soon as it is written to; where the other is, one that takes all.

    Python has none in their place, and prints errors that it cannot print elsewhere on standard output, among data.
    """
    if sys.stdout is None:
        sys.stdout = open(os.devnull, encoding="utf-8")  # noqa: SIM115  # open as long as the process runs
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def give_up_standard_output() -> None:
    """Have nothing more written there: Python would try again at its end, and complain."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_utf8() -> None:
    """Have all that is written for people in UTF-8 too, but where a terminal shows it that has fewer characters: there as `?`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="replace")


#: What makes text harmless text with icons or colours.
Mark = Callable[[str], str]


def mark_of_output() -> Mark:
    """How standings are marked on standard output: with icons on a terminal, and with colours where it wants them (https://no-color.org)."""
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        return str
    return with_icons if os.environ.get("NO_COLOR") else with_colours


def with_icons(text: str) -> str:
    """Text with each standing led by its icon.

    >>> with_icons("not shown in human trials (5)")
    '◇ not shown in human trials (5)'
    """
    return _marked(text, lambda look, standing: f"{look.icon} {standing}")


def with_colours(text: str) -> str:
    """Text with each standing led by its icon, and each word in the colour of its result, so that it keeps it where it is folded."""
    return _marked(
        text, lambda look, standing: " ".join(f"\x1b[{look.terminal}m{word}\x1b[0m" for word in f"{look.icon} {standing}".split())
    )


def folded(text: str, width: int, first: str, following: str, mark: Mark = str) -> list[str]:
    """Lines of at most `width` characters, what `mark` adds beside icons not counted; `first` leads the first line, `following` the others.

    Words stay whole.
    """
    text = clean(text)
    # A line may be set in by its own spaces.
    first += " " * (len(text) - len(text.lstrip(" ")))
    marked = _words(mark(text))
    plain = " ".join(_STEERING.sub("", word) for word in marked)
    lines = textwrap.wrap(
        plain, width, initial_indent=first, subsequent_indent=following, break_long_words=False, break_on_hyphens=False
    )  # fmt: skip
    words = iter(marked)
    return [
        lead + " ".join(next(words) for _ in _words(line[len(lead) :]))
        for line, lead in zip(lines, [first, *[following] * len(lines)], strict=False)
    ]


def _words(text: str) -> list[str]:
    # Not at spaces that do not break.
    return [word for word in re.split(r"[ \t\n\r\x0b\x0c]+", text) if word]


#: What gives words their colour.
_STEERING = re.compile(r"\x1b\[[\d;]*m")


class Progress:
    """A bar on standard error, where that is a terminal, while something is being done; gone when it is done."""

    def __init__(self, task: str) -> None:
        self.task = task
        self.bar: Any = None

    def __call__(self, part: str) -> None:
        """Say which part comes now."""
        if self.bar is not None:
            self.bar.update(0, description=f"{self.task}: {clean(part)}")

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bar

            columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
            self.bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self.bar.add_task(self.task, total=None)
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int | None = None, mark: Mark = str) -> str:
    """Aligned columns, folded to `width` characters; without a width, every row on one line.

    Where a column would have to be folded within words, each row becomes a block with a line for each filled cell.
    """
    cells = [[mark(clean(cell)) for cell in row] for row in rows]
    texts = [[column, *(_STEERING.sub("", row[place]) for row in cells)] for place, column in enumerate(columns)]
    longest_words = [max((len(word) for text in column for word in text.split()), default=1) for column in texts]
    if width is not None and sum(longest_words) + 2 * len(columns) > width:
        return _blocks(columns, rows, width, mark)
    if width is not None:
        return _grid(columns, cells, width)
    # Four columns or more have narrower gaps in what is as wide as this, and the widest would be folded if gaps alone do not give way.
    whole = sum(max(map(len, column)) for column in texts)
    return _unfolded(columns, cells, whole + 2 * len(columns)) or _grid(columns, cells, whole + 3 * len(columns))


def _grid(columns: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> str:
    return _unfolded(columns, cells, width) or _folded(columns, cells, width)


def _unfolded(columns: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> str:
    """The grid where nothing is folded or coloured and each character takes one place, else nothing; in a twentieth of the time.

    The widest cells alone are laid out, and all rows stand in their places.
    """
    from rich.cells import cell_len

    if any("\x1b" in cell or len(cell.splitlines()) > 1 or cell_len(cell) != len(cell) for row in cells for cell in row):
        return ""
    widest = [max(len(row[place]) for row in (columns, *cells)) for place in range(len(columns))]
    shown = _folded(columns, [["x" * wide for wide in widest]], width).splitlines()
    places = [found.span() for found in re.finditer("x+", shown[-1])]
    if len(shown) != 3 or [end - start for start, end in places] != widest:
        return ""
    ends = [*(start for start, _ in places[1:]), width]
    fields = [end - start for (start, _), end in zip(places, ends, strict=True)]
    rows = ["".join(cell.ljust(wide) for cell, wide in zip(row, fields, strict=True)).rstrip() for row in cells]
    return "\n".join([*shown[:2], *rows]) + "\n"


def _folded(columns: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1))
    longest = [
        max(map(len, _STEERING.sub("", " ".join([column, *(row[place] for row in cells)])).split())) for place, column in enumerate(columns)
    ]
    # Where there is room for all words, none is folded, so that keys can be copied.
    keeps_words = sum(longest) + 3 * len(columns) <= width
    for column, least in zip(columns, longest, strict=True):
        grid.add_column(Text(column), overflow="fold", min_width=least if keeps_words else None)
    for row in cells:
        grid.add_row(*map(Text.from_ansi, row))
    out = io.StringIO()
    marked = any("\x1b" in cell for row in cells for cell in row)
    Console(
        file=out, width=width, color_system="256" if marked else None, force_terminal=marked, highlight=False, emoji=False, markup=False
    ).print(grid)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _blocks(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int, mark: Mark) -> str:
    indent = max(map(len, columns)) + 2
    blocks = []
    for row in rows:
        lines = []
        for column, cell in zip(columns, row, strict=True):
            lines += folded(cell, max(width, indent + 20), column.ljust(indent), " " * indent, mark) if cell else []
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + ("\n" if blocks else "")
