"""Pages of studies, each with its arms and its findings by report, and of reports; the lists of both; and where old addresses lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ...evidence.model import Arm, Evidence, Finding, Report, Study
from ...iris import slug
from .site import Site

#: What else is read in reports than findings: its class, what one of them and several are called, and the question that tells them.
_FIGURES = (
    ("k2g:FoodContent", "content of a food", "contents of foods", "foods"),
    ("k2g:PharmacokineticParameter", "pharmacokinetic figure", "pharmacokinetic figures", "pharmacokinetics"),
    ("k2g:StatusFigure", "figure on who is low", "figures on who is low", "who-is-low"),
    ("k2g:CitationCheck", "check of a citation", "checks of citations", "citation-audit"),
)


def studies(site: Site) -> Iterator[tuple[str, bytes]]:
    """All studies, the newest first, with the bodies of people within which some were made; and a page for each."""
    evidence = site.evidence
    order = sorted(evidence.studies.values(), key=lambda study: (-(first_year(evidence, study) or 0), study.label, study.id))
    bodies = sorted((study for study in order if study.design is None), key=lambda study: (study.label, study.id))
    made = [(study, first_year(evidence, study)) for study in order if study.design is not None]
    yield site.page("studies.html", "studies.html", "Studies", studies=made, bodies=bodies, tables=True, daily=_most)
    within: dict[str, list[Study]] = defaultdict(list)
    for study in order:
        within[study.within].append(study)
    appraisals = evidence.facts.by("k2g:Appraisal", "k2g:study")
    for judged in appraisals.values():
        judged.sort(key=lambda each: _place(evidence, each))
    for study in evidence.studies.values():
        own_reports = [evidence.reports[name] for name in study.reports if name in evidence.reports]
        yield site.page(
            site.things[study.id],
            "study.html",
            study.label,
            study=study,
            reports=sorted(own_reports, key=lambda report: (report.year, report.id)),
            arms=_arms(study),
            holds=within.get(study.id, ()),
            appraisals=appraisals.get(study.id, ()),
            groups=_by(evidence.findings_of.get(study.id, ()), "report"),
            called=_called(evidence, [study]),
            species=", ".join(map(evidence.name, study.organisms)),
        )


def findings(site: Site) -> Iterator[tuple[str, bytes]]:
    """All findings in one table, the newest first."""
    evidence = site.evidence
    daily = {arm.id: _amount(arm.daily) for study in evidence.studies.values() for arm in study.arms}
    order = sorted(evidence.findings.values(), key=lambda finding: (-evidence.reports[finding.report].year, finding.report, finding.id))
    rows = [(finding, daily.get(finding.arm, "")) for finding in order]
    yield site.page("findings.html", "findings.html", "Findings", findings=rows, tables=True)


def _most(study: Study) -> str:
    """The most that an arm of a study got a day."""
    return _amount(max((arm.daily for arm in study.arms if arm.daily is not None), default=None))


def _amount(daily: float | None) -> str:
    return "" if daily is None else f"{daily:,.10g}"


def _place(evidence: Evidence, appraisal: str) -> tuple[int, str]:
    """Where a judgement stands among those of a study: by domain."""
    domain = evidence.words.get(evidence.facts.one(appraisal, "k2g:domain"))
    return (domain.rank if domain else 0, appraisal)


def first_year(evidence: Evidence, study: Study) -> int | None:
    """The year of a study's first report; None where none is in the graph."""
    return min((evidence.reports[name].year for name in study.reports if name in evidence.reports), default=None)


def _arms(study: Study) -> list[tuple[str, Arm]]:
    """Each arm and what it is called within its study: first what got most a day, last what the others are compared with."""
    order = sorted(study.arms, key=lambda arm: (not arm.forms, arm.daily is None, -(arm.daily or 0), arm.label, arm.id))
    return [(_within(study, arm), arm) for arm in order]


def _within(study: Study, arm: Arm) -> str:
    return arm.label.removeprefix(f"{study.label}: ") or arm.id


def _called(evidence: Evidence, within: Iterable[Study]) -> dict[str, str]:
    """What arms are called where it is clear of which study they are."""
    return {arm.id: _within(study, arm) for study in within for arm in study.arms}


def _by(findings: Iterable[Finding], end: str) -> list[tuple[str, list[Finding]]]:
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[getattr(finding, end)].append(finding)
    return sorted(groups.items())


def reports(site: Site) -> Iterator[tuple[str, bytes]]:
    """All reports, the newest first, and a page for each."""
    evidence = site.evidence
    read_in: dict[str, list[Finding]] = defaultdict(list)
    for finding in evidence.findings.values():
        read_in[finding.report].append(finding)
    order = sorted(evidence.reports.values(), key=lambda report: (-report.year, report.cited, report.id))
    counts = {report: len(findings) for report, findings in read_in.items()}
    yield site.page("reports.html", "reports.html", "Reports", reports=order, counts=counts, tables=True)
    figures = _figures(evidence)
    for report in evidence.reports.values():
        own_studies = [evidence.studies[name] for name in report.studies if name in evidence.studies]
        yield site.page(
            site.things[report.id],
            "report.html",
            report.title,
            report=report,
            studies=own_studies,
            figures=figures.get(report.id, ()),
            groups=_by(read_in[report.id], "study"),
            called=_called(evidence, own_studies),
            others=_others(evidence, report),
            bibtex=site.references[report.id][0],
        )


def _others(evidence: Evidence, report: Report) -> list[Report]:
    """The other reports of its studies, the oldest first."""
    names = {name for study in report.studies if study in evidence.studies for name in evidence.studies[study].reports} - {report.id}
    return sorted((evidence.reports[name] for name in names if name in evidence.reports), key=lambda each: (each.year, each.id))


def _figures(evidence: Evidence) -> dict[str, list[tuple[str, str]]]:
    """Report → how many figures of each kind were read in it, in words, and the question that tells them."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for kind, one, several, question in _FIGURES:
        counts: dict[str, int] = defaultdict(int)
        for node in evidence.facts.nodes(kind):
            for report in evidence.facts.all(node, "k2g:report"):
                counts[report] += 1
        for report, count in counts.items():
            found[report].append((f"{count} {one if count == 1 else several}", question))
    return found


def moved(site: Site) -> Iterator[tuple[str, bytes]]:
    """A page that leads on, at each address at which a page of the site once was: those of studies, which are reports' now."""
    taken = set(site.things.values())
    for old, new in site.replaced.items():
        kind, _, local = old.partition(":")
        name = f"study/{local}.html"
        if kind == "study" and local == slug(local) and new in site.things and name not in taken:
            yield site.page(name, "moved.html", site.evidence.name(new), new=new)
