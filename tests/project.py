"""The project as tests handle it: its tables as they stand, a folder of tables that can be spoilt, and what a command left behind."""

import csv
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

from k2graph import atomic, iris, resources
from k2graph.building import build
from k2graph.curation.reader import read_tables
from k2graph.curation.schema import schema
from k2graph.errors import TableFaults
from k2graph.graph import Graph
from k2graph.ontology import Vocabulary

KEYS = {table.name: table.key for table in schema()}
#: By which a finding and a claim speak of the same.
SAID = ("subject", "predicate", "object")


@dataclass(frozen=True)
class Folder:
    """A folder of tables. A line is counted as an editor counts it: the header stands on line 1."""

    path: Path
    vocabulary: Vocabulary

    def file(self, table: str) -> Path:
        return self.path / f"{table}.tsv"

    def lines(self, table: str) -> list[list[str]]:
        text = self.file(table).read_bytes().decode()
        return [line.split("\t") for line in text.removesuffix("\n").split("\n")]

    def write(self, table: str, lines: list[list[str]]) -> None:
        self.file(table).write_bytes("".join("\t".join(cells) + "\n" for cells in lines).encode())

    def line(self, table: str, *key: str) -> int:
        """The line of the one row whose key begins so."""
        lines = self.lines(table)
        places = [lines[0].index(column) for column in KEYS[table][: len(key)]]
        found = [number for number, cells in enumerate(lines, 1) if tuple(cells[place] for place in places) == key]
        assert len(found) == 1, f"{table}.tsv has {len(found)} rows {key}"
        return found[0]

    def row(self, table: str, *key: str) -> dict[str, str]:
        lines = self.lines(table)
        return dict(zip(lines[0], lines[self.line(table, *key) - 1], strict=True))

    def change(self, table: str, key: str | tuple[str, ...], **cells: str) -> int:
        """Put other text into cells of one row; the line on which it stands."""
        key = (key,) if isinstance(key, str) else key
        lines, number = self.lines(table), self.line(table, *key)
        for column, text in cells.items():
            lines[number - 1][lines[0].index(column)] = text
        self.write(table, lines)
        return number

    def add(self, table: str, **cells: str) -> int:
        """Put a row at the end; the line on which it stands."""
        lines = self.lines(table)
        assert set(cells) <= set(lines[0])
        self.write(table, [*lines, [cells.get(column, "") for column in lines[0]]])
        return len(lines) + 1

    def remove(self, table: str, *key: str) -> None:
        lines, number = self.lines(table), self.line(table, *key)
        self.write(table, lines[: number - 1] + lines[number:])

    def faults(self) -> list[str]:
        """What is wrong with cells, and with what they refer to."""
        return self._faults(read_tables)

    def inconsistencies(self, *, what_follows: bool = False) -> list[str]:
        """What else a build finds; in what follows by rule only where that is asked for, since it takes longer."""
        return self._faults(build.build if what_follows else build.asserted)

    def _faults(self, read: Callable[[Path, Vocabulary], object]) -> list[str]:
        try:
            read(self.path, self.vocabulary)
        except TableFaults as error:
            return [str(fault) for fault in error.faults]
        return []


