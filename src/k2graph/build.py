"""Build the graph: records → triples → rules → data/k2.ttl, byte for byte the same each time.

The tables say what was read; the rules, SPARQL CONSTRUCT files in ontology/rules that run in the order of their names, say
what follows. The file carries both, and the ontology and the questions, so that any engine that loads it can answer.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from . import names, records, resources
from .cells import Maps, OneOf, Refers
from .planning import planned_sizes
from .pooling import Select, pooled_estimates
from .questions import Question, read_questions
from .tables import Tables, read_tables
from .vocabulary import Vocabulary

Term = NamedNode | Literal
_Triple = tuple[NamedNode, NamedNode, Term]
_TYPE, _LABEL = names.name("rdf:type"), names.name("rdfs:label")
_XSD = {kind: names.name(f"xsd:{kind}") for kind in ("integer", "decimal", "gYear")}

#: The file's sections, in order: a heading and the classes whose things stand under it. What is in no other stands first.
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Rules and questions", ("k2g:Rule", "sh:SPARQLSelectExecutable")),
    ("Entities", ("k2g:Entity",)),
    ("Organisms", ("k2g:Organism",)),
    ("Identifiers", ("k2g:IdentifierMatch",)),
    ("Studies", ("k2g:Study",)),
    ("Trials, cohorts and groups", ("k2g:Trial", "k2g:Cohort", "k2g:ResearchGroup", "k2g:Spread")),
    ("Findings", ("k2g:Finding",)),
    ("Claims", ("k2g:Claim",)),
    ("Mechanisms", ("k2g:Mechanism", "k2g:Step")),
    ("Interactions", ("k2g:Interaction",)),
    ("Reference intakes, foods, pharmacokinetics", ("k2g:ReferenceIntake", "k2g:FoodContent", "k2g:PharmacokineticParameter")),
    ("Citations checked", ("k2g:CitationCheck",)),
    ("Derived: what each finding says of each claim", ("k2g:Bearing",)),
    ("Derived: votes", ("k2g:Vote",)),
    ("Derived: standings", ("k2g:Standing", "k2g:Tally", "k2g:AlternativeStanding", "k2g:PooledEstimate")),
    ("Derived: support of mechanisms", ("k2g:MechanismSupport",)),
)


@dataclass(frozen=True)
class Rule:
    """One CONSTRUCT file: its name without the number, what its leading comment says, and the query."""

    path: Path

    @property
    def name(self) -> str:
        """`16-standing.rq` is the rule `standing`."""
        return self.path.stem.partition("-")[2]

    @cached_property
    def query(self) -> str:
        """The SPARQL text."""
        return self.path.read_text(encoding="utf-8")

    def update(self, graph: str) -> str:
        """The rule as an update that adds, in a graph of a server, what it constructs."""
        return re.sub(r"^CONSTRUCT\b", f"WITH <{graph}>\nINSERT", self.query, count=1, flags=re.MULTILINE)

    @property
    def description(self) -> str:
        """The comment at the file's head, as one paragraph."""
        lines = []
        for line in self.query.splitlines():
            if not line.startswith("#"):
                break
            lines.append(line.lstrip("# "))
        return " ".join(lines)


def read_rules(folder: Path = resources.RULES) -> list[Rule]:
    """The rules of a folder in the order in which they run."""
    return [Rule(path) for path in sorted(folder.glob("*.rq"))]


def build(tables_folder: Path = resources.TABLES, vocabulary: Vocabulary | None = None, rules: Iterable[Rule] | None = None) -> Store:
    """Tables, ontology and questions with all that follows from them by rule.

    Raises:
        TableFaults: where the tables are not in order; nothing is built then.

    """
    rules = read_rules() if rules is None else list(rules)
    store = asserted(tables_folder, vocabulary, rules)
    hearing, counting = hearing_and_counting(rules)
    apply_rules(store, hearing)
    heard = list(store)
    apply_rules(store, counting)
    store.extend(_had_they_counted(heard, counting, store))
    select = partial(store.query, prefixes=names.PREFIXES)
    store.extend([*pooled_estimates(select), *planned_sizes(select)])
    return store


def asserted(tables_folder: Path = resources.TABLES, vocabulary: Vocabulary | None = None, rules: Iterable[Rule] | None = None) -> Store:
    """What tables, ontology and questions say, without what follows from them.

    Raises:
        TableFaults: where the tables are not in order.
    """
    vocabulary = vocabulary or Vocabulary()
    tables = read_tables(tables_folder, vocabulary)
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in _asserted(tables, vocabulary, read_rules() if rules is None else rules, read_questions()))
    return store


def hearing_and_counting(rules: list[Rule]) -> tuple[list[Rule], list[Rule]]:
    """The rules that say what bears on what, and those that say what counts, from which what would be, had something counted, differs."""
    first = next((place for place, rule in enumerate(rules) if rule.name.startswith("not-counted-")), len(rules))
    return rules[:first], rules[first:]


