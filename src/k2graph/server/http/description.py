"""What a server says of itself: the service and its data in SPARQL 1.1 Service Description and VoID, and the list of questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from ... import iris
from ...graph import Graph
from ...sparql.examples import example, query_shown
from ...sparql.internal import internal
from ...sparql.named_graphs import DEFAULT, Dataset
from ...sparql.questions import Question, read_questions
from ..pages import has_ours, start_page

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
#: What graphs of ours are called; other files by the name that they give themselves, or by none.
_DATASET = iris.BASE.removesuffix("/")
_DC = "http://purl.org/dc/elements/1.1/"
#: What in a file speaks of the file itself, a data set before an ontology, and what of that is passed on.
_THEMSELVES = (
    _VOID + "Dataset",
    "http://www.w3.org/ns/dcat#Dataset",
    "http://schema.org/Dataset",
    "https://schema.org/Dataset",
    "owl:Ontology",
)
_TITLES = ("dcterms:title", _DC + "title", "rdfs:label", "http://schema.org/name", "https://schema.org/name")
_LICENCES = (
    "dcterms:license", "http://creativecommons.org/ns#license", _DC + "license", "http://schema.org/license", "https://schema.org/license"
)  # fmt: skip
_SAYINGS = (
    *_TITLES, *_LICENCES, "dcterms:description", _DC + "description", "rdfs:comment", "dcterms:rights", _DC + "rights", "dcterms:creator",
    _DC + "creator", "dcterms:publisher", "dcterms:issued", "dcterms:modified", "owl:versionInfo", "owl:versionIRI",
)  # fmt: skip
#: The vocabulary stands in every graph of ours, and speaks of itself and not of their data.
_VOCABULARY = NamedNode(iris.BASE + "ontology")
_MOST_THEMSELVES = 20
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
    #: None where there is nothing of ours, which is what they ask about.
    questions: Sequence[Question]
    #: Of each question, values of its parameters that the graph knows.
    examples: Mapping[str, Mapping[str, str]]
    #: Each question's query, its examples those of the graph.
    queries: Mapping[str, str]
    #: Graphs with a name, and the triples of each.
    graphs: Mapping[str, int]
    #: Whether the default graph is the union of the named ones.
    union: bool
    #: What the file says of itself.
    about_itself: Sequence[Triple] = ()
    #: With what the addresses of things begin, which are answered here under what follows.
    bases: Sequence[str] = (iris.BASE,)

    @classmethod
    def of(cls, graph: Graph) -> Description:
        """The description of a graph in a file."""
        store: Any = graph.store  # a file's
        dataset: Dataset = store.dataset
        named = {name: dataset.size(name) for name in (*dataset.own_names[:1], *dataset.names()[1:])}

        def counted(query: str) -> dict[str, int]:
            terms = getattr(graph.query(query, whole=True), "terms", ())
            return {of.value: int(number.value) for of, number in terms if isinstance(of, NamedNode)}

        classes = counted(internal("size-of-each-class"))
        questions = read_questions() if has_ours(classes) else []
        examples = {question.name: example(graph, question) for question in questions}
        return cls(
            triple_count=len(store.engine),
            default_count=dataset.size(DEFAULT),
            classes=classes,
            properties=counted(internal("size-of-each-property")),
            questions=questions,
            examples=examples,
            queries={question.name: query_shown(graph, question, examples[question.name]) for question in questions},
            graphs=named,
            union=dataset.is_union,
            about_itself=list(_about_itself(store.engine)),
            bases=graph.bases,
        )

    @property
    def plain(self) -> bool:
        """Whether there is nothing of ours."""
        return not has_ours(self.classes)

    @property
    def name(self) -> NamedNode | None:
        """What the file calls what is in it: its data set, or else its ontology, if there is one alone."""
        for kind in _THEMSELVES:
            subjects = {
                triple.subject for triple in self.about_itself if triple.predicate == _node("rdf:type") and triple.object == _node(kind)
            }
            own = subjects - {_VOCABULARY}
            if own:
                only = own.pop()
                return only if not own and isinstance(only, NamedNode) else None
        return None

    @property
    def title(self) -> str:
        """The title that the file gives itself; an empty text for none."""
        return next(iter(self._own(_TITLES)), "")

    @property
    def licence(self) -> str:
        """The licence that the file says it has; an empty text where it says none, or more than one."""
        licences = self._own(_LICENCES)
        return licences[0] if len(set(licences)) == 1 else ""

    def _own(self, properties: Sequence[str]) -> list[str]:
        """What the file says of itself by some properties, the first of them first, English before other languages."""
        wanted = [_node(each) for each in properties]
        triples = [triple for triple in self.about_itself if triple.subject == self.name and triple.predicate in wanted]

        def place(triple: Triple) -> tuple[int, bool, str]:
            language = getattr(triple.object, "language", None)
            return wanted.index(triple.predicate), language not in (None, "en"), str(triple.object)

        return [getattr(triple.object, "value", "") for triple in sorted(triples, key=place)]

    def start_page(self) -> bytes:
        """The first page of a graph of which no site can be made."""
        return start_page(self.title, self.triple_count, self.about_itself, self.classes, self.properties)

    def triples(self, address: str) -> list[Triple]:
        """The description of the service at an address, which ends with a slash, and of what it holds.

        Raises:
            ValueError: where the address is none.
        """
        endpoint = address + "sparql"
        service, graph = NamedNode(endpoint), BlankNode("graph")
        dataset = self.name or (BlankNode("dataset") if self.plain else NamedNode(_DATASET))
        triples = [
            *_links(service, "rdf:type", _SD + "Service"),
            *_links(service, _SD + "endpoint", endpoint),
            *_links(service, _SD + "supportedLanguage", _SD + "SPARQL11Query"),
            *_links(service, _SD + "resultFormat", *(_FORMATS + each for each in (*_RESULTS, *_GRAPHS))),
            Triple(service, _node(_SD + "defaultDataset"), dataset),
            *_links(dataset, "rdf:type", _SD + "Dataset", _VOID + "Dataset"),
            *_links(dataset, _VOID + "sparqlEndpoint", endpoint),
            *_links(dataset, _VOID + "dataDump", f"{address}store?default"),
            *self.about_itself,
            Triple(dataset, _node(_SD + "defaultGraph"), graph),
            *_links(graph, "rdf:type", _SD + "Graph"),
        ]
        if not self.plain:
            triples += _links(dataset, _VOID + "vocabulary", iris.PREFIXES["k2g"])
            triples.append(Triple(dataset, _node(_VOID + "uriSpace"), Literal(iris.BASE)))
        for node, held in ((dataset, self.triple_count), (graph, self.default_count)):
            triples.append(Triple(node, _node(_VOID + "triples"), _number(held)))
        if self.union:
            triples += _links(service, _SD + "feature", _SD + "UnionDefaultGraph")
        for number, (name, size) in enumerate(self.graphs.items()):
            named, content = BlankNode(f"named{number}"), BlankNode(f"content{number}")
            triples += [
                Triple(dataset, _node(_SD + "namedGraph"), named),
                *_links(named, "rdf:type", _SD + "NamedGraph"),
                *_links(named, _SD + "name", name),
                Triple(named, _node(_SD + "graph"), content),
                *_links(content, "rdf:type", _SD + "Graph"),
                Triple(content, _node(_VOID + "triples"), _number(size)),
            ]
        for kind, counts, count in (("class", self.classes, "entities"), ("property", self.properties, "triples")):
            for number, (of, size) in enumerate(counts.items()):
                part = BlankNode(f"{kind}{number}")
                triples.append(Triple(dataset, _node(f"{_VOID}{kind}Partition"), part))
                triples.append(Triple(part, _node(_VOID + kind), NamedNode(of)))
                triples.append(Triple(part, _node(_VOID + count), _number(size)))
        return list(dict.fromkeys(triples))

    def listed(self) -> list[dict[str, Any]]:
        """The questions as the list of them says."""
        return [
            {
                "name": question.name,
                "title": question.title,
                "description": question.about.strip(),
                "leaves_out": question.leaves_out,
                "columns": dict(question.columns),
                "parameters": [
                    {
                        "name": each.name,
                        "about": each.about,
                        "type": each.type,
                        "required": each.required,
                        "example": self.examples[question.name].get(each.name),
                    }
                    for each in question.parameters.values()
                ],
            }
            for question in self.questions
        ]


def _about_itself(engine: Store) -> Iterator[Triple]:
    """What the default graph says of data sets and ontologies. Where there are many it is a catalogue, and not about itself."""
    kinds = [
        Triple(quad.subject, quad.predicate, quad.object) for each in _THEMSELVES for quad in _quads(engine, None, "rdf:type", _node(each))
    ]
    nodes = sorted({kind.subject for kind in kinds if isinstance(kind.subject, NamedNode)}, key=str)
    if len(nodes) > _MOST_THEMSELVES:
        return
    yield from (kind for kind in kinds if kind.subject in nodes)
    for node in nodes:
        for predicate in _SAYINGS:
            for quad in sorted(_quads(engine, node, predicate, None), key=str):
                if not isinstance(quad.object, BlankNode):
                    yield quad.triple


def _quads(engine: Store, subject: Any, predicate: str, value: Any) -> Iterator[Quad]:
    return iter(engine.quads_for_pattern(subject, _node(predicate), value, DefaultGraph()))


def _links(subject: NamedNode | BlankNode, predicate: str, *objects: str) -> list[Triple]:
    return [Triple(subject, _node(predicate), _node(each)) for each in objects]


def _node(called: str) -> NamedNode:
    prefix, _, _ = called.partition(":")
    return iris.name(called) if prefix in iris.PREFIXES else NamedNode(called)


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=iris.name("xsd:integer"))
