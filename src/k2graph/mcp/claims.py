"""What an answer names, told once beside its rows: how claims stand, how sure that is, where they, studies and reports are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..evidence.model import Bearing, Evidence, Report, Study

#: Sources of a claim that an answer names; how many there are besides, it says.
MOST_SOURCES = 3


class Claims:
    """The claims of a graph as an answer tells them, and the sources of studies."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    @cached_property
    def _labels(self) -> Mapping[str, list[str]]:
        """Label → the claims that are called so: of several packs there may be more than one."""
        found = defaultdict(list)
        for name, claim in self._evidence.claims.items():
            found[claim.label].append(name)
        return found

    def named(self, values: Iterable[Any]) -> dict[str, dict[str, Any]]:
        """The claims that cells name, by their address or label, or by label and standing among others."""
        return {name: self.brief(name) for value in values if isinstance(value, str) for name in self._meant(value)}

    def _meant(self, value: str) -> list[str]:
        if value in self._evidence.claims:
            return [value]
        if value in self._labels or ": " not in value:
            return self._labels.get(value, [])
        # As a pool names all that it serves.
        listed = f"; {value}"
        return [name for name, claim in self._evidence.claims.items() if f"; {claim.label}: {claim.standing.label}" in listed]

    def sources(self, row: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The reports of studies and reports that a row names, by kind and name, where it has no address itself."""
        values = [value for value in row.values() if isinstance(value, str)]
        if any(value.startswith(("http://", "https://")) and value not in self._things for value in values):
            return {}
        reports = {value: cited(self._evidence.reports[value]) for value in values if value in self._evidence.reports}
        if reports:
            return {"reports": reports}
        # Once each, where a row has both address and label.
        studies = {study.id: value for value in reversed(values) for study in self._studies.get(value, ())}
        return {
            "studies": {
                value: [cited(self._evidence.reports[each]) for each in self._evidence.studies[study].reports]
                for study, value in studies.items()
            }
        }

    @cached_property
    def _things(self) -> frozenset[str]:
        """All that a row may name: what a pack has of its own is named by its whole address."""
        evidence = self._evidence
        kinds = (evidence.entities, evidence.claims, evidence.mechanisms, evidence.studies, evidence.reports, evidence.interactions)
        return frozenset(name for things in kinds for name in things)

    @cached_property
    def _studies(self) -> Mapping[str, list[Study]]:
        """Address or label → the study, where only one is called so."""
        found = defaultdict(list)
        for name, study in self._evidence.studies.items():
            found[name].append(study)
            found[study.label].append(study)
        return {called: studies for called, studies in found.items() if len(studies) == 1}

    def brief(self, name: str) -> dict[str, Any]:
        """Label, standing, certainty, and the first sources of a claim, of each side some."""
        claim = self._evidence.claims[name]
        stands = {"label": claim.label, "standing": claim.standing.label, "certainty": claim.standing.certainty.label}
        sources = self._sources_of(name)
        more = len(sources) - MOST_SOURCES
        return {**stands, "sources": sources[:MOST_SOURCES], **({"more_sources": more} if more > 0 else {})}

    def _sources_of(self, claim: str) -> list[dict[str, str]]:
        """The studies that count for a claim, each with what it says and the report in which that was read; stances take turns."""
        by_stance: dict[str, dict[tuple[str, str], Bearing]] = defaultdict(dict)
        for bearing in self._evidence.ordered(self._evidence.claims[claim]):
            if bearing.counted:
                finding = self._evidence.findings[bearing.finding]
                by_stance[bearing.stance.id].setdefault((finding.study, finding.report), bearing)
        turns = zip_longest(*(by_stance[stance].values() for stance in sorted(by_stance)))
        return [self._source(bearing) for turn in turns for bearing in turn if bearing is not None]

    def _source(self, bearing: Bearing) -> dict[str, str]:
        finding = self._evidence.findings[bearing.finding]
        of_study = {"study": self._evidence.name(finding.study), "level": finding.level.label, "says": bearing.stance.label}
        return {**of_study, **cited(self._evidence.reports[finding.report])}


def cited(report: Report) -> dict[str, str]:
    """Author, year and address of a report, or where it was read if it has none of its own, and what became of it."""
    where = {"address": report.address} if report.address else {"read_at": report.sources[0]} if report.sources else {}
    return {"report": report.cited, **where, **({"retraction": str(report.retraction)} if report.retraction else {})}
