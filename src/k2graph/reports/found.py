"""What was found by words, told for people: by kind, with what the tables write for each and under which other name it was found."""

from __future__ import annotations

from ..errors import NothingToShow, counted
from ..evidence.lookup import Entry, Found, by_kind
from .outline import Block

_CALLED = {
    "entity": "Things",
    "claim": "Claims",
    "mechanism": "Mechanisms",
    "study": "Studies",
    "report": "Reports",
    "interaction": "Interactions",
}


def describe_found(words: str, found: Found, most: int) -> Block:
    """Of each kind no more than `most`, the best first.

    Raises:
        NothingToShow: where nothing was found.
    """
    if not found.entries:
        raise NothingToShow(f"nothing is called {words!r}")
    wanted = found.instead or words
    groups = by_kind(found.entries)
    lines = [f"Nothing is called {words!r}. What is called {found.instead!r}:"] if found.instead else []
    if any(len(entries) > most for entries in groups.values()):
        lines.append(f"Of each kind the {most} that fit best; --most N shows more.")
    blocks = []
    for kind, entries in groups.items():
        some = f"{most} of {len(entries)}" if len(entries) > most else f"{len(entries)}"
        blocks.append(Block(f"{_CALLED[kind]}: {some}", rows=_filled([_row(entry, wanted) for entry in entries[:most]])))
    return Block(f"{counted(len(found.entries), 'thing')} called {wanted!r}", lines, blocks, fields={"found": len(found.entries)})


def _filled(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows without the columns that are empty in all of them."""
    filled = [column for column in rows[0] if any(row[column] for row in rows)]
    return [{column: row[column] for column in filled} for row in rows]


def _row(entry: Entry, words: str) -> dict[str, str]:
    return {"key": entry.key, "called": entry.shown, "is": entry.word, "also": ", ".join(entry.also(words))}
