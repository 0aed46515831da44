"""A tree of headed blocks, which renders as text for a terminal, Markdown for a manuscript, or JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..terminal import with_icons
from ..text import clean, html_text, markdown_text


@dataclass
class Block:
    """A heading, lines of text beneath it, and blocks beneath those."""

    heading: str
    lines: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def to_text(self, width: int = 80, *, marked: bool = False) -> str:
        """Indented text, folded to a width; `marked`: each standing is led by its icon."""
        return "\n".join(self._text(width, 0, with_icons if marked else str)) + "\n"

    def _text(self, width: int, depth: int, mark: Callable[[str], str]) -> Iterator[str]:
        indent = "  " * depth
        yield from textwrap.wrap(mark(clean(self.heading)), width, initial_indent=indent, subsequent_indent=indent)
        for line in self.lines:
            yield from textwrap.wrap(
                mark(clean(line)),
                width,
                initial_indent=indent + "  ",
                subsequent_indent=indent + "    ",
                break_long_words=False,
                break_on_hyphens=False,
            )
        for block in self.blocks:
            if depth == 0:
                yield ""
            yield from block._text(width, depth + 1, mark)

    def to_markdown(self) -> str:
        """Headings and lists."""
        return "\n".join(self._markdown(1)) + "\n"

    def _markdown(self, depth: int) -> Iterator[str]:
        heading = markdown_text(self.heading)
        yield f"{'#' * depth} {heading}" if depth < 4 else f"- **{heading}**" if heading else "-"
        yield from (f"{'  ' if depth >= 4 else ''}- {markdown_text(line, begins_block=True)}" for line in self.lines)
        yield ""
        for block in self.blocks:
            yield from block._markdown(depth + 1)

    def _repr_html_(self) -> str:
        lines = "".join(f"<li>{html_text(line)}</li>" for line in self.lines)
        return (
            f"<div><strong>{html_text(self.heading)}</strong><ul>{lines}</ul>{''.join(block._repr_html_() for block in self.blocks)}</div>"
        )

    def to_json(self) -> str:
        """A nested object."""
        return json.dumps(self._object(), ensure_ascii=False, indent=2) + "\n"

    def _object(self) -> dict[str, Any]:
        return {"heading": self.heading, "lines": self.lines, "blocks": [block._object() for block in self.blocks]}
