"""The tables beside the evidence: votes, amounts in foods, reference intakes and the like, and the vocabulary. Their columns."""

from __future__ import annotations

from .table import ID, NOTE, Column, Table, complete


def _of(name: str, meaning: str, kind: str = "text", refers: str = "", scheme: str = "") -> Column:
    """A column that is a property of ours, and means what the property means."""
    return Column(name, meaning, meaning, kind, refers, scheme)


_ID = Column("id", ID)
_NOTE = Column("note", NOTE, "skos:note")
_SOURCES = Column("sources", "Addresses at which it was read.", "dcterms:source", "texts")

_FIGURES = (
    Table(
        "votes",
        "What one investigation says on one claim at one tier. A half is of one that says two things.",
        lambda part: part.nodes("k2g:Vote"),
        (
            _ID,
            Column("claim", "The claim.", "k2g:claim", refers="claims"),
            _of("investigation", "k2g:investigation", refers="investigations"),
            _of("tier", "k2g:tier", scheme="tiers"),
            _of("supporting", "k2g:supportWeight", "number"),
            _of("leaving_open", "k2g:openWeight", "number"),
            _of("excluding", "k2g:excludeWeight", "number"),
            _of("contradicting", "k2g:contradictWeight", "number"),
            _of("on_proposed_side", "k2g:onProposedSide", "number"),
            _of("on_other_side", "k2g:onOtherSide", "number"),
            _of("votes", "k2g:votes", "integer"),
            _of("first_year", "k2g:firstYear", "integer"),
        ),
    ),
    Table(
        "spreads",
        "How much an outcome varied between the participants of one arm.",
        lambda part: part.nodes("k2g:Spread"),
        (
            _ID,
            Column("study", "The study that reports it.", "k2g:study", refers="studies"),
            _of("outcome", "k2g:outcome"),
            _of("standard_deviation", "k2g:standardDeviation", "number"),
            _of("standard_deviation_reported", "k2g:standardDeviationReported"),
            _of("unit", "k2g:unit"),
            Column("n_per_arm", "Participants in the arm.", "k2g:sampleSize", "integer"),
            _of("measured", "k2g:measured", scheme="spread-kinds"),
            _of("planning_effect", "k2g:planningEffect", "number"),
            _of("participants_per_arm", "k2g:participantsPerArm", "integer"),
            _NOTE,
            _SOURCES,
        ),
        of=("spreads",),
    ),
    Table(
        "important_differences",
        "The smallest differences in outcomes that matter to people, with where each comes from.",
        lambda part: part.nodes("k2g:ImportantDifference"),
        (
            _ID,
            _of("outcome", "k2g:outcome", refers="entities"),
            _of("measure", "k2g:effectMeasure"),
            _of("value", "k2g:value", "number"),
            _of("value_reported", "k2g:valueReported"),
            _of("unit", "k2g:unit"),
            _of("decides", "k2g:decides", scheme="yes-no-unclear"),
            _NOTE,
            _SOURCES,
        ),
        of=("important_differences",),
    ),
    Table(
        "anchors",
        "What holds claims as established background, or why they follow from their words.",
        lambda part: part.nodes("k2g:Anchor"),
        (
            _ID,
            Column("claim", "The claim.", "k2g:claim", refers="claims"),
            _of("kind", "k2g:anchorKind", scheme="anchor-kinds"),
            _of("says", "k2g:says"),
            _NOTE,
            _SOURCES,
        ),
        of=("anchors",),
    ),
    Table(
        "appraisals",
        "Judgements of the risk of bias of studies, each in one domain, with whose they are.",
        lambda part: part.nodes("k2g:Appraisal"),
        (
            _ID,
            Column("study", "The study.", "k2g:study", refers="studies"),
            _of("outcome", "k2g:outcome", refers="entities"),
            _of("domain", "k2g:domain", scheme="bias-domains"),
            _of("judgement", "k2g:judgement", scheme="risks-of-bias"),
            _NOTE,
            _SOURCES,
        ),
        of=("appraisals",),
    ),
    Table(
        "reference_intakes",
        "Amounts that authorities set for groups of people.",
        lambda part: part.nodes("k2g:ReferenceIntake"),
        (
            _ID,
            _of("nutrient", "k2g:nutrient", refers="entities"),
            _of("authority", "k2g:authority"),
            Column("year", "Year of issue.", "k2g:year", "integer"),
            Column("population", "For whom it is set.", "k2g:population"),
            _of("sex", "k2g:sex"),
            _of("age", "k2g:age"),
            _of("amount", "k2g:amount"),
            _of("unit", "k2g:unit"),
            _of("kind_of_value", "k2g:kindOfValue"),
            _of("covers", "k2g:covers"),
            _NOTE,
            _SOURCES,
        ),
        of=("reference_intakes",),
    ),
    Table(
        "food_contents",
        "How much of one form a food holds, as one source measured it.",
        lambda part: part.nodes("k2g:FoodContent"),
        (
            _ID,
            _of("food", "k2g:food", refers="entities"),
            _of("vitamer", "k2g:vitamer", refers="entities"),
            Column("value", "Mean content measured, in its unit.", "k2g:value", "number"),
            _of("value_reported", "k2g:valueReported"),
            _of("value_low", "k2g:valueLow", "number"),
            _of("value_low_reported", "k2g:valueLowReported"),
            _of("value_high", "k2g:valueHigh", "number"),
            _of("value_high_reported", "k2g:valueHighReported"),
            _of("unit", "k2g:unit"),
            Column("study", "The study that reports it.", "k2g:study"),
            _NOTE,
            _SOURCES,
        ),
        of=("foods",),
    ),
    Table(
        "pharmacokinetics",
        "Figures on uptake, distribution, conversion or loss of a form.",
        lambda part: part.nodes("k2g:PharmacokineticParameter"),
        (
            _ID,
            _of("vitamer", "k2g:vitamer", refers="entities"),
            _of("parameter", "k2g:parameter"),
            _of("amount", "k2g:amount"),
            _of("unit", "k2g:unit"),
            _of("dose", "k2g:dose"),
            Column("study", "The study that reports it.", "k2g:study", refers="studies"),
            Column("population", "In whom it was measured.", "k2g:population"),
            _NOTE,
            _SOURCES,
        ),
        of=("pharmacokinetics",),
    ),
    Table(
        "citation_checks",
        "Fields of references, and statements, of an article as it gives them, and as the record has them.",
        lambda part: part.nodes("k2g:CitationCheck"),
        (
            _ID,
            _of("reference", "k2g:reference"),
            _of("field", "k2g:field"),
            _of("kind", "k2g:assertionKind", scheme="assertion-kinds"),
            _of("as_cited", "k2g:asCited"),
            _of("as_published", "k2g:asPublished"),
            Column("verdict", "What the check concludes.", "k2g:verdict", scheme="citation-verdicts"),
            Column("studies", "The studies that it is about.", "k2g:study", "texts"),
            Column("claim", "The claim that it is about.", "k2g:claim"),
            _NOTE,
            _SOURCES,
        ),
        of=("citation_audit",),
    ),
    Table(
        "organisms",
        "Species in which studies were made.",
        lambda part: part.evidence.organisms,
        (
            Column("organism", "Number in the NCBI taxonomy, with its prefix.", "id"),
            Column("label", "What people call it.", "rdfs:label"),
            _of("scientific_name", "k2g:scientificName"),
            _SOURCES,
        ),
        of=("organisms",),
    ),
    Table(
        "vocabulary",
        "The words of k2graph: what stands in columns of the other tables, and what it means.",
        lambda part: part.evidence.words.values(),
        (
            Column("word", "Compact name of the concept.", "id"),
            Column("scheme", "The scheme that it is of."),
            Column("notation", "As the other tables write it."),
            Column("label", "As people read it."),
            Column("definition", "What it means."),
            Column("rank", "Place in the order of its scheme, best or strongest first. 0: without order.", kind="integer"),
        ),
    ),
)
FIGURES: tuple[Table, ...] = tuple(map(complete, _FIGURES))
