"""The shapes as SPARQL: for each constraint one query that finds what fails it, on any engine, where the graph lives.

In: a file of SHACL shapes and a store. Out: a `Failure` for each result that a SHACL validator would report. What is known here is what
ontology/shapes.ttl uses of SHACL Core and of SPARQL constraints; shapes that use more are refused, never passed over.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from pyoxigraph import NamedNode

from ..errors import InputError
from ..sparql.internal import internal
from ..sparql.results import Solutions
from ..sparql.store import EmbeddedStore
from ..sparql.store import Store as AnyStore
from .failure import Failure, Way, called
from .literals import Term, as_rdflib, as_reported
from .shapes import Check, Shapes

_STATEMENT = r"\s*\?\w+(?:\s+(?:a|\w+:[\w-]+)\s+[^\s{};.]+\s*;?)+\s*"
_NOT_EXISTS = re.compile(rf"FILTER NOT EXISTS \{{({_STATEMENT})\}}(?=\s*(?:\}}|FILTER|$))")


def failures(
    file: Path, store: AnyStore, ran: Collection[NamedNode] | None = None, at_once: int | None = None, passed: AnyStore | None = None
) -> Iterator[Failure]:
    """What in a store fails the shapes of a file, in no order, and some of it twice.

    Where it is said which rules ran, what needs a property that other rules write is not asked: nothing has followed yet. The embedded
    engine answers so many queries `at_once`, by default as many as there are processors. `passed` is a graph of which this was asked and to
    which only rules have added since: what each thing of a class must have is not asked again where there are no more such things, nor
    statements by the properties that are asked for.

    Raises:
        InputError: where the shapes cannot be read, or use what is not known here.
    """
    shapes = Shapes(file, _subclasses(store))
    asked: list[tuple[str, Callable[[Solutions], Iterator[Failure]]]] = []
    missing = set() if ran is None else _not_yet_derived(store, ran)
    # What rules write was not asked for before any had run.
    changed = None if passed is None else _grown(store, passed) | _not_yet_derived(store, ())
    for shape in shapes.with_targets():
        mentioned = shapes.mentioned(shape)
        is_settled = changed is not None and changed.isdisjoint(mentioned | _things_of(shapes, shape))
        if not is_settled and missing.isdisjoint(mentioned):
            asked += [(check.query, partial(_of_check, shapes, shape, check)) for check in shapes.checks(shape)]
        for constraint in shapes.many(shape, "sparql"):
            if missing.isdisjoint(shapes.mentioned(constraint)):
                asked.append(_of_constraint(shapes, shape, constraint))
    # A server is not to be crowded by one client.
    with ThreadPoolExecutor((at_once or os.cpu_count() or 1) if isinstance(store, EmbeddedStore) else 1) as asking:
        try:
            answers = asking.map(partial(_rows, store), (query for query, _ in asked))
            for (_, read), found in zip(asked, answers, strict=True):
                yield from read(found)
        finally:
            asking.shutdown(cancel_futures=True)


def _of_check(shapes: Shapes, shape: Term, check: Check, found: Solutions) -> Iterator[Failure]:
    """What a check found, less what on a closer look does not fail it."""
    for focus, *values in found.rows:
        read = [as_rdflib(value) for value in values] if check.judge else []
        if check.judge is None or not check.judge(*read):
            yield shapes.failure(shape, check.component, focus, values[0] if values else None)


def _rows(store: AnyStore, query: str) -> Solutions:
    found = store.query(query)
    if not isinstance(found, Solutions):
        raise InputError("a check of the shapes is not a SELECT")
    return found


def _grown(store: AnyStore, passed: AnyStore) -> set[Term]:
    """The classes of which there are more things than before, and the properties of which there are more statements."""
    found: set[Term] = {None}
    for sizes in (internal("size-of-each-class"), internal("size-of-each-property")):
        before = {name: count for name, count in _rows(passed, sizes).rows}  # noqa: C416  # of rows of any length
        found |= {name for name, count in _rows(store, sizes).rows if before.get(name) != count}
    return found


def _things_of(shapes: Shapes, shape: Term) -> set[Term]:
    """The classes whose things a shape is of, with those below them; None among them where it is of other things as well."""
    kinds = shapes.many(shape, "targetClass")
    others = not kinds or any(shapes.many(shape, keyword) for keyword in ("targetNode", "targetSubjectsOf", "targetObjectsOf"))
    return {*kinds, *(below for kind in kinds for below in shapes.subclasses.get(kind, ())), *([None] if others else [])}


def _not_yet_derived(store: AnyStore, ran: Collection[NamedNode]) -> set[NamedNode]:
    """The properties that the ontology says a rule writes which did not run."""
    found = _rows(store, internal("derived-properties"))
    return {property_ for property_, rule in found.rows if isinstance(property_, NamedNode) and rule not in ran}


def _subclasses(store: AnyStore) -> dict[NamedNode, set[NamedNode]]:
    """Each class with those below it, at any remove."""
    below: dict[NamedNode, set[NamedNode]] = {}
    narrow: Term
    broad: Term
    for narrow, broad in _rows(store, internal("wider-classes")).rows:
        below.setdefault(broad, set()).add(narrow)

    def reach(found: set[NamedNode], more: set[NamedNode]) -> set[NamedNode]:
        while more := more - found:
            found |= more
            more = {narrow for broad in more for narrow in below.get(broad, ())}
        return found

    return {broad: reach(set(), narrow) for broad, narrow in below.items()}


def _of_constraint(shapes: Shapes, shape: Term, constraint: Term) -> tuple[str, Callable[[Solutions], Iterator[Failure]]]:
    """The query of a SPARQL constraint, and what it finds: each ?value, of which the message may name the other variables too."""
    select, message = shapes.one(constraint, "select"), shapes.one(constraint, "message")
    if select is None or message is None or shapes.one(shape, "message") is not None:
        raise InputError(f"{shapes.file}: {called(constraint)} needs one sh:select and one sh:message")
    head, opened, rest = select.value.partition("{")
    body, closed, tail = rest.rpartition("}")
    # A constraint of the whole graph names its focus only to hand it on. Some engines refuse a variable that nothing binds.
    head, tail = (re.sub(r"[$?]this\b", "", part) for part in (head, tail))
    # SHACL wants it of each SELECT within as well.
    body = re.sub(r"(\bSELECT(?: DISTINCT)?|\bGROUP BY) [$]this\b", r"\1", body)
    if re.search(r"[$?](this|PATH|shapesGraph|currentShape)\b", body):
        shapes.refuse(constraint, "select")

    def failing(found: Solutions) -> Iterator[Failure]:
        if "failure" in found.variables:
            shapes.refuse(constraint, "select")
        for row in found.rows:
            named = {variable: as_reported(term) for variable, term in zip(found.variables, row, strict=True) if term is not None}
            text = _filled(message.value, named)
            path = Way(named["path"]) if isinstance(named.get("path"), NamedNode) else None
            for focus in shapes.many(shape, "targetNode"):
                yield shapes.failure(shape, "SPARQL", focus, named.get("value", focus), constraint, text, path, named)

    return _prologue(shapes, constraint) + head + opened + _linear(body) + closed + tail, failing


def _prologue(shapes: Shapes, constraint: Term) -> str:
    """The prefixes that a constraint may use."""
    declared = [each for where in shapes.many(constraint, "prefixes") for each in shapes.many(where, "declare")]
    return "".join(f"PREFIX {shapes.one(each, 'prefix').value}: <{shapes.one(each, 'namespace').value}>\n" for each in declared)


def _filled(message: str, terms: dict[str, Term]) -> str:
    return re.sub(r"\{[$?](\w+)\}", lambda part: str(terms[part[1]].value) if part[1] in terms else part[0], message)


def _linear(body: str) -> str:
    """A pattern with MINUS in place of FILTER NOT EXISTS, which engines try anew for each row, where the two say the same.

    They do at the end of a group, for one statement that shares a variable with it and has no filter of its own.
    """
    return _NOT_EXISTS.sub(lambda found: f"MINUS {{{found[1]}}}", body)
