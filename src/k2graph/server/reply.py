"""What a process that answers sends to the server."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: The place of a thing of ours on a server.
PLACE = re.compile(r"[a-z]+/[A-Za-z0-9._-]{1,200}")


@dataclass(frozen=True)
class Reply:
    """An answer or a piece of one, or where the status is not 200 the message that takes its place; with 301 the place of what is asked."""

    status: int
    media_type: str
    body: bytes
    more: bool = False


#: In the place of a status: what comes is a loading of graphs and no part of the query, so that its limits are not the query's; it is done.
LOADING, LOADED = 102, 103
