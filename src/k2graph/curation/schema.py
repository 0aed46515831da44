"""One class for each table in data/tables: what its columns mean, the form of their cells, and the property each becomes.

A cell holds one line of text; `|` separates several values; an empty cell means not known. The classes check the form of
a single cell; what needs the ontology, other rows or other tables is checked in reader.py, and what they say together, against the shapes.
"""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from .fields import (
    ADDRESS,
    AGE,
    AMOUNT,
    AUTHOR,
    CURIE,
    DOI,
    DOSE_UNIT,
    ISSUE,
    PAGES,
    PMCID,
    PMID,
    PROBABILITY,
    REGISTRY,
    STUDY,
    TAXON,
    UNIT,
    VOLUME,
    YEAR,
    Entity,
    Maps,
    Note,
    Number,
    OneOf,
    Refers,
    Several,
    Slug,
    Sources,
    Spelled,
    Text,
    Whole,
    p_number,
    p_relation,
    reported,
    several,
)


class Row(BaseModel):
    """A row: `key` names the columns that tell it from every other, `kind` the address it gets, `type` its class.

    `link` is the triple that a row says of things that stand elsewhere: two columns, and between them a column of words that stand for a
    property, or one property. A row without a `type` is that triple alone, which cannot carry its note and source: the table keeps them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    table: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    kind: ClassVar[str]
    type: ClassVar[str]
    link: ClassVar[tuple[str, str, str] | None] = None

    @property
    def identity(self) -> str:
        """The key as one string."""
        return "-".join("" if getattr(self, column) is None else str(getattr(self, column)) for column in self.key)


class EntityRow(Row):
    """A thing in the world."""

    table, key, kind, type = "entities", ("entity",), "entity", "k2g:Entity"
    entity: Slug
    label: Annotated[Text, Maps("rdfs:label")]
    type_: Annotated[str, OneOf("types"), Maps("rdf:type"), Field(alias="type")]
    aspect: Annotated[str | None, OneOf("aspects"), Maps("k2g:aspect")] = None
    desirable: Annotated[str | None, OneOf("desirabilities"), Maps("k2g:desirable")] = None
    synonyms: Annotated[Several, Maps("skos:altLabel")] = ()
    definition: Annotated[Text, Maps("skos:definition")]
    source_url: Sources


class EntityRelationRow(Row):
    """How two entities are related."""

    table, key, kind, type = "entity_relations", ("entity", "relation", "other"), "entity", ""
    link = ("entity", "relation", "other")
    entity: Entity
    relation: Annotated[str, OneOf("relations")]
    other: Entity
    note: Text | None = None
    source_url: Annotated[Several, several(ADDRESS)] = ()


class IdentifierRow(Row):
    """One identifier of one entity in another vocabulary, and how it was matched."""

    table, key, kind, type = "identifiers", ("entity", "identifier"), "identifier", "k2g:IdentifierMatch"
    link = ("entity", "match", "identifier")
    entity: Annotated[str, Refers("entities"), Maps("k2g:entity")]
    identifier: Annotated[str, CURIE, Maps("dcterms:identifier")]
    match: Annotated[str, OneOf("match-kinds"), Maps("k2g:match")]
    matched_label: Annotated[Text | None, Maps("k2g:matchedLabel")] = None
    source: Annotated[Text, Maps("k2g:matchedIn")]


class OrganismRow(Row):
    """A species that was studied."""

    table, key, kind, type = "organisms", ("taxon",), "NCBITaxon", "k2g:Organism"
    taxon: Annotated[str, TAXON]
    label: Annotated[Text, Maps("rdfs:label")]
    scientific_name: Annotated[Text, Maps("k2g:scientificName")]
    source_url: Sources


class StudyRow(Row):
    """One publication or registration."""

    table, key, kind, type = "studies", ("study",), "study", "k2g:Study"
    study: Annotated[str, STUDY, Maps("dcterms:identifier")]
    title: Annotated[Text, Maps("dcterms:title")]
    first_author: Annotated[Text | None, AUTHOR, Maps("k2g:firstAuthorName")] = None
    year: Annotated[str, YEAR, Maps("k2g:year", int)]
    journal: Annotated[Text | None, Maps("k2g:journal")] = None
    volume: Annotated[str | None, VOLUME, Maps("bibo:volume")] = None
    issue: Annotated[str | None, ISSUE, Maps("bibo:issue")] = None
    pages: Annotated[str | None, PAGES, Maps("bibo:pages")] = None
    pmid: Annotated[str | None, PMID, Maps("bibo:pmid")] = None
    pmcid: Annotated[str | None, PMCID, Maps("k2g:pmcid")] = None
    doi: Annotated[str | None, DOI, Maps("bibo:doi")] = None
    registry: Annotated[Several, several(REGISTRY), Maps("k2g:registryNumber")] = ()
    registration_status: Annotated[Text | None, Maps("k2g:registrationStatus")] = None
    planned_outcomes: Annotated[Several, Refers("entities"), Maps("k2g:plannedOutcome")] = ()
    design: Annotated[str, OneOf("designs"), Maps("k2g:design")]
    organism: Annotated[Several, Refers("organisms"), Maps("k2g:organism")] = ()
    country: Annotated[Text | None, Maps("k2g:country")] = None
    population: Annotated[Text | None, Maps("k2g:population")] = None
    health_status: Annotated[Text | None, Maps("k2g:healthStatus")] = None
    nutrient_status: Annotated[str | None, OneOf("statuses"), Maps("k2g:nutrientStatus")] = None
    participants: Annotated[Several, Refers("entities"), Maps("k2g:participants")] = ()
    sex: Annotated[Text | None, Maps("k2g:sex")] = None
    age: Annotated[str | None, AGE, Maps("k2g:age")] = None
    n: Annotated[Whole | None, Maps("k2g:sampleSize")] = None
    intervention_form: Annotated[Several, Refers("entities"), Maps("k2g:intervention")] = ()
    dose_value: Annotated[Text | None, Maps("k2g:doseValue")] = None
    dose_unit: Annotated[Text | None, DOSE_UNIT, Maps("k2g:doseUnit")] = None
    duration: Annotated[Text | None, Maps("k2g:duration")] = None
    comparator: Annotated[Text | None, Maps("k2g:comparator")] = None
    co_intervention: Annotated[Text | None, Maps("k2g:coIntervention")] = None
    funding: Annotated[Text | None, Maps("k2g:funding")] = None
    retraction: Annotated[str | None, OneOf("retractions"), Maps("k2g:retraction")] = None
    retraction_note: Annotated[Text | None, Maps("k2g:retractionNote")] = None
    source_url: Sources
    verified: Annotated[str, OneOf("verifications"), Maps("k2g:verified")]


class TrialRow(Row):
    """One trial: its publications, what it compared, and whether its arms differed in the exposure alone."""

    table, key, kind, type = "trials", ("trial",), "trial", "k2g:Trial"
    trial: Slug
    label: Annotated[Text, Maps("rdfs:label")]
    publications: Annotated[Several, Refers("studies"), Maps("k2g:publication")]
    comparator_kind: Annotated[str | None, OneOf("comparators"), Maps("k2g:comparatorKind")] = None
    arms_differ_in_exposure_alone: Annotated[str, OneOf("yes-no-unclear"), Maps("k2g:armsDifferInExposureAlone")]
    difference: Annotated[Text | None, Maps("k2g:otherDifference")] = None
    note: Note = None
    source_url: Sources


class CohortRow(Row):
    """One named cohort and its publications."""

    table, key, kind, type = "cohorts", ("cohort",), "cohort", "k2g:Cohort"
    cohort: Slug
    label: Annotated[Text, Maps("rdfs:label")]
    publications: Annotated[Several, Refers("studies"), Maps("k2g:publication")]
    note: Note = None
    source_url: Sources


class GroupRow(Row):
    """One research group and studies that it stands behind, so that claims that rest on one group can be named."""

    table, key, kind, type = "groups", ("group",), "group", "k2g:ResearchGroup"
    group: Slug
    label: Annotated[Text, Maps("rdfs:label")]
    studies: Annotated[Several, Refers("studies"), Maps("k2g:work")]
    source_url: Sources


class SynthesisMemberRow(Row):
    """One study that a synthesis pooled, where the synthesis names it."""

    table, key, kind, type = "synthesis_members", ("synthesis", "member"), "study", ""
    link = ("synthesis", "k2g:pools", "member")
    synthesis: Annotated[str, Refers("studies")]
    member: Annotated[str, Refers("studies")]
    source_url: Annotated[Several, several(ADDRESS)]


class SpreadRow(Row):
    """How much an outcome varied between the participants of one arm, for sizing a trial."""

    table, kind, type = "spreads", "spread", "k2g:Spread"
    key = ("study", "outcome", "measured", "sd", "n_per_arm", "note")
    study: Annotated[str, Refers("studies"), Maps("k2g:study")]
    outcome: Annotated[str, Refers("entities"), Maps("k2g:outcome")]
    sd: Annotated[Number, Maps("k2g:standardDeviation"), Maps("k2g:standardDeviationReported", reported)]
    unit: Annotated[Text | None, UNIT, Maps("k2g:unit")] = None
    n_per_arm: Annotated[Whole | None, Maps("k2g:sampleSize")] = None
    measured: Annotated[str, OneOf("spread-kinds"), Maps("k2g:measured")]
    note: Note = None
    source_url: Sources


class FindingRow(Row):
    """One result of one study. The columns from analysis to arms_differ_in_exposure_alone say where it differs from its trial."""

    table, key, kind, type = "findings", ("finding",), "finding", "k2g:Finding"
    finding: Slug
    study: Annotated[str, Refers("studies"), Maps("k2g:study")]
    design: Annotated[str | None, OneOf("designs"), Maps("k2g:ownDesign")] = None
    subject: Annotated[str, Refers("entities"), Maps("rdf:subject")]
    predicate: Annotated[str, OneOf("predicates"), Maps("rdf:predicate")]
    object: Annotated[str, Refers("entities"), Maps("rdf:object")]
    direction: Annotated[str, OneOf("directions"), Maps("k2g:direction")]
    outcome_kind: Annotated[str, OneOf("outcome-kinds"), Maps("k2g:outcomeKind")]
    endpoint_role: Annotated[str | None, OneOf("endpoint-roles"), Maps("k2g:endpointRole")] = None
    analysis: Annotated[str | None, OneOf("analyses"), Maps("k2g:analysis")] = None
    nutrient_status: Annotated[str | None, OneOf("statuses"), Maps("k2g:ownNutrientStatus")] = None
    comparator_kind: Annotated[str | None, OneOf("comparators"), Maps("k2g:ownComparatorKind")] = None
    arms_differ_in_exposure_alone: Annotated[str | None, OneOf("yes-no-unclear"), Maps("k2g:ownArmsDifferInExposureAlone")] = None
    effect_measure: Annotated[
        Text | None, Spelled("effect-measures", "k2g:measureTerm", "k2g:effectMeasureAsWritten"), Maps("k2g:effectMeasure")
    ] = None
    contrast: Annotated[Text | None, Maps("k2g:contrast")] = None
    scale: Annotated[str | None, OneOf("scales"), Maps("k2g:scale")] = None
    value: Annotated[Number | None, Maps("k2g:value"), Maps("k2g:valueReported", reported)] = None
    ci_low: Annotated[Number | None, Maps("k2g:ciLow"), Maps("k2g:ciLowReported", reported)] = None
    ci_high: Annotated[Number | None, Maps("k2g:ciHigh"), Maps("k2g:ciHighReported", reported)] = None
    unit: Annotated[Text | None, UNIT, Maps("k2g:unit")] = None
    p_value: Annotated[
        str | None,
        PROBABILITY,
        Maps("k2g:pValue", p_number),
        Maps("k2g:pValueRelation", p_relation, "number-relations"),
        Maps("k2g:pValueReported"),
    ] = None
    effect_text: Annotated[Text | None, Maps("k2g:reported")] = None
    context: Annotated[Text | None, Maps("k2g:conditions")] = None
    note: Note = None
    source_url: Sources


class ClaimRow(Row):
    """One proposition, in the direction in which it is proposed."""

    table, key, kind, type = "claims", ("claim",), "claim", "k2g:Claim"
    claim: Slug
    label: Annotated[Text, Maps("rdfs:label")]
    subject: Annotated[str, Refers("entities"), Maps("rdf:subject")]
    predicate: Annotated[str, OneOf("predicates"), Maps("rdf:predicate")]
    object: Annotated[str, Refers("entities"), Maps("rdf:object")]
    direction: Annotated[str, OneOf("directions"), Maps("k2g:direction")]
    context: Annotated[str | None, OneOf("statuses"), Maps("k2g:context")] = None
    population: Annotated[str | None, Refers("entities"), Maps("k2g:context")] = None
    testable_in_people: Annotated[str, OneOf("yes-no-unclear"), Maps("k2g:testableInPeople")]
    note: Note = None


class MechanismRow(Row):
    """One mechanism and its claim from end to end."""

    table, key, kind, type = "mechanisms", ("mechanism",), "mechanism", "k2g:Mechanism"
    mechanism: Slug
    label: Annotated[Text, Maps("rdfs:label")]
    claim: Annotated[str, Refers("claims"), Maps("k2g:endToEnd")]
    in_source_article: Annotated[str, OneOf("yes-no-unclear"), Maps("k2g:inSourceArticle")]
    note: Note = None


class StepRow(Row):
    """One step of one mechanism: a claim, and the thing at which it arrives."""

    table, key, kind, type = "mechanism_steps", ("mechanism", "step"), "step", "k2g:Step"
    mechanism: Annotated[str, Refers("mechanisms"), Maps("k2g:mechanism")]
    step: Annotated[Whole, Maps("k2g:order")]
    claim: Annotated[str, Refers("claims"), Maps("k2g:claim")]
    yields: Annotated[str, Refers("entities"), Maps("k2g:yields")]


class InteractionRow(Row):
    """One nutrient-drug interaction."""

    table, key, kind, type = "interactions", ("interaction",), "interaction", "k2g:Interaction"
    interaction: Slug
    agent: Annotated[str, Refers("entities"), Maps("k2g:agent")]
    drug: Annotated[str, Refers("entities"), Maps("k2g:drug")]
    effect: Annotated[Text, Maps("k2g:effect")]
    direction: Annotated[str | None, OneOf("directions"), Maps("k2g:direction")] = None
    mechanism: Annotated[Text | None, Maps("k2g:explanation")] = None
    severity: Annotated[str, OneOf("severities"), Maps("k2g:severity")]
    management: Annotated[Text | None, Maps("k2g:management")] = None
    population: Annotated[Text | None, Maps("k2g:population")] = None
    studies: Annotated[Several, Refers("studies"), Maps("k2g:study")] = ()
    note: Note = None
    source_url: Sources


class ReferenceIntakeRow(Row):
    """One amount that an authority sets for one group."""

    table, kind, type = "reference_intakes", "intake", "k2g:ReferenceIntake"
    key = ("nutrient", "authority", "year", "population", "sex", "age_range", "kind_of_value", "covers")
    nutrient: Annotated[str, Refers("entities"), Maps("k2g:nutrient")]
    authority: Annotated[Text, Maps("k2g:authority")]
    year: Annotated[str | None, YEAR, Maps("k2g:year", int)] = None
    population: Annotated[Text, Maps("k2g:population")]
    sex: Annotated[Text | None, Maps("k2g:sex")] = None
    age_range: Annotated[str | None, AGE, Maps("k2g:age")] = None
    value: Annotated[str, AMOUNT, Maps("k2g:amount")]
    unit: Annotated[Text, UNIT, Maps("k2g:unit")]
    kind_of_value: Annotated[Text | None, Maps("k2g:kindOfValue")] = None
    covers: Annotated[Text | None, Maps("k2g:covers")] = None
    note: Note = None
    source_url: Sources


class FoodRow(Row):
    """The content of one form in one food."""

    table, kind, type = "foods", "content", "k2g:FoodContent"
    key = ("food", "vitamer", "unit", "study", "value_low", "value_high", "value_mean", "note")
    food: Annotated[str, Refers("entities"), Maps("k2g:food")]
    vitamer: Annotated[str, Refers("entities"), Maps("k2g:vitamer")]
    value_low: Annotated[Number | None, Maps("k2g:valueLow"), Maps("k2g:valueLowReported", reported)] = None
    value_high: Annotated[Number | None, Maps("k2g:valueHigh"), Maps("k2g:valueHighReported", reported)] = None
    value_mean: Annotated[Number | None, Maps("k2g:value"), Maps("k2g:valueReported", reported)] = None
    unit: Annotated[Text, UNIT, Maps("k2g:unit")]
    study: Annotated[str | None, Refers("studies"), Maps("k2g:study")] = None
    note: Note = None
    source_url: Sources


class PharmacokineticRow(Row):
    """One pharmacokinetic figure."""

    table, kind, type = "pharmacokinetics", "kinetics", "k2g:PharmacokineticParameter"
    key = ("vitamer", "parameter", "dose", "study", "value", "population", "note")
    vitamer: Annotated[str, Refers("entities"), Maps("k2g:vitamer")]
    parameter: Annotated[Text, Maps("k2g:parameter")]
    value: Annotated[str, AMOUNT, Maps("k2g:amount")]
    unit: Annotated[Text | None, UNIT, Maps("k2g:unit")] = None
    dose: Annotated[Text | None, Maps("k2g:dose")] = None
    study: Annotated[str | None, Refers("studies"), Maps("k2g:study")] = None
    population: Annotated[Text | None, Maps("k2g:population")] = None
    note: Note = None
    source_url: Sources


class CitationCheckRow(Row):
    """One field of one reference, as cited and as published."""

    table, key, kind, type = "citation_audit", ("reference", "field"), "check", "k2g:CitationCheck"
    reference: Annotated[Slug, Maps("k2g:reference")]
    field: Annotated[Text, Maps("k2g:field")]
    kind_: Annotated[str, OneOf("assertion-kinds"), Maps("k2g:assertionKind"), Field(alias="kind")]
    as_cited: Annotated[Text | None, Maps("k2g:asCited")] = None
    as_published: Annotated[Text | None, Maps("k2g:asPublished")] = None
    verdict: Annotated[str, OneOf("citation-verdicts"), Maps("k2g:verdict")]
    study: Annotated[Several, Refers("studies"), Maps("k2g:study")] = ()
    claim: Annotated[Several, Refers("claims"), Maps("k2g:claim")] = ()
    note: Note = None
    source_url: Sources


#: Every table, each after those that it refers to.
TABLES: tuple[type[Row], ...] = (
    EntityRow, EntityRelationRow, IdentifierRow, OrganismRow, StudyRow, TrialRow, CohortRow, GroupRow, SynthesisMemberRow, SpreadRow,
    FindingRow, ClaimRow, MechanismRow, StepRow, InteractionRow, ReferenceIntakeRow, FoodRow, PharmacokineticRow, CitationCheckRow,
)  # fmt: skip
