"""The trials of a pool by what sets them apart: the form given, who took part, and how much of the nutrient they had.

In: the rows of a pool. Out: a `Division` for each of these by which they differ. They are made for a picture and stand in no graph, so no
vote and no standing can rest on them. A subgroup is pooled from as many trials on as make a pool (`k2g:smallestPool`), by the same model.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from ...building.effect_sizes import Effect
from ...building.random_effects import Pool, difference, pool
from ...evidence.model import Evidence, Finding
from .rows import BY, Division, Row, Subgroup


def grouped(evidence: Evidence, findings: Sequence[Finding]) -> dict[str, str]:
    """To which subgroups an investigation's findings belong, by `BY`; what its records do not name is left out."""
    studies = [evidence.studies[finding.study] for finding in findings if finding.study in evidence.studies]
    people = {person for study in studies for person in study.participants}
    statuses = {word.label for finding in findings if (word := finding.status)}
    found = {
        "form": {evidence.name(finding.subject) for finding in findings},
        "participants": {evidence.name(person) for person in people},
        "nutrient_status": statuses,
    }
    return {by: ", ".join(sorted(found[by])) for by in BY if found[by]}


def divided(rows: Sequence[Row], smallest: int, *, is_ratio: bool) -> tuple[Division, ...]:
    """How the rows of a pool divide, where they do."""
    made = []
    for by in BY:
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if label := row.groups.get(by):
                groups[label].append(row)
        if len(groups) > 1:
            ordered = sorted(groups.items(), key=lambda group: (group[0].casefold(), group[0]))
            found = tuple(Subgroup(label, len(some), _pooled(some, smallest, is_ratio), is_ratio) for label, some in ordered)
            pools = [each.pooled for each in found if each.pooled]
            silent = len(rows) - sum(each.trials for each in found)
            made.append(Division(by, found, silent, difference(pools) if len(pools) > 1 else None))
    return tuple(made)


def _pooled(rows: Sequence[Row], smallest: int, is_ratio: bool) -> Pool | None:
    effects = [
        Effect(math.log(row.estimate.value) if is_ratio else row.estimate.value, row.error) for row in rows if row.estimate and row.error
    ]
    if len(effects) < max(smallest, 2) or len(effects) < len(rows):
        return None
    return pool(effects)
