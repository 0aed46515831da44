"""The gap map: which form was studied on which outcome, how often, and with what result. An empty cell was not studied.

In: evidence. Out: rows of outcomes under their kinds, with a cell a form. Findings that do not count have no part in it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from .. import palette
from ..evidence.model import Bearing, Evidence, Finding
from .integrity import doubt

_SMALLEST, _LARGEST = 5.0, 13.0


@dataclass(frozen=True)
class Cell:
    """One form and one outcome: findings that count, each with what it says of the claim between the two.

    `stances` are those that there are, in the order of a cell's ring, each with how it is spoken of.
    """

    form: str
    outcome: str
    found: tuple[tuple[Finding, Bearing], ...]
    stances: tuple[tuple[str, str], ...]

    @property
    def investigations(self) -> int:
        """Independent investigations."""
        return len({finding.investigation for finding, _ in self.found})

    @property
    def shares(self) -> list[tuple[str, float, float]]:
        """Stance, its share in per cent, and the shares before it: the wedges of a ring."""
        counted = [(stance, self._taking(stance)) for stance, _ in self.stances]
        total, before, wedges = sum(count for _, count in counted), 0.0, []
        for stance, count in counted:
            if count:
                wedges.append((stance, round(100 * count / total, 2), round(before, 2)))
                before += 100 * count / total
        return wedges

    def _taking(self, stance: str) -> int:
        return len({finding.investigation for finding, bearing in self.found if bearing.stance.notation == stance})

    @property
    def radius(self) -> float:
        """In pixels: the area grows with the investigations, up to twelve."""
        return round(_SMALLEST + (_LARGEST - _SMALLEST) * math.sqrt(min(self.investigations, 12) / 12), 1)

    @property
    def words(self) -> str:
        """The cell for those who do not see it."""
        parts = [f"{count} {phrase}" for stance, phrase in self.stances if (count := self._taking(stance))]
        reports = len({finding.report for finding, _ in self.found})
        return f"{self.investigations} investigations in {reports} reports: {', '.join(parts)}"


def cells(evidence: Evidence) -> dict[tuple[str, str], Cell]:
    """A cell for each form and outcome that was studied, and counts, on the claim between the two that no context limits."""
    between = {
        (claim.subject, claim.object): claim
        for claim in evidence.claims.values()
        if evidence.is_unlimited(claim) and not claim.reach and evidence.is_form(claim.subject)
    }
    found: dict[tuple[str, str], list[tuple[Finding, Bearing]]] = defaultdict(list)
    for (form, outcome), claim in between.items():
        for bearing in claim.bearings:
            finding = evidence.findings[bearing.finding]
            if bearing.counted and (finding.subject, finding.object) == (form, outcome):
                found[form, outcome].append((finding, bearing))
    stances = tuple((word.notation, evidence.phrase(word)) for word in evidence.scheme("stances"))
    return {pair: Cell(*pair, tuple(sorted(each, key=lambda item: item[0].id)), stances) for pair, each in sorted(found.items())}


def table(evidence: Evidence, found: dict[tuple[str, str], Cell]) -> dict[str, Any]:
    """Columns: forms, the most studied first. Rows: outcomes under the nearest-to-health kind in which they were observed."""
    weight: dict[str, int] = defaultdict(int)
    for (form, _), cell in found.items():
        weight[form] += cell.investigations
    forms = sorted(weight, key=lambda form: (-weight[form], form))
    kinds: dict[str, str] = {}
    for (_, outcome), cell in found.items():
        nearest = min((finding.outcome_kind for finding, _ in cell.found), key=lambda kind: kind.rank)
        if outcome not in kinds or nearest.rank < evidence.words[kinds[outcome]].rank:
            kinds[outcome] = nearest.id
    groups = []
    for kind in evidence.scheme("outcome-kinds"):
        outcomes = sorted((name for name, of in kinds.items() if of == kind.id), key=evidence.name)
        if outcomes:
            groups.append((kind, outcomes))
    return {"forms": forms, "groups": groups}


def cell_data(evidence: Evidence, found: dict[tuple[str, str], Cell], pages: Any) -> dict[str, Any]:
    """What the page needs to filter cells, and to open one."""
    reports: dict[str, list[str]] = {}
    data: dict[str, Any] = {}
    for (form, outcome), cell in found.items():
        rows = []
        for finding, bearing in cell.found:
            report = evidence.reports[finding.report]
            reports[report.id] = [report.cited, pages(report.id), doubt(evidence, report.id)]
            rows.append(
                {
                    "i": finding.investigation,
                    "s": bearing.stance.notation,
                    "t": evidence.facts.one(finding.level.id, "k2g:tier"),
                    "p": list(evidence.studies[finding.study].participants),
                    "c": finding.status.id if finding.status else "",
                    "report": report.id,
                    "level": finding.level.label,
                    "said": finding.reported or finding.numbers,
                }
            )
        claim = cell.found[0][1].claim
        data[f"{form} {outcome}"] = {
            "label": evidence.claims[claim].label,
            "standing": evidence.claims[claim].standing.label,
            "href": pages(claim),
            "rows": rows,
        }
    # In the order of a ring, by which the page draws them again.
    stances = [{"name": word.notation, "icon": palette.of_stance(word.notation).icon} for word in evidence.scheme("stances")]
    return {"cells": data, "reports": reports, "stances": stances}
