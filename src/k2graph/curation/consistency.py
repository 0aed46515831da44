"""What rows of several tables have to say together to make sense. Each check yields its faults; none stops at the first.

Which combinations make sense is said in the ontology (what a design studies, which directions it can show, what an
effect on a thing is an effect on), not here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import Fault
from . import schema

if TYPE_CHECKING:
    from ..ontology import Vocabulary
    from .reader import Tables

_HUMAN = "NCBITaxon:9606"
_SIGNED = {"increases", "decreases"}


def all_faults(tables: Tables, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Every fault of every check below, in the order of the tables."""
    yield from entity_faults(tables, vocabulary)
    yield from relation_faults(tables)
    yield from identifier_faults(tables)
    yield from study_faults(tables, vocabulary)
    yield from investigation_faults(tables, vocabulary)
    yield from finding_faults(tables, vocabulary)
    yield from claim_faults(tables, vocabulary)
    yield from mechanism_faults(tables)


def entity_faults(tables: Tables, vocabulary: Vocabulary) -> Iterator[Fault]:
    """A label names one entity; things that effects are measured on say what is measured."""
    labels: dict[str, str] = {}
    for row, line in tables.numbered(schema.EntityRow):
        other = labels.setdefault(row.label.casefold(), row.entity)
        if other != row.entity:
            yield Fault("entities.tsv", line, "label", f"{row.label!r} is the label of {other!r} already; tell them apart")
        if row.type_ in {"outcome", "biomarker", "process", "pathway"} and not row.aspect:
            yield Fault(
                "entities.tsv", line, "aspect", f"a {row.type_} says what an effect on it is: {', '.join(vocabulary.schemes['aspects'])}"
            )


def relation_faults(tables: Tables) -> Iterator[Fault]:
    """Relations that carry evidence join things measured alike, and never come back to where they began."""
    aspects = {row.entity: row.aspect for row in tables.of(schema.EntityRow)}
    broader: dict[str, set[str]] = defaultdict(set)
    for row, line in tables.numbered(schema.EntityRelationRow):
        if row.entity == row.other:
            yield Fault("entity_relations.tsv", line, "other", f"{row.entity!r} is related to itself")
        elif (
            row.relation not in {"state-of", "status-marker-of"}
            and (aspects[row.entity] or aspects[row.other])
            and aspects[row.entity] != aspects[row.other]
        ):
            one, other = (f"{entity} ({aspects[entity] or 'no aspect'})" for entity in (row.entity, row.other))
            message = f"{one} and {other} differ in aspect, so no evidence could pass"
            yield Fault("entity_relations.tsv", line, "relation", message)
        if row.relation in {"form-of", "narrower-than"} and row.entity != row.other:
            broader[row.entity].add(row.other)
            if row.entity in _reachable(row.other, broader):
                yield Fault("entity_relations.tsv", line, "other", f"{row.other!r} is already below {row.entity!r}: a circle")


def _reachable(start: str, edges: dict[str, set[str]]) -> set[str]:
    seen, waiting = set(), [start]
    while waiting:
        for following in edges.get(waiting.pop(), ()):
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return seen


def identifier_faults(tables: Tables) -> Iterator[Fault]:
    """One identifier is the exact match of one entity."""
    owners: dict[str, str] = {}
    for row, line in tables.numbered(schema.IdentifierRow):
        if row.match == "exact" and owners.setdefault(row.identifier, row.entity) != row.entity:
            message = f"{row.identifier} is the exact match of {owners[row.identifier]!r} already; one of the two is close at best"
            yield Fault("identifiers.tsv", line, "identifier", message)


