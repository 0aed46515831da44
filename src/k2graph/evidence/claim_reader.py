"""Read the claims of a graph: each with where it stands, what bears on it, and what would turn it."""

from __future__ import annotations

from .claims import Bearing, CertaintyStep, Claim, Pooled, PooledResult, Standing, TurningPoint, what_would_turn
from .described import described
from .nodes import Nodes


def read_claim(read: Nodes, node: str) -> Claim:
    """A claim, with its standing, what bears on it and what would turn it."""
    return described(
        read, node, Claim, "claims",
        contexts=read.texts(node, "k2g:context"),
        scope=read.word(node, "k2g:scope"),
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
    )  # fmt: skip


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
    is_pooled = read.text(node, "k2g:reachedBy") == "k2g:method-pooled"
    return Standing(
        label=read.need(node, "rdfs:label"),
        tier=tier,
        result=result,
        meaning=(is_pooled and read.text(result.id, "k2g:meaningInAPool")) or result.definition,
        is_support=supports,
        investigations=int(read.need(node, "k2g:investigations")),
        spoken_for=int(read.number(node, "k2g:spokenFor") or 0),
        supporting=read.number(node, "k2g:supportWeight") or 0.0,
        leaving_open=read.number(node, "k2g:openWeight") or 0.0,
        excluding=read.number(node, "k2g:excludeWeight") or 0.0,
        contradicting=read.number(node, "k2g:contradictWeight") or 0.0,
        on_proposed_side=read.number(node, "k2g:onProposedSide") or 0.0,
        on_other_side=read.number(node, "k2g:onOtherSide") or 0.0,
        method=read.word_or_none(node, "k2g:reachedBy"),
        because=read.word_or_none(node, "k2g:untestedBecause"),
        certainty=read.word(node, "k2g:certainty"),
        steps=_steps(read, node),
        best_support=read.word_or_none(node, "k2g:bestSupport"),
        supported_in_human_trials=supports and bool(read.one(tier.id, "k2g:isOfHumanTrials", False)),
    )


def _steps(read: Nodes, standing: str) -> tuple[CertaintyStep, ...]:
    """What lowers the certainty of a standing, in the order of the domains."""
    found = [
        CertaintyStep(read.word(step, "k2g:domain"), int(read.need(step, "k2g:stepsDown")), read.need(step, "k2g:reason"))
        for step in read.by("k2g:CertaintyStep", "k2g:ofStanding", standing)
    ]
    return tuple(sorted(found, key=lambda step: step.domain.rank))


def _pooled(read: Nodes, node: str) -> Pooled:
    return Pooled(
        id=node,
        claims=read.texts(node, "k2g:claim"),
        outcome=read.need(node, "k2g:outcome"),
        site=read.text(node, "k2g:site") or read.text(node, "k2g:contrast"),
        is_inverse=bool(read.text(node, "k2g:scale")),
        is_ratio=bool(read.one(read.need(node, "k2g:measureTerm"), "k2g:isRatio", False)),
        measure=read.measure(node) or read.need(node, "k2g:effectMeasure"),
        unit=read.text(node, "k2g:unit"),
        value=float(read.need(node, "k2g:value")),
        ci_low=float(read.need(node, "k2g:ciLow")),
        ci_high=float(read.need(node, "k2g:ciHigh")),
        prediction_low=float(read.need(node, "k2g:predictionLow")),
        prediction_high=float(read.need(node, "k2g:predictionHigh")),
        tau_squared=float(read.need(node, "k2g:tauSquared")),
        i_squared=float(read.need(node, "k2g:iSquared")),
        q=float(read.need(node, "k2g:cochranQ")),
        is_narrow=bool(read.one(node, "k2g:isNarrow", False)),
        trials=int(read.need(node, "k2g:investigations")),
        method=read.text(node, "k2g:method"),
        findings=read.texts(node, "k2g:finding"),
        parts=tuple(_pooled_result(read, each) for each in read.by("k2g:PooledResult", "k2g:pool", node)),
    )


def _pooled_result(read: Nodes, node: str) -> PooledResult:
    return PooledResult(
        id=node,
        investigation=read.need(node, "k2g:investigation"),
        findings=read.texts(node, "k2g:finding"),
        value=float(read.need(node, "k2g:value")),
        ci_low=float(read.need(node, "k2g:ciLow")),
        ci_high=float(read.need(node, "k2g:ciHigh")),
        chosen_by=read.word(node, "k2g:chosenBy"),
        computed_by=tuple(read.words[each] for each in read.texts(node, "k2g:computedBy")),
        share=float(read.need(node, "k2g:shareOfWeight")),
    )
