"""Build the graph: records → triples → rules → data/k2.ttl, byte for byte the same each time.

The tables say what was read; the rules, SPARQL CONSTRUCT files in ontology/rules that run in the order of their names, say
what follows. The file carries both, and the ontology and the questions, so that any engine that loads it can answer.
"""

import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store

from . import names, records, resources
from .authors import read_author
from .cells import Maps, OneOf, Refers, Spelled
from .dataset import dataset_triples, read_dataset
from .faults import Fault
from .planning import planned_sizes
from .pooling import Select, pooled_estimates
from .questions import Question, read_questions
from .tables import Tables, read_tables
from .vocabulary import Vocabulary

Term = NamedNode | Literal
#: Hears of the steps of a build, in a word, and of what in the tables may be a slip.
Told = Callable[[str | Fault], None]
_Triple = tuple[NamedNode, NamedNode, Term]
_TYPE, _LABEL = names.name("rdf:type"), names.name("rdfs:label")
_XSD = {kind: names.name(f"xsd:{kind}") for kind in ("integer", "decimal")}


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

    def update(self, graph: str | None = None) -> str:
        """The rule as an update that adds what it constructs, in the graph of a name or in the one that has none."""
        where = "" if graph is None else f"WITH <{graph}>\n"
        return re.sub(r"^CONSTRUCT\b", f"{where}INSERT", self.query, count=1, flags=re.MULTILINE)

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


def build(
    tables_folder: Path = resources.TABLES,
    vocabulary: Vocabulary | None = None,
    rules: Iterable[Rule] | None = None,
    told: Told = lambda _: None,
) -> Store:
    """Tables, ontology and questions with all that follows from them by rule.

    `told` hears of each step before it is done, and of each warning about the tables.

    Raises:
        TableFaults: where the tables are not in order; nothing is built then.

    """
    vocabulary = vocabulary or Vocabulary()
    rules = read_rules() if rules is None else list(rules)
    told("tables")
    store = asserted(tables_folder, vocabulary, rules, told)
    add_what_follows(store, vocabulary, rules, told)
    return store


def add_what_follows(store: Store, vocabulary: Vocabulary, rules: list[Rule], told: Told = lambda _: None) -> None:
    """All that rules and numbers make of what is asserted."""
    apply_rules(store, rules, told)
    select = partial(store.query, prefixes=names.PREFIXES)
    told("pooled estimates, and had they counted")
    deciding, later = _deciding(vocabulary, rules)
    with ThreadPoolExecutor() as aside:
        # Nothing of these hangs on another, and the engine works without Python's lock.
        counted = [aside.submit(_had_they_counted, store, vocabulary, deciding, later, scenario) for scenario in SCENARIOS]
        pooled = [*pooled_estimates(select)]
        alternatives = [quad for scenario in counted for quad in scenario.result()]
    store.extend([*pooled, *alternatives])
    told("planned sizes")
    store.extend([*planned_sizes(select)])


def asserted(
    tables_folder: Path = resources.TABLES,
    vocabulary: Vocabulary | None = None,
    rules: Iterable[Rule] | None = None,
    told: Told = lambda _: None,
) -> Store:
    """What tables, ontology and questions say, without what follows from them. `told` hears of each warning about the tables.

    Raises:
        TableFaults: where the tables are not in order.
    """
    vocabulary = vocabulary or Vocabulary()
    tables, described = read_tables(tables_folder, vocabulary), read_dataset(tables_folder)
    for warning in tables.warnings:
        told(warning)
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in dataset_triples(described, vocabulary.language))
    store.bulk_extend(Quad(*triple) for triple in _asserted(tables, vocabulary, read_rules() if rules is None else rules, read_questions()))
    return store


def hearing_and_counting(rules: list[Rule]) -> tuple[list[Rule], list[Rule]]:
    """The rules that say what bears on what, and those that say what counts, from which what would be, had something counted, differs."""
    first = next((place for place, rule in enumerate(rules) if rule.name.startswith("not-counted-")), len(rules))
    return rules[:first], rules[first:]


def apply_rules(store: Store, rules: Iterable[Rule], told: Told = lambda _: None) -> None:
    """Run each rule once on what the ones before it left, and add what it constructs."""
    for rule in rules:
        told(rule.name)
        store.update(rule.update())


#: What would follow had findings counted that do not: the reason, whose rule is left out to see it.
SCENARIOS = ("retracted", "unattributed")


