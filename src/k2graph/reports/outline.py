"""A tree of headed blocks, with tables in it, which renders as text for a terminal, Markdown for a manuscript, or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..terminal import Mark, folded, table
from ..text import html_text, markdown_text


@dataclass
class Block:
    """A heading, lines of text beneath it, a table beneath these, and blocks beneath that. Rows of a table have the same columns."""

    heading: str
    lines: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    #: What a program asks and people read in a line: fields of the JSON beside the others.
    fields: dict[str, int | bool] = field(default_factory=dict)

    def to_text(self, width: int = 80, mark: Mark = str) -> str:
        """Indented text, folded to a width; `mark` adds icons or colours to standings."""
        return "\n".join(self._text(width, 0, mark)) + "\n"

    def _text(self, width: int, depth: int, mark: Mark) -> Iterator[str]:
        indent = "  " * depth
        yield from folded(self.heading, width, indent, indent, mark)
        for line in self.lines:
            yield from folded(line, width, indent + "  ", indent + "    ", mark)
        if self.rows:
            shown = table([*self.rows[0]], [[*row.values()] for row in self.rows], width - len(indent) - 2, mark)
            yield from ("", *(f"{indent}  {line}".rstrip() for line in shown.splitlines()))
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
        if self.rows:
            lines = ([*self.rows[0]], ["---"] * len(self.rows[0]), *([markdown_text(cell) for cell in row.values()] for row in self.rows))
            yield from (f"| {' | '.join(line)} |" for line in lines)
            yield ""
        for block in self.blocks:
            yield from block._markdown(depth + 1)

    def _repr_html_(self) -> str:
        lines = "".join(f"<li>{html_text(line)}</li>" for line in self.lines)
        head = "".join(f"<th>{html_text(column)}</th>" for column in (self.rows[0] if self.rows else ()))
        rows = "".join(f"<tr>{''.join(f'<td>{html_text(cell)}</td>' for cell in row.values())}</tr>" for row in self.rows)
        table_ = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if self.rows else ""
        below = "".join(block._repr_html_() for block in self.blocks)
        return f"<div><strong>{html_text(self.heading)}</strong><ul>{lines}</ul>{table_}{below}</div>"

    def to_json(self) -> str:
        """A nested object."""
        return json.dumps(self._object(), ensure_ascii=False, indent=2) + "\n"

    def _object(self) -> dict[str, Any]:
        rows = {"rows": self.rows} if self.rows else {}
        return {"heading": self.heading, "lines": self.lines, **self.fields, **rows, "blocks": [block._object() for block in self.blocks]}
