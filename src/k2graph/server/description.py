"""What a server says of itself: the service and its data in SPARQL 1.1 Service Description and VoID, the questions in OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from .. import __version__, names
from ..datasets import DEFAULT, Dataset
from ..graph import Graph
from ..questions import Parameter, Question, read_questions
from . import media

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_DATASET = names.BASE.removesuffix("/")
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_GRAPHS = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads")


@dataclass(frozen=True)
class Description:
    """What is counted once, when the server starts."""

    triple_count: int
    #: Of the default graph alone.
    default_count: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    questions: Sequence[Question]
    #: Graphs with a name, and the triples of each.
    graphs: Mapping[str, int]
    #: Whether the default graph is the union of the named ones.
    union: bool

    @classmethod
    def of(cls, graph: Graph) -> Description:
        """The description of a graph in a file."""
        store: Any = graph.store  # a file's
        dataset: Dataset = store.dataset
        named = {name: dataset.size(name) for name in (*dataset.own_names[:1], *dataset.names()[1:])}

        def counted(pattern: str) -> dict[str, int]:
            rows = graph.query(f"SELECT ?of (COUNT(*) AS ?count) WHERE {{ {pattern} }} GROUP BY ?of ORDER BY ?of", whole=True)
            terms = getattr(rows, "terms", ())
            return {of.value: int(number.value) for of, number in terms if isinstance(of, NamedNode)}

        return cls(
            len(store.engine), dataset.size(DEFAULT), counted("?s a ?of"), counted("?s ?of ?o"), read_questions(), named, dataset.is_union
        )

    @property
    def queries(self) -> dict[str, str]:
        """Each question's query."""
        return {question.name: question.query for question in self.questions}

    def triples(self, address: str) -> list[Triple]:
        """The description of the service at an address, which ends with a slash, and of what it holds.

        Raises:
            ValueError: where the address is none.
        """
        endpoint = address + "sparql"
        service, dataset, graph = NamedNode(endpoint), NamedNode(_DATASET), BlankNode("graph")
        said = [
            *_said(service, "rdf:type", _SD + "Service"),
            *_said(service, _SD + "endpoint", endpoint),
            *_said(service, _SD + "supportedLanguage", _SD + "SPARQL11Query"),
            *_said(service, _SD + "resultFormat", *(_FORMATS + each for each in (*_RESULTS, *_GRAPHS))),
            *_said(service, _SD + "defaultDataset", _DATASET),
            *_said(dataset, "rdf:type", _SD + "Dataset", _VOID + "Dataset"),
            *_said(dataset, _VOID + "sparqlEndpoint", endpoint),
            *_said(dataset, _VOID + "dataDump", f"{address}store?default"),
            *_said(dataset, "dcterms:license", "https://creativecommons.org/licenses/by/4.0/"),
            *_said(dataset, _VOID + "vocabulary", names.PREFIXES["k2g"]),
            Triple(dataset, _node("dcterms:title"), Literal("k2graph", language="en")),
            Triple(dataset, _node(_VOID + "uriSpace"), Literal(names.BASE)),
            Triple(dataset, _node(_SD + "defaultGraph"), graph),
            *_said(graph, "rdf:type", _SD + "Graph"),
        ]
        for node, held in ((dataset, self.triple_count), (graph, self.default_count)):
            said.append(Triple(node, _node(_VOID + "triples"), _number(held)))
        if self.union:
            said += _said(service, _SD + "feature", _SD + "UnionDefaultGraph")
        for number, (name, size) in enumerate(self.graphs.items()):
            named, content = BlankNode(f"named{number}"), BlankNode(f"content{number}")
            said += [
                Triple(dataset, _node(_SD + "namedGraph"), named),
                *_said(named, "rdf:type", _SD + "NamedGraph"),
                *_said(named, _SD + "name", name),
                Triple(named, _node(_SD + "graph"), content),
                *_said(content, "rdf:type", _SD + "Graph"),
                Triple(content, _node(_VOID + "triples"), _number(size)),
            ]
        for kind, counts, count in (("class", self.classes, "entities"), ("property", self.properties, "triples")):
            for number, (of, size) in enumerate(counts.items()):
                part = BlankNode(f"{kind}{number}")
                said.append(Triple(dataset, _node(f"{_VOID}{kind}Partition"), part))
                said.append(Triple(part, _node(_VOID + kind), NamedNode(of)))
                said.append(Triple(part, _node(_VOID + count), _number(size)))
        return said

    def openapi(self, base: str) -> dict[str, Any]:
        """The interface in OpenAPI 3.1, its questions from their heads."""
        text = {"schema": {"type": "string"}}
        query = {"name": "query", "in": "query", "description": "a SPARQL 1.1 query", **text}
        answers = {kind: dict(text) for kind in dict.fromkeys(each for offers in media.OFFERS.values() for each in offers)}
        sparql = {
            "summary": "The SPARQL 1.1 Protocol; without a query, the description of the service",
            "operationId": "sparql",
            "parameters": [query, *(_graphs(name) for name in ("default-graph-uri", "named-graph-uri"))],
            "responses": {"200": {"description": "the answer", "content": answers}, **_ERRORS},
        }
        listed = {
            "summary": "The questions",
            "operationId": "questions",
            "responses": {
                "200": {"description": "each with its parameters", "content": {"application/json": {"schema": {"type": "array"}}}}
            },
        }
        paths = {f"/questions/{question.name}": {"get": _operation(question)} for question in self.questions}
        return {
            "openapi": "3.1.0",
            "info": {
                "title": "k2graph",
                "version": __version__,
                "summary": "Nutrient mechanisms, with the evidence for every step",
                "license": {"name": "CC BY 4.0 (data)", "identifier": "CC-BY-4.0"},
            },
            "servers": [{"url": base or "/"}],
            "paths": {"/sparql": {"get": sparql}, "/questions": {"get": listed}, **paths},
            "components": {
                "schemas": {"Error": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}},
            },
        }

    def listed(self) -> list[dict[str, Any]]:
        """The questions as the list of them says."""
        return [
            {
                "name": question.name,
                "title": question.title,
                "description": question.description.strip(),
                "leaves_out": question.leaves_out,
                "columns": dict(question.columns),
                "parameters": [
                    {"name": each.name, "about": each.about, "type": each.type, "example": each.example, "has_default": each.required}
                    for each in question.parameters.values()
                ],
            }
            for question in self.questions
        ]