def _had_they_counted(store: Store, vocabulary: Vocabulary, deciding: list[Rule], later: set[NamedNode], scenario: str) -> list[Quad]:
    """The standings that would be others, had the findings of a scenario counted; `_deciding` says by which rules.

    The rules that say what counts and what follows are run again but the one that excludes them, so that none is written twice; on the
    claims alone on which such a finding bears, since no standing hangs on another.
    """
    other = Store()
    other.extend(_heard(store, later, scenario))
    if not other:
        return []
    other.extend(Quad(*triple) for triple in vocabulary.triples())
    apply_rules(other, without(deciding, scenario))
    select, select_other = (partial(each.query, prefixes=names.PREFIXES) for each in (store, other))
    return [*alternative_standings(select, select_other, scenario)]


def _heard(store: Store, later: set[NamedNode], scenario: str) -> Iterator[Quad]:
    """What is said of the claims on which findings of a scenario bear, and of what bears on them, but by `later` properties."""
    found: Any = store.query(
        f"""SELECT ?claim ?bearing ?finding ?study WHERE {{
          {{ SELECT DISTINCT ?claim WHERE {{ ?out k2g:notCounted k2g:reason-{scenario} ; k2g:claim ?claim }} }}
          ?bearing k2g:claim ?claim ; k2g:finding ?finding .
          ?finding k2g:study ?study . }}""",
        prefixes=names.PREFIXES,
    )
    for node in {node for row in found for node in row}:
        yield from (quad for quad in store.quads_for_pattern(node, None, None, None) if quad.predicate not in later)


def _deciding(vocabulary: Vocabulary, rules: list[Rule]) -> tuple[list[Rule], set[NamedNode]]:
    """The rules that say what counts, as far as the last that writes a standing, and what only those rules and later ones write."""
    writers: dict[Any, set[Any]] = defaultdict(set)
    for property_, predicate, rule in vocabulary.triples():
        if predicate == names.name("k2g:derivedBy"):
            writers[property_].add(rule)
    counting = hearing_and_counting(rules)[1]
    nodes = [names.ours("rule", rule.name) for rule in counting]
    later = {property_ for property_, those in writers.items() if those <= set(nodes)}
    # What follows from a standing is of no concern here.
    last = max((place for place, node in enumerate(nodes, 1) if node in writers[names.name("k2g:standing")]), default=0)
    return counting[:last], later


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
                "rdfs:label": label,
                "k2g:claim": claim,
                "k2g:testedIn": tier,
                "k2g:result": result,
                "k2g:hadCounted": names.name(f"k2g:reason-{scenario}"),
                "prov:wasGeneratedBy": names.ours("rule", "standing"),
            }
            yield from (Quad(node, names.name(key), value) for key, value in described.items())


def _standings(select: Select) -> dict[Any, tuple[Any, Any, Any]]:
    found = select("""SELECT ?claim ?tier ?result ?label WHERE {
      ?claim k2g:standing ?s . ?s k2g:testedIn ?tier ; k2g:result ?result ; rdfs:label ?label }""")
    return {row["claim"]: (row["tier"], row["result"], row["label"]) for row in found}


def _asserted(tables: Tables, vocabulary: Vocabulary, rules: Iterable[Rule], questions: Iterable[Question]) -> Iterator[_Triple]:
    yield from vocabulary.triples()
    yield from rule_triples(rules, vocabulary)
    for question in questions:
        yield from _question_triples(question, vocabulary)
    for row_type in records.TABLES:
        yield from _rows_triples(row_type, tables.of(row_type), vocabulary)
        yield from _spelled_triples(row_type, tables, vocabulary)
    yield from _study_labels(tables, vocabulary)
    yield from _interaction_labels(tables, vocabulary)


def rule_triples(rules: Iterable[Rule] | None = None, vocabulary: Vocabulary | None = None) -> Iterator[_Triple]:
    """What a graph says of rules, by default of all that there are."""
    literal = (vocabulary or Vocabulary()).literal
    for rule in read_rules() if rules is None else rules:
        node = names.ours("rule", rule.name)
        yield node, _TYPE, names.name("k2g:Rule")
        yield node, _LABEL, literal("rdfs:label", rule.name.replace("-", " "))
        yield node, names.name("skos:definition"), literal("skos:definition", rule.description)
        yield node, names.name("k2g:order"), Literal(rule.path.stem.partition("-")[0].lstrip("0"), datatype=_XSD["integer"])


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
        (column, names.name(part.property), _terms(part, info, vocabulary))
        for column, info in row_type.model_fields.items()
        for part in info.metadata
        if isinstance(part, Maps)
    ]
    class_ = names.name(row_type.type)
    for row in rows:
        node = _node(row)
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