def study_faults(tables: Tables, vocabulary: Vocabulary) -> Iterator[Fault]:
    """A study's key agrees with its columns, no publication stands twice, and its design fits what it studied."""
    owners: dict[tuple[str, str], str] = {}
    for row, line in tables.numbered(schema.StudyRow):
        file = "studies.tsv"
        for prefix, column, value in (("PMID:", "pmid", row.pmid), ("DOI:", "doi", row.doi)):
            if row.study.startswith(prefix) and row.study.removeprefix(prefix).lower() != (value or "").lower():
                yield Fault(file, line, column, f"{value or 'an empty cell'!r} disagrees with the key {row.study!r}")
            if value and owners.setdefault((column, value.lower()), row.study) != row.study:
                yield Fault(file, line, column, f"{value!r} is also that of {owners[column, value.lower()]!r}; merge the two rows")
        if row.retraction_note and not row.retraction:
            yield Fault(file, line, "retraction", "has a note but no state (retracted or concern)")
        studied = vocabulary.fact("designs", row.design, "k2g:studies")
        if studied == "people" and _HUMAN not in row.organism:
            yield Fault(file, line, "organism", f"a {row.design} is made in people; put {_HUMAN}, or another design")
        if studied == "animals" and set(row.organism) <= {_HUMAN}:
            yield Fault(file, line, "organism", f"a {row.design} names the animal, such as NCBITaxon:10090")
        if studied in {"cells", "molecules"}:
            for column in ("n", "nutrient_status", "sex", "age"):
                if getattr(row, column) is not None:
                    yield Fault(file, line, column, f"a {row.design} has no participants; leave the cell empty")


