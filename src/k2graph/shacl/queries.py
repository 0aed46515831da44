"""The shapes as SPARQL: for each constraint one query that finds what fails it, on any engine, where the graph lives.

In: a file of SHACL shapes and a store. Out: a `Failure` for each result that a SHACL validator would report. What is known here is what
ontology/shapes.ttl uses of SHACL Core and of SPARQL constraints; shapes that use more are refused, never passed over.

Whether a literal is ill-typed, matches a pattern or is less than another, engines judge differently. So a query narrows the graph down to
the literals in doubt, and rdflib, with which the reference (pySHACL) reads them, decides. What must not be there is sought by MINUS over
one shared variable, for which engines read both sides once.
"""

from __future__ import annotations

import operator
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store

from ..errors import InputError
from ..iris import PREFIXES, name, short
from ..sparql.store import EmbeddedStore, Solutions
from ..sparql.store import Store as AnyStore

Term = Any  # pyoxigraph's or rdflib's, or None: neither library has a common type for them
Judge = Callable[..., bool]

_SH = PREFIXES["sh"]
_TYPE, _SUBCLASS = name("rdf:type"), name("rdfs:subClassOf")
_BELOW = f"{_SUBCLASS}*"
_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_COMPARED = {"minInclusive": (">=", operator.ge), "maxInclusive": ("<=", operator.le), "minExclusive": (">", operator.gt)}
_PAIRED = {"lessThan": ("<", operator.lt), "lessThanOrEquals": ("<=", operator.le)}
_OF_A_VALUE = ("datatype", "nodeKind", "pattern", "minLength", *_COMPARED)
_BY_SHAPES = ("class", "node", "not", "or")
_SAID = {"message", "severity", *_TARGETS}
#: What a shape may say that has targets, and what one may say that values are held against.
_OUTER = {*_SAID, "path", "minCount", "maxCount", "sparql", *_OF_A_VALUE, *_PAIRED, *_BY_SHAPES}
_INNER = {*_SAID, "path", "minCount", "hasValue", "in", "class", "property"}
#: What else of SHACL a file of shapes may hold.
_PARTS = {"inversePath", "zeroOrMorePath", "select", "prefixes", "declare", "prefix", "namespace"}
_KINDS = {name(f"sh:{kind}") for kind in ("NodeShape", "PropertyShape", "SPARQLConstraint")}
#: How a literal of a datatype is written where it is beyond doubt. Of another datatype, each is looked at.
_BEYOND_DOUBT = {
    name("xsd:string"): "",
    name("xsd:integer"): "^[+-]?[0-9]+$",
    name("xsd:decimal"): "^[+-]?[0-9]+([.][0-9]+)?$",
    name("xsd:boolean"): "^(true|false)$",
}
#: Some engines hold any text to be greater than any number.
_NUMBER = f"DATATYPE({{}}) IN ({name('xsd:integer')}, {name('xsd:decimal')})"
_STATEMENT = r"\s*\?\w+(?:\s+(?:a|\w+:[\w-]+)\s+[^\s{};.]+\s*;?)+\s*"
_NOT_EXISTS = re.compile(rf"FILTER NOT EXISTS \{{({_STATEMENT})\}}(?=\s*(?:\}}|FILTER|$))")


@dataclass(frozen=True)
class Way:
    """The way from a focus to its values: a property, or a property backwards."""

    property: NamedNode
    inverse: bool = False

    def __str__(self) -> str:
        return ("^" if self.inverse else "") + str(self.property)


@dataclass(frozen=True)
class Failure:
    """One result of a validation, as SHACL describes it, in pyoxigraph's terms."""

    severity: str
    message: str
    focus: Term
    path: Way | None
    value: Term
    shape: Term
    constraint: Term
    component: NamedNode


@dataclass(frozen=True)
class _Check:
    """A query for ?focus, and ?value where a value fails rather than their number, and which of the rows fail in truth."""

    component: str
    query: str
    judge: Judge | None = None


