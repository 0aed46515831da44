"""What validation judges: a graph together with the ontology, and of a stranger's file only what is of ours.

In: a store, and what was found to fail. Out: the store with what it lacks of the ontology and the rules, and what fails of things of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Triple
from pyoxigraph import Store as Engine

from .. import iris
from ..errors import InputError
from ..ontology import Vocabulary
from ..sparql.internal import internal
from ..sparql.results import Solutions
from ..sparql.store import EmbeddedStore, Store
from .failure import Failure

ONTOLOGY = NamedNode(iris.BASE + "ontology")
_TYPE = iris.name("rdf:type")
_DERIVED_BY = iris.name("k2g:derivedBy")
#: What a graph that carries the ontology holds of these, it is checked by.
_TERMS = ("owl:Class", "rdf:Property", "skos:Concept", "skos:ConceptScheme")


def with_ontology(store: Store) -> Store:
    """The store with what it lacks of the ontology, and of the rules that are named as those that derive something.

    Raises:
        InputError: where nothing can be added, since it is a server, or the graph holds what SHACL has no word for.
    """
    if not isinstance(store, EmbeddedStore):
        if ONTOLOGY not in _things(store, "owl:Ontology"):
            raise InputError("the graph there does not carry the ontology, by which it would be checked; push one that k2graph built")
        _check_whole(store)
        return store
    if any(isinstance(triple.object, Triple) for triple in store):
        raise InputError(f"{store.path}: holds triple terms (RDF 1.2), which SHACL cannot check; write claims as nodes")
    lacking = list(_lacking(store.engine))
    if not lacking:
        return store
    together = copy(store)
    together.engine = Engine()
    together.engine.bulk_extend(Quad(*triple) for triple in store)
    together.engine.bulk_extend(lacking)
    return together


def _lacking(engine: Engine) -> Iterator[Quad]:
    """What a graph lacks of the ontology, and of the rules that the ontology names.

    Where the graph is said to carry the ontology, what it says of a term stands, wrong or incomplete, and only terms of which it says
    nothing are added. Where it is not, what it says of a term in passing is completed.
    """
    carried = _carries_ontology(engine)
    vocabulary = Vocabulary().triples()
    there = {
        (subject, predicate)
        for subject, predicate in {(subject, None if carried else predicate) for subject, predicate, _ in vocabulary}
        if any(engine.quads_for_pattern(subject, predicate, None))
    }
    for subject, predicate, value in vocabulary:
        # A thing may be of several classes, so that those named in passing are not all.
        if (subject, None if carried else predicate) not in there or (predicate == _TYPE and not carried):
            yield Quad(subject, predicate, value)
    named = {rule for _, predicate, rule in vocabulary if predicate == _DERIVED_BY}
    named |= {quad.object for quad in engine.quads_for_pattern(None, _DERIVED_BY, None)}
    unknown = {rule for rule in named if isinstance(rule, NamedNode) and not any(engine.quads_for_pattern(rule, None, None))}
    if unknown:
        # Not before it is needed: what builds graphs takes long to import.
        from ..sparql.rules import rule_triples

        yield from (Quad(*triple) for triple in rule_triples() if triple[0] in unknown)


def _check_whole(store: Store) -> None:
    vocabulary = Vocabulary().triples()
    classes = {iris.name(each) for each in _TERMS}
    wanted = {subject for subject, predicate, kind in vocabulary if predicate == _TYPE and kind in classes}
    wanted |= {rule for _, predicate, rule in vocabulary if predicate == _DERIVED_BY}
    lacking = sorted(iris.short(term.value) for term in wanted - _things(store, *_TERMS, "k2g:Rule"))
    if lacking:
        raise InputError(
            f"the graph there carries only a part of the ontology, by which it would be checked: of {len(wanted):,} terms and rules"
            f" {len(lacking):,} are not there, such as {lacking[0]}; push one that k2graph built"
        )


def _things(store: Store, *classes: str) -> set[Any]:
    found = store.query(internal("things-of-classes", **{"class": [iris.name(each) for each in classes]}))
    return {thing for (thing,) in found.rows} if isinstance(found, Solutions) else set()


def of_ours(found: Iterable[Failure], store: Store) -> Iterator[Failure]:
    """What is wrong with things of ours.

    The shapes are for every statement of a graph that carries the ontology; what another file says of other things in other words was
    never meant to be as they want it.
    """
    if not isinstance(store, EmbeddedStore) or _carries_ontology(store.engine):
        yield from found
        return
    engine = store.engine
    yield from (failure for failure in found if _is_ours(failure.value if failure.focus == ONTOLOGY else failure.focus, engine))


def _is_ours(thing: Any, engine: Engine) -> bool:
    """Whether a thing has an address or a type of ours, or one of our properties leads from or to it."""
    if isinstance(thing, NamedNode) and thing.value.startswith(iris.BASE):
        return True
    words = iris.PREFIXES["k2g"]
    own = [] if isinstance(thing, Literal) else list(engine.quads_for_pattern(thing, None, None))
    if any(quad.predicate == _TYPE and str(quad.object).startswith(f"<{words}") for quad in own):
        return True
    return any(quad.predicate.value.startswith(words) for quad in (*own, *engine.quads_for_pattern(None, None, thing)))


def _carries_ontology(engine: Engine) -> bool:
    return any(engine.quads_for_pattern(ONTOLOGY, _TYPE, iris.name("owl:Ontology")))
