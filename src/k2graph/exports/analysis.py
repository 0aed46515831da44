"""Effects and pools as tables that metafor and meta take as they are, with a script in R and one in Python that draw each pool anew.

In: a part of the graph. Out: a folder. `effects.csv` has a row for each effect with an interval, those of pools as the pool has them and
all others as they are read; `claims.csv` says how each claim stands on which one of them bears, and `bearings.csv` what it says of it, so
that none that was left open or contradicts is out of sight. Numbers are on the scale on which effects are pooled: ratios as logarithms.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..building.effect_sizes import from_interval
from ..evidence.model import Bearing, Claim, Evidence, Finding, Pooled, PooledResult
from ..text import inert, one_line
from ..views import asset
from ..views.plots.forests import estimate_of, forests
from ..views.plots.labels import author_and_year
from ..views.plots.numbers import KEPT, ArmNumbers, arms_numbers
from ..views.plots.rows import Row
from ..views.plots.subgroups import grouped
from . import Format, Part
from .arms import snake_case
from .tabular.bias import BIAS
from .tabular.csv_parquet import cell
from .tabular.table import write_rows

#: What the columns of each table mean, by their names and in their order.
_EFFECT = "On the scale on which effects are pooled: of a ratio its logarithm."
_SIDES = {"1": "the exposed arm", "2": "the arm that it is compared with"}
_ARMS = {f"{snake_case(name)}{side}": f"{snake_case(name)} of {of}, as reported." for side, of in _SIDES.items() for name in KEPT}
EFFECTS = {
    "effect": "Its name: of a result in a pool, or of a finding.",
    "study": "First author and year, as in a plot.",
    "study_id": "The study, or the body of people within which it was made: one vote.",
    "year": "Year of the report.",
    "report": "PMID, DOI, number in a registry or address of the report.",
    "findings": "The findings from which it comes, between spaces.",
    "outcome": "What was measured.",
    "measure": "The effect measure, and what was contrasted.",
    "unit": "Its unit, where it has one.",
    "scale": "log: yi and vi are of the logarithm of a ratio; linear: of a difference as it stands.",
    "larger_means": "more, or less, of the outcome.",
    "yi": _EFFECT,
    "vi": "The sampling variance of yi: the square of sei.",
    "sei": "The standard error of yi; where no pool gives it, the width of the 95% interval over 2 × 1.96.",
    "estimate": "The effect as reported or computed.",
    "ci_low": "The lower end of its 95% interval.",
    "ci_high": "The upper end.",
    "computed_by": "By which formulas it was computed or combined. Empty: as reported.",
    "pool": "The pool that it is part of, where it is.",
    "weight": "Its share of the weight of the pool, 0 to 1.",
    "chosen_by": "By which rule it speaks for its study in the pool.",
    "form": "Subgroup: what was given.",
    "participants": "Subgroup: who took part.",
    "nutrient_status": "Subgroup: how much of the nutrient they had.",
    "design": "The design of the study.",
    "tier": "human-trials, people-not-randomised, animals, cells-and-assays or opinion.",
    "retraction": "What became of the report. Empty: nothing is known against it.",
    "n": "How many it is about.",
    **_ARMS,
}
POOLS = {
    "pool": "Its name.",
    "outcome": EFFECTS["outcome"],
    "site": "Where, or how, it was measured.",
    "measure": EFFECTS["measure"],
    "unit": EFFECTS["unit"],
    "scale": "log: trials are pooled by their logarithms, and tau_squared is of these; linear: as they stand.",
    "larger_means": EFFECTS["larger_means"],
    "k": "How many trials.",
    "estimate": "The pooled effect, of a ratio as a ratio.",
    "ci_low": "The lower end of its 95% interval.",
    "ci_high": "The upper end.",
    "prediction_low": "The lower end of the interval in which the effect of a further such trial is expected.",
    "prediction_high": "The upper end.",
    "tau_squared": "The variance between trials, on the scale on which they are pooled.",
    "i_squared": "Its share of all variation, 0 to 1.",
    "q": "Cochran's Q.",
    "is_narrow": "true: the interval is narrower than the trials' own errors allow.",
    "method": "How they were pooled.",
    "claims": "How the claims stand that the pool serves; read no pool without it.",
}
CLAIMS = {
    "claim": "Its name.",
    "label": "The claim as a sentence, in the direction in which it is proposed.",
    "standing": "Where it stands.",
    "result": "The result of this standing, as a word: consistent, single, leaning, contested, not-shown, contrary and others.",
    "tested_in": "The highest tier in which it was tested.",
    "certainty": "",  # as the graph says
    "pools": "The pools that serve it, between spaces.",
}
BEARINGS = {
    "effect": "The effect.",
    "finding": "The finding of it that bears on the claim.",
    "claim": "The claim.",
    "stance": "What the finding says of the claim.",
    "counted": "true: it has a part in where the claim stands.",
    "not_counted": "Why it has none.",
}


@dataclass(frozen=True)
class Effect:
    """One row: the cells of it, and the findings from which it comes."""

    cells: Mapping[str, Any]
    findings: tuple[str, ...]


def write_analysis(part: Part, path: Path) -> Mapping[str, int]:
    """The folder."""
    evidence = part.evidence
    pools = _pools(evidence)
    effects = [*_pooled(evidence, pools), *_others(evidence, pools)]
    bearings = list(_bearings(evidence, effects))
    named = {row["claim"] for row in bearings} | {claim for _, owner in pools.values() for claim in (owner.id,)}
    claims = [_claim(claim) for claim in evidence.claims.values() if claim.id in named]
    meanings = CLAIMS | {"certainty": evidence.meaning_of_certainty}
    tables: dict[str, tuple[Mapping[str, str], Iterable[Mapping[str, Any]]]] = {
        "effects": (EFFECTS, [effect.cells for effect in effects]),
        "pools": (POOLS, [_pool(evidence, pool) for pool, _ in pools.values()]),
        "claims": (meanings, claims),
        "bearings": (BEARINGS, bearings),
    }
    dictionary = []
    for name, (columns, rows) in tables.items():
        write_rows(path / f"{name}.csv", list(columns), ([_cell(row.get(column)) for column in columns] for row in rows))
        dictionary += [[name, column, meaning] for column, meaning in columns.items()]
    for table in BIAS:
        lines = ([cell(column, value) for column, value in zip(table.columns, row, strict=True)] for row in table.rows(part))
        write_rows(path / f"{table.name}.csv", [column.name for column in table.columns], lines)
        dictionary += [[table.name, column.name, column.meaning] for column in table.columns]
    write_rows(path / "data_dictionary.csv", ["table", "column", "meaning"], dictionary)
    for language in ("R", "py"):
        (path / f"pools.{language}").write_text(asset(f"pools.{language}.txt"), encoding="utf-8", newline="\n")
    without = sum(finding.id not in {name for effect in effects for name in effect.findings} for finding in evidence.findings.values())
    return {"findings without an effect that has an interval": without}


def _pools(evidence: Evidence) -> dict[str, tuple[Pooled, Claim]]:
    """Every pool once, with a claim that it serves."""
    found = {pool.id: (pool, claim) for claim in evidence.claims.values() for pool in claim.pooled}
    return dict(sorted(found.items()))


def _pooled(evidence: Evidence, pools: Mapping[str, tuple[Pooled, Claim]]) -> Iterator[Effect]:
    """What each trial brings to a pool, as its plot has it."""
    for pool, claim in pools.values():
        (rows,) = (block.rows for forest in forests(evidence, claim) for block in forest.blocks if block.pool.id == pool.id)
        parts = {part.findings: part for part in pool.parts}
        for row in rows:
            names = tuple(finding.id for finding in row.findings)
            yield Effect(_of_pool(evidence, pool, parts[names], row), names)


def _of_pool(evidence: Evidence, pool: Pooled, part: PooledResult, row: Row) -> dict[str, Any]:
    on: Callable[[float], float] = math.log if pool.is_ratio else float
    return {
        **_of_findings(evidence, row.findings), **row.groups, **_arms(row.arms),
        "effect": part.id, "study": row.label, "study_id": part.investigation, "outcome": evidence.name(pool.outcome),
        "measure": pool.measure, "unit": pool.unit, **_scale(pool.is_ratio, pool.is_inverse),
        **_numbers(on(part.value), _error(pool, part, row)),
        "estimate": part.value, "ci_low": part.ci_low, "ci_high": part.ci_high,
        "computed_by": "; ".join(word.label for word in part.computed_by), "pool": pool.id, "weight": part.share,
        "chosen_by": part.chosen_by.label, "n": row.n,
    }  # fmt: skip


def _error(pool: Pooled, part: PooledResult, row: Row) -> float:
    """The standard error that the graph has, with all its digits where it is that of the interval as reported."""
    kept, reported = row.error or 0.0, from_interval(part.value, part.ci_low, part.ci_high, ratio=pool.is_ratio)
    return reported.error if reported and f"{reported.error:.5g}" == f"{kept:.5g}" else kept


def _others(evidence: Evidence, pools: Mapping[str, tuple[Pooled, Claim]]) -> Iterator[Effect]:
    """The effects in no pool that have an interval, each by itself."""
    pooled = {name for pool, _ in pools.values() for name in pool.findings}
    for finding in evidence.findings.values():
        estimate = None if finding.id in pooled else estimate_of(evidence, finding)
        effect = estimate and from_interval(estimate.value, estimate.low, estimate.high, ratio=estimate.is_ratio)
        if not estimate or not effect:
            continue
        cells = {
            **_of_findings(evidence, [finding]), **grouped(evidence, [finding]), **_arms(arms_numbers(evidence, finding)),
            "effect": finding.id, "study": author_and_year(evidence, finding.report), "study_id": finding.investigation,
            "outcome": evidence.name(finding.object), "measure": estimate.measure, "unit": estimate.unit,
            **_scale(estimate.is_ratio, finding.is_inverse), **_numbers(effect.estimate, effect.error),
            "estimate": estimate.value, "ci_low": estimate.low, "ci_high": estimate.high,
            "computed_by": "; ".join(word.label for word in estimate.computed_by), "n": finding.n,
        }  # fmt: skip
        yield Effect(cells, (finding.id,))


def _of_findings(evidence: Evidence, findings: Iterable[Finding]) -> dict[str, Any]:
    """What all effects have of the findings from which they come; of several, the first's where one stands."""
    several = list(findings)
    report, tier = evidence.reports[several[0].report], evidence.facts.one(several[0].level.id, "k2g:tier")
    return {
        "year": report.year,
        "report": report.key,
        "findings": " ".join(finding.id for finding in several),
        "design": several[0].design.label,
        "tier": evidence.words[tier].notation if tier in evidence.words else "",
        "retraction": report.retraction.label if report.retraction else "",
    }