def investigation_faults(tables: Tables, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Every publication of a trial belongs to one row of trials.tsv, and no publication to two investigations."""
    designs = {row.study: row.design for row in tables.of(schema.StudyRow)}
    owners: dict[str, str] = {}
    row_types: tuple[type[schema.TrialRow] | type[schema.CohortRow], ...] = (schema.TrialRow, schema.CohortRow)
    for row_type in row_types:
        for row, line in tables.numbered(row_type):
            file = f"{row_type.table}.tsv"
            for study in row.publications:
                if owners.setdefault(study, row.identity) != row.identity:
                    yield Fault(file, line, "publications", f"{study!r} belongs to {owners[study]!r} already")
                assigned = vocabulary.fact("designs", designs[study], "k2g:isTrial") == "true"
                if assigned != (row_type is schema.TrialRow):
                    where = "trials.tsv" if assigned else "cohorts.tsv"
                    yield Fault(file, line, "publications", f"{study!r} is a {designs[study]}; it belongs in {where} if anywhere")
            if isinstance(row, schema.TrialRow) and row.arms_differ_in_exposure_alone == "no" and not row.difference:
                yield Fault(file, line, "difference", "say what else the arms differed in")
    for study_row, line in tables.numbered(schema.StudyRow):
        if vocabulary.fact("designs", study_row.design, "k2g:isTrial") == "true" and study_row.study not in owners:
            yield Fault(
                "studies.tsv",
                line,
                "study",
                f"{study_row.study!r} is a {study_row.design} without a row in trials.tsv; say there what it was compared with",
            )


def finding_faults(tables: Tables, vocabulary: Vocabulary) -> Iterator[Fault]:
    """A finding's direction can come from its design, its numbers agree, and there is a claim for it to bear on."""
    studies = {row.study: row for row in tables.of(schema.StudyRow)}
    entities = {row.entity: row for row in tables.of(schema.EntityRow)}
    claimed = {(row.subject, row.predicate, row.object) for row in tables.of(schema.ClaimRow)}
    for row, line in tables.numbered(schema.FindingRow):
        file, design = "findings.tsv", row.design or studies[row.study].design
        association = vocabulary.fact("directions", row.direction, "k2g:isAssociation") == "true"
        describes = vocabulary.fact("predicates", row.predicate, "k2g:isDescriptive") == "true"
        allowed = vocabulary.fact("designs", design, "k2g:allowsAssociation" if association else "k2g:allowsEffect") == "true"
        if not allowed and not describes and row.direction != "mixed":
            way_out = (
                "an effect (increases, decreases, no-effect)" if association else "an association (positive-, negative- or no-association)"
            )
            yield Fault(file, line, "direction", f"a {design} cannot show {row.direction}; write {way_out}, or mend the design")
        if row.comparator_kind and vocabulary.fact("designs", design, "k2g:isTrial") != "true":
            yield Fault(file, line, "comparator_kind", f"a {design} has no arms to compare")
        low, high, value = row.ci_low, row.ci_high, row.value
        if (low is None) != (high is None):
            yield Fault(file, line, "ci_low" if low is None else "ci_high", "an interval has two ends")
        elif low is not None and high is not None:
            if low > high:
                yield Fault(file, line, "ci_low", f"the interval begins at {low}, above its end {high}")
            elif value is not None and not low <= value <= high:
                yield Fault(file, line, "value", f"{value} lies outside its interval {low} to {high}")
        yield from _aspect_faults(file, line, row.predicate, entities[row.object], vocabulary)
        if (row.subject, row.predicate, row.object) not in claimed:
            yield Fault(file, line, "object", f"no claim in claims.tsv says {row.subject} {row.predicate} {row.object}; add it")


def _aspect_faults(file: str, line: int, predicate: str, thing: schema.EntityRow, vocabulary: Vocabulary) -> Iterator[Fault]:
    wanted = vocabulary.fact("predicates", predicate, "k2g:aspect").rpartition("#aspect-")[2]
    if wanted and thing.aspect and wanted != thing.aspect:
        yield Fault(file, line, "predicate", f"an effect on {thing.entity} is one on its {thing.aspect}: write affects-{thing.aspect}-of")


def claim_faults(tables: Tables, vocabulary: Vocabulary) -> Iterator[Fault]:
    """One node for one proposition, proposed in one direction, and none that mirrors another without saying why."""
    entities = {row.entity: row for row in tables.of(schema.EntityRow)}
    seen: dict[tuple[str | None, ...], list[schema.ClaimRow]] = defaultdict(list)
    for row, line in tables.numbered(schema.ClaimRow):
        if row.direction not in _SIGNED:
            yield Fault("claims.tsv", line, "direction", f"a claim is proposed as increases or decreases, not {row.direction}")
        if row.context and row.population:
            yield Fault("claims.tsv", line, "population", "a claim is limited to a status or to a population, not to both; make two claims")
        if row.population and entities[row.population].type_ != "population":
            yield Fault("claims.tsv", line, "population", f"{row.population!r} is a {entities[row.population].type_}, not a population")
        others = seen[row.subject, row.predicate, row.object, row.context, row.population]
        same = next((other for other in others if other.direction == row.direction), None)
        if same:
            yield Fault("claims.tsv", line, "claim", f"says the same as {same.claim!r}")
        elif others and not (row.note and others[0].note):
            yield Fault(
                "claims.tsv", line, "note", f"mirrors {others[0].claim!r}; where both are seriously held, both say by whom in their notes"
            )
        others.append(row)
        yield from _aspect_faults("claims.tsv", line, row.predicate, entities[row.object], vocabulary)


def mechanism_faults(tables: Tables) -> Iterator[Fault]:
    """The steps of a mechanism are numbered from 1 and each begins where the one before arrived."""
    claims = {row.claim: row for row in tables.of(schema.ClaimRow)}
    related: dict[str, set[str]] = defaultdict(set)
    states: dict[str, set[str]] = defaultdict(set)
    for relation in tables.of(schema.EntityRelationRow):
        related[relation.entity].add(relation.other)
        if relation.relation == "state-of":
            states[relation.entity].add(relation.other)

    def joins(one: str, other: str) -> bool:
        upwards, downwards = _reachable(one, related), _reachable(other, related)
        return one == other or other in upwards or one in downwards or bool(upwards & downwards)

    steps: dict[str, list[tuple[schema.StepRow, int]]] = defaultdict(list)
    for row, line in tables.numbered(schema.StepRow):
        steps[row.mechanism].append((row, line))
    for mechanism, line in tables.numbered(schema.MechanismRow):
        chain = sorted(steps[mechanism.mechanism], key=lambda pair: pair[0].step)
        if not chain:
            yield Fault("mechanisms.tsv", line, "mechanism", f"{mechanism.mechanism!r} has no steps in mechanism_steps.tsv")
            continue
        whole = claims[mechanism.claim]
        reached = whole.subject
        for expected, (row, step_line) in enumerate(chain, 1):
            claim = claims[row.claim]
            if row.step != expected:
                yield Fault("mechanism_steps.tsv", step_line, "step", f"is {row.step} where {expected} follows")
            if not joins(reached, claim.subject):
                yield Fault(
                    "mechanism_steps.tsv", step_line, "claim", f"begins at {claim.subject!r}, but the chain has reached {reached!r}"
                )
            if row.yields != claim.object and claim.object not in states[row.yields]:
                yield Fault("mechanism_steps.tsv", step_line, "yields", f"{row.yields!r} is neither {claim.object!r} nor a state of it")
            reached = row.yields
        if not joins(reached, whole.object):
            last = chain[-1][1]
            yield Fault(
                "mechanism_steps.tsv", last, "yields", f"the chain ends at {reached!r}, but the mechanism's claim is about {whole.object!r}"
            )
