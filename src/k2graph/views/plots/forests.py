"""Gather what the forest plots of a claim show: pools with the results they pool, results beside them, and those without an interval.

In: evidence, a claim, and its risk of bias. Out: a `Forest` for each measure and unit.

Nothing is decided here: what is pooled, counts, is computed or would matter, and which way is better for health, the graph says.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace

from ...evidence.bias import Risks
from ...evidence.model import Bearing, Claim, Evidence, Finding, Pooled, PooledResult
from .labels import apart, author_and_year, given, written
from .numbers import ArmNumbers, arms_numbers
from .rows import Block, Estimate, Forest, Lights, Row
from .subgroups import divided, grouped

#: As many standard errors lie at either side of an estimate in its 95% interval.
_Z = 1.959964
DARK = Lights((), {}, {})


def lights_of(evidence: Evidence, risks: Risks, claim: Claim) -> Lights:
    """The lights at the rows of a claim's forests: those of the vote in which a finding counts."""
    votes = {vote.investigation: vote for vote in risks.votes.get(claim.id, ()) if vote.lights}
    of: dict[str, dict[str, str]] = {}
    for bearing in claim.bearings:
        finding = evidence.findings[bearing.finding]
        vote = votes.get(finding.investigation)
        if vote and bearing.counted and _tier(evidence, finding) == claim.standing.tier.id:
            of[finding.id] = of[finding.investigation] = {**vote.lights, "": vote.risk}
    return Lights(tuple((each.notation, each.label) for each in risks.whole), risks.words, of)


def forests(evidence: Evidence, claim: Claim, lights: Lights = DARK) -> list[Forest]:
    """One forest for each measure and unit in which a pool was made, or two or more results have an interval; those with pools first."""
    # A number that runs the other way has no place on the same axis.
    groups: dict[tuple[str, str, bool, bool, bool], list[tuple[Bearing, Estimate]]] = defaultdict(list)
    bare = []
    for bearing in claim.bearings:
        finding = evidence.findings[bearing.finding]
        estimate = estimate_of(evidence, finding)
        if estimate is None:
            bare.append(bearing)
        else:
            turned = _is_turned(evidence, finding.object, claim)
            groups[estimate.measure, estimate.unit, estimate.is_ratio, finding.is_inverse, turned].append((bearing, estimate))
    for pool in claim.pooled:
        groups[pool.measure, pool.unit, pool.is_ratio, pool.is_inverse, _is_turned(evidence, pool.outcome, claim)] += []
    pooled = {finding for pool in claim.pooled for finding in pool.findings}
    total = sum(map(len, groups.values()))
    found = []
    for (measure, unit, is_ratio, is_inverse, is_turned), results in sorted(groups.items(), key=lambda group: group[0]):
        alike = (measure, unit, is_ratio, is_inverse, is_turned)
        pools = [
            pool
            for pool in claim.pooled
            if (pool.measure, pool.unit, pool.is_ratio, pool.is_inverse, _is_turned(evidence, pool.outcome, claim)) == alike
        ]
        here = {finding for pool in pools for finding in pool.findings}
        # What a pool has in another unit stands there.
        beside = [(bearing, estimate) for bearing, estimate in results if bearing.finding not in pooled]
        if not pools and len(beside) < 2:
            continue
        measured = {pool.outcome for pool in pools} | {evidence.findings[bearing.finding].object for bearing, _ in beside}
        # Several outcomes are parts of the claim's own, unless they are its reverse.
        outcome = claim.object if len(measured) > 1 and not is_turned else min(measured)
        blocks = [Block(pool, tuple(_part(evidence, claim, outcome, lights, pool, part) for part in pool.parts)) for pool in pools]
        rows = [replace(_row(evidence, outcome, lights, *each), reason=_reason(evidence, claim, pools, each[0])) for each in beside]
        missing = _without(evidence, claim, outcome, lights, bare)
        labels = iter(apart([*(row for block in blocks for row in block.rows), *rows, *missing], evidence))
        blocks = [Block(each.pool, tuple(replace(row, label=next(labels)) for row in each.rows)) for each in blocks]
        rows, missing = ([replace(row, label=next(labels)) for row in group] for group in (rows, missing))
        bands = _bands(evidence, [*here, *(bearing.finding for bearing, _ in beside)])
        smallest = evidence.facts.one("k2g:pooling", "k2g:smallestPool", 0)
        one_band = next(iter(bands)) if len(bands) == 1 else None
        found.append(
            Forest(
                claim, measure, unit, is_ratio,
                blocks=tuple(
                    Block(each.pool, _in_order(evidence, each.rows), divided(each.rows, smallest, is_ratio=is_ratio)) for each in blocks
                ),
                beside=_in_order(evidence, rows),
                without=tuple(missing),
                sides=_sides(evidence, claim, outcome, is_inverse=is_inverse, is_turned=is_turned),
                band=one_band[:2] if one_band else None,
                is_default=bool(one_band and one_band[2]),
                elsewhere=total - len(beside) - len(here),
                smallest=smallest,
                lights=lights,
                outcome=evidence.name(outcome),
                outcomes={pool.outcome: evidence.name(pool.outcome) for pool in pools},
            )
        )  # fmt: skip
    return sorted(found, key=lambda forest: not forest.blocks)


