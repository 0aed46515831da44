"""The gap map: which form was studied on which outcome, how often, with what result, and whether directly or through what is narrower.

In: evidence, and which claims were searched for. Out: a cell for each form and outcome. Its findings are those that count on the claim
between the two; where no claim joins them, those that count on narrower claims. Rows and columns follow the graph's own hierarchies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .. import palette
from ..evidence.model import Claim, Evidence, Finding, Word
from .integrity import doubt
from .nutrients import Nutrients

#: A place of a form and an outcome.
Pair = tuple[str, str]


@dataclass(frozen=True)
class Found:
    """One finding in a cell: what it says of the cell's claim, nothing where there is none; whether it is on just this form and outcome."""

    finding: Finding
    claim: str
    stance: Word | None
    direct: bool


@dataclass(frozen=True)
class Cell:
    """One form and one outcome with the findings that count, and the claim between them if there is one."""

    form: str
    outcome: str
    claim: Claim | None
    found: tuple[Found, ...]

    @property
    def investigations(self) -> int:
        """Independent investigations."""
        return len({each.finding.investigation for each in self.found})

    @property
    def direct(self) -> int:
        """Those of them that studied just this form and this outcome."""
        return len({each.finding.investigation for each in self.found if each.direct})

    def taking(self, stance: str) -> int:
        """Those of them that take a stance; an investigation may take several, by several outcomes."""
        return len({each.finding.investigation for each in self.found if each.stance and each.stance.notation == stance})

    def shares(self, stances: Iterable[str]) -> list[tuple[str, float, float]]:
        """Stance, its share in per cent, and the shares before it: the wedges of a ring. Without a claim one wedge, of no stance."""
        counted = [(stance, self.taking(stance)) for stance in stances] if self.claim else [("", 1)]
        total, before, wedges = sum(count for _, count in counted), 0.0, []
        for stance, count in counted:
            if count:
                wedges.append((stance, round(100 * count / total, 2), round(before, 2)))
                before += 100 * count / total
        return wedges

    def in_words(self, evidence: Evidence) -> str:
        """The cell for those who do not see it."""
        many = f"{self.investigations} investigation{'s' * (self.investigations != 1)}"
        reports = len({each.finding.report for each in self.found})
        through = "" if self.direct == self.investigations else f", {self.direct or 'none'} of them on just these two"
        head = f"{many} in {reports} report{'s' * (reports != 1)}{through}"
        if self.claim is None:
            return f"{head}; no claim joins the two"
        parts = [f"{count} {evidence.phrase(word)}" for word in evidence.scheme("stances") if (count := self.taking(word.notation))]
        return f"{head}: {', '.join(parts)}; {self.claim.standing.label}"


@dataclass(frozen=True)
class GapMap:
    """Cells by form and outcome; the forms in their order; kinds of outcomes, each with its outcomes and how deep these stand below others.

    `empty` says of claims without a cell why they have none: `uncounted` where nothing that is held counts, `searched` where a search
    found nothing. What is in neither was not looked for.
    """

    cells: Mapping[Pair, Cell]
    forms: tuple[str, ...]
    groups: tuple[tuple[Word, tuple[tuple[str, int], ...]], ...]
    empty: Mapping[Pair, str]


def gap_map(evidence: Evidence, searched: Collection[str] = ()) -> GapMap:
    """The gap map of a graph; `searched` are claims for whose studies somebody looked."""
    between = {
        (claim.subject, claim.object): claim
        for claim in sorted(evidence.claims.values(), key=lambda each: each.id)
        if evidence.is_unlimited(claim) and not claim.reach and evidence.is_form(claim.subject)
    }
    cells: dict[Pair, Cell] = {}
    empty: dict[Pair, str] = {}
    for pair, claim in between.items():
        found = [
            Found(finding, claim.id, bearing.stance, (finding.subject, finding.object) == pair)
            for bearing in claim.bearings
            if bearing.counted
            for finding in (evidence.findings[bearing.finding],)
        ]
        if found:
            cells[pair] = Cell(*pair, claim, tuple(sorted(found, key=lambda each: each.finding.id)))
        elif claim.bearings:
            empty[pair] = "uncounted"
        elif claim.id in searched:
            empty[pair] = "searched"
    cells |= _through(evidence, between, cells)
    forms = tree(evidence, {form for form, _ in cells}, lambda form: (-_weight(cells, form), evidence.name(form)))
    return GapMap(cells, tuple(form for form, _ in forms), tuple(_groups(evidence, cells)), empty)


def _through(evidence: Evidence, between: Mapping[Pair, Claim], cells: Mapping[Pair, Cell]) -> dict[Pair, Cell]:
    """Cells that no claim has: of a broader form or outcome than what was studied, where row and column are there."""
    forms, outcomes = {form for form, _ in cells}, {outcome for _, outcome in cells}
    found: dict[Pair, dict[str, Found]] = defaultdict(dict)
    for cell in cells.values():
        for each in cell.found:
            finding = each.finding
            if finding.subject not in evidence.entities or finding.object not in evidence.entities:
                continue
            for form in forms.intersection(evidence.entities[finding.subject].carries_evidence_to):
                for outcome in outcomes.intersection(evidence.entities[finding.object].carries_evidence_to):
                    if (form, outcome) not in between and form != outcome and not evidence.is_form(outcome):
                        found[form, outcome].setdefault(finding.id, Found(finding, each.claim, None, direct=False))
    return {pair: Cell(*pair, None, tuple(of[name] for name in sorted(of))) for pair, of in sorted(found.items())}


