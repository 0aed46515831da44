"""Rows as triples: what the tables say, with the ontology, the rules and the questions that the graph carries."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from pyoxigraph import Literal, NamedNode

from .. import iris
from ..curation import schema
from ..curation.authors import read_author
from ..curation.fields import Maps, OneOf, Refers, Spelled
from ..curation.reader import Tables
from ..ontology import Vocabulary
from ..sparql.questions import Question
from ..sparql.rules import Rule, rule_triples

Term = NamedNode | Literal
Triple = tuple[NamedNode, NamedNode, Term]
_TYPE, _LABEL = iris.name("rdf:type"), iris.name("rdfs:label")
_XSD = {kind: iris.name(f"xsd:{kind}") for kind in ("integer", "decimal")}


def asserted_triples(tables: Tables, vocabulary: Vocabulary, rules: Iterable[Rule], questions: Iterable[Question]) -> Iterator[Triple]:
    """The ontology, the rules, the questions and the rows, before anything follows from them."""
    yield from vocabulary.triples()
    yield from rule_triples(rules, vocabulary)
    for question in questions:
        yield from _question_triples(question, vocabulary)
    for row_type in schema.TABLES:
        yield from _rows_triples(row_type, tables.of(row_type), vocabulary)
        yield from _spelled_triples(row_type, tables, vocabulary)
    yield from _study_labels(tables, vocabulary)
    yield from _interaction_labels(tables, vocabulary)


def _rows_triples(row_type: type[schema.Row], rows: Iterable[schema.Row], vocabulary: Vocabulary) -> Iterator[Triple]:
    """The triples of all rows of one class. What becomes of a column is settled once, not for every row."""
    if row_type is schema.EntityRelationRow:
        # A relation is one triple, without a node that could carry its note and source: the table keeps them.
        for row in rows:
            yield iris.ours("entity", row.entity), vocabulary.schemes["relations"][row.relation], iris.ours("entity", row.other)  # type: ignore[attr-defined]
        return
    if row_type is schema.SynthesisMemberRow:
        for row in rows:
            yield iris.ours("study", row.synthesis), iris.name("k2g:pools"), iris.ours("study", row.member)  # type: ignore[attr-defined]
        return
    columns = [
        (column, iris.name(part.property), _terms(part, info, vocabulary))
        for column, info in row_type.model_fields.items()
        for part in info.metadata
        if isinstance(part, Maps)
    ]
    class_ = iris.name(row_type.type)
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
        if isinstance(row, schema.ClaimRow) and row.context is None and row.population is None:
            yield node, iris.name("k2g:context"), iris.name("k2g:context-any")
        if isinstance(row, schema.IdentifierRow):
            match = NamedNode(vocabulary.fact("match-kinds", row.match, "k2g:matchProperty"))
            yield iris.ours("entity", row.entity), match, iris.identifier(row.identifier)
            yield node, iris.name("k2g:address"), iris.identifier(row.identifier)


def _node(row: schema.Row) -> NamedNode:
    return iris.name(row.identity) if isinstance(row, schema.OrganismRow) else iris.ours(row.kind, row.identity)


def _spelled_triples(row_type: type[schema.Row], tables: Tables, vocabulary: Vocabulary) -> Iterator[Triple]:
    """The word of a scheme beside its text, and what the table writes where that is another spelling."""
    for column, info in row_type.model_fields.items():
        for part in (part for part in info.metadata if isinstance(part, Spelled)):
            words = vocabulary.schemes.get(part.scheme, {})
            for row, line in tables.numbered(row_type):
                if getattr(row, column) in words:
                    yield _node(row), iris.name(part.term), words[getattr(row, column)]
                if (row_type.table, line, column) in tables.written:
                    yield _node(row), iris.name(part.written), Literal(tables.written[row_type.table, line, column])


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
                return iris.name
            kind = next(row_type.kind for row_type in schema.TABLES if row_type.table == part.table)
            return partial(iris.ours, kind)
    if maps.property == "dcterms:source":
        return lambda value: NamedNode(value) if value.startswith("http") else Literal(value)
    return partial(vocabulary.literal, maps.property) if maps.property in vocabulary.tagged else _literal


def _literal(value: str | int | Decimal) -> Literal:
    if isinstance(value, int):
        return Literal(str(value), datatype=_XSD["integer"])
    if isinstance(value, Decimal):
        return Literal(format(value, "f"), datatype=_XSD["decimal"])
    return Literal(value)


def _study_labels(tables: Tables, vocabulary: Vocabulary) -> Iterator[Triple]:
    """A study is called by its first author and year, as in a reference, or by its title where no author is known."""
    for row in tables.of(schema.StudyRow):
        study, author = iris.ours("study", row.study), str(read_author(row.first_author)) if row.first_author else ""
        yield study, _LABEL, vocabulary.literal("rdfs:label", f"{author or row.title}, {row.year}")
        if author:
            yield study, iris.name("k2g:firstAuthor"), Literal(author)


def _interaction_labels(tables: Tables, vocabulary: Vocabulary) -> Iterator[Triple]:
    """An interaction is called by what meets in it."""
    labels = {row.entity: row.label for row in tables.of(schema.EntityRow)}
    for row in tables.of(schema.InteractionRow):
        label = f"{labels[row.agent]} and {labels[row.drug]} ({row.interaction})"
        yield iris.ours("interaction", row.interaction), _LABEL, vocabulary.literal("rdfs:label", label)


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
