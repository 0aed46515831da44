"""The command `cache`: the stored copies of graphs that were asked."""

from __future__ import annotations

import argparse
import sys
import time

from .options import Commands, command


def add_cache(commands: Commands) -> None:
    """The command `cache`."""
    cache = command(commands, "cache", _cache, "list the stored copies of graphs that were asked, or remove them", "k2graph cache --clear")
    cache.add_argument("--clear", action="store_true", help="remove all of them")


def _cache(chosen: argparse.Namespace) -> int:
    from ..sparql import stored_copies
    from ..terminal import table
    from ..text import clean

    folder = stored_copies.place()
    if folder is None:
        print("no copies are kept: K2GRAPH_CACHE says so, or this system has no locks", file=sys.stderr)
        return 0
    if chosen.clear:
        gone, left = stored_copies.clear()
        for other in stored_copies.foreign():
            print(clean(f"{other}: holds what k2graph did not put there, and stays"), file=sys.stderr)
        print(f"{clean(str(folder))}: {gone} removed" + (f", {left} could not be" if left else ""), file=sys.stderr)
        return 1 if left else 0
    rows = [(copy.file, f"{copy.size:,}", time.strftime("%Y-%m-%d %H:%M", time.localtime(copy.used))) for copy in stored_copies.copies()]
    if rows:
        sys.stdout.write(table(("made of", "bytes", "last used"), rows))
    else:
        print(f"{clean(str(folder))}: holds no copies", file=sys.stderr)
    return 0
