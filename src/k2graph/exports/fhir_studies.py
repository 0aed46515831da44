"""Reports, studies and arms as FHIR R5 has them: Citation, ResearchStudy with its comparison groups, and statistics of one arm."""

from __future__ import annotations

from collections.abc import Iterator

from ..evidence.model import Arm, Evidence, Finding, Report, Study
from ..iris import expand
from .arms import arms_of, in_words, numbers_by_arm
from .fhir_parts import Json, coded, concept, logical_id, notes, quantity, text_of, without_empty
from .mapped import Mapped


def citation(report: Report) -> Json:
    """A report as a Citation."""
    numbers = [("https://pubmed.ncbi.nlm.nih.gov", report.pmid), ("https://doi.org", report.doi), *(("", each) for each in report.registry)]
    form = without_empty(
        publishedIn=without_empty(title=text_of(report.journal)) or None,
        volume=text_of(report.volume),
        issue=text_of(report.issue),
        pageString=text_of(report.pages),
        publicationDateText=str(report.year),
    )
    return without_empty(
        resourceType="Citation",
        id=logical_id(report.id),
        url=expand(report.id),
        title=text_of(report.label),
        status="active",
        note=notes([report.retraction_note]),
        citedArtifact=without_empty(
            identifier=[without_empty(system=system, value=number) for system, number in numbers if number],
            currentState=[concept(report.retraction)] if report.retraction else [],
            title=[{"text": text_of(report.title)}] if text_of(report.title) else [],
            publicationForm=[form],
        ),
    )


def research_study(study: Study, evidence: Evidence, mapped: Mapped) -> Json:
    """A study as a ResearchStudy: its results are the citations of its reports; it is retired where all of them are retracted."""
    reports = [evidence.reports[report] for report in study.reports if report in evidence.reports]
    retired = bool(reports) and all(report.retracted for report in reports)
    forms = [form for form in study.interventions if form in evidence.entities]
    planned = evidence.facts.all(study.id, "k2g:plannedOutcome")
    labelled = (
        ("organism", ", ".join(map(evidence.name, study.organisms))),
        ("participants", ", ".join(map(evidence.name, study.participants))),
        ("health", study.health_status), ("sex", study.sex), ("age", study.age),
        ("status", study.nutrient_status.label if study.nutrient_status else ""),
        ("dose", study.dose), ("duration", study.duration), ("compared with", study.comparator_kind),
        ("arms differ in the exposure alone", study.arms_differ_in_exposure_alone), ("arms also differ in", study.other_difference),
        ("blinding", study.blinding.label if study.blinding else ""),
        ("paid by", study.paid_by.label if study.paid_by else ""), ("funding", study.funding),
        ("registration", study.registration_status), ("research groups", ", ".join(map(evidence.name, study.groups))),
    )  # fmt: skip
    return without_empty(
        resourceType="ResearchStudy",
        id=logical_id(study.id),
        url=expand(study.id),
        identifier=[{"value": number} for number in study.registry],
        title=text_of(study.label),
        partOf=[{"reference": expand(study.within)}] if study.within in evidence.studies else [],
        status="retired" if retired else "active",
        studyDesign=[coded(study.design, mapped, "fhir.studytype")] if study.design else [],
        focus=[{"reference": {"reference": expand(form)}} for form in forms],
        region=[{"text": text_of(study.country)}] if text_of(study.country) else [],
        description=text_of(study.population),
        note=notes([study.note, *(f"{name}: {text}" for name, text in labelled if text)]),
        recruitment=without_empty(actualNumber=study.n) or None,
        comparisonGroup=[_group(arm, evidence, mapped) for arm in study.arms],
        outcomeMeasure=[_measure(outcome, evidence) for outcome in planned],
        result=[{"reference": expand(report.id)} for report in reports],
    )


def _measure(outcome: str, evidence: Evidence) -> Json:
    there = {"reference": {"reference": expand(outcome)}} if outcome in evidence.entities else {}
    return {"name": text_of(evidence.name(outcome)) or expand(outcome), **there}


def _group(arm: Arm, evidence: Evidence, mapped: Mapped) -> Json:
    kind = evidence.words.get(evidence.facts.one(arm.id, "k2g:comparatorKind"))
    return without_empty(
        linkId=logical_id(arm.id),
        name=text_of(arm.label) or expand(arm.id),
        type=coded(kind, mapped, "fhir.armtype") if kind else None,
        description=text_of(in_words(arm)),
        intendedExposure=[{"reference": expand(form)} for form in arm.forms if form in evidence.entities],
    )


def of_arms(finding: Finding, evidence: Evidence) -> Iterator[Json]:
    """What a finding says of each of its arms alone: how many, events, mean or median, and how far apart; nothing where it says nothing."""
    numbers = numbers_by_arm(finding, evidence)
    of = evidence.words.get(str(numbers.get("numbersAre", "")))
    for place, arm in enumerate(arms_of(finding, evidence), 1):
        own = {name.replace(str(place), "", 1): value for name, value in numbers.items() if str(place) in name}

        def amount(name: str, own: dict[str, int | float | str] = own) -> Json | None:
            value = own.get(name)
            return None if isinstance(value, str) or value is None else quantity(value, finding.unit, str(own.get(f"{name}Reported", "")))

        middle = next((name for name in ("mean", "median") if name in own), "")
        estimates = [
            *({"type": {"text": "standard deviation"}, "quantity": each} for each in [amount("sd")] if each),
            *(
                {"type": {"text": text}, "range": bounds}
                for text, low, high in (("interquartile range", "lowerQuartile", "upperQuartile"), ("range", "smallest", "largest"))
                if (bounds := without_empty(low=amount(low), high=amount(high)))
            ),
        ]
        if own:
            yield without_empty(
                description=text_of(arm.label if arm else "") or f"arm {place}",
                note=notes([f"numbers are: {of.label}"] if of else []),
                statisticType={"text": middle} if middle else None,
                quantity=amount(middle),
                numberOfEvents=own.get("events"),
                sampleSize=without_empty(numberOfParticipants=own.get("n")) or None,
                attributeEstimate=estimates,
            )
