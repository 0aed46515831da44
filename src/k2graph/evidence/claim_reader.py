"""Read the claims of a graph: each with where it stands, what bears on it, and what would turn it."""

from __future__ import annotations

from .claims import Bearing, Claim, Pooled, Standing, TurningPoint, what_would_turn
from .nodes import Nodes


def read_claim(read: Nodes, node: str) -> Claim:
    """A claim, with its standing, what bears on it and what would turn it."""
    return Claim(
        id=node,
        label=read.need(node, "rdfs:label"),
        subject=read.need(node, "rdf:subject"),
        predicate=read.word(node, "rdf:predicate"),
        object=read.need(node, "rdf:object"),
        direction=read.word(node, "k2g:direction"),
        contexts=read.texts(node, "k2g:context"),
        testable=read.label(node, "k2g:testableInPeople"),
        note=" ".join(read.texts(node, "skos:note")),
        reach="k2g:ReachClaim" in read.all(node, "rdf:type"),
        standing=_standing(read, read.need(node, "k2g:standing")),
        alternatives=tuple(
            (read.need(each, "rdfs:label"), read.label(each, "k2g:hadCounted"))
            for each in read.by("k2g:AlternativeStanding", "k2g:claim", node)
        ),
        turning_points=_turning_points(read, read.need(node, "k2g:standing")),
        bearings=tuple(
            Bearing(
                node,
                read.need(each, "k2g:finding"),
                read.word(each, "k2g:stance"),
                tuple(read.words[reason] for reason in read.all(each, "k2g:notCounted")),
            )
            for each in read.by("k2g:Bearing", "k2g:claim", node)
        ),
        pooled=tuple(_pooled(read, each) for each in read.by("k2g:PooledEstimate", "k2g:claim", node)),
        mechanisms=read.texts(node, "k2g:neededBy"),
    )


def _turning_points(read: Nodes, standing: str) -> tuple[TurningPoint, ...]:
    found = [_turning_point(read, each) for each in read.all(standing, "k2g:turnsAt")]
    return tuple(sorted(found, key=lambda each: (each.tier.rank, each.more, each.stance.rank)))


def _turning_point(read: Nodes, node: str) -> TurningPoint:
    more, label = int(read.need(node, "k2g:moreInvestigations")), read.need(node, "rdfs:label")
    stance, tier = read.word(node, "k2g:stance"), read.word(node, "k2g:testedIn")
    phrase = read.text(stance.id, "k2g:phraseOfVotes") or stance.label
    return TurningPoint(more, stance, tier, read.word(node, "k2g:result"), label, what_would_turn(more, tier.label, phrase, label))


def _standing(read: Nodes, node: str) -> Standing:
    result, tier = read.word(node, "k2g:result"), read.word(node, "k2g:testedIn")
    supports = bool(read.one(result.id, "k2g:isSupport", False))
    return Standing(
        label=read.need(node, "rdfs:label"),
        tier=tier,
        result=result,
        is_support=supports,
        investigations=int(read.need(node, "k2g:investigations")),
        supporting=read.number(node, "k2g:supportWeight") or 0.0,
        finding_nothing=read.number(node, "k2g:nullWeight") or 0.0,
        contradicting=read.number(node, "k2g:contradictWeight") or 0.0,
        best_support=read.word_or_none(node, "k2g:bestSupport"),
        supported_in_human_trials=supports and bool(read.one(tier.id, "k2g:isOfHumanTrials", False)),
    )


def _pooled(read: Nodes, node: str) -> Pooled:
    return Pooled(
        outcome=read.need(node, "k2g:outcome"),
        measure=read.measure(node) or read.need(node, "k2g:effectMeasure"),
        unit=read.text(node, "k2g:unit"),
        value=float(read.need(node, "k2g:value")),
        low=float(read.need(node, "k2g:ciLow")),
        high=float(read.need(node, "k2g:ciHigh")),
        i_squared=float(read.need(node, "k2g:iSquared")),
        trials=int(read.need(node, "k2g:investigations")),
        method=read.text(node, "k2g:method"),
        findings=read.texts(node, "k2g:finding"),
    )
