"""Which claims and findings a format writes: by the results of claims, and by what became of reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from ..evidence.model import Evidence

#: What `--include` may name beside the results that a claim may have: findings of retracted reports.
RETRACTED = "retracted"


def included(evidence: Evidence, things: Iterable[str], words: set[str]) -> tuple[Evidence, Counter[str]]:
    """What is left where only claims with some results are written, and how many of what is left out; the same evidence if nothing is."""
    left_out: Counter[str] = Counter()
    kept = {name for name, claim in evidence.claims.items() if claim.standing.result.notation in words}
    for name, claim in evidence.claims.items():
        if name not in kept:
            left_out[f"claims whose standing is {claim.standing.result.notation} (--include {claim.standing.result.notation})"] += 1
    if len(kept) < len(evidence.claims):
        evidence = evidence.only(kept, things)
    if RETRACTED not in words:
        evidence, count = _without_retracted(evidence)
        left_out["findings of retracted reports (--include retracted)"] += count
    return evidence, left_out


def _without_retracted(evidence: Evidence) -> tuple[Evidence, int]:
    """Retracted reports, what was read in them, and the studies of which there is no other report."""
    gone = {name for name, report in evidence.reports.items() if report.retracted}
    findings = {name: finding for name, finding in evidence.findings.items() if finding.report not in gone}
    if len(findings) == len(evidence.findings):
        return evidence, 0
    claims = {
        name: replace(claim, bearings=tuple(bearing for bearing in claim.bearings if bearing.finding in findings))
        for name, claim in evidence.claims.items()
    }
    studies = {
        name: replace(study, reports=tuple(report for report in study.reports if report not in gone))
        for name, study in evidence.studies.items()
        if not study.reports or not gone.issuperset(study.reports)
    }
    reports = {name: report for name, report in evidence.reports.items() if name not in gone}
    appraisals = {name: appraisal for name, appraisal in evidence.appraisals.items() if appraisal.study in studies}
    kept = replace(evidence, findings=findings, claims=claims, studies=studies, reports=reports, appraisals=appraisals)
    return kept, len(evidence.findings) - len(findings)
