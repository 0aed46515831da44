"""How a review is laid out: outcomes under their kinds, in each what acts on it, and there its claims and the results on just these two.

In: evidence, and whether it is the whole graph. Out: an `Outline`. Every result has one place, however many claims it bears on. Of the
whole graph only what it asks about gets room of its own, and of that the results in people that decide; of a part everything does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from ..evidence.model import Claim, Evidence, Finding, Word
from ..views.gap_map import tree

#: The scope of the claims that the graph is about.
_ASKED = "nutrient-question"


@dataclass(frozen=True)
class Acting:
    """What acts on an outcome, or goes with it: claims, results to show in rows, and results to name in short."""

    thing: str
    claims: tuple[Claim, ...]
    shown: tuple[Finding, ...]
    in_short: tuple[Finding, ...]


@dataclass(frozen=True)
class Outcome:
    """An outcome with results here or under narrower ones, the kind nearest to health in which it was observed, and what acts on it."""

    thing: str
    kind: Word
    acting: tuple[Acting, ...]


@dataclass(frozen=True)
class Outline:
    """Kinds of outcomes with their outcomes; and the claims that are told in a line, by scope."""

    groups: tuple[tuple[Word, tuple[Outcome, ...]], ...]
    in_a_line: tuple[tuple[Word, tuple[Claim, ...]], ...]

    @property
    def outcomes(self) -> Iterator[Outcome]:
        """All outcomes, in their order."""
        return (outcome for _, outcomes in self.groups for outcome in outcomes)

    @property
    def numbered(self) -> list[Claim]:
        """All claims in the order in which the document has them."""
        found = [claim for outcome in self.outcomes for acting in outcome.acting for claim in acting.claims]
        return found + [claim for _, claims in self.in_a_line for claim in claims]


def outline(evidence: Evidence, *, whole: bool) -> Outline:
    """The outline of a graph or of a part."""
    claims = sorted(evidence.claims.values(), key=lambda claim: (not evidence.is_unlimited(claim), claim.label, claim.id))
    featured = [claim for claim in claims if not whole or (claim.scope.notation == _ASKED and not claim.reach)]
    places = _places(evidence, featured)
    shown: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    short: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    deciding = {finding for claim in featured for finding in _deciding(evidence, claim)}
    for name, place in places.items():
        (shown if not whole or name in deciding else short)[place].append(evidence.findings[name])
    # A claim may rest on results that have their rows under narrower outcomes alone.
    rows = {outcome for outcome, _ in shown}
    rows |= {claim.object for claim in featured if (claim.standing.steps if whole else claim.bearings)}
    roomy = [claim for claim in featured if claim.object in rows]
    by_pair: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in roomy:
        by_pair[claim.object, claim.subject].append(claim)
    things = {thing for _, thing in by_pair}
    weights = {thing: len({each.investigation for (_, of), found in shown.items() if of == thing for each in found}) for thing in things}
    order = [thing for thing, _ in tree(evidence, things, lambda thing: (-weights[thing], evidence.name(thing), thing))]

    def made(outcome: str, kind: Word) -> Outcome:
        pairs = [(outcome, thing) for thing in order if (outcome, thing) in by_pair]
        parts = (Acting(pair[1], tuple(by_pair[pair]), _sorted(evidence, shown[pair]), _sorted(evidence, short[pair])) for pair in pairs)
        return Outcome(outcome, kind, tuple(parts))

    kinds = {outcome: _kind(_of(shown, outcome) or _on(evidence, featured, outcome)) for outcome in rows}
    groups = []
    for kind in evidence.scheme("outcome-kinds"):
        if outcomes := {outcome for outcome, of in kinds.items() if of == kind}:
            names = tree(evidence, outcomes, lambda name: (evidence.name(name).casefold(), name))
            groups.append((kind, tuple(made(outcome, kind) for outcome, _ in names)))
    kept = {claim.id for claim in roomy}
    rest = [claim for claim in claims if claim.id not in kept]
    scopes = sorted({claim.scope for claim in rest}, key=lambda scope: (scope.notation != _ASKED, scope.rank, scope.label))
    return Outline(tuple(groups), tuple((scope, tuple(claim for claim in rest if claim.scope == scope)) for scope in scopes))


def _places(evidence: Evidence, featured: list[Claim]) -> dict[str, tuple[str, str]]:
    """Where each result has its place: under its own outcome and subject, or where no claim has these, under the narrowest that have it."""
    bearing: dict[str, list[Claim]] = defaultdict(list)
    for claim in featured:
        for each in claim.bearings:
            bearing[each.finding].append(claim)

    def narrowness(thing: str) -> tuple[int, str]:
        return (-len(evidence.entities[thing].carries_evidence_to) if thing in evidence.entities else 0, thing)

    found = {}
    for name in sorted(bearing):
        finding = evidence.findings[name]
        outcomes = {claim.object for claim in bearing[name]}
        outcome = finding.object if finding.object in outcomes else min(outcomes, key=narrowness)
        things = {claim.subject for claim in bearing[name] if claim.object == outcome}
        found[name] = (outcome, finding.subject if finding.subject in things else min(things, key=narrowness))
    return found


def _of(shown: dict[tuple[str, str], list[Finding]], outcome: str) -> list[Finding]:
    return [each for (of, _), findings in shown.items() if of == outcome for each in findings]


def _on(evidence: Evidence, featured: list[Claim], outcome: str) -> list[Finding]:
    """The results on the claims of an outcome, wherever they have their rows."""
    return [evidence.findings[bearing.finding] for claim in featured if claim.object == outcome for bearing in claim.bearings]


def _kind(findings: list[Finding]) -> Word:
    """The kind nearest to health in which something was observed."""
    return min((each.outcome_kind for each in findings), key=lambda kind: (kind.rank, kind.id))


def _deciding(evidence: Evidence, claim: Claim) -> Iterator[str]:
    """The results on a claim, counted or not, at the tier in which it was tested, where that is of people."""
    facts, tier = evidence.facts, claim.standing.tier.id
    if facts.one(tier, "k2g:isInPeople", False):
        levels = (evidence.findings[bearing.finding].level.id for bearing in claim.bearings)
        yield from (each.finding for each, level in zip(claim.bearings, levels, strict=True) if facts.one(level, "k2g:tier") == tier)


def _sorted(evidence: Evidence, findings: list[Finding]) -> tuple[Finding, ...]:
    """The best level first, then by year; results of one study in one report beside each other."""

    def place(finding: Finding) -> tuple[int, int, str, str, str]:
        return finding.level.rank, evidence.reports[finding.report].year, finding.report, finding.study, finding.id

    return tuple(sorted(findings, key=place))