def _node(row: records.Row) -> NamedNode:
    return names.name(row.identity) if isinstance(row, records.OrganismRow) else names.ours(row.kind, row.identity)


def _spelled_triples(row_type: type[records.Row], tables: Tables, vocabulary: Vocabulary) -> Iterator[_Triple]:
    """The word of a scheme beside its text, and what the table writes where that is another spelling."""
    for column, info in row_type.model_fields.items():
        for part in (part for part in info.metadata if isinstance(part, Spelled)):
            words = vocabulary.schemes.get(part.scheme, {})
            for row, line in tables.numbered(row_type):
                if getattr(row, column) in words:
                    yield _node(row), names.name(part.term), words[getattr(row, column)]
                if (row_type.table, line, column) in tables.written:
                    yield _node(row), names.name(part.written), Literal(tables.written[row_type.table, line, column])


def _terms(maps: Maps, info: Any, vocabulary: Vocabulary) -> Callable[[Any], Term]:
    """How the values of a column become terms of a property."""
    if maps.part:
        take, term = maps.part, vocabulary.schemes[maps.scheme].__getitem__ if maps.scheme else _literal
        return lambda value: term(take(value))
    for part in info.metadata:
        if isinstance(part, OneOf):
            return vocabulary.schemes[part.scheme].__getitem__
        if isinstance(part, Refers):
            if part.table == "organisms":
                return names.name
            kind = next(row_type.kind for row_type in records.TABLES if row_type.table == part.table)
            return partial(names.ours, kind)
    if maps.property == "dcterms:source":
        return lambda value: NamedNode(value) if value.startswith("http") else Literal(value)
    return partial(vocabulary.literal, maps.property) if maps.property in vocabulary.tagged else _literal


def _literal(value: str | int | Decimal) -> Literal:
    if isinstance(value, int):
        return Literal(str(value), datatype=_XSD["integer"])
    if isinstance(value, Decimal):
        return Literal(format(value, "f"), datatype=_XSD["decimal"])
    return Literal(value)


def _study_labels(tables: Tables, vocabulary: Vocabulary) -> Iterator[_Triple]:
    """A study is called by its first author and year, as in a reference, or by its title where no author is known."""
    for row in tables.of(records.StudyRow):
        study, author = names.ours("study", row.study), str(read_author(row.first_author)) if row.first_author else ""
        yield study, _LABEL, vocabulary.literal("rdfs:label", f"{author or row.title}, {row.year}")
        if author:
            yield study, names.name("k2g:firstAuthor"), Literal(author)


def _interaction_labels(tables: Tables, vocabulary: Vocabulary) -> Iterator[_Triple]:
    """An interaction is called by what meets in it."""
    labels = {row.entity: row.label for row in tables.of(records.EntityRow)}
    for row in tables.of(records.InteractionRow):
        label = f"{labels[row.agent]} and {labels[row.drug]} ({row.interaction})"
        yield names.ours("interaction", row.interaction), _LABEL, vocabulary.literal("rdfs:label", label)


def _question_triples(question: Question, vocabulary: Vocabulary) -> Iterator[_Triple]:
    node = names.ours("question", question.name)
    yield node, _TYPE, names.name("sh:SPARQLSelectExecutable")
    yield node, _LABEL, vocabulary.literal("rdfs:label", question.title)
    yield node, names.name("dcterms:description"), vocabulary.literal("dcterms:description", question.about)
    yield node, names.name("sh:select"), Literal(question.query)
    for parameter in question.parameters.values():
        # SHACL takes the last part of a parameter's path for the name of its variable.
        there = NamedNode(f"{node.value}#{parameter.variable}")
        yield node, names.name("sh:parameter"), there
        yield there, _TYPE, names.name("sh:Parameter")
        yield there, names.name("sh:path"), there
        yield there, names.name("sh:name"), Literal(parameter.name)
        yield there, names.name("sh:description"), vocabulary.literal("sh:description", parameter.about)
        yield there, names.name("sh:optional"), Literal(not parameter.required)


def triples_of(store: Store) -> bytes:
    """The triples of a store as N-Triples, in no settled order."""
    return store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b""


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
