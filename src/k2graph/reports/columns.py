"""What the tables of curators hold, told for people: all tables, the columns of one, or the words of one column."""

from __future__ import annotations

from ..curation.guide import MOST_WORDS, Guide
from ..curation.schema import Column, Table
from .outline import Block


def describe_tables(guide: Guide, about: str = "") -> Block:
    """All tables; or `about` one of them, by its name; or about one column, as `TABLE.COLUMN`.

    Raises:
        InputError: where there is no such table, or no such column.
    """
    if not about:
        return _tables(guide)
    if about in guide.tables.tables or "." not in about.removesuffix(".tsv"):
        return _columns(guide, guide.table(about))
    name, _, column = about.partition(".")
    return _column(guide, guide.table(name), column)


def _tables(guide: Guide) -> Block:
    rows = [{"table": table.name, "a row is": table.about, "rows differ by": ", ".join(table.key)} for table in guide.tables]
    lines = ["Each is a file TABLE.tsv in a folder of tables. Each stands here after those that it refers to."]
    return Block("Tables", [*lines, "k2graph tables TABLE tells of one, k2graph tables TABLE.COLUMN of the words of a column."], rows=rows)


def _columns(guide: Guide, table: Table) -> Block:
    rows = [
        {
            "column": f"{column.name}{' *' * column.required}",
            "meaning": guide.meaning(column),
            "it takes": f"{guide.takes(column)}{_where(guide, table, column)}",
            "example": guide.example(column),
        }
        for column in table.columns
    ]
    lines = [table.about, f"The file is {table.file}. Rows differ by {', '.join(table.key)}. A column with * is never empty."]
    return Block(table.name, lines, rows=rows)


def _where(guide: Guide, table: Table, column: Column) -> str:
    """Where the words of a column are listed that are too many for a line."""
    return f" (k2graph tables {table.name}.{column.name})" if len(guide.words(column)) > MOST_WORDS else ""


def _column(guide: Guide, table: Table, name: str) -> Block:
    column = guide.column(table, name)
    lines = [guide.meaning(column), f"It takes {guide.takes(column)}.", *_more(column)]
    example = guide.example(column)
    rows = []
    for each in guide.words(column):
        also = {"also": ", ".join(each.spellings)} if column.spelling_of else {}
        rows.append({"word": each.word, "called": each.label, "meaning": each.meaning, **also})
    return Block(f"{table.name}.{name}", [*lines, *([f"For example: {example}"] if example else [])], rows=rows)


def _more(column: Column) -> list[str]:
    return ["It is never empty." if column.required else "An empty cell means not known, or that nothing differs from the usual."]