_ERRORS = {
    status: {"description": meaning, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    for status, meaning in (
        ("400", "what is wrong with the request"),
        ("406", "no such form"),
        ("422", "more rows than are sent"),
        ("429", "more queries than one client may have under way"),
        ("500", "the engine failed"),
        ("503", "too long, or too busy"),
    )
}


def _graphs(name: str) -> dict[str, Any]:
    said = "names of graphs, in the place of what the query says with FROM"
    return {"name": name, "in": "query", "description": said, "schema": {"type": "array", "items": {"type": "string", "format": "iri"}}}


def _operation(question: Question) -> dict[str, Any]:
    form = {
        "name": "format",
        "in": "query",
        "description": "the form of the answer, in the place of Accept",
        "schema": {"type": "string", "enum": list(media.ANSWERS)},
    }
    row = {"type": "object", "properties": {column: {"description": meaning} for column, meaning in question.columns.items()}}
    answer = {
        "type": "object",
        "required": ["columns", "rows"],
        "properties": {"columns": {"type": "array", "items": {"type": "string"}}, "rows": {"type": "array", "items": row}},
    }
    content: dict[str, Any] = {media_type: {"schema": {"type": "string"}} for media_type in media.ANSWERS.values()}
    content["application/json"] = {"schema": answer}
    return {
        "summary": question.title,
        "description": f"{question.description.strip()}\n\nLeaves out: {question.leaves_out}",
        "operationId": question.name,
        "parameters": [*map(_parameter, question.parameters.values()), form],
        "responses": {"200": {"description": "the answer", "content": content}, **_ERRORS},
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer", "minimum": 0} if parameter.type == "integer" else {"type": "string"}
    if parameter.required:
        schema["default"] = parameter.example
    return {"name": parameter.name, "in": "query", "description": parameter.about, "example": parameter.example, "schema": schema}


def _said(subject: NamedNode | BlankNode, predicate: str, *objects: str) -> list[Triple]:
    return [Triple(subject, _node(predicate), _node(each)) for each in objects]


def _node(called: str) -> NamedNode:
    prefix, _, _ = called.partition(":")
    return names.name(called) if prefix in names.PREFIXES else NamedNode(called)


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=names.name("xsd:integer"))
