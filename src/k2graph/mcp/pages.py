"""Answers that fit into what an assistant can hold: as much as a number of tokens takes, and where the rest begins.

Tokens are counted without a vocabulary, as one for three bytes of UTF-8. Those of published vocabularies were longer in every answer that
was tried (3.2 to 4.5 bytes), so that an answer has fewer tokens than are counted here, never more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..errors import InputError

#: Tokens that an answer may have unless others are asked for, and the least and most that may be asked for.
BUDGET, LEAST_BUDGET, MOST_BUDGET = 10_000, 1_000, 25_000
_BYTES_OF_A_TOKEN = 3
#: Kept free for what says where an answer goes on.
_ROOM_FOR_THE_REST = 50


def tokens(text: str) -> int:
    """The tokens of a text, rather too many than too few.

    >>> tokens("MK-7"), tokens("β")
    (2, 1)
    """
    return -(-len(text.encode()) // _BYTES_OF_A_TOKEN)


def compact(thing: Any) -> str:
    """JSON without white space and without escapes that nobody needs.

    >>> compact({"of": ["β", None]})
    '{"of":["β",null]}'
    """
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":"))


def within(name: str, asked: int, least: int, most: int) -> int:
    """A number that was asked for.

    Raises:
        InputError: where it is less or more than may be.
    """
    if not least <= asked <= most:
        raise InputError(f"{name} is between {least} and {most}, not {asked}")
    return asked


def page(
    frame: Mapping[str, Any],
    name: str,
    items: Sequence[Any],
    offset: int,
    budget: int,
    beside: Callable[[Any], Mapping[str, Mapping[str, Any]]] = lambda _: {},
) -> dict[str, Any]:
    """An answer with as many items as fit, at least one, and where not all do, with `next`.

    Args:
        frame: What the answer says besides.
        name: What the items are called in it.
        items: Those that may be given, from `offset` on.
        offset: How many come before them.
        budget: The tokens that the answer may have.
        beside: What an item needs beside it, by kind and name: each stands in an answer once.
    """
    room = within("budget", budget, LEAST_BUDGET, MOST_BUDGET) - tokens(compact(frame)) - _ROOM_FOR_THE_REST
    taken: list[Any] = []
    needed: dict[str, dict[str, Any]] = {}
    for item in items:
        more = {
            kind: fresh
            for kind, things in beside(item).items()
            if (fresh := {key: each for key, each in things.items() if key not in needed.get(kind, {})})
        }
        room -= tokens(compact(item)) + 1 + sum(tokens(compact(each)) + 1 for each in more.values())
        if room < 0 and taken:
            break
        taken.append(item)
        for kind, fresh in more.items():
            needed.setdefault(kind, {}).update(fresh)
    rest = {"next": offset + len(taken)} if len(taken) < len(items) else {}
    return {**frame, **rest, name: taken, **needed}


def part(text: str, offset: int, budget: int) -> str:
    """As many lines of a text as fit, at least one, from one of them on; where it is not whole, a last line says which they are.

    Raises:
        InputError: where the text ends before, or the budget is too small or too large.
    """
    room = within("budget", budget, LEAST_BUDGET, MOST_BUDGET) - _ROOM_FOR_THE_REST
    lines = text.splitlines(keepends=True)
    within("offset", offset, 0, max(len(lines) - 1, 0))
    end = offset
    while end < len(lines) and (end == offset or tokens(lines[end]) <= room):
        room -= tokens(lines[end])
        end += 1
    if not offset and end == len(lines):
        return text
    rest = f"; what follows: offset={end}" if end < len(lines) else ""
    return f"{''.join(lines[offset:end]).rstrip()}\n\n(Lines {offset + 1} to {end} of {len(lines)}{rest}.)\n"
