"""The top of a form's page: what it was shown to do in people and what not, who should not take it, and how much trials gave.

In: the evidence, and the rows of the question `who-should-not-supplement`. All of it stands below or on other pages, at more length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median_low
from typing import Any

from ...evidence.model import Claim, Evidence

#: The question that says who should not.
AVOIDING = "who-should-not-supplement"


@dataclass(frozen=True)
class InShort:
    """A form in short.

    `in_people` has the claims on what it does that were tested in people, those that stand alike together, best tested first; `below` says
    of the others how many were tested at best in what. `avoid` are those who should not take it unadvised, each with the reasons; `given`
    is how much the arms of trials got a day, in words, empty where no amount was read.
    """

    in_people: Mapping[str, tuple[Claim, ...]]
    below: Mapping[str, int]
    avoid: Mapping[str, tuple[str, ...]]
    given: str


def in_short(evidence: Evidence, form: str, avoiding: Iterable[Mapping[str, Any]]) -> InShort | None:
    """A form in short; None for what is no form, or of which no claim says that it does anything."""
    claims = [claim for claim in evidence.claims_of.get(form, ()) if claim.subject == form and evidence.is_unlimited(claim)]
    if not claims or not evidence.is_form(form):
        return None
    claims.sort(key=lambda claim: (claim.standing.tier.rank, claim.standing.result.rank, -claim.standing.investigations, claim.label))
    in_people: dict[str, tuple[Claim, ...]] = {}
    below: Counter[str] = Counter()
    for claim in claims:
        tier = claim.standing.tier
        if evidence.facts.one(tier.id, "k2g:isInPeople", False):
            stands = f"{claim.standing.result.label} in {tier.label}"
            in_people[stands] = (*in_people.get(stands, ()), claim)
        else:
            below[f"at best in {tier.label}" if tier in evidence.tiers_of_evidence else claim.standing.result.label] += 1
    names = {evidence.name(thing) for thing in _wholes(evidence, form)}
    avoid: dict[str, tuple[str, ...]] = {}
    for row in avoiding:
        if row["agent"] in names:
            who = str(row["population"])
            avoid[who] = (*avoid.get(who, ()), f"{row['severity']}: {row['effect']}")
    return InShort(in_people, below, avoid, _given(evidence, form))


def _wholes(evidence: Evidence, form: str) -> set[str]:
    """A form and what it is a form of, at any remove: what holds of a nutrient holds of its forms."""
    found, waiting = set(), {form}
    while waiting:
        found |= waiting
        relations = (pair for thing in waiting for pair in evidence.entities[thing].relations)
        waiting = {whole for relation, whole in relations if relation == "k2g:formOf"} - found
    return found


def _given(evidence: Evidence, form: str) -> str:
    daily = sorted(
        arm.daily for study in evidence.studies.values() if study.kind == "Trial" for arm in study.arms if form in arm.forms and arm.daily
    )
    if not daily:
        return ""
    least, middle, most = (_whole(amount) for amount in (daily[0], median_low(daily), daily[-1]))
    if least == most:
        return f"{least} µg a day, in {len(daily)} {'arm' if len(daily) == 1 else 'arms'} of trials whose dose was read"
    return f"{least} to {most} µg a day in {len(daily)} arms of trials whose dose was read; half of them got up to {middle} µg"


def _whole(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 10 else f"{amount:g}"