def failures(file: Path, store: AnyStore) -> Iterator[Failure]:
    """What in a store fails the shapes of a file, in no order, and some of it twice.

    Raises:
        InputError: where the shapes cannot be read, or use what is not known here.
    """
    shapes = _Shapes(file, _subclasses(store))
    asked: list[tuple[str, Callable[[Solutions], Iterator[Failure]]]] = []
    for shape in shapes.with_targets():
        asked += [(check.query, partial(_of_check, shapes, shape, check)) for check in shapes.checks(shape)]
        asked += [_of_constraint(shapes, shape, constraint) for constraint in shapes.many(shape, "sparql")]
    # The embedded engine answers as many at once as there are processors; a server is not to be crowded by one client.
    with ThreadPoolExecutor((os.cpu_count() or 1) if isinstance(store, EmbeddedStore) else 1) as asking:
        try:
            answers = asking.map(partial(_rows, store), (query for query, _ in asked))
            for (_, read), found in zip(asked, answers, strict=True):
                yield from read(found)
        finally:
            asking.shutdown(cancel_futures=True)


def _of_check(shapes: _Shapes, shape: Term, check: _Check, found: Solutions) -> Iterator[Failure]:
    """What a check found, less what on a closer look does not fail it."""
    for focus, *values in found.rows:
        read = [_as_rdflib(value) for value in values] if check.judge else []
        if check.judge is None or not check.judge(*read):
            yield shapes.failure(shape, check.component, focus, values[0] if values else None)


def _rows(store: AnyStore, query: str) -> Solutions:
    found = store.query(query)
    if not isinstance(found, Solutions):
        raise InputError("a check of the shapes is not a SELECT")
    return found


def _subclasses(store: AnyStore) -> dict[NamedNode, set[NamedNode]]:
    """Each class with those below it, at any remove."""
    below: dict[NamedNode, set[NamedNode]] = {}
    narrow: Term
    broad: Term
    for narrow, broad in _rows(store, f"SELECT ?narrow ?broad WHERE {{ ?narrow {_SUBCLASS} ?broad }}").rows:
        below.setdefault(broad, set()).add(narrow)

    def reach(found: set[NamedNode], more: set[NamedNode]) -> set[NamedNode]:
        while more := more - found:
            found |= more
            more = {narrow for broad in more for narrow in below.get(broad, ())}
        return found

    return {broad: reach(set(), narrow) for broad, narrow in below.items()}


