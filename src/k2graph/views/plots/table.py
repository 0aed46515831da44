"""The data of a plot: a row for each row drawn, as CSV that R, Python and spreadsheets read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from ...evidence.model import Pooled
from ...text import inert, one_line
from .numbers import KEPT
from .rows import Block, Forest, Row

_ARMS = tuple(f"{name}{side}" for side in "12" for name in KEPT)
COLUMNS = (
    "block", "pool", "label", "by", "k", "form", "participants", "nutrient_status", "dose", "outcome", "n", *_ARMS, "measure", "unit",
    "ratio", "estimate", "ci_low", "ci_high", "standard_error", "weight", "stance", "computed_by", "reason", "reported", "method",
    "tau_squared", "i_squared", "q", "degrees_of_freedom", "p_value", "smaller_means", "larger_means", "report", "findings",
)  # fmt: skip


def csv_of(forest: Forest) -> bytes:
    """The rows of a forest, of each domain of bias a column more; a text that a spreadsheet would run is led by an apostrophe.

    `block` is pooled, pool, prediction, subgroup, difference, beside or without. A subgroup is of the pooled rows with its label in the
    column that `by` names, and has an estimate where it is pooled; `k` is how many trials, or how many subgroups a difference is between.
    `standard_error` of a ratio is that of its logarithm; `weight` is a share.
    """
    domains = [f"bias_{name}" for name, _ in forest.lights.domains] + ["bias"]
    out = io.StringIO()
    writer = csv.DictWriter(out, (*COLUMNS, *domains), restval="", lineterminator="\r\n")
    writer.writeheader()
    for values in _rows(forest):
        writer.writerow({name: _cell(value) for name, value in values.items() if value is not None})
    return out.getvalue().encode()


def _rows(forest: Forest) -> Iterator[dict[str, Any]]:
    for number, block in enumerate(forest.blocks, 1):
        for row in block.rows:
            yield _row(forest, row, "pooled") | {"pool": number}
        yield from _pool(forest, block.pool, number)
        yield from _subgroups(forest, block, number)
    for row in forest.beside:
        yield _row(forest, row, "beside")
    for row in forest.without:
        yield _row(forest, row, "without")


def _row(forest: Forest, row: Row, block: str) -> dict[str, Any]:
    numbers = {f"{name}{side}": value for side, arm in (("1", row.arms.exposed), ("2", row.arms.compared)) for name, value in arm}
    lights = {f"bias_{name}" if name else "bias": word for name, word in (row.lights or {}).items()}
    known = {f"bias_{name}" for name, _ in forest.lights.domains} | {"bias"}
    values: dict[str, Any] = {
        "block": block, "label": row.label, **row.groups, "dose": row.dose, "outcome": row.outcome or forest.outcome, "n": row.n,
        "standard_error": row.error, "weight": row.share, "stance": row.stance.label if row.stance else "", "reason": row.reason,
        "reported": row.reported, "report": row.report, "findings": " ".join(finding.id for finding in row.findings),
    }  # fmt: skip
    if row.estimate:
        made = row.estimate
        values |= {
            "measure": made.measure, "unit": made.unit, "ratio": made.is_ratio, "estimate": made.value, "ci_low": made.low,
            "ci_high": made.high, "computed_by": "; ".join(word.label for word in made.computed_by),
        }  # fmt: skip
    return values | numbers | {name: word for name, word in lights.items() if name in known}


def _pool(forest: Forest, pool: Pooled, number: int) -> Iterator[dict[str, Any]]:
    same = {
        "pool": number, "k": pool.trials, "outcome": forest.outcomes[pool.outcome], "measure": pool.measure, "unit": pool.unit,
        "ratio": pool.is_ratio,
        "estimate": pool.value, "smaller_means": forest.sides[0], "larger_means": forest.sides[1],
    }  # fmt: skip
    yield same | {
        "block": "pool", "label": f"pooled, {pool.trials} studies", "ci_low": pool.ci_low, "ci_high": pool.ci_high, "weight": 1,
        "method": pool.method, "tau_squared": pool.tau_squared,
        "i_squared": pool.i_squared, "q": pool.q, "findings": " ".join(pool.findings),
    }  # fmt: skip
    yield same | {"block": "prediction", "label": "prediction interval", "ci_low": pool.prediction_low, "ci_high": pool.prediction_high}


def _subgroups(forest: Forest, block: Block, number: int) -> Iterator[dict[str, Any]]:
    pool = block.pool
    for division in block.divisions:
        for group in division.groups:
            row = {
                "block": "subgroup", "pool": number, "label": group.label, "by": division.by, "k": group.trials,
                "outcome": forest.outcomes[pool.outcome], "measure": pool.measure, "unit": pool.unit, "ratio": pool.is_ratio,
            }  # fmt: skip
            if group.pooled and group.interval:
                estimate, low, high = group.interval
                row |= {
                    "estimate": estimate, "ci_low": low, "ci_high": high, "standard_error": group.pooled.error, "method": pool.method,
                    "tau_squared": group.pooled.tau_squared, "i_squared": group.pooled.i_squared, "q": group.pooled.q,
                }  # fmt: skip
            yield row
        if division.tested:
            yield {
                "block": "difference", "pool": number, "label": "difference between subgroups", "by": division.by,
                "k": division.tested.freedom + 1, "q": division.tested.q, "degrees_of_freedom": division.tested.freedom,
                "p_value": division.tested.p,
            }  # fmt: skip


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int | float) else inert(one_line(value))
