"""Things, reports, studies, arms, findings and mechanisms of a graph as Python objects, each under its compact name."""

from __future__ import annotations

from dataclasses import dataclass

from . import numbers


@dataclass(frozen=True)
class Word:
    """A concept of one of the ontology's schemes: how tables write it, how people read it, and its place in its order."""

    id: str
    scheme: str
    notation: str
    label: str
    definition: str
    rank: int = 0

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Identifier:
    """An entity's identifier in another vocabulary; `match` says how near it is, `match_property` the same as a property of SKOS."""

    curie: str
    address: str
    match: Word
    match_property: str
    matched_label: str

    @property
    def is_exact(self) -> bool:
        """Whether it is of the same thing."""
        return self.match_property == "skos:exactMatch"


@dataclass(frozen=True)
class Entity:
    """A thing in the world. `relations` are pairs of a relation (such as `k2g:formOf`) and the other entity."""

    id: str
    label: str
    kind: str
    kind_label: str
    definition: str
    synonyms: tuple[str, ...]
    aspect: str
    desirable: str
    relations: tuple[tuple[str, str], ...]
    carries_evidence_to: tuple[str, ...]
    identifiers: tuple[Identifier, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """One result of one study, with its numbers as reported and what the rules made of it.

    `n` is how many it is about, `dose` and `duration` what was given in words: its arm's, or its study's where it names no arm.
    `measure` is the effect measure and its contrast as one text; `is_inverse` says that a larger number means less of the object, or is of
    less of the subject.
    """

    id: str
    study: str
    report: str
    investigation: str
    subject: str
    predicate: Word
    object: str
    direction: Word
    level: Word
    design: Word
    outcome_kind: Word
    endpoint_role: str
    analysis: str
    status: Word | None
    measure: str
    effect_measure: str
    contrast: str
    is_ratio: bool
    is_inverse: bool
    value: float | None
    ci_low: float | None
    ci_high: float | None
    value_reported: str
    ci_low_reported: str
    ci_high_reported: str
    unit: str
    p_value: float | None
    p_value_relation: Word | None
    p_value_reported: str
    reported: str
    conditions: str
    arm: str
    comparator_arm: str
    n: int | None
    dose: str
    duration: str
    compared_with: str
    exposure_alone: str
    note: str
    sources: tuple[str, ...]

    @property
    def numbers(self) -> str:
        """Measure, value, interval, unit and p-value as one text, with the digits reported; empty where none was read."""
        interval = self.ci_low_reported, self.ci_high_reported
        return numbers.effect(self.measure, self.value_reported, *interval, self.unit, self.p_value_reported)


@dataclass(frozen=True)
class Report:
    """One publication or registration. `first_author` is how people read the name, `first_author_name` how BibTeX writes it.

    Texts are empty, and `retraction` is None, where the record does not say. `address` is where a reader finds it: by its number in
    PubMed, its DOI or the like, or where a publisher or library has it; `sources` are all addresses at which it was read. `registry` is
    that of the studies on which it reports, `registration_status` too where they have no other report.
    """

    id: str
    label: str
    key: str
    title: str
    first_author: str
    first_author_name: str
    year: int
    journal: str
    volume: str
    issue: str
    pages: str
    pmid: str
    pmcid: str
    doi: str
    registry: tuple[str, ...]
    registration_status: str
    retraction: Word | None
    retraction_note: str
    verified: Word
    address: str
    sources: tuple[str, ...]
    studies: tuple[str, ...]

    @property
    def retracted(self) -> bool:
        """Whether the work is retracted; a concern is none."""
        return self.retraction is not None and self.retraction.notation == "retracted"

    @property
    def cited(self) -> str:
        """First author, or the beginning of the title, and year."""
        title = self.title if len(self.title) <= 60 else self.title[:57].rsplit(" ", 1)[0] + "…"
        return f"{self.first_author or title} {self.year}"


@dataclass(frozen=True)
class Arm:
    """What one group of a study got. `daily` is its amount a day in micrograms; numbers are None where nobody read them."""

    id: str
    label: str
    study: str
    forms: tuple[str, ...]
    got_in_words: str
    comparator_kind: str
    dose: float | None
    dose_reported: str
    dose_unit: str
    per: str
    daily: float | None
    lasted_reported: str
    lasted_unit: str
    after: str
    co_intervention: str
    entered: int | None
    analysed: int | None
    note: str
    sources: tuple[str, ...]

    @property
    def amount(self) -> str:
        """Dose, unit and how often as one text; empty where no dose was read."""
        return " ".join(filter(None, (self.dose_reported, self.dose_unit, self.per))) if self.dose_reported else ""

    @property
    def duration(self) -> str:
        """How long, with its unit of time; empty where it was not read."""
        return f"{self.lasted_reported} {self.lasted_unit}".strip()


@dataclass(frozen=True)
class Study:
    """One investigation: a trial, a cohort, an experiment, a synthesis; `kind` is Trial, Cohort or Study.

    `within` is the body of people or data in which it was made, or empty; such a body has no design of its own. `dose` and `duration` are
    what its arms got, in words. Texts are empty, and numbers and words are None, where the record does not say.
    """

    id: str
    label: str
    kind: str
    reports: tuple[str, ...]
    within: str
    design: Word | None
    organisms: tuple[str, ...]
    country: str
    population: str
    participants: tuple[str, ...]
    health_status: str
    nutrient_status: Word | None
    sex: str
    age: str
    n: int | None
    interventions: tuple[str, ...]
    dose: str
    duration: str
    comparator_kind: str
    arms_differ_in_exposure_alone: str
    other_difference: str
    blinding: Word | None
    paid_by: Word | None
    funding: str
    groups: tuple[str, ...]
    registry: tuple[str, ...]
    registration_status: str
    note: str
    sources: tuple[str, ...]
    arms: tuple[Arm, ...]

    @property
    def countries(self) -> tuple[str, ...]:
        """Its countries, one by one."""
        return tuple(each for part in self.country.split("|") for each in map(str.strip, part.split(",")) if each)


@dataclass(frozen=True)
class Step:
    """A claim at its place in a mechanism, what it arrives at, and the claim that the exposure moves that thing."""

    order: int
    claim: str
    yields: str
    implied: str
    reach: str


@dataclass(frozen=True)
class Mechanism:
    """A chain of claims from an exposure to an outcome, read by its links, its reach and from end to end.

    `reaches` and `stops` are orders of steps, or None.
    """

    id: str
    label: str
    note: str
    end_to_end: str
    in_source_article: str
    steps: tuple[Step, ...]
    verdict: Word
    signs_agree: bool
    testable_links: int
    testable_links_shown: int
    weakest: int | None
    reaches: int | None
    stops: int | None
    left_open: int | None
    decided_by: str

    @property
    def claims(self) -> frozenset[str]:
        """Its links, how far the exposure reaches, and from end to end."""
        return frozenset({self.end_to_end, *(step.claim for step in self.steps), *(step.reach for step in self.steps)})


@dataclass(frozen=True)
class Interaction:
    """What happens when a nutrient form and a drug meet; `address` and `sources` as of a report."""

    id: str
    label: str
    agent: str
    drug: str
    effect: str
    direction: str
    explanation: str
    acts_on: Word
    severity: Word
    management: str
    population: str
    studies: tuple[str, ...]
    note: str
    address: str
    sources: tuple[str, ...]
