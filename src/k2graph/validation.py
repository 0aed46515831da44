"""Hold a graph against the SHACL shapes, and report for people, for programs and as SHACL.

In: a store and ontology/shapes.ttl. Out: a `Report`. What a record must be is said in the shapes; this module runs pySHACL on
the engine that holds the graph and puts its results in order. Nothing is fetched, whatever the graph says: no imports, no
scripts, and no shapes but those of the file named.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from . import names, resources
from .faults import InputError
from .store import EmbeddedStore
from .vocabulary import Vocabulary

ONTOLOGY = NamedNode(names.BASE + "ontology")
_SHAPE = names.BASE + "shape/"
_TYPE = names.name("rdf:type")
_PROPERTIES = ("focusNode", "value", "resultSeverity", "sourceConstraint", "sourceConstraintComponent", "sourceShape", "resultMessage")
_Row = tuple[tuple[Any, ...], "Result", list[tuple[NamedNode, Any]]]
_MOST = 10
#: Worst first.
SEVERITIES = ("violation", "warning", "info")


@dataclass(frozen=True)
class Result:
    """One thing that is not as the shapes want it. IRIs are compact names; what is not there is empty."""

    severity: str
    message: str
    focus: str
    path: str
    value: str
    shape: str

    @property
    def thing(self) -> str:
        """What to mend: the value where the whole graph was asked, else the focus."""
        return self.value if self.focus == ONTOLOGY.value else self.focus


@dataclass(frozen=True)
class Report:
    """What validation found: worst first, then by shape, thing, path and value."""

    results: tuple[Result, ...]
    triples: tuple[Triple, ...] = field(repr=False)

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings are for the curator."""
        return not any(result.severity == "violation" for result in self.results)

    def counts(self) -> dict[str, int]:
        """How many results there are of each severity."""
        return {severity: sum(result.severity == severity for result in self.results) for severity in SEVERITIES}

    def to_text(self) -> str:
        """For people: the counts, then what to do, each with the things concerned."""
        counts = self.counts()
        said = [f"{count} {severity}{'' if count == 1 else 's'}" for severity, count in counts.items() if count or severity != "info"]
        lines = [("The graph conforms: " if self.conforms else "The graph does not conform: ") + ", ".join(said) + "."]
        for severity in SEVERITIES:
            if counts[severity]:
                lines += ["", f"{severity.capitalize()}s"]
            for shape in dict.fromkeys(result.shape for result in self.results if result.severity == severity):
                lines += ["", *_group([result for result in self.results if (result.severity, result.shape) == (severity, shape)])]
        return "\n".join(lines) + "\n"

    def to_json(self) -> str:
        """A JSON object with `conforms`, the counts and the `results`."""
        content = {"conforms": self.conforms, "counts": self.counts(), "results": [asdict(result) for result in self.results]}
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"

    def to_turtle(self) -> bytes:
        """The SHACL validation report, with an address for each result, the same bytes for the same results."""
        # The library gives None only where it writes to a file itself.
        return serialize(self.triples, format=RdfFormat.TURTLE, prefixes={**names.PREFIXES, "shape": _SHAPE}) or b""


def _group(results: list[Result]) -> Iterator[str]:
    shape = results[0].shape
    if results[0].focus != ONTOLOGY.value:
        yield f"  {results[0].message} [{shape}: {len(results)}]"
        lines = [result.thing + (f" ({result.path} {result.value})" if result.path and result.value else "") for result in results]
    else:
        # Where the whole graph was asked, each message names what it is about.
        yield f"  [{shape}: {len(results)}]"
        lines = [result.message for result in results]
    yield from (f"    {line}" for line in lines[:_MOST])
    if len(lines) > _MOST:
        yield f"    ... and {len(lines) - _MOST} more"


def validate(store: EmbeddedStore, shapes: Path = resources.SHAPES) -> Report:
    """Hold a graph against shapes.

    A file that does not carry the ontology, such as somebody's own findings, is checked together with it.

    Raises:
        InputError: where the shapes cannot be read, or the graph holds what SHACL has no word for.
    """
    import pyshacl
    import rdflib
    from pyshacl.graph_abstraction import OxigraphDataGraph

    class Data(OxigraphDataGraph):
        """The graph in the engine that holds it: constraints in SPARQL run there, a hundred times as fast as in rdflib."""

        def __bool__(self) -> bool:
            # pySHACL asks this for every result; without it, the whole graph would be counted each time.
            return True

    try:
        shapes_graph = rdflib.Graph().parse(data=shapes.read_text(encoding="utf-8"), format="turtle")
    except OSError as error:
        raise InputError(f"{shapes}: cannot be read: {error.strerror or error}") from error
    except (SyntaxError, ValueError) as error:
        raise InputError(f"{shapes}: not valid Turtle: {error}") from error
    with _quiet():
        _, found, text = pyshacl.validate(
            Data(_with_ontology(store)), shacl_graph=shapes_graph, inference="none", do_owl_imports=False, advanced=False, js=False
        )
    if not isinstance(found, rdflib.Graph):
        raise InputError(f"{shapes}: {text}")
    return _report(found)


