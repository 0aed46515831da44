"""The risk of bias of the trials that tell of each outcome, in the columns and words that robvis reads. What these mean."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from ...evidence.bias import VoteRisk, read_risks
from ...iris import name as iri
from .. import Part
from ..mapped import Mapped
from .table import Column, Table

_MAY_BE = "Low, Some concerns, High or No information: nobody judged, or what can be read does not tell."


@dataclass(frozen=True)
class Row:
    """One of the trials that tell of an outcome."""

    study: str
    domains: tuple[str, ...]
    overall: str
    weight: int
    outcome: str
    investigation: str
    claims: tuple[str, ...]


def _rows(part: Part) -> Iterator[Row]:
    evidence = part.evidence
    # RoB 2 is a tool for trials.
    claims = [
        name
        for name, claim in sorted(evidence.claims.items())
        if not claim.reach and evidence.facts.one(claim.standing.tier.id, "k2g:isOfHumanTrials", False)
    ]
    risks = read_risks(part.graph, map(iri, claims))
    mapped, terms = Mapped(evidence), {word.notation: word.id for word in evidence.scheme("risks-of-bias")}
    votes: dict[tuple[str, str], dict[str, VoteRisk]] = defaultdict(dict)
    for claim in claims:
        for vote in risks.votes.get(claim, ()):
            if vote.investigation in evidence.studies:
                votes[evidence.claims[claim].object, vote.investigation][claim] = vote

    def worst(judged: list[str]) -> str:
        return mapped.term(terms[risks.worst(judged)], "robvis") if terms else ""

    called = Counter((outcome, evidence.name(investigation)) for outcome, investigation in votes)
    for (outcome, investigation), of in sorted(votes.items()):
        label = evidence.name(investigation)
        yield Row(
            # What robvis would take for one study.
            study=label if called[outcome, label] == 1 else f"{label} ({investigation.partition(':')[2]})",
            domains=tuple(
                worst([each.lights[domain.notation] for each in of.values() if domain.notation in each.lights]) for domain in risks.whole
            ),
            overall=worst([each.risk for each in of.values()]),
            weight=1,
            outcome=outcome,
            investigation=investigation,
            claims=tuple(of),
        )


def _domain(number: int, what: str) -> Column:
    return Column(f"D{number}", f"{what}: {_MAY_BE}", f"domains.{number - 1}")


BIAS: tuple[Table, ...] = (
    Table(
        "risk_of_bias",
        "For each outcome of claims that were tested in human trials, the trials that vote on these, with the worst that counts in their "
        "votes. The first seven columns of the rows of one outcome are what robvis draws as traffic lights by "
        'rob_traffic_light(data, tool = "ROB2"), the first eight what it draws as a summary by rob_summary(data, tool = "ROB2").',
        _rows,
        (
            Column("Study", "What people call the trial.", "study"),
            _domain(1, "Randomisation"),
            _domain(2, "Deviations from what was intended"),
            _domain(3, "Missing data"),
            _domain(4, "Measurement of the outcome"),
            _domain(5, "Selective reporting"),
            Column("Overall", f"The risk of the vote, by rule: {_MAY_BE}", "overall"),
            Column("Weight", "1: each independent investigation has one vote.", "weight", "integer"),
            Column("outcome", "The outcome.", refers="entities"),
            Column("investigation", "The trial, or the people within whom it was made.", refers="studies"),
            Column("claims", "The claims about the outcome on which it votes.", kind="texts"),
        ),
        key=False,
    ),
)
