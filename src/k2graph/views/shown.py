"""What a map shows of the evidence, and as what: a choice of claims, relations that join chains, and the shape of each thing."""

from __future__ import annotations

from dataclasses import dataclass

from .. import palette
from ..errors import NothingToShow
from ..evidence.model import Evidence

#: Relations that join chains, drawn where both ends are on the map.
RELATIONS = ("k2g:formOf", "k2g:narrowerThan", "k2g:stateOf", "k2g:inverseMarkerOf", "k2g:statusMarkerOf")


@dataclass(frozen=True)
class Shown:
    """What a map shows: claims as edges, which of them run end to end over a mechanism, and a title."""

    title: str
    claims: tuple[str, ...]
    whole: frozenset[str] = frozenset()


def shown(
    evidence: Evidence, *, about: tuple[str, str] | None = None, mechanism: str | None = None, form: str | None = None, hops: int = 1
) -> Shown:
    """All mechanisms; or what is about a thing (its kind and name) within some hops; or one mechanism; or what begins with a form.

    Raises:
        NothingToShow: where no claim is left.
    """
    whole = {each.end_to_end for each in evidence.mechanisms.values()}
    chosen = [mechanism] if mechanism else list(evidence.mechanisms)
    title = evidence.mechanisms[mechanism].label if mechanism else "Mechanisms and the evidence for every step"
    if form is not None:
        wider = {form, *evidence.entities[form].carries_evidence_to}
        chosen = [name for name in chosen if evidence.claims[evidence.mechanisms[name].end_to_end].subject in wider]
        title = f"Mechanisms that begin with {evidence.entities[form].label}"
    claims = {step.claim for name in chosen for step in evidence.mechanisms[name].steps}
    claims |= {evidence.mechanisms[name].end_to_end for name in chosen}
    if form is not None:
        ends = {end for name in claims for end in (evidence.claims[name].subject, evidence.claims[name].object)}
        claims |= {claim.id for claim in evidence.claims_of.get(form, ()) if claim.subject == form and claim.object in ends}
    if about is not None:
        kind, thing = about
        near = {name for name in evidence.about(kind, thing, hops) if not evidence.claims[name].reach}
        claims = claims & near if (mechanism or form) else near
        title = f"Claims about {evidence.name(thing)}" if not mechanism else title
    unlimited = {name for name in claims if evidence.is_unlimited(evidence.claims[name])}
    # A claim that is limited to some people stands beside its like without the limit; one edge between two things is enough.
    claims = unlimited or claims
    if not claims:
        raise NothingToShow("there is nothing to show: no claim is left; no file was written")
    links = {step.claim for name in chosen for step in evidence.mechanisms[name].steps}
    over = frozenset(name for name in claims if name in whole and name not in links and about is None and mechanism is None)
    return Shown(title, tuple(sorted(claims)), over)


def drawn_as(evidence: Evidence, name: str) -> str:
    """The shape that a thing's class says; one that is not known, or none, is `other`."""
    shape = evidence.facts.one(evidence.entities[name].kind, "k2g:drawnAs")
    return shape if shape in palette.SHAPES else "other"