class _Shapes:
    """A file of shapes, read once, and the classes of the graph that it is for."""

    def __init__(self, file: Path, subclasses: dict[NamedNode, set[NamedNode]]) -> None:
        self.file, self.subclasses = file, subclasses
        self.store = Store()
        self.fresh = (f"?v{number}" for number in count())
        try:
            self.store.bulk_load(file.read_bytes(), format=RdfFormat.TURTLE)
        except OSError as error:
            raise InputError(f"{file}: cannot be read: {error.strerror or error}") from error
        except (SyntaxError, ValueError) as error:
            raise InputError(f"{file}: not valid Turtle: {error}") from error
        for quad in self.store:
            said = quad.predicate.value.removeprefix(_SH)
            if said != quad.predicate.value and said not in _OUTER | _INNER | _PARTS:
                self.refuse(quad.subject, said)
            if quad.predicate == _TYPE and quad.object.value.startswith(_SH) and quad.object not in _KINDS:
                self.refuse(quad.subject, quad.object.value.removeprefix(_SH))
            if quad.predicate == _TYPE and quad.object in (name("rdfs:Class"), name("owl:Class")):
                raise InputError(f"{file}: {_called(quad.subject)} is a class as well as a shape; name its instances by sh:targetClass")

    def refuse(self, shape: Term, said: str) -> NoReturn:
        raise InputError(f"{self.file}: {_called(shape)} uses sh:{said} as only pySHACL knows it; validate with --engine pyshacl")

    def many(self, shape: Term, said: str) -> list[Term]:
        """What a shape says by a property of SHACL, in the same order each time."""
        return sorted((quad.object for quad in self.store.quads_for_pattern(shape, name(f"sh:{said}"), None)), key=str)

    def one(self, shape: Term, said: str) -> Term:
        """The one thing that a shape says by a property; None where it says nothing.

        Raises:
            InputError: where it says more.
        """
        found = self.many(shape, said)
        if len(found) > 1:
            raise InputError(f"{self.file}: {_called(shape)} has more than one sh:{said}")
        return found[0] if found else None

    def members(self, head: Term) -> list[Term]:
        """The members of an RDF list."""
        found = []
        while head != name("rdf:nil"):
            (first,) = self.store.quads_for_pattern(head, name("rdf:first"), None)
            (rest,) = self.store.quads_for_pattern(head, name("rdf:rest"), None)
            found.append(first.object)
            head = rest.object
        return found

    def with_targets(self) -> list[Term]:
        """The shapes that say what they are of, each checked to say nothing that is not known here."""
        found = {quad.subject for target in _TARGETS for quad in self.store.quads_for_pattern(None, name(f"sh:{target}"), None)}
        for shape in found:
            self.known(shape, _OUTER)
        return sorted(found, key=str)

    def known(self, shape: Term, words: set[str]) -> None:
        for said in self.words(shape):
            if said not in words:
                self.refuse(shape, said)

    def words(self, shape: Term) -> list[str]:
        """The properties of SHACL by which a shape says anything."""
        found = {quad.predicate.value for quad in self.store.quads_for_pattern(shape, None, None)}
        return sorted(said.removeprefix(_SH) for said in found if said.startswith(_SH))

    def prologue(self, constraint: Term) -> str:
        """The prefixes that a constraint may use."""
        declared = [each for where in self.many(constraint, "prefixes") for each in self.many(where, "declare")]
        return "".join(f"PREFIX {self.one(each, 'prefix').value}: <{self.one(each, 'namespace').value}>\n" for each in declared)

    def failure(
        self, shape: Term, component: str, focus: Term, value: Term, constraint: Term = None, message: str | None = None
    ) -> Failure:
        """A result of a shape, with the severity and the path of it, and its message where a constraint has none of its own."""
        severity = self.one(shape, "severity") or name("sh:Violation")
        return Failure(
            severity=severity.value.removeprefix(_SH).lower(),
            message=self.one(shape, "message").value if message is None else message,
            focus=_as_reported(focus),
            path=self.way(shape),
            value=_as_reported(value),
            shape=shape,
            constraint=constraint,
            component=name(f"sh:{component}ConstraintComponent"),
        )

    def way(self, shape: Term) -> Way | None:
        path = self.one(shape, "path")
        if path is None or isinstance(path, NamedNode):
            return path and Way(path)
        back = self.one(path, "inversePath")
        if not isinstance(back, NamedNode):
            self.refuse(shape, "path")
        return Way(back, inverse=True)

    def targets(self, shape: Term) -> str:
        """A pattern for ?focus."""
        found = [self.instances("?focus", target) for target in self.many(shape, "targetClass")]
        found += [f"VALUES ?focus {{ {target} }}" for target in self.many(shape, "targetNode")]
        found += [f"?focus {target} ?any ." for target in self.many(shape, "targetSubjectsOf")]
        found += [f"?any {target} ?focus ." for target in self.many(shape, "targetObjectsOf")]
        return found[0] if len(found) == 1 else " UNION ".join(f"{{ {pattern} }}" for pattern in found)

    def instances(self, variable: str, kind: NamedNode) -> str:
        kinds = sorted({kind} | self.subclasses.get(kind, set()), key=str)
        if len(kinds) == 1:
            return f"{variable} {_TYPE} {kind} ."
        fresh = next(self.fresh)
        return f"VALUES {fresh} {{ {' '.join(map(str, kinds))} }} {variable} {_TYPE} {fresh} ."

    def checks(self, shape: Term) -> Iterator[_Check]:
        """The queries for all that a shape says in SHACL Core."""
        if not any(self.many(shape, said) for said in (_OUTER - _SAID - {"path", "sparql"})):
            return
        if self.one(shape, "message") is None:
            raise InputError(f"{self.file}: {_called(shape)} has no sh:message")
        targets, way = self.targets(shape), self.way(shape)
        yield from self.numbers(shape, targets, way)
        values = f"{targets} ?focus {way} ?value ." if way else f"{targets} BIND(?focus AS ?value)"
        for said in _OF_A_VALUE:
            for term in self.many(shape, said):
                doubt, judge = _in_doubt(self, shape, said, term)
                yield _Check(_upper(said), f"SELECT DISTINCT ?focus ?value WHERE {{ {values} FILTER({doubt}) }}", judge)
        for said, (sign, compare) in _PAIRED.items():
            for term in self.many(shape, said):
                sure = f"?value {sign} ?other && {_NUMBER.format('?value')} && {_NUMBER.format('?other')}"
                pair = f"{values} ?focus {term} ?other . FILTER(!COALESCE({sure}, false))"
                yield _Check(_upper(said), f"SELECT DISTINCT ?focus ?value ?other WHERE {{ {pair} }}", partial(_in_order, compare))
        for said in _BY_SHAPES:
            for term in self.many(shape, said):
                for pattern in self.failing(said, term):
                    yield _Check(_upper(said), f"SELECT DISTINCT ?focus ?value WHERE {{ {values} {pattern} }}")

    def numbers(self, shape: Term, targets: str, way: Way | None) -> Iterator[_Check]:
        least, most = self.one(shape, "minCount"), self.one(shape, "maxCount")
        grouped = "GROUP BY ?focus HAVING (COUNT(DISTINCT ?value)"
        if least is not None and int(least.value) == 1:
            yield _Check("MinCount", f"SELECT DISTINCT ?focus WHERE {{ {targets} FILTER NOT EXISTS {{ ?focus {way} ?value }} }}")
        elif least is not None:
            yield _Check("MinCount", f"SELECT ?focus WHERE {{ {targets} OPTIONAL {{ ?focus {way} ?value }} }} {grouped} < {least.value})")
        if most is not None:
            yield _Check("MaxCount", f"SELECT ?focus WHERE {{ {targets} ?focus {way} ?value }} {grouped} > {most.value})")

    def failing(self, said: str, term: Term) -> list[str]:
        """What to add to a pattern for ?value so that those stay that fail. Each of several finds some of them."""
        if said == "class":
            return [f"MINUS {{ {self.instances('?value', term)} }}"]
        if said == "node":
            return [self.without(term), *self.excluded(term)]
        shapes = self.members(term) if said == "or" else [term]
        if any(self.excluded(shape) for shape in shapes):
            self.refuse(term, "in")
        if said == "or":
            return [" ".join(map(self.without, shapes))]
        return [f"FILTER(?value IN ({listed}))" if (listed := self.listed(term)) else self.conforming(term)]

    def without(self, shape: Term) -> str:
        """What leaves out each ?value that conforms to a shape."""
        return f"FILTER(?value NOT IN ({listed}))" if (listed := self.listed(shape)) else f"MINUS {{ {self.conforming(shape)} }}"

    def listed(self, shape: Term) -> str:
        """The things that conform to a shape, where it names them: one thing, or a class and those below it, which have been read.

        Virtuoso can neither follow a path of any length nor look up values in MINUS.
        """
        said = set(self.words(shape)) - _SAID
        if said == {"property"} and len(inside := self.many(shape, "property")) == 1:
            return self.listed(inside[0])
        if self.way_inside(shape) not in (None, _BELOW) or said not in ({"hasValue"}, {"hasValue", "path"}):
            return ""
        term = self.one(shape, "hasValue")
        if not isinstance(term, NamedNode):
            self.refuse(shape, "hasValue")
        return ", ".join(sorted(map(str, {term} | (self.subclasses.get(term, set()) if "path" in said else set()))))

    def conforming(self, shape: Term) -> str:
        """A pattern for each ?value that conforms to a shape, but for those that it excludes."""
        self.known(shape, _INNER)
        way = self.way_inside(shape)
        found = [self.instances("?value", kind) for kind in self.many(shape, "class")]
        found += [self.conforming(other) for other in self.many(shape, "property")]
        if way in (None, _BELOW) and self.many(shape, "hasValue"):
            self.refuse(shape, "hasValue")
        found += [f"?value {way} {term} ." for term in self.many(shape, "hasValue")]
        if (least := self.one(shape, "minCount")) is not None:
            if int(least.value) != 1:
                self.refuse(shape, "minCount")
            found.append(f"?value {way} {next(self.fresh)} .")
        if not found:
            raise InputError(f"{self.file}: {_called(shape)} says nothing by which what conforms to it could be found")
        return " ".join(found)

    def excluded(self, shape: Term) -> list[str]:
        """Patterns for each ?value that a shape excludes by what it lists: one that has something else."""
        found = [pattern for other in self.many(shape, "property") for pattern in self.excluded(other)]
        if (listed := self.one(shape, "in")) is not None:
            other = next(self.fresh)
            unlike = " && ".join(f"({other} != {term}{_or_of_another_kind(other, term)})" for term in self.members(listed))
            found.append(f"?value {self.way_inside(shape)} {other} . FILTER({unlike})")
        return found

    def way_inside(self, shape: Term) -> str | None:
        """The path of a shape that values are held against, as SPARQL writes it."""
        path = self.one(shape, "path")
        if path is not None and (repeated := self.one(path, "zeroOrMorePath")) is not None:
            if repeated != _SUBCLASS or set(self.words(shape)) - _SAID != {"path", "hasValue"}:
                self.refuse(shape, "zeroOrMorePath")
            return _BELOW
        return None if path is None else str(self.way(shape))


