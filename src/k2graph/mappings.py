"""What the words of the ontology are called elsewhere: rows of an SSSOM table (https://mapping-commons.github.io/sssom/) as triples.

In: ontology/mappings.sssom.tsv. Out: a triple for each row, its predicate being the row's own. Which prefix stands for which address is
said in the head of the table, as the standard wants it, and nowhere else.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Set
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from . import resources
from .errors import InputError

#: How near a term elsewhere is to a word of ours, the nearest first; before them what exports write whatever is near.
AS_EXPORTED = "k2g:exportedAs"
MATCHES = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch")
_COLUMNS = ("subject_id", "predicate_id", "object_id")
_PREFIX = re.compile(r"#\s+(\S+):\s*[\"']?(\S+?)[\"']?")


def mapping_triples(path: Path, words: Set[Any]) -> Iterator[tuple[NamedNode, NamedNode, NamedNode]]:
    """One triple for each row, of which each maps one of `words`.

    Raises:
        InputError: with file and line, where a row lacks a cell, has an unknown prefix or predicate, or maps something else.
    """
    lines = _lines(path)
    prefixes = _prefixes(lines)
    begins = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    table = csv.DictReader(lines[begins:], delimiter="\t", quoting=csv.QUOTE_NONE)
    if lacking := [column for column in _COLUMNS if column not in (table.fieldnames or ())]:
        raise InputError(f"{path}:{begins + 1}: the table has no column {', '.join(lacking)}")
    for number, row in enumerate(table, begins + 2):
        curies = [row[column] or "" for column in _COLUMNS]
        for column, curie in zip(_COLUMNS, curies, strict=True):
            if curie.partition(":")[0] not in prefixes or not curie.partition(":")[2]:
                raise InputError(f"{path}:{number}: {column} is {curie!r}, which begins with no prefix of the curie_map at the head")
        if curies[1] not in {AS_EXPORTED, *MATCHES}:
            raise InputError(f"{path}:{number}: predicate_id is {curies[1]!r}, and not one of {', '.join((AS_EXPORTED, *MATCHES))}")
        try:
            word, predicate, term = (NamedNode(prefixes[prefix] + local) for prefix, _, local in (curie.partition(":") for curie in curies))
        except ValueError as error:
            raise InputError(f"{path}:{number}: {curies[0]} or {curies[2]} makes no address: {error}") from error
        if word not in words:
            raise InputError(f"{path}:{number}: {curies[0]} is no word of the ontology: add it there, or take the row out")
        yield word, predicate, term


@lru_cache(maxsize=4)
def mapping_prefixes(path: Path = resources.MAPPINGS) -> dict[str, str]:
    """The prefixes of the table, by name: where the terms of other vocabularies live.

    >>> mapping_prefixes()["schema"]
    'https://schema.org/'
    """
    return _prefixes(_lines(path))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error


def _prefixes(lines: list[str]) -> dict[str, str]:
    head = [line for line in lines if line.startswith("#")]
    begins = head.index("#curie_map:") + 1 if "#curie_map:" in head else len(head)
    return {found[1]: found[2] for line in head[begins:] if (found := _PREFIX.fullmatch(line))}