def apply_rules(store: Store, rules: Iterable[Rule]) -> None:
    """Run each rule once on what the ones before it left, and add what it constructs."""
    for rule in rules:
        # The result is a view of the store, so it is read to its end before the store changes.
        derived = [Quad(*triple) for triple in store.query(rule.query)]  # type: ignore[union-attr]  # a CONSTRUCT yields triples
        store.extend(derived)


#: What would follow had findings counted that do not: the reason, whose rule is left out to see it.
SCENARIOS = ("retracted", "unattributed")


def _had_they_counted(heard: list[Quad], rules: list[Rule], store: Store) -> list[Quad]:
    """The standings that would be others, had retracted or unattributable findings counted.

    The rules that say what counts and what follows are run again but the one that excludes them, so that none is written twice.
    """
    quads: list[Quad] = []
    for scenario in SCENARIOS:
        other = Store()
        other.bulk_extend(heard)
        apply_rules(other, without(rules, scenario))
        select, select_other = (partial(each.query, prefixes=names.PREFIXES) for each in (store, other))
        quads += alternative_standings(select, select_other, scenario)
    return quads


def without(rules: Iterable[Rule], scenario: str) -> list[Rule]:
    """The rules but the one by which a scenario's findings do not count."""
    return [rule for rule in rules if rule.name != f"not-counted-{scenario}"]


def alternative_standings(select: Select, select_other: Select, scenario: str) -> Iterator[Quad]:
    """The triples of each standing that is another where a scenario's findings counted: in one graph as it is, in the other as if."""
    standings = _standings(select)
    for claim, (tier, result, label) in _standings(select_other).items():
        if standings[claim][:2] != (tier, result):
            node = names.ours("scenario", f"{claim.value.rpartition('/')[2]}--{scenario}")
            described: dict[str, Term] = {
                "rdf:type": names.name("k2g:AlternativeStanding"),
                "rdfs:label": Literal(label),
                "k2g:claim": claim,
                "k2g:testedIn": tier,
                "k2g:result": result,
                "k2g:hadCounted": names.name(f"k2g:reason-{scenario}"),
                "prov:wasGeneratedBy": names.ours("rule", "standing"),
            }
            yield from (Quad(node, names.name(key), value) for key, value in described.items())


def _standings(select: Select) -> dict[Any, tuple[Any, Any, str]]:
    found = select("""SELECT ?claim ?tier ?result ?label WHERE {
      ?claim k2g:standing ?s . ?s k2g:testedIn ?tier ; k2g:result ?result ; rdfs:label ?label }""")
    return {row["claim"]: (row["tier"], row["result"], row["label"].value) for row in found}


def _asserted(tables: Tables, vocabulary: Vocabulary, rules: Iterable[Rule], questions: Iterable[Question]) -> Iterator[_Triple]:
    yield from vocabulary.triples()
    for rule in rules:
        node = names.ours("rule", rule.name)
        yield node, _TYPE, names.name("k2g:Rule")
        yield node, _LABEL, Literal(rule.name.replace("-", " "))
        yield node, names.name("skos:definition"), Literal(rule.description)
        yield node, names.name("k2g:order"), Literal(rule.path.stem.partition("-")[0].lstrip("0"), datatype=_XSD["integer"])
    for question in questions:
        yield from _question_triples(question)
    for row_type in records.TABLES:
        yield from _rows_triples(row_type, tables.of(row_type), vocabulary)
    yield from _study_labels(tables)
    yield from _interaction_labels(tables)


def _rows_triples(row_type: type[records.Row], rows: Iterable[records.Row], vocabulary: Vocabulary) -> Iterator[_Triple]:
    """The triples of all rows of one class. What becomes of a column is settled once, not for every row."""
    if row_type is records.EntityRelationRow:
        # A relation is one triple, without a node that could carry its note and source: the table keeps them.
        for row in rows:
            yield names.ours("entity", row.entity), vocabulary.schemes["relations"][row.relation], names.ours("entity", row.other)  # type: ignore[attr-defined]
        return
    if row_type is records.SynthesisMemberRow:
        for row in rows:
            yield names.ours("study", row.synthesis), names.name("k2g:pools"), names.ours("study", row.member)  # type: ignore[attr-defined]
        return
    columns = [
        (column, names.name(part.property), _terms(part.property, info, vocabulary))
        for column, info in row_type.model_fields.items()
        for part in info.metadata
        if isinstance(part, Maps)
    ]
    class_ = names.name(row_type.type)
    for row in rows:
        node = names.name(row.identity) if row_type is records.OrganismRow else names.ours(row.kind, row.identity)
        yield node, _TYPE, class_
        for column, property_, term in columns:
            value = getattr(row, column)
            if isinstance(value, tuple):
                for single in value:
                    yield node, property_, term(single)
            elif value is not None:
                yield node, property_, term(value)
        if isinstance(row, records.ClaimRow) and row.context is None and row.population is None:
            yield node, names.name("k2g:context"), names.name("k2g:context-any")
        if isinstance(row, records.IdentifierRow):
            match = NamedNode(vocabulary.fact("match-kinds", row.match, "k2g:matchProperty"))
            yield names.ours("entity", row.entity), match, names.identifier(row.identifier)
            yield node, names.name("k2g:address"), names.identifier(row.identifier)


