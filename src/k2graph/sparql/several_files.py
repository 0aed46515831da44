"""Graphs of several files, read as one: what they say together, where they do not say two things of one.

In: paths. Out: a file with all that they hold, which goes with this process. Graphs that were built apart can be joined as long as each
thing means the same in all. How a claim stands that two of them have would have to be reckoned anew, as `k2graph build` of both does.
"""

from __future__ import annotations

import atexit
import os
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Triple, serialize

from .. import iris
from ..atomic import temporary_folder
from ..errors import Fault, InputError, TableFaults
from .store import EmbeddedStore

#: What a thing means: its name and kind, of an entity what is counted and which way is better, of a claim what it claims, and of a standing
#: what it is. Two graphs that both say one of these have to say the same.
_TELLING = {
    iris.name(property_name): what
    for property_name, what in {
        "rdfs:label": "is called",
        "rdf:type": "is of the kind",
        "k2g:aspect": "has the aspect",
        "k2g:desirable": "is better if",
        "rdf:subject": "is about",
        "rdf:predicate": "says that it",
        "rdf:object": "speaks of",
        "k2g:direction": "has the direction",
        "k2g:result": "stands as",
    }.items()
}
_FOLLOWED = iris.name("prov:wasGeneratedBy")
#: So many clashes are told; there are hundreds where two graphs were built by different editions.
_MOST = 20


def together(paths: Sequence[Path]) -> Path:
    """One file for several.

    Raises:
        InputError: where one of them cannot be read, or is named twice.
        TableFaults: where two say different things of one, with both files.
    """
    for place, path in enumerate(paths):
        if os.path.realpath(path) in map(os.path.realpath, paths[:place]):
            raise InputError(f"{path}: is named twice; name it once")
    quads = {path: _quads(path, place) for place, path in enumerate(paths)}
    _check(quads)
    every = list(dict.fromkeys(quad for those in quads.values() for quad in those))
    named = any(quad.graph_name != DefaultGraph() for quad in every)
    form, ending = (RdfFormat.N_QUADS, ".nq") if named else (RdfFormat.N_TRIPLES, ".nt")
    passing = ExitStack()
    atexit.register(passing.close)
    try:
        file = passing.enter_context(temporary_folder("k2graph-together-")) / f"graph{ending}"
        serialize(every if named else (quad.triple for quad in every), str(file), form)
    except OSError as error:
        raise InputError(f"the graphs cannot be put together ({error.strerror or error}); name a folder with room in TMPDIR") from error
    return file


def _quads(path: Path, place: int) -> list[Quad]:
    """The statements of a file as it spells them. A node without a name is another in each file."""

    def own(term: Any) -> Any:
        if isinstance(term, BlankNode):
            return BlankNode(f"f{place}{term.value}")
        return Triple(*map(own, term)) if isinstance(term, Triple) else term

    return [Quad(*map(own, quad)) if _has_unnamed(quad) else quad for quad in EmbeddedStore(path).quads_as_written()]


def _has_unnamed(quad: Quad) -> bool:
    return any(isinstance(term, (BlankNode, Triple)) for term in quad)


def _check(quads: dict[Path, list[Quad]]) -> None:
    first: dict[tuple[Any, Any], tuple[Path, frozenset[Any]]] = {}
    order = {property_: place for place, property_ in enumerate(_TELLING)}
    faults: list[Fault] = []
    for path, those in quads.items():
        # Of what followed by rule in each, all has to be the same.
        followed = {subject for subject, property_, _, _ in those if property_ == _FOLLOWED}
        statements: dict[tuple[Any, Any], set[Any]] = defaultdict(set)
        for subject, property_, value, _ in those:
            if (property_ in _TELLING or subject in followed) and isinstance(subject, NamedNode):
                statements[subject, property_].add(value)
        differing: dict[Any, list[tuple[int, str, str]]] = defaultdict(list)
        for (subject, property_), values in statements.items():
            other, known = first.setdefault((subject, property_), (path, frozenset(values)))
            if known != values:
                here, there = (_in_words(each) for each in (values - known or values, known - values or known))
                what = _TELLING.get(property_, f"has {iris.short(property_.value)}")
                place = order.get(property_, len(order))
                differing[subject].append((place, property_.value, f"{what} {here}, and in {other} {there}"))
        # What tells most of each thing.
        faults += (Fault(str(path), 0, iris.short(subject.value), min(found)[2]) for subject, found in differing.items())
    if faults:
        faults.sort(key=lambda fault: (fault.file, fault.column))
        more = [] if len(faults) <= _MOST else [Fault(faults[-1].file, 0, "", f"and {len(faults) - _MOST:,} more of such")]
        raise TableFaults(
            [*faults[:_MOST], *more],
            ending="nothing was read: build the packs as one graph (k2graph build PACK PACK --output FILE), or ask them apart",
        )


def _in_words(values: Any) -> str:
    return " and ".join(sorted(repr(value.value) if not isinstance(value, NamedNode) else iris.short(value.value) for value in values))