def _weight(cells: Mapping[Pair, Cell], form: str) -> int:
    return len({each.finding.investigation for (of, _), cell in cells.items() if of == form for each in cell.found})


def _groups(evidence: Evidence, cells: Mapping[Pair, Cell]) -> Iterable[tuple[Word, tuple[tuple[str, int], ...]]]:
    """Outcomes under the nearest-to-health kind in which they were observed, each below what it is narrower than."""
    kinds: dict[str, Word] = {}
    for (_, outcome), cell in cells.items():
        nearest = min((each.finding.outcome_kind for each in cell.found), key=lambda kind: kind.rank)
        if outcome not in kinds or nearest.rank < kinds[outcome].rank:
            kinds[outcome] = nearest
    for kind in evidence.scheme("outcome-kinds"):
        if outcomes := {name for name, of in kinds.items() if of == kind}:
            yield kind, tuple(tree(evidence, outcomes, lambda name: (evidence.name(name).casefold(), name)))


def tree(evidence: Evidence, things: Collection[str], order: Callable[[str], tuple[Any, ...]]) -> list[tuple[str, int]]:
    """Things with their depth, each after the broader ones to which it carries evidence, and beside its like in an order."""
    broader = {thing: {*evidence.entities[thing].carries_evidence_to}.intersection(things) - {thing} for thing in things}
    paths = {
        thing: (*(order(each) for each in sorted(broader[thing], key=lambda each: (len(broader[each]), order(each)))), order(thing))
        for thing in things
    }
    return [(thing, len(paths[thing]) - 1) for thing in sorted(things, key=lambda thing: paths[thing])]


def page_data(evidence: Evidence, drawn: GapMap, pages: Callable[[str], str], nutrients: Nutrients) -> dict[str, Any]:
    """What the page needs to filter cells, choose nutrients, open one, compare forms, and hand over what is left."""
    stances = evidence.scheme("stances")
    place = {word.notation: number for number, word in enumerate(stances)}
    findings: dict[str, dict[str, Any]] = {}
    cells: dict[str, Any] = {}
    for (form, outcome), cell in drawn.cells.items():
        rows = []
        for each in cell.found:
            if each.finding.id not in findings:
                findings[each.finding.id] = _finding_data(evidence, each.finding)
            rows.append([each.finding.id, place[each.stance.notation] if each.stance else -1, int(each.direct)])
        cells[f"{form} {outcome}"] = _claim_data(cell, pages) | {"rows": rows}
    reports = {
        name: [evidence.reports[name].cited, pages(name), doubt(evidence, name)]
        for name in sorted({each.finding.report for cell in drawn.cells.values() for each in cell.found})
    }
    return {
        "cells": cells,
        "findings": findings,
        "reports": reports,
        "names": {name: evidence.name(name) for pair in drawn.cells for name in pair},
        "forms": list(drawn.forms),
        # By the place of each form: what has no nutrient here is in none.
        "nutrients": [next(iter(nutrients.of([form])), "") for form in drawn.forms] if nutrients.several else [],
        "outcomes": [outcome for _, outcomes in drawn.groups for outcome, _ in outcomes],
        # In the order of a ring, by which the page draws them again.
        "stances": [
            {"name": word.notation, "icon": palette.of_stance(word.notation).icon, "phrase": evidence.phrase(word)} for word in stances
        ],
    }


def _claim_data(cell: Cell, pages: Callable[[str], str]) -> dict[str, Any]:
    """What a cell says of its claim."""
    if cell.claim is None:
        return {}
    standing = cell.claim.standing
    pooled = [
        f"{each.measure}: {each.value:.4g} ({each.ci_low:.4g} to {each.ci_high:.4g}) {each.unit}".rstrip() + f", {each.trials} trials"
        for each in cell.claim.pooled
    ]
    return {
        "label": cell.claim.label,
        "standing": standing.label,
        "result": standing.result.notation,
        "certainty": standing.certainty.id,
        "certain": standing.certainty.label,
        "pooled": pooled,
        "href": pages(cell.claim.id),
    }


def _finding_data(evidence: Evidence, finding: Finding) -> dict[str, Any]:
    """What a finding can be filtered by, and how it is shown."""
    study = evidence.studies[finding.study]
    arm = next((each for each in study.arms if each.id == finding.arm), None)
    return {
        "i": finding.investigation,
        "t": evidence.facts.one(finding.level.id, "k2g:tier"),
        "p": list(study.participants),
        "c": finding.status.id if finding.status else "",
        "g": finding.design.label,
        "y": evidence.reports[finding.report].year,
        "w": list(study.countries),
        "d": arm.daily if arm else None,
        "n": finding.n,
        "report": finding.report,
        "form": evidence.name(finding.subject),
        "outcome": evidence.name(finding.object),
        "level": finding.level.label,
        "dose": finding.dose,
        "direction": finding.direction.label,
        "reported": finding.reported,
        "numbers": finding.numbers,
    }
