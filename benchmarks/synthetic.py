"""Tables of synthetic claims with the shapes of the real graph: `python benchmarks/synthetic.py FOLDER --claims 10000 --seed 1`.

A hundred nutrients are a hundred graphs like this one. So the real tables are written again and again under other keys: each copy has
the real degrees, hierarchy, chains and levels, and its findings' directions are dealt out anew, by the seed, among findings that could
show them, so that its standings are its own. Nothing that a reader could take for a fact is left: text is filler of the same length,
sources are addresses of example.org, reports and studies have no identifiers, and every key says `synthetic`.

`--lean` writes what a graph mined from the literature would hold: entities, claims and mechanisms without prose, most claims untested, one
finding for ten claims with its study, that study's arms and its reports; no groups, searches, foods, intakes or identifiers.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from k2graph import iris, resources
from k2graph.curation.schema import Column, Table, schema
from k2graph.ontology import Vocabulary

#: Text that questions and rules compare or count with: it stays as it is.
_SPOKEN = {"unit", "effect_measure", "duration", "amount", "dose", "parameter", "kind_of_value", "field"}
#: What a finding found. A direction goes with its numbers: a fall does not have a rise's.
_RESULT = ("direction", "effect_measure", "scale", "value", "ci_low", "ci_high", "unit", "p_value")
_FILLER = "text in the place of words "
_SOURCE = "https://example.org/synthetic"

#: The tables of a lean graph, and which of the findings are kept.
_LEAN = (
    "entities", "entity_relations", "organisms", "reports", "studies", "arms", "findings", "claims", "mechanisms", "mechanism_steps",
)  # fmt: skip
_EVERY = 15

Lines = list[dict[str, str]]


def write_tables(folder: Path, claims: int, seed: int = 1, *, lean: bool = False, tables: Path = resources.TABLES) -> int:
    """Write tables with at least so many claims into a new folder, and return how many copies of the real `tables` they are."""
    vocabulary = Vocabulary()
    real = {table.name: _read(table, tables) for table in schema()}
    if lean:
        real = _lean(real)
    reports = _reports(real)
    copies = -(-claims // len(real["claims"]))
    folder.mkdir(parents=True)
    for table in schema():
        dealt = _dealt(real, vocabulary, random.Random(seed)) if table.name == "findings" else None
        with (folder / table.file).open("w", encoding="utf-8", newline="") as file:
            file.write("\t".join(table.named) + "\n")
            for copy in range(1, copies + 1) if table.name != "organisms" else (1,):
                rename = _renamer(table, copy, reports, lean)
                results = next(dealt) if dealt else None
                for number, row in enumerate(real[table.name]):
                    cells = row | results[number] if results else row
                    file.write("\t".join(rename(column, cell, number) if cell else "" for column, cell in cells.items()) + "\n")
    return copies


def key(real: str, copy: int = 1) -> str:
    """What a thing of the real tables is called in a copy."""
    return f"{real}-synthetic-{copy}"


def _read(table: Table, tables: Path) -> Lines:
    header, *lines = (tables / table.file).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    return [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines]


def _reports(real: dict[str, Lines]) -> dict[str, int]:
    """The number of each report that is named anywhere: those of the graph, those that a search left out, reviews that judge."""
    columns = [(table.name, column.name) for table in schema() for column in table.columns if column.form == "report"]
    named = dict.fromkeys(row[column] for table, column in columns for row in real[table])
    return {report: number for number, report in enumerate(filter(None, named), 1)}


def _lean(real: dict[str, Lines]) -> dict[str, Lines]:
    """Of the tables of a lean graph what hangs together with some of the findings; nothing of the others."""
    findings = real["findings"][::_EVERY]
    made = {finding["study"] for finding in findings}
    studies = made | {row["within"] for row in real["studies"] if row["study"] in made}
    kept = {
        "findings": findings,
        "studies": [row | {"group": ""} for row in real["studies"] if row["study"] in studies],
        "arms": [row for row in real["arms"] if row["study"] in studies],
    }
    reports = {finding["report"] for finding in findings} | {each for row in kept["studies"] for each in row["reports"].split("|")}
    kept["reports"] = [row for row in real["reports"] if row["report"] in reports]
    return {table: kept.get(table, lines) if table in _LEAN else [] for table, lines in real.items()}


def _dealt(real: dict[str, Lines], vocabulary: Vocabulary, chance: random.Random) -> Iterator[Lines]:
    """For each copy what its findings found: that of the real ones, dealt out among findings of one predicate and one kind."""
    groups = defaultdict(list)
    findings = real["findings"]
    for number, row in enumerate(findings):
        association = vocabulary.fact("directions", row["direction"], "k2g:isAssociation")
        groups[row["predicate"], association, row["direction"] == "mixed"].append(number)
    while True:
        results: Lines = [{} for _ in findings]
        for members in groups.values():
            given = [_result(findings[number]) for number in members]
            chance.shuffle(given)
            for number, result in zip(members, given, strict=True):
                results[number] = result
        yield results


def _result(finding: dict[str, str]) -> dict[str, str]:
    """What it found. How a number runs goes with the number: without one, what the arms' own numbers need stays where they are."""
    result = {column: finding[column] for column in _RESULT}
    return result if result["value"] or result["ci_low"] or result["ci_high"] else result | {"scale": ""}


def _renamer(table: Table, copy: int, reports: dict[str, int], lean: bool) -> Callable[[str, str, int], str]:
    kinds = {column.name: _kind(column) for column in table.columns}
    slugs = {iris.slug(report): report for report in reports}

    def called(cell: str) -> str:
        return f"URL:{_SOURCE}/{copy}/{reports[cell]}" if cell in reports else key(cell, copy)

    if lean:
        # What else the arms of a trial differed in is asked for where they did.
        needless = {column.name for column in table.columns if not column.required} - {"other_difference"}
        kinds.update({column: "dropped" for column in needless if kinds[column] == "prose"})

    def renamed(column: str, cell: str, number: int) -> str:
        kind = kinds[column]
        if kind == "kept":
            return cell
        if kind == "key":
            return "|".join(map(called, cell.split("|")))
        if kind == "address":
            thing, slug = cell.removeprefix(iris.BASE).split("/")
            return iris.ours(thing, called(slugs.get(slug, slug))).value
        if kind == "label":
            return f"synthetic {table.address or table.name} {number} of {copy}"
        if kind == "source":
            return f"{_SOURCE}/{copy}"
        if kind == "identifier":
            return f"{cell.partition(':')[0]}:synthetic-{copy}-{number}"
        if kind == "author":
            return f"Synthetic, {number} of {copy}"
        # With its number, since some of it is part of a key.
        return "" if kind == "dropped" else f"synthetic {number} {_FILLER * (len(cell) // len(_FILLER))}"[: max(len(cell), 15)].strip()

    return renamed


def _kind(column: Column) -> str:
    """What becomes of a column: see `_renamer`."""
    name = column.name
    if column.key_of == "organisms" or column.word_of or column.spelling_of or name in {"taxon", "scientific_name", *_SPOKEN}:
        return "kept"
    if column.key_of or column.form in {"slug", "report"}:
        return "key"
    if name == "label":
        return "label"
    if column.form in {"identifier", "anchor"}:
        return "identifier"
    if name in {"pmid", "pmcid", "doi", "registry"}:
        return "dropped"
    if column.form == "author":
        return "author"
    if column.form == "address":
        return "source" if name == "source_url" else "address"
    return "prose" if column.form == "text" else "kept"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lean", action="store_true")
    given = parser.parse_args()
    write_tables(given.folder, given.claims, given.seed, lean=given.lean)