def estimate_of(evidence: Evidence, finding: Finding) -> Estimate | None:
    """The effect by which a finding is read: its own, or the one that was computed for it."""
    if finding.value is not None and finding.ci_low is not None and finding.ci_high is not None:
        texts = (finding.value_reported, finding.ci_low_reported, finding.ci_high_reported)
        numbers, made = (finding.value, finding.ci_low, finding.ci_high), (finding.measure, finding.unit, finding.is_ratio)
        found = Estimate(*made, *numbers, texts)
    else:
        facts, node = evidence.facts, evidence.facts.one(finding.id, "k2g:readsEstimate")
        values = [facts.one(node, name) for name in ("k2g:value", "k2g:ciLow", "k2g:ciHigh")]
        if not all(isinstance(value, int | float) for value in values):
            return None
        is_ratio = bool(facts.one(facts.one(node, "k2g:measureTerm"), "k2g:isRatio", False))
        measure = ", ".join(filter(None, (str(facts.one(node, "k2g:effectMeasure")), finding.contrast)))
        by = tuple(evidence.words[word] for word in facts.all(node, "k2g:computedBy") if word in evidence.words)
        value, low, high = map(float, values)
        texts = written(value, low, high, is_ratio=is_ratio)
        found = Estimate(measure, str(facts.one(node, "k2g:unit")), is_ratio, value, low, high, texts, by)
    ends = (found.value, found.low, found.high)
    # What lies on no scale cannot be drawn.
    return found if all(map(math.isfinite, ends)) and (not found.is_ratio or min(ends) > 0) else None


def _row(evidence: Evidence, outcome: str, lights: Lights, bearing: Bearing, estimate: Estimate | None) -> Row:
    finding = evidence.findings[bearing.finding]
    return Row(
        label=author_and_year(evidence, finding.report),
        form=evidence.name(finding.subject),
        dose=given(finding.dose),
        outcome=evidence.name(finding.object) if finding.object != outcome else "",
        findings=(finding,),
        report=finding.report,
        stance=bearing.stance,
        arms=arms_numbers(evidence, finding),
        n=finding.n,
        estimate=estimate,
        reported=finding.reported or finding.numbers,
        lights=lights.of.get(finding.id),
        groups=grouped(evidence, [finding]),
    )


def _part(evidence: Evidence, claim: Claim, outcome: str, lights: Lights, pool: Pooled, part: PooledResult) -> Row:
    """What an investigation brings to a pool, with the digits reported where it is one result that was taken as it stands."""
    findings = tuple(evidence.findings[name] for name in part.findings if name in evidence.findings)
    bearing = next((each for each in claim.bearings if each.finding in part.findings), None)
    first, alone = findings[0], len(findings) == 1
    as_it_stands = alone and not part.computed_by and first.unit == pool.unit
    own = (first.value_reported, first.ci_low_reported, first.ci_high_reported)
    texts = written(part.value, part.ci_low, part.ci_high, is_ratio=pool.is_ratio)
    error = evidence.facts.one(part.id, "k2g:standardError", None)
    return Row(
        label=author_and_year(evidence, first.report) + ("" if alone else f", {len(findings)} results combined"),
        form=evidence.name(first.subject),
        dose=given(first.dose) if len({each.dose for each in findings}) == 1 else "",
        outcome=evidence.name(first.object) if first.object not in (outcome, pool.outcome) else "",
        findings=findings,
        report=first.report,
        stance=bearing.stance if bearing and alone else None,
        arms=arms_numbers(evidence, first) if alone else ArmNumbers(),
        n=first.n if alone else None,
        estimate=Estimate(
            pool.measure, pool.unit, pool.is_ratio, part.value, part.ci_low, part.ci_high,
            own if as_it_stands else texts, part.computed_by,
        ),
        error=float(error) if isinstance(error, int | float) else _error(part, pool),
        share=part.share,
        lights=lights.of.get(first.id) or lights.of.get(part.investigation),
        groups=grouped(evidence, findings),
    )  # fmt: skip