def _arms(numbers: ArmNumbers) -> dict[str, float]:
    return {f"{snake_case(name)}{side}": value for side, arm in (("1", numbers.exposed), ("2", numbers.compared)) for name, value in arm}


def _scale(is_ratio: bool, is_inverse: bool) -> dict[str, str]:
    return {"scale": "log" if is_ratio else "linear", "larger_means": "less" if is_inverse else "more"}


def _numbers(estimate: float, error: float) -> dict[str, float]:
    """As `metafor` has them, with no more digits than machines agree on."""
    return {"yi": _short(estimate), "vi": _short(error**2), "sei": _short(error)}


def _short(number: float) -> float:
    return float(f"{number:.9g}")


def _pool(evidence: Evidence, pool: Pooled) -> dict[str, Any]:
    served = [evidence.claims[name] for name in pool.claims if name in evidence.claims]
    numbers = ("estimate", "ci_low", "ci_high", "prediction_low", "prediction_high", "tau_squared", "i_squared", "q", "is_narrow")
    return {
        "pool": pool.id, "outcome": evidence.name(pool.outcome), "site": pool.site, "measure": pool.measure, "unit": pool.unit,
        **_scale(pool.is_ratio, pool.is_inverse), "k": pool.trials, "method": pool.method,
        **{name: getattr(pool, "value" if name == "estimate" else name) for name in numbers},
        "claims": "; ".join(f"{claim.label}: {claim.standing.label}, certainty {claim.standing.certainty.label}" for claim in served),
    }  # fmt: skip


