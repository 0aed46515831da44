"""The graph for other knowledge bases: one module a target, behind one small contract.

A target is a `Format`: what it is called, who reads it, what it carries, what is lost, and a function that writes it. It is found by its
entry point in the group `k2graph.exports`, so that other packages can add their own. Nothing of a claim's standing may be lost on the
way: a target carries it, or leaves the claim out and counts it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import entry_points
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph

from .. import iris
from ..atomic import replaced_file, replaced_folder
from ..curation.dataset_description import CLASS, DatasetDescription
from ..errors import InputError, needing
from ..evidence.dataset import dataset_of
from ..evidence.model import Evidence
from ..evidence.reader import read_evidence
from ..iris import expand, short
from ..sparql.rdf_syntax import check_ending
from ..text import did_you_mean
from .included import RETRACTED, included

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from ..sparql.readable_graph import ReadableGraph


@dataclass(frozen=True)
class Part:
    """What is to be exported: the evidence that was chosen, and the graph that it is from.

    `things` were asked for by name, and stay whatever claims are left out. `paper` is that for which a format with pages lays them out.
    """

    evidence: Evidence
    graph: ReadableGraph
    whole: bool = True
    things: frozenset[str] = frozenset()
    paper: str = ""

    def triples(self) -> Iterator[Triple]:
        """The triples of the part, in no order: of the chosen things and of what the rules say of them, with the ontology."""
        return iter(self._read)

    @cached_property
    def _read(self) -> list[Triple]:
        if self.whole:
            return list(self.graph.triples())
        # What serves several claims, or has several reports, names those alone that are in the part.
        return [
            triple
            for triple in self.graph.triples()
            if getattr(triple.subject, "value", None) in self._kept
            and not (triple.predicate in _NAMES_KEPT and getattr(triple.object, "value", None) not in self._kept)
        ]

    @cached_property
    def dataset(self) -> DatasetDescription:
        """What the graph says of itself: who made it, and under what licence. A format claims nothing else."""
        return dataset_of(self.evidence.facts)

    def nodes(self, kind: str) -> list[str]:
        """The nodes of a class that are in the part, by name: for what `Evidence` has no objects of, such as food contents."""
        found = self.evidence.facts.nodes(kind)
        return found if self.whole else [node for node in found if expand(node) in self._kept]

    @cached_property
    def _kept(self) -> frozenset[str]:
        facts, evidence = self.evidence.facts, self.evidence
        kept = {*evidence.words, *evidence.organisms, *evidence.entities, *evidence.claims, *evidence.findings}
        kept |= {*evidence.reports, *evidence.studies, *evidence.mechanisms, *evidence.interactions, *evidence.appraisals}
        kept |= {finding.investigation for finding in evidence.findings.values()}
        kept |= {group for study in evidence.studies.values() for group in study.groups}
        for kind, ends in _HANG_ON.items():
            kept |= {node for node in facts.nodes(kind) if all(_is_in(set(facts.all(node, end)), end, kept) for end in ends)}
        kept |= {turn for node in facts.nodes("k2g:Standing") if node in kept for turn in facts.all(node, "k2g:turnsAt")}
        for kind in _ALWAYS:
            kept |= set(facts.nodes(kind))
        return frozenset(map(expand, kept))


#: The properties by which one node serves several claims.
_OF_CLAIMS = ("k2g:claim", "k2g:soughtClaim")
#: Properties of which a part keeps what leads to something in it.
_NAMES_KEPT = frozenset(map(iris.name, (*_OF_CLAIMS, "k2g:report")))
#: Classes whose nodes are in every part.
_ALWAYS = ("owl:Ontology", "owl:Class", "rdf:Property", "skos:ConceptScheme", "k2g:Rule", "k2g:Thresholds", "k2g:Parameters", CLASS)
#: Classes whose nodes say something of others: they go with all that they speak of by these properties.
_HANG_ON: Mapping[str, tuple[str, ...]] = {
    "k2g:Standing": ("k2g:claim",),
    "k2g:Bearing": ("k2g:claim", "k2g:finding"),
    "k2g:Vote": ("k2g:claim", "k2g:investigation"),
    "k2g:CertaintyStep": ("k2g:ofStanding",),
    "k2g:Tally": ("k2g:claim",),
    "k2g:AlternativeStanding": ("k2g:claim",),
    "k2g:ComputedEstimate": ("k2g:computedFor",),
    "k2g:PooledEstimate": ("k2g:claim", "k2g:finding"),
    "k2g:PooledResult": ("k2g:pool", "k2g:finding"),
    "k2g:Step": ("k2g:mechanism",),
    "k2g:MechanismSupport": ("k2g:mechanism",),
    "k2g:IdentifierMatch": ("k2g:entity",),
    "k2g:Arm": ("k2g:armOf",),
    "k2g:Spread": ("k2g:study",),
    "k2g:FoodContent": ("k2g:form", "k2g:food"),
    "k2g:PharmacokineticParameter": ("k2g:form", "k2g:report"),
    "k2g:ReferenceIntake": ("k2g:nutrient",),
    "k2g:StatusFigure": ("k2g:marker", "k2g:report"),
    "k2g:CitationCheck": ("k2g:report",),
    "k2g:Search": ("k2g:soughtClaim",),
    "k2g:LeftOutRecord": ("k2g:leftOutOf",),
}


def _is_in(found: set[str], end: str, kept: set[str]) -> bool:
    """Whether what a node speaks of is in a part: of the claims that it serves one, of all else all."""
    return bool(found & kept) if end in _OF_CLAIMS else found <= kept


def has_something(part: Part) -> bool:
    """Whether there is any thing, report, study, claim or mechanism in a part."""
    of = part.evidence
    return any((of.entities, of.claims, of.findings, of.reports, of.studies, of.mechanisms, of.interactions))


def has_triples(part: Part) -> bool:
    """Whether there is anything at all in a part, of whatever vocabulary."""
    return next(part.triples(), None) is not None


@dataclass(frozen=True)
class Format:
    """A target. `suffix` is that of its file, or empty where it writes a folder.

    `has` says whether there is anything in a part that it writes: what would be empty is not written.
    `write` fills a path that is there already and is thrown away where it fails, and returns how many of what it had to leave out.
    `includes` are the results that a claim may have to be written without being asked for, and `retracted`; where None, all of them.
    `graphs` is true where it keeps the named graphs of a file apart; elsewhere they are merged.
    `incomplete` is true where it writes triples as they are, of a whole graph too in which things lack what every such thing has.
    `papers` are those for which it can lay out its pages, the first where nobody asks.
    """

    name: str
    title: str
    readers: str
    carries: str
    loses: str
    suffix: str
    write: Callable[[Part, Path], Mapping[str, int]]
    includes: tuple[str, ...] | None = None
    extra: str = ""
    has: Callable[[Part], bool] = has_something
    graphs: bool = False
    incomplete: bool = False
    papers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """What an export wrote and what it left out; a size of 0: there was nothing to write, and nothing was written."""

    path: Path
    size: int
    left_out: Mapping[str, int]


def formats() -> dict[str, str]:
    """The names of all formats, those of other packages too, and the entry point of each."""
    return {point.name: point.value for point in sorted(entry_points(group="k2graph.exports"))}


def find_format(name: str) -> Format:
    """The format of a name.

    Raises:
        InputError: where there is none, with the nearest names, or it needs a package that is not there.
    """
    points = {point.name: point for point in entry_points(group="k2graph.exports")}
    if name not in points:
        raise InputError(f"no format {name!r}{did_you_mean(name, points)}; `k2graph export` lists them")
    try:
        found = points[name].load()
    except Exception as error:  # another package's code: whatever it raises is its own fault, and is told as such
        raise InputError(f"the format {name!r} ({points[name].value}) does not load: {error}") from error
    if not isinstance(found, Format):
        raise InputError(f"the format {name!r} ({points[name].value}) is no k2graph.exports.Format")
    return found


def choose(graph: ReadableGraph, *, about: str | None = None, mechanism: str | None = None, incomplete: bool = False) -> Part:
    """The whole graph, or what is about a thing, or what a mechanism rests on. A whole graph may be `incomplete`, for formats that say so.

    Raises:
        InputError: where nothing is called so, or something is not complete.
    """
    evidence = read_evidence(graph, incomplete=incomplete and about is None and mechanism is None)
    if about is None and mechanism is None:
        return Part(evidence, graph)
    claims: set[str] | None = None
    things: set[str] = set()
    if mechanism is not None:
        claims = evidence.rests_on([short(graph.find("mechanism", mechanism).value)])
    if about is not None:
        kind, node = graph.find_any(about)
        things = {short(node.value)}
        near = evidence.about(kind, short(node.value))
        claims = near if claims is None else claims & near
    return Part(evidence.only(claims or set(), things), graph, False, frozenset(things))


def export(part: Part, target: Format, output: Path, include: tuple[str, ...] = (), paper: str = "") -> Written:
    """Write a part of the graph for a target, whole or not at all; what would be empty is not written.

    Raises:
        InputError: where the place cannot be written, a package is missing, or `include` names no result or has no effect, or `paper` none.
    """
    if paper and paper not in target.papers:
        there = f"{target.name} has {' and '.join(target.papers)}" if target.papers else f"{target.name} has no pages"
        raise InputError(f"--paper: {paper!r} is none of its papers: {there}{did_you_mean(paper, target.papers)}")
    part = replace(part, paper=paper or next(iter(target.papers), ""))
    includable = [*(word.notation for word in part.evidence.scheme("results")), RETRACTED]
    for word in include:
        if word not in includable:
            raise InputError(f"--include: {word!r} is not one of: {', '.join(includable)}{did_you_mean(word, includable)}")
    if include and target.includes is None:
        raise InputError(f"--include: {target.name} leaves nothing out for its result or its retraction; write it without")
    kept, left_out = included(part.evidence, part.things, {*(includable if target.includes is None else target.includes), *include})
    chosen = part if kept is part.evidence else replace(part, evidence=kept, whole=False)
    if not target.graphs:
        names = {*chain(*part.graph.named_triples().values())} - {DefaultGraph()}
        left_out["names of graphs, whose triples are merged"] += len(names)
    size = 0
    with needing(target.name, target.extra or target.name):
        if not target.has(chosen):
            pass
        elif target.suffix:
            size = _write_file(chosen, target, output, left_out)
        else:
            with replaced_folder(output, f"{target.name} export") as made:
                left_out.update(target.write(chosen, made))
                size = sum(file.stat().st_size for file in made.rglob("*") if file.is_file())
    return Written(output, size, {what: count for what, count in left_out.items() if count})


def _write_file(part: Part, target: Format, output: Path, left_out: Counter[str]) -> int:
    if output.is_dir():
        raise InputError(f"{output}: is a folder; {target.name} is one file")
    check_ending(output, target.suffix)
    size = 0
    with suppress(_NothingError), replaced_file(output) as made:
        left_out.update(target.write(part, made))
        size = made.stat().st_size
        if not size:
            raise _NothingError  # so that what is there stays
    return size


class _NothingError(Exception):
    """A file would be empty."""
