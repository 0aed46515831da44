"""A file of shapes: what it says, and for each of its constraints in SHACL Core the query that finds what fails it.

In: ontology/shapes.ttl, or another file. Out: `Shapes`; what of SHACL is not known here is refused, never passed over. What must not be
there is sought by MINUS over one shared variable, for which engines read both sides once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import NoReturn

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from ..errors import InputError
from ..iris import PREFIXES, name
from .failure import Failure, Way, called
from .literals import COMPARED, NUMBER, PAIRED, Judge, Term, as_reported, in_doubt, in_order

_SH = PREFIXES["sh"]
_TYPE, SUBCLASS = name("rdf:type"), name("rdfs:subClassOf")
_BELOW = f"{SUBCLASS}*"
_WORD = re.compile(r"\bk2g:[A-Za-z][\w-]*")
_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_OF_A_VALUE = ("datatype", "nodeKind", "pattern", "minLength", *COMPARED)
_BY_SHAPES = ("class", "node", "not", "or")
_COMMON = {"message", "severity", *_TARGETS}
#: What a shape may say that has targets, and what one may say that values are held against.
_OUTER = {*_COMMON, "path", "minCount", "maxCount", "sparql", *_OF_A_VALUE, *PAIRED, *_BY_SHAPES}
_INNER = {*_COMMON, "path", "minCount", "hasValue", "in", "class", "property"}
#: What else of SHACL a file of shapes may hold.
_PARTS = {"inversePath", "zeroOrMorePath", "select", "prefixes", "declare", "prefix", "namespace"}
_KINDS = {name(f"sh:{kind}") for kind in ("NodeShape", "PropertyShape", "SPARQLConstraint")}


@dataclass(frozen=True)
class Check:
    """A query for ?focus, and ?value where a value fails rather than their number, and which of the rows fail in truth."""

    component: str
    query: str
    judge: Judge | None = None


class Shapes:
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
            keyword = quad.predicate.value.removeprefix(_SH)
            if keyword != quad.predicate.value and keyword not in _OUTER | _INNER | _PARTS:
                self.refuse(quad.subject, keyword)
            if quad.predicate == _TYPE and quad.object.value.startswith(_SH) and quad.object not in _KINDS:
                self.refuse(quad.subject, quad.object.value.removeprefix(_SH))
            if quad.predicate == _TYPE and quad.object in (name("rdfs:Class"), name("owl:Class")):
                raise InputError(f"{file}: {called(quad.subject)} is a class as well as a shape; name its instances by sh:targetClass")

    def refuse(self, shape: Term, keyword: str) -> NoReturn:
        """Refuse a shape for a word of SHACL that is not known here."""
        raise InputError(f"{self.file}: {called(shape)} uses sh:{keyword} as only pySHACL knows it; validate with --engine pyshacl")

    def many(self, shape: Term, keyword: str) -> list[Term]:
        """What a shape says by a property of SHACL, in the same order each time."""
        return sorted((quad.object for quad in self.store.quads_for_pattern(shape, name(f"sh:{keyword}"), None)), key=str)

    def one(self, shape: Term, keyword: str) -> Term:
        """The one thing that a shape says by a property; None where it says nothing.

        Raises:
            InputError: where it says more.
        """
        found = self.many(shape, keyword)
        if len(found) > 1:
            raise InputError(f"{self.file}: {called(shape)} has more than one sh:{keyword}")
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
        """Refuse a shape that says anything by other words than these."""
        for keyword in self.words(shape):
            if keyword not in words:
                self.refuse(shape, keyword)

    def words(self, shape: Term) -> list[str]:
        """The properties of SHACL by which a shape says anything."""
        found = {quad.predicate.value for quad in self.store.quads_for_pattern(shape, None, None)}
        return sorted(keyword.removeprefix(_SH) for keyword in found if keyword.startswith(_SH))

    def mentioned(self, shape: Term) -> set[Term]:
        """All that a shape, or a constraint, names of the ontology, itself or by shapes that it holds values against."""
        found: set[Term] = set()
        waiting = [shape]
        while waiting:
            for quad in self.store.quads_for_pattern(waiting.pop(), None, None):
                # A constraint is asked by itself.
                if quad.predicate == name("sh:sparql") or quad.object in found:
                    continue
                if isinstance(quad.object, Literal):
                    found |= {name(word) for word in _WORD.findall(quad.object.value)} if quad.predicate == name("sh:select") else set()
                else:
                    found.add(quad.object)
                    waiting.append(quad.object)
        return found

    def failure(
        self,
        shape: Term,
        component: str,
        focus: Term,
        value: Term,
        constraint: Term = None,
        message: str | None = None,
        path: Way | None = None,
        named: Mapping[str, Term] | None = None,
    ) -> Failure:
        """A result of a shape, with the severity and the path of it, and its message where a constraint has none of its own."""
        severity = self.one(shape, "severity") or name("sh:Violation")
        return Failure(
            severity=severity.value.removeprefix(_SH).lower(),
            message=self.one(shape, "message").value if message is None else message,
            focus=as_reported(focus),
            path=path or self.way(shape),
            value=as_reported(value),
            shape=shape,
            constraint=constraint,
            component=name(f"sh:{component}ConstraintComponent"),
            named=named or {},
        )

    def way(self, shape: Term) -> Way | None:
        """The path of a shape; None where it has none."""
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
        """A pattern for the things of a class, or of one below it."""
        kinds = sorted({kind} | self.subclasses.get(kind, set()), key=str)
        if len(kinds) == 1:
            return f"{variable} {_TYPE} {kind} ."
        fresh = next(self.fresh)
        return f"VALUES {fresh} {{ {' '.join(map(str, kinds))} }} {variable} {_TYPE} {fresh} ."

    def checks(self, shape: Term) -> Iterator[Check]:
        """The queries for all that a shape says in SHACL Core."""
        if not any(self.many(shape, keyword) for keyword in (_OUTER - _COMMON - {"path", "sparql"})):
            return
        if self.one(shape, "message") is None:
            raise InputError(f"{self.file}: {called(shape)} has no sh:message")
        targets, way = self.targets(shape), self.way(shape)
        yield from self.numbers(shape, targets, way)
        values = f"{targets} ?focus {way} ?value ." if way else f"{targets} BIND(?focus AS ?value)"
        for term in self.many(shape, "nodeKind"):
            if term != name("sh:IRI"):
                self.refuse(shape, "nodeKind")
        for keyword in _OF_A_VALUE:
            for term in self.many(shape, keyword):
                doubt, judge = in_doubt(keyword, term)
                yield Check(_upper(keyword), f"SELECT DISTINCT ?focus ?value WHERE {{ {values} FILTER({doubt}) }}", judge)
        for keyword, (sign, compare) in PAIRED.items():
            for term in self.many(shape, keyword):
                sure = f"?value {sign} ?other && {NUMBER.format('?value')} && {NUMBER.format('?other')}"
                pair = f"{values} ?focus {term} ?other . FILTER(!COALESCE({sure}, false))"
                yield Check(_upper(keyword), f"SELECT DISTINCT ?focus ?value ?other WHERE {{ {pair} }}", partial(in_order, compare))
        for keyword in _BY_SHAPES:
            for term in self.many(shape, keyword):
                for pattern in self.failing(keyword, term):
                    yield Check(_upper(keyword), f"SELECT DISTINCT ?focus ?value WHERE {{ {values} {pattern} }}")

    def numbers(self, shape: Term, targets: str, way: Way | None) -> Iterator[Check]:
        """The queries for how many values there may be."""
        least, most = self.one(shape, "minCount"), self.one(shape, "maxCount")
        grouped = "GROUP BY ?focus HAVING (COUNT(DISTINCT ?value)"
        if least is not None and int(least.value) == 1:
            yield Check("MinCount", f"SELECT DISTINCT ?focus WHERE {{ {targets} FILTER NOT EXISTS {{ ?focus {way} ?value }} }}")
        elif least is not None:
            yield Check("MinCount", f"SELECT ?focus WHERE {{ {targets} OPTIONAL {{ ?focus {way} ?value }} }} {grouped} < {least.value})")
        if most is not None:
            yield Check("MaxCount", f"SELECT ?focus WHERE {{ {targets} ?focus {way} ?value }} {grouped} > {most.value})")

    def failing(self, keyword: str, term: Term) -> list[str]:
        """What to add to a pattern for ?value so that those stay that fail. Each of several finds some of them."""
        if keyword == "class":
            return [f"MINUS {{ {self.instances('?value', term)} }}"]
        if keyword == "node":
            return [self.without(term), *self.excluded(term)]
        shapes = self.members(term) if keyword == "or" else [term]
        if any(self.excluded(shape) for shape in shapes):
            self.refuse(term, "in")
        if keyword == "or":
            return [" ".join(map(self.without, shapes))]
        return [f"FILTER(?value IN ({listed}))" if (listed := self.listed(term)) else self.conforming(term)]

    def without(self, shape: Term) -> str:
        """What leaves out each ?value that conforms to a shape."""
        return f"FILTER(?value NOT IN ({listed}))" if (listed := self.listed(shape)) else f"MINUS {{ {self.conforming(shape)} }}"

    def listed(self, shape: Term) -> str:
        """The things that conform to a shape, where it names them: one thing, or a class and those below it, which have been read.

        Virtuoso can neither follow a path of any length nor look up values in MINUS.
        """
        keywords = set(self.words(shape)) - _COMMON
        if keywords == {"property"} and len(inside := self.many(shape, "property")) == 1:
            return self.listed(inside[0])
        if self.way_inside(shape) not in (None, _BELOW) or keywords not in ({"hasValue"}, {"hasValue", "path"}):
            return ""
        term = self.one(shape, "hasValue")
        if not isinstance(term, NamedNode):
            self.refuse(shape, "hasValue")
        return ", ".join(sorted(map(str, {term} | (self.subclasses.get(term, set()) if "path" in keywords else set()))))

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
            raise InputError(f"{self.file}: {called(shape)} says nothing by which what conforms to it could be found")
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
            if repeated != SUBCLASS or set(self.words(shape)) - _COMMON != {"path", "hasValue"}:
                self.refuse(shape, "zeroOrMorePath")
            return _BELOW
        return None if path is None else str(self.way(shape))


def _or_of_another_kind(variable: str, term: Term) -> str:
    """One number may be equal to another of another datatype, which in SHACL is another thing."""
    return f" || DATATYPE({variable}) != {term.datatype}" if isinstance(term, Literal) else ""


def _upper(keyword: str) -> str:
    return keyword[0].upper() + keyword[1:]