def _or_of_another_kind(variable: str, term: Term) -> str:
    """One number may be equal to another of another datatype, which in SHACL is another thing."""
    return f" || DATATYPE({variable}) != {term.datatype}" if isinstance(term, Literal) else ""


def _in_doubt(shapes: _Shapes, shape: Term, said: str, term: Term) -> tuple[str, Judge | None]:
    """A filter for the ?value that may fail, and what tells whether it passes; None where the filter is sure."""
    if said == "nodeKind":
        if term != name("sh:IRI"):
            shapes.refuse(shape, "nodeKind")
        return "!isIRI(?value)", None
    if said == "datatype":
        plain = _BEYOND_DOUBT.get(term)
        written = "" if plain == "" else f" || !REGEX(STR(?value), {_quoted(plain)})" if plain else " || true"
        return f"!isLiteral(?value) || DATATYPE(?value) != {term}{written}", partial(_is_of, term.value)
    if said == "pattern":
        return f"isBlank(?value) || !REGEX(STR(?value), {_quoted(term.value)})", partial(_matches, re.compile(term.value))
    if said == "minLength":
        return f"isBlank(?value) || STRLEN(STR(?value)) < {term.value}", None
    sign, compare = _COMPARED[said]
    return f"!COALESCE(?value {sign} {term} && {_NUMBER.format('?value')}, false)", partial(_stands, compare, _as_rdflib(term))