@contextmanager
def _quiet() -> Iterator[None]:
    # rdflib logs a traceback for each literal that is not of its datatype; the report says the same in words.
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _with_ontology(store: EmbeddedStore) -> Store:
    if any(isinstance(triple.object, Triple) for triple in store):
        raise InputError(f"{store.path}: holds triple terms (RDF 1.2), which SHACL cannot check; write claims as nodes")
    if any(store.engine.quads_for_pattern(ONTOLOGY, _TYPE, names.name("owl:Ontology"))):
        return store.engine
    together = Store()
    together.bulk_extend(Quad(*triple) for triple in store)
    together.bulk_extend(Quad(*triple) for triple in Vocabulary().triples())
    return together


def _report(found: Any) -> Report:
    from rdflib import SH

    rows: list[_Row] = []
    paths: dict[str, list[Triple]] = {}
    # What a value fails inside a shape that it is held against is a detail of its result, not a result.
    for node in found.objects(None, SH.result):
        path, path_text = _path(found, found.value(node, SH.resultPath), paths)
        shape = found.value(node, SH.sourceConstraint) or found.value(node, SH.sourceShape)
        message = str(found.value(node, SH.resultMessage) or "")
        focus, value = found.value(node, SH.focusNode), found.value(node, SH.value)
        severity = str(found.value(node, SH.resultSeverity)).rpartition("#")[2].lower()
        result = Result(severity, _compact_text(message), _compact(focus), path_text, _compact(value), _compact(shape))
        properties = [
            (names.name(f"sh:{name}"), _term(found.value(node, SH[name])))
            for name in _PROPERTIES
            if found.value(node, SH[name]) is not None
        ]
        properties += [(names.name("sh:resultPath"), path)] if path is not None else []
        rank = SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
        component = str(found.value(node, SH.sourceConstraintComponent))
        rows.append(((rank, result.shape, result.thing, result.path, result.value, result.message, component), result, properties))
    rows.sort(key=lambda row: row[0])
    results = tuple(dict.fromkeys(result for _, result, _ in rows))
    return Report(results, tuple(_triples(rows, paths)))


def _triples(rows: list[_Row], paths: dict[str, list[Triple]]) -> Iterator[Triple]:
    report = NamedNode(f"{names.BASE}report/")
    nodes = {NamedNode(report.value + sha256(repr(key).encode()).hexdigest()[:16]): properties for key, _, properties in rows}
    # As SHACL has it, any result at all, a warning too, makes this false.
    conforms = not rows
    yield Triple(report, _TYPE, names.name("sh:ValidationReport"))
    yield Triple(report, names.name("sh:conforms"), Literal(conforms))
    for node in nodes:
        yield Triple(report, names.name("sh:result"), node)
    for node, properties in nodes.items():
        yield Triple(node, _TYPE, names.name("sh:ValidationResult"))
        for property_name, value in properties:
            yield Triple(node, property_name, value)
    for name in sorted(paths):
        yield from paths[name]


def _path(found: Any, node: Any, paths: dict[str, list[Triple]]) -> tuple[Any, str]:
    """A path and how it reads. Of the paths that are more than a property, the shapes lead results through the inverse only."""
    from rdflib import SH, BNode

    if not isinstance(node, BNode):
        return (None, "") if node is None else (NamedNode(str(node)), _compact(node))
    inverse = found.value(node, SH.inversePath)
    if inverse is None:
        return None, ""
    # SHACL writes such a path as a blank node; its name here is the same each time.
    named = BlankNode("inverse-" + re.sub(r"\W", "-", names.short(str(inverse))))
    paths[named.value] = [Triple(named, names.name("sh:inversePath"), NamedNode(str(inverse)))]
    return named, f"^{_compact(inverse)}"


def _term(term: Any) -> Any:
    from rdflib import BNode
    from rdflib import Literal as RdflibLiteral

    if isinstance(term, RdflibLiteral):
        if term.language:
            return Literal(str(term), language=term.language)
        return Literal(str(term), datatype=NamedNode(str(term.datatype))) if term.datatype else Literal(str(term))
    return BlankNode(str(term)) if isinstance(term, BNode) else NamedNode(str(term))


def _compact(term: Any) -> str:
    if term is None:
        return ""
    text = str(term)
    return f"shape:{text.removeprefix(_SHAPE)}" if text.startswith(_SHAPE) else names.short(text)


def _compact_text(message: str) -> str:
    """A message with its addresses in compact form; the punctuation that follows one is no part of it."""
    return re.sub(r"https?://[^\s<>\"]*[^\s<>\".,:;)]", lambda match: _compact(match[0]), message)