def _claim(claim: Claim) -> dict[str, Any]:
    standing = claim.standing
    return {
        "claim": claim.id, "label": claim.label, "standing": standing.label, "result": standing.result.notation,
        "tested_in": standing.tier.notation, "certainty": standing.certainty.notation, "pools": " ".join(pool.id for pool in claim.pooled),
    }  # fmt: skip


def _bearings(evidence: Evidence, effects: Iterable[Effect]) -> Iterator[dict[str, Any]]:
    for effect in effects:
        for finding in effect.findings:
            yield from map(partial(_bearing, effect), evidence.bearings_of.get(finding, ()))


def _bearing(effect: Effect, bearing: Bearing) -> dict[str, Any]:
    return {
        "effect": effect.cells["effect"], "finding": bearing.finding, "claim": bearing.claim, "stance": bearing.stance.notation,
        "counted": bearing.counted, "not_counted": "; ".join(reason.label for reason in bearing.reasons),
    }  # fmt: skip


def _cell(value: Any) -> str:
    """A value as R and Python read it; a text that a spreadsheet would run is led by an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int | float) else inert(one_line(value))


ANALYSIS = Format(
    "analysis",
    "Effects and pools to be analysed again",
    "R (metafor, meta, robvis), Python, spreadsheets, JASP",
    "each effect with an interval as yi, vi and sei on its scale, with measure, unit, subgroups, the numbers of its arms, tier, and pool "
    "with weight; each pool as the graph has it; the claims that they bear on with standing and certainty, and what each says of them, "
    "counted or not; the risk of bias in the columns that robvis reads; scripts that draw each pool anew, in R by metafor, in Python by "
    "matplotlib",
    "findings without an interval, which are counted; mechanisms, interactions, most of a study's record; files for RevMan and Covidence, "
    "of whose columns no public description was found that tells all",
    "",
    write_analysis,
    extra="build",
    has=lambda part: any(estimate_of(part.evidence, finding) for finding in part.evidence.findings.values()),
)
