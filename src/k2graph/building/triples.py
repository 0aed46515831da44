"""Rows as triples: what the tables say, with the ontology, the rules and the questions that the graph carries."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from .. import iris
from ..curation.authors import read_author
from ..curation.forms import amount
from ..curation.schema import Row, schema
from ..curation.statements import Term, address, statements
from ..curation.tables import Tables
from ..ontology import Vocabulary
from ..sparql.questions import Question
from ..sparql.rules import Rule, rule_triples

Triple = tuple[NamedNode, NamedNode, Term]
_TYPE, _LABEL = iris.name("rdf:type"), iris.name("rdfs:label")


def asserted_triples(tables: Tables, vocabulary: Vocabulary, rules: Iterable[Rule], questions: Iterable[Question]) -> Iterator[Triple]:
    """The ontology, the rules, the questions and the rows, before anything follows from them."""
    yield from vocabulary.triples()
    yield from rule_triples(rules, vocabulary)
    for question in questions:
        yield from _question_triples(question, vocabulary)
    for table in schema():
        for statement in statements(table, tables, vocabulary):
            yield statement[2:]
    yield from _parts_of_packs(tables)
    yield from _report_labels(tables, vocabulary)
    yield from _arm_labels(tables, vocabulary)
    yield from _interaction_labels(tables, vocabulary)


#: The tables of what answers name, and of what was looked for up to the date of a pack.
_NAMED = ("entities", "reports", "studies", "findings", "claims", "mechanisms", "interactions", "searches")


def _parts_of_packs(tables: Tables) -> Iterator[Triple]:
    """Of which pack a thing is, where there are several; of each, where several say the same of it."""
    if len(tables.packs) < 2:
        return
    part_of = iris.name("dcterms:isPartOf")
    for table in _NAMED:
        for row, line in tables.numbered(table):
            for pack in (tables.part(table, line).pack, *tables.alike.get((table, line), ())):
                if pack.description.address:
                    yield address(row), part_of, NamedNode(pack.description.address)


def _report_labels(tables: Tables, vocabulary: Vocabulary) -> Iterator[Triple]:
    """A report is called by its first author and year, as in a reference, or by its title where no author is known."""
    for row in tables.rows["reports"]:
        called = str(read_author(row["first_author"])) if row["first_author"] else row["title"]
        yield address(row), _LABEL, vocabulary.literal("rdfs:label", f"{called}, {row['year']}")


def _arm_labels(tables: Tables, vocabulary: Vocabulary) -> Iterator[Triple]:
    """An arm is called by its study and what it got: its own words, or forms and dose, or the kind of comparison; and after what."""
    entities = {row["entity"]: row["label"] for row in tables.rows["entities"]}
    studies = {row["study"]: row["label"] for row in tables.rows["studies"]}
    arms = {row["arm"]: row for row in tables.rows["arms"]}

    def dose(row: Row) -> str:
        number = amount(row["dose"], row["dose_unit"]) if row["dose"] is not None else ""
        return f"{number} {_called('dose-intervals', row['per'], vocabulary)}".strip() if number else ""

    for row in tables.rows["arms"]:
        given = ", ".join(filter(None, [" and ".join(entities[form] for form in row["forms"]), dose(row)]))
        got = row["label"] or given or _called("comparators", row["comparator_kind"], vocabulary) or row.identity
        before = arms.get(row["after"])
        got += f", after {before['label'] or dose(before) or before.identity}" if before else ""
        yield address(row), _LABEL, vocabulary.literal("rdfs:label", f"{studies[row['study']]}: {got}")


def _called(scheme: str, notation: str | None, vocabulary: Vocabulary) -> str:
    """What people call a word of a scheme; nothing where there is none."""
    return vocabulary.text(vocabulary.schemes[scheme][notation], "rdfs:label") if notation else ""


def _interaction_labels(tables: Tables, vocabulary: Vocabulary) -> Iterator[Triple]:
    """An interaction is called by what meets in it."""
    labels = {row["entity"]: row["label"] for row in tables.rows["entities"]}
    for row in tables.rows["interactions"]:
        label = f"{labels[row['agent']]} and {labels[row['drug']]} ({row.identity})"
        yield address(row), _LABEL, vocabulary.literal("rdfs:label", label)


def _question_triples(question: Question, vocabulary: Vocabulary) -> Iterator[Triple]:
    node = iris.ours("question", question.name)
    yield node, _TYPE, iris.name("sh:SPARQLSelectExecutable")
    yield node, _LABEL, vocabulary.literal("rdfs:label", question.title)
    yield node, iris.name("dcterms:description"), vocabulary.literal("dcterms:description", question.about)
    yield node, iris.name("sh:select"), Literal(question.query)
    for parameter in question.parameters.values():
        # SHACL takes the last part of a parameter's path for the name of its variable.
        there = NamedNode(f"{node.value}#{parameter.variable}")
        yield node, iris.name("sh:parameter"), there
        yield there, _TYPE, iris.name("sh:Parameter")
        yield there, iris.name("sh:path"), there
        yield there, iris.name("sh:name"), Literal(parameter.name)
        yield there, iris.name("sh:description"), vocabulary.literal("sh:description", parameter.about)
        yield there, iris.name("sh:optional"), Literal(not parameter.required)
