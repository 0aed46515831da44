"""The tables of claims: where each stands, what bears on it, and what would turn it. Their columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...evidence.model import Pooled
from .. import Part
from .table import ID, NOTE, Column, Of, Table


def _alternatives(part: Part) -> Iterator[Of]:
    return (Of(claim, each) for claim in part.evidence.claims.values() for each in claim.alternatives)


def _steps_down(part: Part) -> Iterator[Of]:
    return (Of(claim, each) for claim in part.evidence.claims.values() for each in claim.standing.steps)


def _turning_points(part: Part) -> Iterator[Of]:
    return (Of(claim, each) for claim in part.evidence.claims.values() for each in claim.turning_points)


def _bearings(part: Part) -> Iterator[Of]:
    return (Of(claim, each) for claim in part.evidence.claims.values() for each in claim.bearings)


def _pooled(part: Part) -> dict[str, Pooled]:
    """Every pool once, with the claims of the part that it serves."""
    claims = part.evidence.claims
    pools = {each.id: each for claim in claims.values() for each in claim.pooled}
    return {name: replace(each, claims=tuple(claim for claim in each.claims if claim in claims)) for name, each in sorted(pools.items())}


def _pools(part: Part) -> Iterator[Of]:
    return (Of(None, each) for each in _pooled(part).values())


def _pooled_results(part: Part) -> Iterator[Of]:
    return (Of(pool, each) for pool in _pooled(part).values() for each in pool.parts)


CLAIMS: tuple[Table, ...] = (
    Table(
        "claims",
        "Propositions with their standing. Read no claim without its result: those not shown, contrary and untested are here too.",
        lambda part: part.evidence.claims.values(),
        (
            Column("claim", ID, "id"),
            Column("label", "The claim as a sentence, in the direction in which it is proposed."),
            Column("subject", "What is held to act.", refers="entities"),
            Column("predicate", "How the subject is held to stand to the object.", scheme="predicates"),
            Column("object", "What is held to be acted on.", refers="entities"),
            Column("direction", "k2g:direction", scheme="directions"),
            Column("contexts", "k2g:context", kind="texts"),
            Column("testable_in_people", "k2g:testableInPeople", scheme="yes-no-unclear"),
            Column("implied_only", "Whether only a mechanism implies it, and nobody wrote it down.", "reach", "boolean"),
            Column("standing", "Where the claim stands, in words; the next columns say it in parts.", "standing.label"),
            Column("tested_in", "k2g:testedIn", "standing.tier", scheme="tiers"),
            Column("result", "k2g:result", "standing.result", scheme="results"),
            Column("investigations", "k2g:investigations", "standing.investigations", "integer"),
            Column("spoken_for", "k2g:spokenFor", "standing.spoken_for", "integer"),
            Column("supporting", "k2g:supportWeight", "standing.supporting", "number"),
            Column("leaving_open", "k2g:openWeight", "standing.leaving_open", "number"),
            Column("excluding", "k2g:excludeWeight", "standing.excluding", "number"),
            Column("contradicting", "k2g:contradictWeight", "standing.contradicting", "number"),
            Column("on_proposed_side", "k2g:onProposedSide", "standing.on_proposed_side", "number"),
            Column("on_other_side", "k2g:onOtherSide", "standing.on_other_side", "number"),
            Column("reached_by", "k2g:reachedBy", "standing.method", scheme="methods"),
            Column("untested_because", "k2g:untestedBecause", "standing.because", scheme="untested-reasons"),
            Column("scope", "k2g:scope", scheme="scopes"),
            Column("certainty", "k2g:certainties", "standing.certainty", scheme="certainties"),
            Column("best_support", "k2g:bestSupport", "standing.best_support", scheme="tiers"),
            Column("mechanisms", "k2g:neededBy", kind="texts"),
            Column("note", NOTE),
        ),
        of=("claims",),
    ),
    Table(
        "certainty",
        "What lowers the certainty of claims that were tested in people: by how many steps each domain does, and why.",
        _steps_down,
        (
            Column("claim", "The claim.", "owner.id", refers="claims"),
            Column("tier", "k2g:testedIn", "owner.standing.tier", scheme="tiers"),
            Column("domain", "For what it may be lowered.", scheme="certainty-domains"),
            Column("steps_down", "k2g:stepsDown", "down", "integer"),
            Column("reason", "k2g:reason"),
            Column("certainty", "k2g:certainties", "owner.standing.certainty", scheme="certainties"),
        ),
        key=False,
    ),
    Table(
        "alternative_standings",
        "The standings that claims would have, had findings counted that do not.",
        _alternatives,
        (
            Column("claim", "The claim.", "owner.id", refers="claims"),
            Column("standing", "The standing that it would have.", "0"),
            Column("had_counted", "k2g:hadCounted", "1"),
        ),
        key=False,
    ),
    Table(
        "turning_points",
        "What would turn the standings of claims, by the standing rule: so many more investigations of one stance.",
        _turning_points,
        (
            Column("claim", "The claim.", "owner.id", refers="claims"),
            Column("more", "k2g:moreInvestigations", kind="integer"),
            Column("stance", "What the further investigations say of the claim.", scheme="stances"),
            Column("tier", "The tier in which they would be made, and the claim be tested.", scheme="tiers"),
            Column("result", "The result that the claim would have there.", scheme="results"),
            Column("label", "The standing that it would have."),
            Column("in_words", "The same as a sentence."),
        ),
        key=False,
    ),
    Table(
        "bearings",
        "What each finding says of each claim, and why it is not counted where it is not.",
        _bearings,
        (
            Column("claim", "The claim.", refers="claims"),
            Column("finding", "k2g:finding", refers="findings"),
            Column("stance", "k2g:stance", scheme="stances"),
            Column("counted", "Whether it has a part in the standing.", kind="boolean"),
            Column("not_counted", "k2g:notCounted", "reasons", "texts", scheme="reasons"),
        ),
        key=False,
    ),
    Table(
        "pooled_estimates",
        "Numbers of three or more independent trials taken together.",
        _pools,
        (
            Column("pool", ID, "id"),
            Column("claims", "The claims that it serves.", kind="texts"),
            Column("outcome", "What was measured.", refers="entities"),
            Column("site", "Where, or how, it was measured; empty where not said."),
            Column("is_inverse", "Whether a larger number means less of what was measured.", kind="boolean"),
            Column("is_ratio", "k2g:isRatio", kind="boolean"),
            Column("measure", "k2g:effectMeasure"),
            Column("unit", "k2g:unit"),
            Column("value", "k2g:value", kind="number"),
            Column("ci_low", "k2g:ciLow", kind="number"),
            Column("ci_high", "k2g:ciHigh", kind="number"),
            Column("prediction_low", "k2g:predictionLow", kind="number"),
            Column("prediction_high", "k2g:predictionHigh", kind="number"),
            Column("tau_squared", "k2g:tauSquared", kind="number"),
            Column("i_squared", "k2g:iSquared", kind="number"),
            Column("q", "k2g:cochranQ", kind="number"),
            Column("is_narrow", "k2g:isNarrow", kind="boolean"),
            Column("trials", "How many trials.", kind="integer"),
            Column("method", "k2g:method"),
            Column("findings", "The findings that were pooled.", kind="texts"),
        ),
    ),
    Table(
        "pooled_results",
        "What each independent trial brings to a pool.",
        _pooled_results,
        (
            Column("result", ID, "id"),
            Column("pool", "k2g:pool", "owner.id", refers="pooled_estimates"),
            Column("investigation", "The trial, or the body of people within which it was made."),
            Column("findings", "The findings from which it comes.", kind="texts"),
            Column("value", "k2g:value", kind="number"),
            Column("ci_low", "k2g:ciLow", kind="number"),
            Column("ci_high", "k2g:ciHigh", kind="number"),
            Column("chosen_by", "k2g:chosenBy", scheme="choices"),
            Column("computed_by", "k2g:computedBy", kind="texts", scheme="computations"),
            Column("share", "k2g:shareOfWeight", kind="number"),
        ),
    ),
)
