"""The nutrients of a graph: each with its forms, the claims, mechanisms and studies that are of it, and the packs that speak of it.

In: evidence. Out: the nutrients in the order of what they are called. A nutrient is here what is a form of nothing else, and of which the
graph holds a form or a mechanism; others stand in a graph for comparison, and are what is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..curation.dataset_description import DatasetDescription
from ..evidence.dataset import datasets_of
from ..evidence.model import Claim, Evidence, Mechanism

_FORM_OF = "k2g:formOf"
_PART_OF = "dcterms:isPartOf"


@dataclass(frozen=True)
class Nutrients:
    """The nutrients of a graph; `forms` has each with itself and all its forms."""

    evidence: Evidence
    forms: Mapping[str, frozenset[str]]

    @property
    def several(self) -> bool:
        """Whether there is anything to choose from."""
        return len(self.forms) > 1

    @cached_property
    def _of(self) -> dict[str, str]:
        return {form: nutrient for nutrient, forms in self.forms.items() for form in forms}

    def of(self, things: Iterable[str]) -> list[str]:
        """The nutrients of which any of these things is, or is a form, in their order."""
        found = {self._of[thing] for thing in things if thing in self._of}
        return [nutrient for nutrient in self.forms if nutrient in found]

    def named_of_mechanism(self, mechanism: str) -> list[str]:
        """What the nutrients of a mechanism are called."""
        return [self.evidence.name(nutrient) for nutrient in self.of_mechanisms[mechanism]]

    def named_of_study(self, study: str) -> list[str]:
        """What the nutrients are called that a study gave, or of which it found something."""
        return self.named(self._studied[study])

    def named_of_report(self, report: str) -> list[str]:
        """What the nutrients are called of the studies on which a report reports, and of what was read in it."""
        return self.named(self._reported[report])

    @cached_property
    def _studied(self) -> Mapping[str, set[str]]:
        evidence = self.evidence
        found = defaultdict(set, {study.id: {*study.interventions} for study in evidence.studies.values()})
        for finding in evidence.findings.values():
            found[finding.study].add(finding.subject)
        return found

    @cached_property
    def _reported(self) -> Mapping[str, set[str]]:
        found = {
            report.id: set[str]().union(*(self._studied[study] for study in report.studies if study in self.evidence.studies))
            for report in self.evidence.reports.values()
        }
        for finding in self.evidence.findings.values():
            found[finding.report].add(finding.subject)
        return found

    def named(self, things: Iterable[str]) -> list[str]:
        """What the nutrients of these things are called."""
        return [self.evidence.name(nutrient) for nutrient in self.of(things)]

    @cached_property
    def of_mechanisms(self) -> Mapping[str, tuple[str, ...]]:
        """Mechanism → its nutrients: that with which it begins; where that is something else, those with whose chains it shares a step."""
        mechanisms, begin = self.evidence.mechanisms, dict[str, list[str]]()
        sharing: dict[str, set[str]] = defaultdict(set)
        for name, mechanism in mechanisms.items():
            begin[name] = self.of([self.evidence.claims[mechanism.end_to_end].subject])
            for step in mechanism.steps:
                sharing[step.claim].update(begin[name])
        shared = {name: set[str]().union(*(sharing[step.claim] for step in each.steps)) for name, each in mechanisms.items()}
        return {name: tuple(begin[name] or [each for each in self.forms if each in shared[name]]) for name in mechanisms}

    def mechanisms(self, nutrient: str) -> list[Mechanism]:
        """The mechanisms of a nutrient, by verdict."""
        of = [each for name, each in self.evidence.mechanisms.items() if nutrient in self.of_mechanisms[name]]
        return sorted(of, key=lambda each: (each.verdict.rank, each.label))

    @cached_property
    def claims(self) -> Mapping[str, tuple[Claim, ...]]:
        """Nutrient → the claims on what it or a form of it does, but for those that a mechanism alone implies."""
        found: dict[str, list[Claim]] = {nutrient: [] for nutrient in self.forms}
        for claim in self.evidence.claims.values():
            if not claim.reach and claim.subject in self._of:
                found[self._of[claim.subject]].append(claim)
        return {nutrient: tuple(claims) for nutrient, claims in found.items()}

    def in_people(self, nutrient: str) -> list[Claim]:
        """Those of its claims that were tested in people, best tested first."""
        held = (each for each in self.claims[nutrient] if self.evidence.facts.one(each.standing.tier.id, "k2g:isInPeople", False))
        return sorted(
            held, key=lambda each: (each.standing.tier.rank, each.standing.result.rank, -each.standing.investigations, each.label)
        )

    def numbers(self, nutrient: str) -> dict[str, int]:
        """How much the graph holds of a nutrient."""
        evidence, forms = self.evidence, self.forms[nutrient]
        return {
            "forms": len(forms) - 1,
            "studies": sum(study.design is not None and bool(forms & self._studied[name]) for name, study in evidence.studies.items()),
            "reports": sum(bool(forms & things) for things in self._reported.values()),
            "findings": sum(finding.subject in forms for finding in evidence.findings.values()),
            "claims": len(self.claims[nutrient]),
            "tested in people": len(self.in_people(nutrient)),
            "mechanisms": len(self.mechanisms(nutrient)),
            "interactions": sum(each.agent in forms for each in evidence.interactions.values()),
        }

    def packs(self, nutrient: str) -> list[DatasetDescription]:
        """The packs in which a nutrient stands; all of the graph where it says of none that it is a part of it."""
        facts = self.evidence.facts
        described = datasets_of(facts)
        return [each for each in described if each.address in facts.all(nutrient, _PART_OF)] or described


def nutrients_of(evidence: Evidence) -> Nutrients:
    """The nutrients of a graph."""
    tops = {thing: _tops(evidence, thing) for thing in evidence.entities if evidence.is_form(thing)}
    forms: dict[str, set[str]] = defaultdict(set)
    for thing, of in tops.items():
        for top in of[:1]:
            forms[top].add(thing)
    exposures = {evidence.claims[mechanism.end_to_end].subject for mechanism in evidence.mechanisms.values()}
    own = {top: frozenset(some) for top, some in forms.items() if len(some) > 1 or some & exposures}
    return Nutrients(evidence, {top: own[top] for top in sorted(own, key=lambda top: (evidence.name(top).casefold(), top))})


def _tops(evidence: Evidence, form: str) -> list[str]:
    """What a form is at last a form of: itself, where it is a form of nothing. A circle has no top."""
    wholes = {form, *evidence.entities[form].carries_evidence_to}
    return sorted(
        each
        for each in wholes
        if each in evidence.entities
        and evidence.is_form(each)
        and all(relation != _FORM_OF for relation, _ in evidence.entities[each].relations)
    )
