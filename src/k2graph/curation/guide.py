"""What a curator is told of each column of each table: what it means, what its cells take, an example, and the words that are allowed.

All of it is made of ontology/tables.toml and of the ontology, so that a column or a word that is added there is told of here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..errors import InputError
from ..ontology import Vocabulary
from ..text import did_you_mean
from .schema import Column, Schema, Table, schema

#: Words of a scheme that are listed one by one; of more it is said where they are.
MOST_WORDS = 20


@dataclass(frozen=True)
class AllowedWord:
    """A word of a scheme: how tables write it, how people read it, what is meant, and the other spellings that are known."""

    word: str
    label: str
    meaning: str
    spellings: tuple[str, ...]


@dataclass(frozen=True)
class Guide:
    """The tables with the ontology whose words they hold."""

    tables: Schema = field(default_factory=schema)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    def table(self, name: str) -> Table:
        """A table by its name, or by that of its file.

        Raises:
            InputError: where there is none.
        """
        plain = name.removesuffix(".tsv")
        if plain not in self.tables.tables:
            raise InputError(f"there is no table {name!r}{did_you_mean(plain, self.tables.tables)}; `k2graph tables` lists them")
        return self.tables.tables[plain]

    def column(self, table: Table, name: str) -> Column:
        """A column of a table by its name.

        Raises:
            InputError: where there is none.
        """
        if name not in table.named:
            near = did_you_mean(name, table.named)
            raise InputError(f"{table.name} has no column {name!r}{near}; `k2graph tables {table.name}` lists them")
        return table.named[name]

    def meaning(self, column: Column) -> str:
        """What a column holds."""
        return self.tables.meaning(column, self.vocabulary)

    def words(self, column: Column) -> list[AllowedWord]:
        """The words that its cells may hold; none where they hold something else."""
        found = []
        for notation, concept in self.vocabulary.schemes.get(column.scheme, {}).items():
            names = ("rdfs:label", "skos:altLabel", "skos:hiddenLabel") if column.spelling_of else ()
            spellings = {text for name in names for text in self.vocabulary.texts(concept, name)} - {notation}
            label, meaning = (self.vocabulary.text(concept, name) for name in ("rdfs:label", "skos:definition"))
            found.append(AllowedWord(notation, label, meaning, tuple(sorted(spellings))))
        return found

    def takes(self, column: Column, word: Callable[[str], str] = str, table: Callable[[str], str] = str) -> str:
        """What the cells of a column take, in words; `word` and `table` write the name of one as it is written there."""
        if column.scheme:
            words = [*map(word, self.vocabulary.schemes[column.scheme])]
            takes = ", ".join(words) if len(words) <= MOST_WORDS else f"a word of the scheme {word(f'k2g:{column.scheme}')}"
            takes += ", in any spelling that is known" if column.spelling_of else ""
        elif column.key_of:
            takes = f"a key of {table(column.key_of)}"
        else:
            takes = "text" if column.form == "text" else self.tables.forms[column.form].what
        return f"{takes}; several are divided by {word('|')}" if column.several else takes

    def example(self, column: Column) -> str:
        """What a cell may hold: its own example, or that of its words, of the keys that it holds or of its form; none of any text."""
        if column.example:
            return column.example
        if column.scheme:
            return next(iter(self.vocabulary.schemes[column.scheme]))
        if column.key_of:
            other = self.tables.tables[column.key_of]
            return self.example(other.named[other.key[0]])
        return "" if column.form == "text" else self.tables.forms[column.form].example