def _is_of(datatype: str, value: Term) -> bool:
    from rdflib import Literal

    return isinstance(value, Literal) and str(value.datatype) == datatype and not value.ill_typed


def _matches(pattern: re.Pattern[str], value: Term) -> bool:
    from rdflib import BNode

    return not isinstance(value, BNode) and pattern.search(str(value)) is not None


def _stands(compare: Callable[[int, int], bool], bound: Term, value: Term) -> bool:
    from rdflib import Literal

    if not isinstance(value, Literal) or isinstance(value.value, str) != isinstance(bound.value, str):
        return False
    # rdflib puts moments in an order of its own where they have none; as pySHACL does, they are compared as Python does, which refuses.
    moments = isinstance(value.value, (datetime, time))
    one, two = (value.value, bound.value) if moments else (value, bound)
    try:
        return compare(0 if value.eq(bound) or (moments and one == two) else 1 if one > two else -1, 0)
    except (TypeError, NotImplementedError):
        return False


def _in_order(compare: Callable[[Any, Any], bool], value: Term, other: Term) -> bool:
    (one, is_text), (two, also_text) = _comparable(value), _comparable(other)
    try:
        return is_text == also_text and compare(one, two)
    except (TypeError, ArithmeticError):
        # What cannot be compared fails (SHACL, 4.5.3).
        return False


