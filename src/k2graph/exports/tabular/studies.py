"""The tables of where results come from: reports, the studies on which they report, and the arms of these. Their columns."""

from __future__ import annotations

from collections.abc import Iterator

from ...evidence.model import Arm
from .. import Part
from .table import ID, LABEL, NOTE, RETRACTION, SOURCES, Column, Table, of_ours


def _arms(part: Part) -> Iterator[Arm]:
    return (arm for study in part.evidence.studies.values() for arm in study.arms)


#: How much of the nutrient a group had before.
_BASELINE = (
    of_ours("baseline_marker", "k2g:baselineMarker", refers="entities"),
    of_ours("baseline_level", "k2g:baselineLevel", "number"),
    of_ours("baseline_level_reported", "k2g:baselineLevelReported"),
    of_ours("baseline_unit", "k2g:baselineUnit"),
)

STUDIES: tuple[Table, ...] = (
    Table(
        "reports",
        "Publications and registrations, each with the studies on which it reports.",
        lambda part: part.evidence.reports.values(),
        (
            Column("report", ID, "id"),
            Column("label", "First author and year."),
            Column("key", "PMID, DOI, number in a registry or address by which it is known.", holds=("dcterms:identifier",)),
            Column("title", "Title."),
            Column("first_author", "k2g:firstAuthor"),
            Column("first_author_name", "k2g:firstAuthorName"),
            Column("year", "k2g:year", kind="integer"),
            Column("journal", "k2g:journal"),
            Column("volume", "Volume of the journal."),
            Column("issue", "Issue of the volume."),
            Column("pages", "Pages, or number of the article."),
            Column("pmid", "Number in PubMed."),
            Column("pmcid", "k2g:pmcid"),
            Column("doi", "Digital object identifier."),
            Column("cited_at", "k2g:citedAt", "address"),
            Column("registry", "Numbers under which its studies are registered.", kind="texts"),
            Column("registration_status", "How far its studies that are registered are."),
            Column("retraction", RETRACTION, scheme="retractions"),
            Column("retraction_note", "k2g:retractionNote"),
            Column("verified", "k2g:verified", scheme="verifications"),
            Column("studies", "The studies on which it reports.", kind="texts"),
            SOURCES,
        ),
        of=("reports",),
    ),
    Table(
        "studies",
        "Investigations: trials, cohorts, experiments and syntheses. One study may have several reports, and one report several studies.",
        lambda part: part.evidence.studies.values(),
        (
            Column("study", ID, "id"),
            Column("label", LABEL),
            Column("kind", "Trial, Cohort or Study."),
            Column("reports", "Its publications and registrations.", kind="texts", holds=("k2g:report",)),
            Column("within", "k2g:within", refers="studies"),
            Column("design", "k2g:design", scheme="designs"),
            Column("organisms", "k2g:organism", kind="texts"),
            Column("country", "k2g:country"),
            Column("population", "k2g:population"),
            Column("participants", "k2g:participants", kind="texts"),
            Column("health_status", "k2g:healthStatus"),
            Column("nutrient_status", "k2g:nutrientStatus", scheme="statuses"),
            *_BASELINE,
            Column("sex", "k2g:sex"),
            Column("age", "k2g:age"),
            Column("n", "k2g:sampleSize", kind="integer"),
            Column("interventions", "k2g:intervention", kind="texts"),
            Column("dose", "k2g:givenDose"),
            Column("duration", "k2g:givenFor", holds=("k2g:duration",)),
            Column("comparator_kind", "k2g:comparatorKind"),
            Column("arms_differ_in_exposure_alone", "k2g:armsDifferInExposureAlone"),
            Column("other_difference", "k2g:otherDifference"),
            Column("blinding", "k2g:blinding", scheme="blindings"),
            Column("paid_by", "k2g:paidBy", scheme="payers"),
            Column("funding", "k2g:funding"),
            Column("groups", "Research groups that stand behind it.", kind="texts", holds=("k2g:group",)),
            Column("registry", "k2g:registryNumber", kind="texts"),
            Column("registration_status", "k2g:registrationStatus"),
            Column("pools", "Studies that it pooled, where it is a synthesis that names them.", "k2g:pools", "texts"),
            Column("note", NOTE),
            SOURCES,
        ),
        of=("studies",),
    ),
    Table(
        "arms",
        "What the groups of studies got; what they were compared with are arms too.",
        _arms,
        (
            Column("arm", ID, "id"),
            Column("label", LABEL),
            Column("study", "k2g:armOf", refers="studies"),
            Column("forms", "k2g:gives", kind="texts"),
            Column("got_in_words", "k2g:gotInWords"),
            Column("comparator_kind", "What kind of comparison it serves, where it is the comparator.", holds=("k2g:comparatorKind",)),
            Column("dose", "k2g:doseValue", kind="number"),
            Column("dose_reported", "k2g:doseReported"),
            Column("dose_unit", "k2g:doseUnit"),
            Column("per", "k2g:dosePer"),
            Column("daily", "k2g:dailyAmount", kind="number"),
            Column("lasted", "k2g:lasted", "k2g:lasted", "number"),
            Column("lasted_reported", "k2g:lastedReported"),
            Column("lasted_unit", "k2g:lastedUnit"),
            Column("after", "k2g:after", refers="arms"),
            *_BASELINE,
            Column("co_intervention", "k2g:coIntervention"),
            Column("entered", "k2g:entered", kind="integer"),
            Column("analysed", "k2g:analysed", kind="integer"),
            Column("note", NOTE),
            SOURCES,
        ),
        of=("arms",),
    ),
)
