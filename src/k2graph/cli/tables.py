"""The command `tables`: what curators write into each column, for people, for programs and as a workbook."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import InputError
from .options import Commands, command, hand_over, utf8, write_block
from .places import check_place

#: The forms, each with the ending of its files.
_ENDINGS = {"text": ".txt", "md": ".md", "json": ".json", "table-schema": ".json", "xlsx": ".xlsx"}


def add_tables(commands: Commands) -> None:
    """The command `tables`."""
    about = "tell what the tables hold: each column, what it takes, and the words allowed"
    tables = command(commands, "tables", _tables, about, "k2graph tables findings")
    tables.add_argument(
        "about",
        nargs="?",
        default="",
        type=utf8,
        metavar="TABLE",
        help="a table, or TABLE.COLUMN for the words of a column (default: list all)",
    )
    tables.add_argument(
        "--format",
        choices=tuple(_ENDINGS),
        default="text",
        help="text, md or json; table-schema, by which Frictionless checks tables; xlsx, a workbook with pick-lists (default: text)",
    )
    tables.add_argument("--output", type=Path, metavar="F", help="the file to write (default: standard output)")


def _tables(chosen: argparse.Namespace) -> int:
    from ..curation.guide import Guide
    from ..sparql.rdf_syntax import check_ending

    output: Path | None = chosen.output
    if output is not None:
        check_ending(output, _ENDINGS[chosen.format])
        check_place(output)
    if chosen.format in {"table-schema", "xlsx"}:
        guide = Guide()
        table = guide.table(chosen.about) if chosen.about else None
        if chosen.format == "table-schema":
            from ..curation.table_schema import table_schema

            hand_over(table_schema(guide, table), output)
            return 0
        from ..reports.workbook import workbook

        if output is None:
            raise InputError("a workbook goes into a file: name it with --output")
        hand_over(workbook(guide, table), output)
        return 0
    from ..reports.columns import describe_tables

    block = describe_tables(Guide(), chosen.about)
    if output is None:
        return write_block(block, chosen.format)
    text = {"text": block.to_text, "md": block.to_markdown, "json": block.to_json}[chosen.format]()
    hand_over(text.encode(), output)
    return 0
