"""The shapes judged by pySHACL, the reference, on the engine that holds the graph: slow, and what our own queries are compared with."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode
from pyoxigraph import Store as Engine

from ..errors import InputError
from .failure import Failure, Way


def found_by_pyshacl(engine: Engine, shapes: Path) -> Iterator[Failure]:
    """What pySHACL finds wrong with a graph.

    Raises:
        InputError: where the shapes cannot be read, or the graph holds what pySHACL cannot judge.
    """
    import pyshacl
    import rdflib
    from pyshacl.graph_abstraction import OxigraphDataGraph

    class Data(OxigraphDataGraph):
        """The graph in the engine that holds it: constraints in SPARQL run there, a hundred times as fast as in rdflib."""

        def __bool__(self) -> bool:
            # pySHACL asks this for every result; without it, the whole graph would be counted each time.
            return True

        def objects(self, subject: Any = None, *asked: Any, **how: Any) -> Any:
            # A literal has no properties; the backend cannot be asked for them.
            return iter(()) if isinstance(subject, rdflib.Literal) else super().objects(subject, *asked, **how)

    try:
        shapes_graph = rdflib.Graph().parse(data=shapes.read_text(encoding="utf-8"), format="turtle")
    except OSError as error:
        raise InputError(f"{shapes}: cannot be read: {error.strerror or error}") from error
    except (SyntaxError, ValueError) as error:
        raise InputError(f"{shapes}: not valid Turtle: {error}") from error
    try:
        with quiet():
            _, found, text = pyshacl.validate(
                Data(engine), shacl_graph=shapes_graph, inference="none", do_owl_imports=False, advanced=False, js=False
            )
    except (TypeError, ArithmeticError, re.error) as error:
        # Of two values that cannot be compared, and of a backslash that a message would hold, it makes a fault of its own.
        raise InputError(f"pySHACL cannot judge what is in this graph ({error}); validate without --engine pyshacl") from error
    if not isinstance(found, rdflib.Graph):
        raise InputError(f"{shapes}: {text}")
    return _failures(found)


def _failures(found: Any) -> Iterator[Failure]:
    """The results of a report in rdflib."""
    from rdflib import SH

    # What a value fails inside a shape that it is held against is a detail of its result, not a result.
    for node in found.objects(None, SH.result):

        def part(name: str, node: Any = node) -> Any:
            return _term(found.value(node, SH[name]))

        yield Failure(
            severity=part("resultSeverity").value.rpartition("#")[2].lower(),
            message=part("resultMessage").value if part("resultMessage") is not None else "",
            focus=part("focusNode"),
            path=_way(found, found.value(node, SH.resultPath)),
            value=part("value"),
            shape=part("sourceShape"),
            constraint=part("sourceConstraint"),
            component=part("sourceConstraintComponent"),
        )


def _way(found: Any, node: Any) -> Way | None:
    """The path of a result. Of the paths that are more than a property, the shapes lead results through the inverse only."""
    from rdflib import SH, BNode

    if not isinstance(node, BNode):
        return None if node is None else Way(NamedNode(str(node)))
    inverse = found.value(node, SH.inversePath)
    return None if inverse is None else Way(NamedNode(str(inverse)), inverse=True)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep rdflib from logging what the report says in words."""
    # rdflib logs a traceback for each literal that is not of its datatype; the report says the same in words.
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _term(term: Any) -> Any:
    from rdflib import BNode
    from rdflib import Literal as RdflibLiteral

    if term is None:
        return None
    if isinstance(term, RdflibLiteral):
        if term.language:
            return Literal(str(term), language=term.language)
        return Literal(str(term), datatype=NamedNode(str(term.datatype))) if term.datatype else Literal(str(term))
    return BlankNode(str(term)) if isinstance(term, BNode) else NamedNode(str(term))