def _comparable(value: Term) -> tuple[Any, bool]:
    """What of a term is compared, and whether that is text."""
    from rdflib import Literal

    if not isinstance(value, Literal):
        return str(value), True
    return (value.value, True) if isinstance(value.value, str) else (value, False)


def _as_rdflib(term: Term) -> Any:
    """A term as rdflib reads it, which writes a literal in its usual form."""
    import rdflib

    if isinstance(term, Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))
    return rdflib.BNode(term.value) if isinstance(term, BlankNode) else rdflib.URIRef(term.value)


def _as_reported(term: Term) -> Term:
    if not isinstance(term, Literal):
        return term
    read = _as_rdflib(term)
    return Literal(str(read), language=term.language) if term.language else Literal(str(read), datatype=term.datatype)


def _of_constraint(shapes: _Shapes, shape: Term, constraint: Term) -> tuple[str, Callable[[Solutions], Iterator[Failure]]]:
    """The query of a SPARQL constraint, and what it finds: each ?value, of which the message may name the other variables too."""
    select, message = shapes.one(constraint, "select"), shapes.one(constraint, "message")
    if select is None or message is None or shapes.one(shape, "message") is not None:
        raise InputError(f"{shapes.file}: {_called(constraint)} needs one sh:select and one sh:message")
    head, opened, rest = select.value.partition("{")
    body, closed, tail = rest.rpartition("}")
    # A constraint of the whole graph names its focus only to hand it on. Some engines refuse a variable that nothing binds.
    head, tail = (re.sub(r"[$?]this\b", "", part) for part in (head, tail))
    if re.search(r"[$?](this|PATH|shapesGraph|currentShape)\b", body):
        shapes.refuse(constraint, "select")

    def failing(found: Solutions) -> Iterator[Failure]:
        if not {"path", "failure"}.isdisjoint(found.variables):
            shapes.refuse(constraint, "select")
        for row in found.rows:
            said = {variable: _as_reported(term) for variable, term in zip(found.variables, row, strict=True) if term is not None}
            text = _filled(message.value, said)
            for focus in shapes.many(shape, "targetNode"):
                yield shapes.failure(shape, "SPARQL", focus, said.get("value", focus), constraint, text)

    return shapes.prologue(constraint) + head + opened + _linear(body) + closed + tail, failing


def _filled(message: str, said: dict[str, Term]) -> str:
    return re.sub(r"\{[$?](\w+)\}", lambda part: str(said[part[1]].value) if part[1] in said else part[0], message)


def _linear(body: str) -> str:
    """A pattern with MINUS in place of FILTER NOT EXISTS, which engines try anew for each row, where the two say the same.

    They do at the end of a group, for one statement that shares a variable with it and has no filter of its own.
    """
    return _NOT_EXISTS.sub(lambda found: f"MINUS {{{found[1]}}}", body)


def _called(node: Term) -> str:
    text = str(node.value)
    return f"shape:{text.rpartition('/')[2]}" if "/shape/" in text else short(text)


def _upper(said: str) -> str:
    return said[0].upper() + said[1:]


def _quoted(text: str) -> str:
    return str(Literal(text))