class Outcome(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


def without_settings(patch: pytest.MonkeyPatch) -> None:
    """Take from the environment what a user sets for k2graph, and proxies; where copies of graphs are stays."""
    for name in list(os.environ):
        if (name.startswith("K2GRAPH_") and name != "K2GRAPH_CACHE") or name.lower().endswith("_proxy"):
            patch.delenv(name)


Run = Callable[..., Outcome]
#: The rows of a table, by its name.
Rows = Callable[[str], list[dict[str, str]]]


def rows(table: str, tables: Path = resources.TABLES) -> list[dict[str, str]]:
    """A table as it stands, without the code that builds the graph."""
    with (tables / f"{table}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def copy_tables(tables: Path, to: Path) -> Path:
    """A copy of tables as the folder `tables` in another, with what is said beside them of their graph; the folder."""
    shutil.copy(tables.parent / resources.PACK.name, to)
    return Path(shutil.copytree(tables, to / "tables"))


def write_part(folder: Path, *named: str) -> None:
    """A part of the tables that is in order by itself: rows whose keys begin so and the first of each table, with all that they need.

    What they refer to, the arms of each study, the claims that findings speak of, the steps of mechanisms, and what is said of
    one kept thing alone or of two.
    """
    all_rows = {table.name: rows(table.name) for table in schema()}
    refers = {table.name: [(column.name, column.key_of) for column in table.columns if column.key_of] for table in schema()}
    kept = {table: {0} for table in all_rows}

    def said(table: str, columns: tuple[str, ...]) -> set[tuple[str, ...]]:
        return {tuple(all_rows[table][place][column] for column in columns) for place in kept[table]}

    def needed() -> Iterator[tuple[str, int]]:
        wanted = {(table, key) for there, columns in refers.items() for place in kept[there] for column, table in columns
                  for key in all_rows[there][place].get(column, "").split("|")}  # fmt: skip
        studies, spoken = {key for (key,) in said("studies", ("study",))}, said("findings", SAID)
        things, mechanisms = {key for (key,) in said("entities", ("entity",))}, said("mechanisms", ("mechanism",))
        searches = said("searches", ("search",))
        for table, those in all_rows.items():
            for place, row in enumerate(those):
                key = row[KEYS[table][0]]
                if (
                    key in named
                    or (len(KEYS[table]) == 1 and (table, key) in wanted)
                    or (table == "arms" and row["study"] in studies)
                    or (table == "claims" and tuple(row[column] for column in SAID) in spoken)
                    or (table == "mechanism_steps" and (key,) in mechanisms)
                    or (table == "left_out" and (key,) in searches)
                    or (table == "entity_relations" and {key, row["other"]} <= things)
                    or (table == "identifiers" and key in things)
                ):
                    yield table, place

    while more := [(table, place) for table, place in needed() if place not in kept[table]]:
        for table, place in more:
            kept[table].add(place)
    folder.mkdir()
    shutil.copy(resources.PACK, folder.parent)
    for file in resources.TABLES.iterdir():
        if file.stem not in kept:
            shutil.copy(file, folder)
            continue
        header, *lines = file.read_bytes().splitlines(keepends=True)
        (folder / file.name).write_bytes(header + b"".join(line for place, line in enumerate(lines) if place in kept[file.stem]))


def write_claims(folder: Path, graph: Graph, *claims: str, also: tuple[str, ...] = ()) -> None:
    """A part of the tables with some claims and all findings that bear on them, so that these claims stand as in the whole.

    `also` names more rows, of which nothing is promised.
    """
    named = " ".join(f"claim:{claim}" for claim in claims)
    found = graph.rows(f"SELECT DISTINCT ?f {{ VALUES ?claim {{ {named} }} ?bearing k2g:claim ?claim ; k2g:finding ?f }} ORDER BY ?f")
    write_part(folder, *claims, *also, *(row["f"].removeprefix("finding:") for row in found))


def one_in_eight_claims(graph: Graph) -> list[str]:
    """The keys of one in eight of the claims."""
    return [row["claim"].removeprefix("claim:") for row in graph.rows("SELECT ?claim { ?claim a k2g:Claim } ORDER BY ?claim")][::8]


def write_built(tables: Path | list[Path], graph: Path) -> Path:
    """Write what is built of tables; the file."""
    atomic.write(build.text(tables), graph)
    return graph


def write_eighth(folder: Path, graph: Graph) -> None:
    """The tables of one in eight claims with all that bears on them, in `tables`, and what is built of them, in `eighth.ttl`."""
    write_claims(folder / "tables", graph, *one_in_eight_claims(graph))
    write_built(folder / "tables", folder / "eighth.ttl")


MECHANISM = "mgp-calcification-events"


def write_mechanism_tables(folder: Path) -> None:
    """The part of the tables that one mechanism needs, with all findings on the claims of its steps."""
    steps = {row["claim"] for row in rows("mechanism_steps") if row["mechanism"] == MECHANISM}
    said = {tuple(row[column] for column in SAID) for row in rows("claims") if row["claim"] in steps}
    write_part(folder, MECHANISM, *(row["finding"] for row in rows("findings") if tuple(row[column] for column in SAID) in said))


def write_mechanism_alone(folder: Path) -> None:
    """A mechanism's tables, in `tables`, and what is built of them, in `alone.ttl`."""
    write_mechanism_tables(folder / "tables")
    write_built(folder / "tables", folder / "alone.ttl")


#: Claims that tests work out by hand: pooled, untested and of background among them.
BY_HAND = (
    "mk-7-level-dp-ucmgp", "mk-7-level-arterial-stiffness", "mk-7-risk-all-cause-mortality", "mk-4-level-muscle-strength",
    "vitamin-k1-level-hip-bone-mineral-density", "vitamin-k1-level-inr-in-vka-users", "vitamin-k-level-time-in-therapeutic-range",
    "warfarin-risk-bleeding", "vitamin-k2-risk-hepatocellular-carcinoma-recurrence", "dhodh-activity-gamma-carboxylation",
    "mk-7-level-muscle-cramps", "vitamin-k2-level-muscle-cramps",
)  # fmt: skip
#: Studies, reports, findings, an interaction and a mechanism that tests look at.
LOOKED_AT = (
    "kazzi-1989", "PMID:20091505", "PMID:36235734", "daikihabu2004-1", "haruhikoyoshida2011-1", "gcmgast2009-1",
    "sabinerzwakenberg2017-5", "rlfulton2016-2", "PMID:17287908", "knapen-2007", "mk-4-warfarin", "osteocalcin-bone-strength",
)  # fmt: skip
#: Types of few things, which one in twenty would miss.
RARE = {"gene", "pathway", "receptor", "tissue", "cell-type", "metabolite"}


def write_some_of_all(folder: Path, graph: Graph) -> None:
    """Two or more of everything that the graph holds, as tables in `tables`, and what is built of them in `some.ttl`.

    One row in twenty of each table with what it needs, what is retracted, what there is little of, and claims that stand as in the whole.
    """
    named = {row[KEYS[table.name][0]] for table in schema() if table.name not in ("redirects", "studies", "reports")
             for row in rows(table.name)[::20]}  # fmt: skip
    retracted = {row["report"] for row in rows("reports") if row["retraction"]}
    named |= {row["finding"] for row in rows("findings") if row["report"] in retracted}
    named |= {row["entity"] for row in rows("entities") if row["type"] in RARE}
    # What difference matters, and how the studies behind a claim were judged, is a part of how it stands.
    named |= {row["outcome"] for row in rows("important_differences")}
    by_hand = " ".join(f"claim:{claim}" for claim in BY_HAND)
    judged = graph.rows(f"SELECT DISTINCT ?s {{ VALUES ?c {{ {by_hand} }} ?b k2g:claim ?c ; k2g:finding/k2g:study ?s }}")
    named |= {row["s"].removeprefix("study:") for row in judged}
    write_claims(folder / "tables", graph, *BY_HAND, also=(MECHANISM, *LOOKED_AT, *sorted(named)))
    write_built(folder / "tables", folder / "some.ttl")


def ours(kind: str, key: str) -> str:
    """The compact name of a thing of a table."""
    return iris.short(iris.ours(kind, key).value)
