"""Make the README's picture, docs/chain.svg: `python tools/pictures.py`."""

import re
from pathlib import Path

import k2graph

PICTURE = Path(__file__).parents[1] / "docs" / "chain.svg"
#: The mechanism shown, whose break the README tells in words as well.
MECHANISM = "mgp-calcification-events"


def picture() -> str:
    """One chain with its break. It has no width of its own, so that it is as wide as the README's text and its letters as large."""
    return re.sub(r'(<svg [^>]*?) width="[^"]*" height="[^"]*"', r"\1", k2graph.open().figure(MECHANISM).svg(), count=1)


if __name__ == "__main__":
    PICTURE.write_bytes(picture().encode())
