"""Answers kept in memory for whoever asks the same."""

from __future__ import annotations

from collections import OrderedDict

from ..reply import Reply


class AnswerCache:
    """Answers by their tags, up to so many bytes: the data do not change while they are served."""

    def __init__(self, room: int) -> None:
        self._room = self._free = room
        self._replies: OrderedDict[str, Reply] = OrderedDict()

    def get(self, tag: str) -> Reply | None:
        """The answer that has a tag."""
        if tag in self._replies:
            self._replies.move_to_end(tag)
        return self._replies.get(tag)

    def put(self, tag: str, reply: Reply) -> None:
        """Keep an answer, in the place of those that were asked for longest ago."""
        if tag in self._replies or _weight(reply) > self._room:
            return
        self._replies[tag] = reply
        self._free -= _weight(reply)
        while self._free < 0:
            _, oldest = self._replies.popitem(last=False)
            self._free += _weight(oldest)


def _weight(reply: Reply) -> int:
    return len(reply.body) + 1_000  # what is kept besides: the tag, the objects
