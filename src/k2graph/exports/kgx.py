"""KGX: the graph as Biolink nodes and edges, in TSV and in JSON Lines, for Translator-like knowledge graphs.

Nodes are entities, publications, studies with their arms, and findings, which name the publication in which they were read. A claim is one
edge, under its own identifier, with its direction as qualifiers, its standing and votes as attributes, and its findings by stance. So that
no reader who drops those attributes takes a proposition for a fact: a claim of which the evidence leaves out an important effect or shows
the opposite is `negated`, and only what was shown by intervening or by direct observation is a `knowledge_assertion`; what is not shown,
contested, untested, rests on associations or opinion is a `prediction`, which Biolink also calls a hypothesis. The standing says which. An
interaction is an assertion where a rule says that it may be stated. Nodes carry an exact identifier of another vocabulary where there
is one, and only then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..evidence.model import Claim, Entity, Evidence, Finding, Interaction, Report, Study
from ..text import clean
from . import Format, Part
from .arms import in_words, numbers_by_arm, snake_case
from .graded import graded
from .identifiers import biolink_curie, node_names, ours, publication_name
from .mapped import Mapped, may_be_stated

Record = dict[str, Any]

#: Biolink's own words: its root of all predicates, and the predicates whose direction and aspect it says by qualifiers.
_ROOT, _QUALIFIED = "related_to", ("affects", "affects_likelihood_of")
#: The columns of the tables, where no record has a value too: a table without rows has a header.
_COLUMNS = {
    "nodes": (
        "id", "category", "name", "description", "synonym", "xref", "k2graph_close_match", "k2graph_entity", "k2graph_kind",
    ),
    "edges": (
        "id", "subject", "predicate", "object", "category", "knowledge_level", "agent_type",
        "qualified_predicate", "object_direction_qualifier", "object_aspect_qualifier", "population_context_qualifier", "negated",
        "publications", "has_evidence",
    ),
}  # fmt: skip


def write_kgx(part: Part, path: Path) -> Mapping[str, int]:
    """Four files: nodes and edges, as TSV and as JSON Lines."""
    evidence = part.evidence
    names, mapped = node_names(evidence), Mapped(evidence)
    # What the graph does not say of its source is no column.
    source = part.dataset.infores
    provided: Record = {"provided_by": [source]} if source else {}
    known: Record = {"primary_knowledge_source": source} if source else {}
    _write(path, "nodes", [node | provided for node in _nodes(evidence, names, mapped)])
    _write(path, "edges", [edge | known for edge in _edges(evidence, names, mapped)])
    return {"mechanisms as chains of steps": len(evidence.mechanisms)}


def _nodes(evidence: Evidence, names: Mapping[str, str], mapped: Mapped) -> Iterator[Record]:
    for entity in evidence.entities.values():
        yield _category(entity.kind, mapped) | _entity(entity, names)
    for report in evidence.reports.values():
        yield _category("k2g:Report", mapped) | _report(report)
    for study in evidence.studies.values():
        yield _category(f"k2g:{study.kind}", mapped) | _study(study, evidence)
    for finding in evidence.findings.values():
        yield _category("k2g:Finding", mapped) | _finding(finding, evidence)


def _category(kind: str, mapped: Mapped) -> Record:
    return {"category": [f"biolink:{mapped.kind(kind, 'biolink')}"]}


def _entity(entity: Entity, names: Mapping[str, str]) -> Record:
    exact = [biolink_curie(each.curie) for each in entity.identifiers if each.is_exact]
    close = [biolink_curie(each.curie) for each in entity.identifiers if not each.is_exact]
    name = names[entity.id]
    return {
        "id": name,
        "name": entity.label,
        "description": entity.definition,
        "synonym": list(entity.synonyms),
        "xref": [each for each in (ours(entity.id), *exact) if each != name],
        "k2graph_close_match": close,
        "k2graph_entity": entity.id,
        "k2graph_kind": entity.kind_label,
    }


def _report(report: Report) -> Record:
    return {
        "id": ours(report.id),
        "name": report.title or report.label,
        "xref": [f"{prefix}:{each}" for prefix, each in (("PMID", report.pmid), ("PMC", report.pmcid), ("DOI", report.doi)) if each],
        "k2graph_year": report.year,
        "k2graph_first_author": report.first_author,
        "k2graph_journal": report.journal,
        "k2graph_studies": list(map(ours, report.studies)),
        "k2graph_registry": list(report.registry),
        "k2graph_retraction": report.retraction.notation if report.retraction else "",
        "k2graph_read_in": report.verified.notation,
    }


def _study(study: Study, evidence: Evidence) -> Record:
    return {
        "id": ours(study.id),
        "name": study.label,
        "description": study.population,
        "has_study_results": [ours(finding.id) for finding in evidence.findings_of.get(study.id, ())],
        "publications": [publication_name(evidence.reports[report]) for report in study.reports if report in evidence.reports],
        "k2graph_reports": list(map(ours, study.reports)),
        "k2graph_within": study.within and ours(study.within),
        "k2graph_design": study.design.notation if study.design else "",
        "k2graph_organisms": list(study.organisms),
        "k2graph_participants": study.n,
        "k2graph_arms": [f"{ours(arm.id)}: {in_words(arm)}" for arm in study.arms],
        "k2graph_dose": study.dose,
        "k2graph_duration": study.duration,
        "k2graph_blinding": study.blinding.notation if study.blinding else "",
        "k2graph_paid_by": study.paid_by.notation if study.paid_by else "",
        "k2graph_registry": list(study.registry),
    }


def _finding(finding: Finding, evidence: Evidence) -> Record:
    report = evidence.reports[finding.report]
    return {
        "id": ours(finding.id),
        "name": f"{report.label}: {evidence.name(finding.subject)}, {finding.direction.label}, {evidence.name(finding.object)}",
        "description": finding.reported,
        "publications": [publication_name(report)],
        "k2graph_study": ours(finding.study),
        "k2graph_report": ours(report.id),
        "k2graph_publication": publication_name(report),
        "k2graph_arm": finding.arm and ours(finding.arm),
        "k2graph_comparator_arm": finding.comparator_arm and ours(finding.comparator_arm),
        "k2graph_participants": finding.n,
        "k2graph_dose": finding.dose,
        "k2graph_duration": finding.duration,
        "k2graph_direction": finding.direction.notation,
        "k2graph_level": finding.level.notation,
        "k2graph_design": finding.design.notation,
        "k2graph_outcome_kind": finding.outcome_kind.notation,
        "k2graph_measure": finding.measure,
        "k2graph_value": finding.value,
        "k2graph_value_reported": finding.value_reported,
        "k2graph_ci_low": finding.ci_low,
        "k2graph_ci_low_reported": finding.ci_low_reported,
        "k2graph_ci_high": finding.ci_high,
        "k2graph_ci_high_reported": finding.ci_high_reported,
        "k2graph_unit": finding.unit,
        "k2graph_p_value": finding.p_value,
        "k2graph_p_value_relation": finding.p_value_relation.notation if finding.p_value_relation else "",
        "k2graph_p_value_reported": finding.p_value_reported,
        **{f"k2graph_{snake_case(name)}": value for name, value in numbers_by_arm(finding, evidence).items()},
        "k2graph_conditions": finding.conditions,
        "k2graph_retraction": report.retraction.notation if report.retraction else "",
    }


def _edges(evidence: Evidence, names: Mapping[str, str], mapped: Mapped) -> Iterator[Record]:
    category = _category("k2g:Claim", mapped)
    for claim in evidence.claims.values():
        yield category | _claim(claim, evidence, names, mapped)
    for entity in evidence.entities.values():
        for relation, other in entity.relations:
            yield category | _relation(entity, relation, other, evidence, names, mapped)
    for interaction in evidence.interactions.values():
        yield category | _interaction(interaction, evidence, names, mapped)


def _edge(name: str, subject: str, predicate: str, target: str, shown: bool) -> Record:
    return {
        "id": ours(name),
        "subject": subject,
        "predicate": f"biolink:{predicate or _ROOT}",
        "object": target,
        "knowledge_level": "knowledge_assertion" if shown else "prediction",
        "agent_type": "manual_agent",
    }


def _claim(claim: Claim, evidence: Evidence, names: Mapping[str, str], mapped: Mapped) -> Record:
    predicate = mapped.term(claim.predicate.id, "biolink")
    standing = claim.standing
    record = _edge(claim.id, names[claim.subject], predicate, names[claim.object], may_be_stated(evidence, claim.id))
    if predicate in _QUALIFIED:
        record["qualified_predicate"] = "biolink:causes"
        record["object_direction_qualifier"] = mapped.term(claim.direction.id, "biolink.direction")
        record["object_aspect_qualifier"] = mapped.term(claim.predicate.id, "biolink.aspect", akin=True)
    populations = [names[context] for context in claim.contexts if context in names]
    record["population_context_qualifier"] = populations[0] if len(populations) == 1 else ""
    findings = {bearing.finding: evidence.findings[bearing.finding] for bearing in claim.bearings}
    reports = {finding.report: evidence.reports[finding.report] for finding in findings.values()}
    record |= {
        "negated": evidence.facts.one(standing.result.id, "k2g:stopsTranslation", False),
        "publications": sorted(map(publication_name, reports.values())),
        "k2graph_studies": sorted({ours(finding.study) for finding in findings.values()}),
        "has_evidence": [ours(finding) for finding in findings],
        "k2graph_label": claim.label,
        "k2graph_direction": claim.direction.notation,
        "k2graph_context": [evidence.name(context) for context in claim.contexts],
        "k2graph_standing": standing.label,
        "k2graph_tested_in": standing.tier.notation,
        "k2graph_result": standing.result.notation,
        "k2graph_investigations": standing.investigations,
        "k2graph_supporting": standing.supporting,
        "k2graph_leaving_open": standing.leaving_open,
        "k2graph_excluding": standing.excluding,
        "k2graph_contradicting": standing.contradicting,
        **{f"k2graph_{name}": value for name, value in graded(claim, evidence).items()},
        "k2graph_certainty_meaning": evidence.meaning_of_certainty,
        "k2graph_scope": claim.scope.notation,
        "k2graph_reached_by": standing.method.notation if standing.method else "",
        "k2graph_untested_because": standing.because.notation if standing.because else "",
        "k2graph_best_support": standing.best_support.notation if standing.best_support else "",
        "k2graph_testable_in_people": claim.testable_in_people.notation if claim.testable_in_people else "",
        "k2graph_implied_only": "yes" if claim.reach else "no",
        "k2graph_mechanisms": [ours(mechanism) for mechanism in claim.mechanisms],
        "k2graph_retracted_publications": _retracted(reports.values()),
        "k2graph_findings_not_counted": [ours(bearing.finding) for bearing in claim.bearings if not bearing.counted],
    }
    for stance in evidence.scheme("stances"):
        record[f"k2graph_findings_{stance.notation.replace('-', '_')}"] = [ours(b.finding) for b in claim.bearings if b.stance == stance]
    return record


def _retracted(reports: Iterable[Report]) -> list[str]:
    return sorted(publication_name(report) for report in reports if report.retracted)


def _relation(entity: Entity, relation: str, other: str, evidence: Evidence, names: Mapping[str, str], mapped: Mapped) -> Record:
    word = evidence.words[relation]
    predicate = mapped.term(relation, "biolink")
    local = f"relation:{entity.id.partition(':')[2]}.{word.notation}.{other.partition(':')[2]}"
    return _edge(local, names[entity.id], predicate, names[other], True) | {"k2graph_relation": word.notation, "negated": False}


def _interaction(interaction: Interaction, evidence: Evidence, names: Mapping[str, str], mapped: Mapped) -> Record:
    studies = [evidence.studies[study] for study in interaction.studies if study in evidence.studies]
    reports = {report: evidence.reports[report] for study in studies for report in study.reports if report in evidence.reports}
    shown = may_be_stated(evidence, interaction.id)
    predicate = mapped.term("k2g:interacts-with", "biolink")
    return _edge(interaction.id, names[interaction.agent], predicate, names[interaction.drug], shown) | {
        "negated": False,
        "publications": sorted(map(publication_name, reports.values())),
        "k2graph_studies": sorted(ours(study.id) for study in studies),
        "k2graph_label": interaction.label,
        "k2graph_direction": interaction.direction,
        "k2graph_effect": interaction.effect,
        "k2graph_explanation": interaction.explanation,
        "k2graph_severity": interaction.severity.notation,
        "k2graph_management": interaction.management,
        "k2graph_population": interaction.population,
        "k2graph_retracted_publications": _retracted(reports.values()),
    }


def _write(folder: Path, name: str, records: list[Record]) -> None:
    columns = list(dict.fromkeys((*_COLUMNS[name], *(column for record in records for column in record))))
    with (folder / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            filled = {column: record[column] for column in columns if record.get(column) not in ("", None, [])}
            # ASCII, since some readers of JSON Lines also break lines at U+2028 and its like.
            file.write(json.dumps(filled) + "\n")
    with (folder / f"{name}.tsv").open("w", encoding="utf-8", newline="\n") as file:
        file.write("\t".join(columns) + "\n")
        file.writelines("\t".join(_cell(record.get(column)) for column in columns) + "\n" for record in records)


def _cell(value: Any) -> str:
    r"""A value on one line, as KGX reads it without quotes: items of a list apart by bars, control characters as spaces.

    >>> _cell(["a", "b|c"]), _cell("one\ttwo")
    ('a|b¦c', 'one two')
    """
    if isinstance(value, list):
        return "|".join(_cell(each).replace("|", "¦") for each in value)
    if isinstance(value, bool):
        # KGX reads every text here as true, "false" too; nothing is false.
        return "True" if value else ""
    return "" if value is None else clean(str(value))


KGX = Format(
    "kgx",
    "KGX nodes and edges (Biolink)",
    "KGX, Translator-like knowledge graphs, pandas",
    "entities with identifiers, publications, studies with their results and arms, findings with their numbers, those of each arm too, and"
    " their publications; claims with direction, context, standing, certainty with each step down, votes, how many at which risk of bias,"
    " and findings by stance (those that leave out an important effect and contrary ones negated;"
    " not shown, contested, untested and associated ones as"
    " predictions); relations; interactions",
    "the steps of mechanisms (their claims name them), pooled estimates, why a finding is not counted; in TSV, tabs and line breaks become"
    " spaces. KGX without --stream keeps one of several claims that differ in context alone",
    "",
    write_kgx,
)