def _terms(property_name: str, info: Any, vocabulary: Vocabulary) -> Callable[[Any], Term]:
    """How the values of a column become terms."""
    for part in info.metadata:
        if isinstance(part, OneOf):
            return vocabulary.schemes[part.scheme].__getitem__
        if isinstance(part, Refers):
            if part.table == "organisms":
                return names.name
            kind = next(row_type.kind for row_type in records.TABLES if row_type.table == part.table)
            return partial(names.ours, kind)
    if property_name == "dcterms:source":
        return lambda value: NamedNode(value) if value.startswith("http") else Literal(value)
    if property_name == "k2g:year":
        return lambda value: Literal(value, datatype=_XSD["gYear"])
    return _literal


def _literal(value: str | int | Decimal) -> Literal:
    if isinstance(value, int):
        return Literal(str(value), datatype=_XSD["integer"])
    if isinstance(value, Decimal):
        return Literal(format(value, "f"), datatype=_XSD["decimal"])
    return Literal(value)


def _study_labels(tables: Tables) -> Iterator[_Triple]:
    """A study is called by its first author and year, as in a reference, or by its title where no author is known."""
    for row in tables.of(records.StudyRow):
        yield names.ours("study", row.study), _LABEL, Literal(f"{row.first_author or row.title}, {row.year}")


def _interaction_labels(tables: Tables) -> Iterator[_Triple]:
    """An interaction is called by what meets in it."""
    labels = {row.entity: row.label for row in tables.of(records.EntityRow)}
    for row in tables.of(records.InteractionRow):
        yield names.ours("interaction", row.interaction), _LABEL, Literal(f"{labels[row.agent]} and {labels[row.drug]} ({row.interaction})")


def _question_triples(question: Question) -> Iterator[_Triple]:
    node = names.ours("question", question.name)
    yield node, _TYPE, names.name("sh:SPARQLSelectExecutable")
    yield node, _LABEL, Literal(question.title)
    yield node, names.name("dcterms:description"), Literal(question.description)
    yield node, names.name("sh:select"), Literal(question.query)


def turtle(store: Iterable[Quad]) -> bytes:
    """The triples of a store as Turtle for people: sections, one thing a paragraph, ordered by address and property."""
    section_of: dict[Any, int] = {names.name(name): number for number, (_, classes) in enumerate(SECTIONS, 1) for name in classes}
    place: dict[Any, int] = {}
    by_subject: dict[Any, list[Triple]] = {}
    for quad in store:
        by_subject.setdefault(quad.subject, []).append(quad.triple)
        if quad.predicate == _TYPE and quad.object in section_of:
            # A thing of two classes stands under the first section that has one of them.
            place[quad.subject] = min(section_of[quad.object], place.get(quad.subject, len(SECTIONS)))
    sections: list[list[Triple]] = [[] for _ in range(len(SECTIONS) + 1)]
    for subject in sorted(by_subject, key=lambda node: node.value):
        sections[place.get(subject, 0)] += sorted(by_subject[subject], key=_order)
    parts = ["# Built by `k2graph build` from data/tables, ontology and queries. Edit those, not this file.\n"]
    for (heading, _), triples in zip((("Ontology", ()), *SECTIONS), sections, strict=True):
        lines = (serialize(triples, format=RdfFormat.TURTLE, prefixes=names.PREFIXES) or b"").decode().rstrip("\n").split("\n")
        prefixes = [line for line in lines if line.startswith("@prefix")]
        if len(parts) == 1:
            parts.append("\n".join(prefixes) + "\n")
        parts.append(f"\n\n# {heading}\n")
        for line in lines[len(prefixes) :]:
            parts.append(f"{line}\n" if line.startswith("\t") else f"\n{line}\n")
    return "".join(parts).encode()


def _order(triple: Triple) -> tuple[int, str, str]:
    first = {_TYPE: 0, _LABEL: 1}.get(triple.predicate, 2)
    return first, triple.predicate.value, str(triple.object)


def drift(content: bytes, path: Path, most: int = 40) -> str:
    """What differs between the graph as it would be built and as it stands in a file, as a unified diff; empty if nothing."""
    old = path.read_bytes() if path.exists() else b""
    if old == content:
        return ""
    differences = difflib.unified_diff(
        old.decode(errors="replace").splitlines(), content.decode().splitlines(), str(path), "as the tables say", lineterm="", n=0
    )
    lines = list(differences)
    more = [f"… and {len(lines) - most} lines more"] if len(lines) > most else []
    return "\n".join(lines[:most] + more)
