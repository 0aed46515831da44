"""Matrices of effects: of each claim where it stands, how large the effect is, and of how many people that is known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ...evidence.model import Claim, Evidence


class Effect(NamedTuple):
    """A row of a matrix of effects: a claim, how large the effect is, and of how many people that is known."""

    claim: Claim
    sizes: tuple[tuple[str, str], ...]
    people: str


def effects(evidence: Evidence, claims: Iterable[Claim]) -> list[Effect]:
    """Claims in their order: with what was pooled and of what, or where a single result has a size, with that."""
    return [Effect(claim, _sizes(evidence, claim), _people(claim)) for claim in claims]


def _sizes(evidence: Evidence, claim: Claim) -> tuple[tuple[str, str], ...]:
    if claim.pooled:
        return tuple(
            (f"pooled, {', '.join(filter(None, (evidence.name(each.outcome), each.site)))}", each.numbers) for each in claim.pooled
        )
    counted = [evidence.findings[bearing.finding] for bearing in claim.bearings if bearing.counted]
    sized = [finding.numbers for finding in counted if finding.value is not None]
    if len(sized) == 1:
        return (("", sized[0]),)
    return ((f"{len(sized)} results, not pooled" if sized else "no size is told" if counted else "", ""),)


def _people(claim: Claim) -> str:
    """What the domain of imprecision says, which counts them."""
    return next((step.reason for step in claim.standing.steps if step.domain.id == "k2g:domain-imprecision"), "")
