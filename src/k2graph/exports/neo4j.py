"""A property graph for Neo4j: CSV files with typed headers for `neo4j-admin database import`, and a script for `LOAD CSV`.

Nodes are the tables of `columns`; a claim is a node with its standing. The direct edge between the things that it is about, for queries
along paths, has the standing on it and is called `CLAIMED`, not by what is claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import Format, Part
from .tabular.evidence import EVIDENCE
from .tabular.table import Column, Table, write_rows

_TYPES = {"text": "", "integer": ":long", "number": ":double", "boolean": ":boolean", "texts": ":string[]"}
#: Between the texts of one cell. A text that has one itself has a space for it.
BETWEEN = "\x1f"
#: Labels of the nodes, by the table that they are from.
LABELS = {
    "entities": "Entity",
    "claims": "Claim",
    "findings": "Finding",
    "reports": "Report",
    "studies": "Study",
    "arms": "Arm",
    "mechanisms": "Mechanism",
    "interactions": "Interaction",
}


@dataclass(frozen=True)
class Link:
    """One type of relationship: from which label to which, what its rows are, and what stands on it."""

    name: str
    start: str
    end: str
    rows: Callable[[Part], Iterable[tuple[Any, ...]]]
    columns: tuple[Column, ...] = ()


def _claimed(part: Part) -> Iterator[tuple[Any, ...]]:
    for claim in part.evidence.claims.values():
        yield claim.subject, claim.object, *(column.value(part.evidence, claim) for column in _ON_EDGES)


def _with_steps(table: Table) -> Table:
    """The table of claims with what lowers their certainty, which CSV has in a table of its own."""
    return replace(table, columns=(*table.columns, Column("certainty_steps", "", "standing.steps_in_words", "texts")))


_TABLES = tuple(_with_steps(table) if table.name == "claims" else table for table in EVIDENCE if table.name in LABELS)
_CLAIMS = next(table for table in _TABLES if table.name == "claims")
_ON_EDGES = tuple(column for column in _CLAIMS.columns if column.name not in {"subject", "object", "note", "mechanisms"})


def _bearings(part: Part) -> Iterator[tuple[Any, ...]]:
    for claim in part.evidence.claims.values():
        for each in claim.bearings:
            risk = part.evidence.risk_of(each)
            reasons = [reason.notation for reason in each.reasons]
            yield each.finding, claim.id, each.stance.notation, each.counted, reasons, risk and risk.notation


def _steps(part: Part) -> Iterator[tuple[Any, ...]]:
    for mechanism in part.evidence.mechanisms.values():
        for step in mechanism.steps:
            yield mechanism.id, step.claim, step.order, step.yields, step.implied, step.reach


def links(part: Part) -> list[Link]:
    """All relationships of a part; those between entities are named as the vocabulary names them."""
    evidence = part.evidence
    arms = {arm.id: arm for study in evidence.studies.values() for arm in study.arms}

    def of(things: Mapping[str, Any], name: str, among: Mapping[str, Any]) -> Callable[[Part], Iterable[tuple[Any, ...]]]:
        def rows(_: Part) -> Iterator[tuple[str, str]]:
            for thing in things.values():
                values = getattr(thing, name)
                yield from ((thing.id, value) for value in ((values,) if isinstance(values, str) else values) if value in among)

        return rows

    def related(relation: str) -> Callable[[Part], Iterable[tuple[Any, ...]]]:
        return lambda _: (
            (entity.id, other) for entity in evidence.entities.values() for kind, other in entity.relations if kind == relation
        )

    relations = sorted({kind for entity in evidence.entities.values() for kind, _ in entity.relations})
    bearing = (
        Column("stance", ""), Column("counted", "", kind="boolean"), Column("not_counted", "", kind="texts"), Column("risk_of_bias", ""),
    )  # fmt: skip
    step = (Column("order", "", kind="integer"), Column("yields", ""), Column("implied", ""), Column("reach", ""))
    return [
        Link("CLAIMED", "Entity", "Entity", _claimed, _ON_EDGES),
        Link("HAS_SUBJECT", "Claim", "Entity", of(evidence.claims, "subject", evidence.entities)),
        Link("HAS_OBJECT", "Claim", "Entity", of(evidence.claims, "object", evidence.entities)),
        Link("LIMITED_TO", "Claim", "Entity", of(evidence.claims, "contexts", evidence.entities)),
        Link("BEARS_ON", "Finding", "Claim", _bearings, bearing),
        Link("OF_EXPOSURE", "Finding", "Entity", of(evidence.findings, "subject", evidence.entities)),
        Link("OF_OUTCOME", "Finding", "Entity", of(evidence.findings, "object", evidence.entities)),
        Link("FOUND_IN", "Finding", "Study", of(evidence.findings, "study", evidence.studies)),
        Link("REPORTED_BY", "Finding", "Report", of(evidence.findings, "report", evidence.reports)),
        Link("FROM_INVESTIGATION", "Finding", "Study", of(evidence.findings, "investigation", evidence.studies)),
        Link("OF_ARM", "Finding", "Arm", of(evidence.findings, "arm", arms)),
        Link("COMPARED_WITH", "Finding", "Arm", of(evidence.findings, "comparator_arm", arms)),
        Link("ARM_OF", "Arm", "Study", of(arms, "study", evidence.studies)),
        Link("GIVES", "Arm", "Entity", of(arms, "forms", evidence.entities)),
        Link("PUBLISHED_IN", "Study", "Report", of(evidence.studies, "reports", evidence.reports)),
        Link("WITHIN", "Study", "Study", of(evidence.studies, "within", evidence.studies)),
        Link("INTERVENED_WITH", "Study", "Entity", of(evidence.studies, "interventions", evidence.entities)),
        Link("HAS_STEP", "Mechanism", "Claim", _steps, step),
        Link("END_TO_END", "Mechanism", "Claim", of(evidence.mechanisms, "end_to_end", evidence.claims)),
        Link("HAS_AGENT", "Interaction", "Entity", of(evidence.interactions, "agent", evidence.entities)),
        Link("HAS_DRUG", "Interaction", "Entity", of(evidence.interactions, "drug", evidence.entities)),
        Link("SHOWN_IN", "Interaction", "Study", of(evidence.interactions, "studies", evidence.studies)),
        *(Link(evidence.words[each].notation.upper().replace("-", "_"), "Entity", "Entity", related(each)) for each in relations),
    ]


def write_neo4j(part: Part, path: Path) -> Mapping[str, int]:
    """A folder of CSV files, one for each label and each type of relationship, and `load.cypher`."""
    edges = links(part)
    statements = [each for table in _TABLES for each in _nodes(part, path, table, LABELS[table.name])]
    statements += [_relationships(part, path, link) for link in edges]
    kinds = sorted({entity.kind_label for entity in part.evidence.entities.values()})
    statements += [f"MATCH (n:Entity) WHERE n.kind = '{kind}' SET n:{_camel(kind)};" for kind in kinds]
    head = _head((f"{table.name}.csv" for table in _TABLES), (_file(link) for link in edges), part.evidence.meaning_of_certainty)
    (path / "load.cypher").write_text(head + "\n".join(statements) + "\n", encoding="utf-8")
    return {}


def _nodes(part: Part, path: Path, table: Table, label: str) -> list[str]:
    columns = table.columns[1:]
    key = f"id:ID({label})"
    rows = []
    for thing in table.things(part):
        labels = [label] + ([_camel(thing.kind_label)] if label == "Entity" else [])
        cells = [cell(column, column.value(part.evidence, thing)) for column in columns]
        rows.append([table.columns[0].value(part.evidence, thing), *cells, BETWEEN.join(labels)])
    write_rows(path / f"{table.name}.csv", [key, *map(_header, columns), ":LABEL"], rows)
    return [
        f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE;",
        f"LOAD CSV WITH HEADERS FROM 'file:///{table.name}.csv' AS row\nMERGE (n:{label} {{id: row.`{key}`}})\n{_set('n', columns)};",
    ]


def _file(link: Link) -> str:
    return f"{link.name.lower()}.csv"


def _relationships(part: Part, path: Path, link: Link) -> str:
    start, end = f":START_ID({link.start})", f":END_ID({link.end})"
    rows = [
        [one, other, *(cell(column, value) for column, value in zip(link.columns, values, strict=True)), link.name]
        for one, other, *values in link.rows(part)
    ]
    write_rows(path / _file(link), [start, end, *map(_header, link.columns), ":TYPE"], rows)
    return (
        f"LOAD CSV WITH HEADERS FROM 'file:///{_file(link)}' AS row\n"
        f"MATCH (a:{link.start} {{id: row.`{start}`}}), (b:{link.end} {{id: row.`{end}`}})\n"
        f"CREATE (a)-[r:{link.name}]->(b)" + (f"\n{_set('r', link.columns)};" if link.columns else ";")
    )


def _set(variable: str, columns: Iterable[Column]) -> str:
    return "SET " + ", ".join(f"{variable}.`{column.name}` = {_read(column)}" for column in columns)


def _read(column: Column) -> str:
    place = f"row.`{_header(column)}`"
    forms = {
        "text": place,
        "integer": f"toInteger({place})",
        "number": f"toFloat({place})",
        "boolean": f"toBoolean({place})",
        "texts": f"split({place}, '\\u001F')",
    }
    return forms[column.kind]


def _header(column: Column) -> str:
    return column.name + _TYPES[column.kind]


def cell(column: Column, value: Any) -> str:
    """A value as the import reads it."""
    if value is None or value == []:
        return ""
    if column.kind == "texts":
        return BETWEEN.join(str(each).replace(BETWEEN, " ") for each in value if each)
    return str(value).lower() if column.kind == "boolean" else str(value)


def _camel(label: str) -> str:
    return "".join(word.capitalize() for word in label.replace("-", " ").split())


def _head(nodes: Iterable[str], edges: Iterable[str], certainty: str) -> str:
    files = [*(f"--nodes={name}" for name in nodes), *(f"--relationships={name}" for name in edges)]
    return f"""\
// k2graph for Neo4j. The files are for import: a spreadsheet would run formulas in them, and `k2graph export csv` is for those.
// A CLAIMED edge is a proposition, true or not: read its `result`. Claims that are not shown, contrary or untested are edges too.
// `certainty`: {certainty}
// Put the files into the import folder, set db.import.csv.legacy_quote_escaping=false, and run this script in an empty database.
// Or, for a new database, in the folder of the files:
//   neo4j-admin database import full --multiline-fields=true --array-delimiter=U+001F {" ".join(files)}
"""


NEO4J = Format(
    "neo4j",
    "Neo4j property graph",
    "Neo4j; other Cypher engines after small changes to the script",
    "entities, claims with standing and certainty with each step down as nodes and on CLAIMED edges, bearings with the risk of bias of "
    "their votes, findings with numbers, those of each arm too, "
    "studies with their arms, reports with retractions, mechanisms with steps, interactions",
    "identifiers, pooled numbers, votes, research groups beside their names, foods, intakes, kinetics, figures of status, citation checks, "
    "rules; "
    "the unit separator (U+001F) in one of several texts becomes a space",
    "",
    write_neo4j,
)
