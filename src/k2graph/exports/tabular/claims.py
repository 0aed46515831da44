"""The tables of claims: where each stands, what bears on it, and what would turn it. Their columns."""

from __future__ import annotations

from collections.abc import Iterator

from .. import Part
from .table import ID, NOTE, Column, Of, Table


def _alternatives(part: Part) -> Iterator[Of]:
    return (Of(claim, each) for claim in part.evidence.claims.values() for each in claim.alternatives)


def _turning_points(part: Part) -> Iterator[Of]:
    return (Of(claim, each) for claim in part.evidence.claims.values() for each in claim.turning_points)


def _bearings(part: Part) -> Iterator[Of]:
    return (Of(claim, each) for claim in part.evidence.claims.values() for each in claim.bearings)


def _pooled(part: Part) -> Iterator[Of]:
    return (Of(claim, each) for claim in part.evidence.claims.values() for each in claim.pooled)


CLAIMS: tuple[Table, ...] = (
    Table(
        "claims",
        "Propositions with their standing. Read no claim without its result: null, contrary and untested ones are here too.",
        lambda part: part.evidence.claims.values(),
        (
            Column("claim", ID, "id"),
            Column("label", "The claim as a sentence, in the direction in which it is proposed."),
            Column("subject", "What is held to act.", refers="entities"),
            Column("predicate", "How the subject is held to stand to the object.", scheme="predicates"),
            Column("object", "What is held to be acted on.", refers="entities"),
            Column("direction", "k2g:direction", scheme="directions"),
            Column("contexts", "k2g:context", kind="texts"),
            Column("testable_in_people", "k2g:testableInPeople", "testable", scheme="yes-no-unclear"),
            Column("implied_only", "Whether only a mechanism implies it, and nobody wrote it down.", "reach", "boolean"),
            Column("standing", "Where the claim stands, in words; the next columns say it in parts.", "standing.label"),
            Column("tested_in", "k2g:testedIn", "standing.tier", scheme="tiers"),
            Column("result", "k2g:result", "standing.result", scheme="results"),
            Column("investigations", "k2g:investigations", "standing.investigations", "integer"),
            Column("supporting", "k2g:supportWeight", "standing.supporting", "number"),
            Column("finding_nothing", "k2g:nullWeight", "standing.finding_nothing", "number"),
            Column("contradicting", "k2g:contradictWeight", "standing.contradicting", "number"),
            Column("best_support", "k2g:bestSupport", "standing.best_support", scheme="tiers"),
            Column("mechanisms", "k2g:neededBy", kind="texts"),
            Column("note", NOTE),
        ),
        of=("claims",),
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
        "Numbers of two or more counted trials taken together. They stand beside the votes and change no standing.",
        _pooled,
        (
            Column("claim", "The claim.", "owner.id", refers="claims"),
            Column("outcome", "What was measured.", refers="entities"),
            Column("measure", "k2g:effectMeasure"),
            Column("unit", "k2g:unit"),
            Column("value", "k2g:value", kind="number"),
            Column("low", "k2g:ciLow", kind="number"),
            Column("high", "k2g:ciHigh", kind="number"),
            Column("i_squared", "k2g:iSquared", kind="number"),
            Column("trials", "How many trials.", kind="integer"),
            Column("method", "k2g:method"),
            Column("findings", "The findings that were pooled.", kind="texts"),
        ),
        key=False,
    ),
)