def _error(part: PooledResult, pool: Pooled) -> float:
    """The standard error of a part by its interval, for a graph that has it not."""
    low, high = (math.log(end) if pool.is_ratio else end for end in (part.ci_low, part.ci_high))
    return (high - low) / (2 * _Z)


def _reason(evidence: Evidence, claim: Claim, pools: list[Pooled], bearing: Bearing) -> str:
    """Why a result is in none of the pools above it, as far as the graph says so."""
    finding = evidence.findings[bearing.finding]
    if bearing.reasons:
        return "; ".join(reason.label for reason in bearing.reasons)
    if _tier(evidence, finding) != claim.standing.tier.id:
        return finding.level.label
    if any(part.investigation == finding.investigation for pool in pools for part in pool.parts):
        return "another result of it is pooled"
    return "another outcome" if pools and all(finding.object != pool.outcome for pool in pools) else ""


def _without(evidence: Evidence, claim: Claim, outcome: str, lights: Lights, bare: list[Bearing]) -> list[Row]:
    """The results that count for where the claim stands and have no interval, one row for each investigation and outcome."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for bearing in bare:
        finding = evidence.findings[bearing.finding]
        if bearing.counted and _tier(evidence, finding) == claim.standing.tier.id:
            groups[finding.investigation, finding.object].append(_row(evidence, outcome, lights, bearing, None))
    rows = []
    for several in groups.values():
        first, stances = several[0], {row.stance for row in several}
        texts = dict.fromkeys(row.reported for row in several if row.reported)
        findings = tuple(finding for row in several for finding in row.findings)
        rows.append(replace(first, findings=findings, reported="; ".join(texts), stance=first.stance if len(stances) == 1 else None))
    return sorted(rows, key=lambda row: (evidence.reports[row.report].year, row.findings[0].id))


def _tier(evidence: Evidence, finding: Finding) -> str:
    return str(evidence.facts.one(finding.level.id, "k2g:tier"))


def _in_order(evidence: Evidence, rows: list[Row] | tuple[Row, ...]) -> tuple[Row, ...]:
    """Rows by why they are not pooled, by form, then by year."""
    return tuple(sorted(rows, key=lambda row: (row.reason, row.form, evidence.reports[row.report].year, row.findings[0].id)))


def _bands(evidence: Evidence, findings: list[str]) -> set[tuple[float, float, bool]]:
    """Between which numbers an effect would not matter, as each result is held against them, and whether by default."""
    facts, found = evidence.facts, set()
    for finding in findings:
        node = facts.one(finding, "k2g:readsEstimate", finding)
        ends = facts.one(node, "k2g:unimportantFrom", None), facts.one(node, "k2g:unimportantTo", None)
        if isinstance(ends[0], int | float) and isinstance(ends[1], int | float):
            found.add((float(ends[0]), float(ends[1]), bool(facts.all(node, "k2g:importantBy"))))
    return found


def _is_turned(evidence: Evidence, outcome: str, claim: Claim) -> bool:
    """Whether what was measured tells the reverse of the claim's outcome, as an inverse marker of it does."""
    return claim.object in evidence.facts.all(outcome, "k2g:carriesReversedEvidenceTo")


def _sides(evidence: Evidence, claim: Claim, outcome: str, *, is_inverse: bool, is_turned: bool) -> tuple[str, str]:
    """What smaller and larger numbers speak for: what is given or not, where the graph says which way is better; else less or more."""
    exposure, measured = claim.subject, evidence.name(outcome)
    sides = (f"lower {measured}", f"higher {measured}")
    better = _better(evidence, outcome)
    if not better and (of_claim := _better(evidence, claim.object)):
        better = {"lower": "higher", "higher": "lower"}[of_claim] if is_turned else of_claim
    kind = evidence.entities[exposure].kind if exposure in evidence.entities else ""
    if better and evidence.facts.one(kind, "k2g:isGiven", False):
        sides = (f"favours {evidence.name(exposure)}", "favours comparison")
        sides = sides if better == "lower" else sides[::-1]
    return sides[::-1] if is_inverse else sides


def _better(evidence: Evidence, outcome: str) -> str:
    """Which way an outcome is better for health, lower or higher; empty where the graph does not say so, or it depends."""
    desirable = evidence.entities[outcome].desirable if outcome in evidence.entities else ""
    word = {word.label: word.notation for word in evidence.scheme("desirabilities")}.get(desirable, "")
    return word if word in {"lower", "higher"} else ""
