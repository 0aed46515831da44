"""The mark of a report or study that is retracted or in doubt, which stands wherever one of its findings is cited."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..evidence.model import Evidence


def doubt(evidence: Evidence, thing: str) -> str:
    """What became of a report, or of any report of a study, such as `retracted` or `of concern`; empty where nothing did."""
    reports = evidence.studies[thing].reports if thing in evidence.studies else (thing,)
    states = {state for each in reports if each in evidence.reports and (state := evidence.reports[each].retraction)}
    return ", ".join(sorted(state.label for state in states))


def cited(evidence: Evidence, report: str) -> str:
    """Author and year of a report, with its mark, for where there is plain text alone."""
    mark = doubt(evidence, report)
    return f"{evidence.reports[report].cited}{f' [{mark}]' if mark else ''}"
