"""The graph as Python objects, for what draws, prints and exports it.

An `Evidence` holds entities, claims with their standing and what bears on them, findings, studies, investigations, mechanisms and
interactions, each under its compact name (`claim:mk-7-level-dp-ucmgp`). `reading.py` makes it of a graph. Nothing is decided here: levels,
stances, standings and verdicts are those of the graph.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from .. import palette
from ..text import html_text
from . import numbers

if TYPE_CHECKING:
    from .reader import Facts


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
    """An entity's identifier in another vocabulary; `match` is exact or close."""

    curie: str
    address: str
    match: str
    label: str


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
class Standing:
    """Where a claim stands: the highest tier in which it was tested, and with what result there.

    `supporting`, `finding_nothing` and `contradicting` are votes of independent investigations at that tier.
    """

    label: str
    tier: Word
    result: Word
    is_support: bool
    investigations: int
    supporting: float
    finding_nothing: float
    contradicting: float
    best_support: Word | None

    @property
    def in_human_trials(self) -> bool:
        """Whether human trials support the claim."""
        return self.is_support and self.tier.rank == 1

    @property
    def why(self) -> str:
        """The votes and the rule that make it what it is."""
        if not self.investigations:
            return self.result.definition
        return why(self.investigations, self.tier.label, self.supporting, self.finding_nothing, self.contradicting, self.result.definition)


@dataclass(frozen=True)
class Bearing:
    """One finding set against one claim: its stance, and why it has no part in the standing where it has none."""

    claim: str
    finding: str
    stance: Word
    reasons: tuple[Word, ...]

    @property
    def counted(self) -> bool:
        """Whether it has a part in the standing, if its investigation does not speak through another."""
        return not self.reasons


@dataclass(frozen=True)
class Pooled:
    """Trials' numbers taken together; `i_squared` is between 0 and 1."""

    outcome: str
    measure: str
    unit: str
    value: float
    low: float
    high: float
    i_squared: float
    trials: int
    method: str
    findings: tuple[str, ...]

    @property
    def numbers(self) -> str:
        """Measure, estimate, interval and unit, of how many trials, and how they vary, as one text."""
        return numbers.pooled(self.measure, self.value, self.low, self.high, self.unit, self.trials, self.i_squared)


@dataclass(frozen=True)
class Claim:
    """A proposition in the direction in which it is proposed, with its standing and all that bears on it.

    `reach` marks a claim that only a mechanism implies. `contexts` are ids of a baseline status or of groups of people.
    """

    id: str
    label: str
    subject: str
    predicate: Word
    object: str
    direction: Word
    contexts: tuple[str, ...]
    testable: str
    note: str
    reach: bool
    standing: Standing
    alternatives: tuple[tuple[str, str], ...]
    bearings: tuple[Bearing, ...]
    pooled: tuple[Pooled, ...]
    mechanisms: tuple[str, ...]

    def _repr_html_(self) -> str:
        label, standing, reasons = map(html_text, (self.label, self.standing.label, self.standing.why))
        icon = palette.RESULTS[self.standing.result.notation].icon
        return f"<p><strong>{label}</strong><br>{icon} {standing}<br><small>{reasons}</small></p>"


@dataclass(frozen=True)
class Finding:
    """One result of one study, with its numbers as reported and what the rules made of it.

    `measure` is the effect measure and its contrast as one text; `is_inverse` says that a larger number means less of the object, or is of
    less of the subject.
    """

    id: str
    study: str
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
    low: float | None
    high: float | None
    value_reported: str
    low_reported: str
    high_reported: str
    unit: str
    p_value: float | None
    p_value_relation: Word | None
    p_value_reported: str
    reported: str
    conditions: str
    compared_with: str
    exposure_alone: str
    note: str
    sources: tuple[str, ...]

    @property
    def numbers(self) -> str:
        """Measure, value, interval, unit and p-value as one text, with the digits reported; empty where none was read."""
        interval = self.low_reported, self.high_reported
        return numbers.effect(self.measure, self.value_reported, *interval, self.unit, self.p_value_reported)


@dataclass(frozen=True)
class Study:
    """One publication or registration. `first_author` is how people read the name, `first_author_name` how BibTeX writes it.

    Texts are empty, and `n` and `retraction` are None, where the record does not say.
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
    design: Word
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
    comparator: str
    co_intervention: str
    funding: str
    retraction: Word | None
    retraction_note: str
    verified: Word
    sources: tuple[str, ...]
    investigations: tuple[str, ...]

    @property
    def retracted(self) -> bool:
        """Whether the work is retracted; a concern is none."""
        return self.retraction is not None and self.retraction.notation == "retracted"

    @property
    def cited(self) -> str:
        """First author, or the beginning of the title, and year."""
        title = self.title if len(self.title) <= 60 else self.title[:57].rsplit(" ", 1)[0] + "…"
        return f"{self.first_author or title} {self.year}"

    @property
    def address(self) -> str:
        """Where a reader finds it: in PubMed, by its DOI, or where it was read."""
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return next(iter(self.sources), "")


@dataclass(frozen=True)
class Investigation:
    """A trial or cohort, or the one publication of an investigation that has no other; `kind` is Trial, Cohort or Study."""

    id: str
    label: str
    kind: str
    publications: tuple[str, ...]
    comparator: str
    exposure_alone: str
    difference: str
    note: str


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
    weakest: int
    reaches: int | None
    stops: int | None

    @property
    def claims(self) -> frozenset[str]:
        """Its links, how far the exposure reaches, and from end to end."""
        return frozenset({self.end_to_end, *(step.claim for step in self.steps), *(step.reach for step in self.steps)})


@dataclass(frozen=True)
class Interaction:
    """What happens when a nutrient form and a drug meet."""

    id: str
    label: str
    agent: str
    drug: str
    effect: str
    direction: str
    explanation: str
    severity: Word
    management: str
    population: str
    studies: tuple[str, ...]
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """The whole graph, or a part of it that stands on its own: all that its claims, findings and mechanisms name is in it."""

    words: Mapping[str, Word]
    organisms: Mapping[str, str]
    entities: Mapping[str, Entity]
    claims: Mapping[str, Claim]
    findings: Mapping[str, Finding]
    studies: Mapping[str, Study]
    investigations: Mapping[str, Investigation]
    mechanisms: Mapping[str, Mechanism]
    interactions: Mapping[str, Interaction]
    facts: Facts = field(repr=False)

    def scheme(self, scheme: str) -> list[Word]:
        """The words of a scheme such as `results`, in their order."""
        return sorted((word for word in self.words.values() if word.scheme == scheme), key=lambda word: (word.rank, word.label))

    def name(self, thing: str) -> str:
        """What people call a thing of any kind."""
        for things in (self.entities, self.words, self.claims, self.studies, self.mechanisms, self.investigations, self.interactions):
            if thing in things:
                return things[thing].label
        return self.organisms.get(thing, thing)

    @cached_property
    def bearings_of(self) -> Mapping[str, tuple[Bearing, ...]]:
        """Finding → what it says of each claim."""
        found: dict[str, list[Bearing]] = defaultdict(list)
        for claim in self.claims.values():
            for bearing in claim.bearings:
                found[bearing.finding].append(bearing)
        return {finding: tuple(bearings) for finding, bearings in found.items()}

    @cached_property
    def findings_of(self) -> Mapping[str, tuple[Finding, ...]]:
        """Study → its findings."""
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.findings.values():
            found[finding.study].append(finding)
        return {study: tuple(findings) for study, findings in found.items()}

    @cached_property
    def claims_of(self) -> Mapping[str, tuple[Claim, ...]]:
        """Entity → the claims that it is subject or object of, those that only a mechanism implies left out."""
        found: dict[str, list[Claim]] = defaultdict(list)
        for claim in self.claims.values():
            if not claim.reach:
                for entity in dict.fromkeys((claim.subject, claim.object)):
                    found[entity].append(claim)
        return {entity: tuple(claims) for entity, claims in found.items()}

    def about(self, kind: str, thing: str, hops: int = 1) -> set[str]:
        """The claims that are about a thing of a kind (`entity`, `claim`, `mechanism`, `study`, `interaction`).

        For an entity: those within a number of hops, a hop being one claim. For a study: those on which its findings bear.
        """
        if kind == "claim":
            return {thing}
        if kind == "mechanism":
            return self.rests_on([thing])
        if kind == "study":
            return {bearing.claim for finding in self.findings_of.get(thing, ()) for bearing in self.bearings_of.get(finding.id, ())}
        if kind == "interaction":
            between = self.interactions[thing]
            return self._within({between.agent, between.drug}, 1)
        return self._within({thing}, hops)

    def ordered(self, claim: Claim) -> list[Bearing]:
        """What bears on a claim: what counts first, then the best level, then the newest."""

        def place(bearing: Bearing) -> tuple[bool, int, int, str]:
            finding = self.findings[bearing.finding]
            return not bearing.counted, finding.level.rank, -self.studies[finding.study].year, finding.id

        return sorted(claim.bearings, key=place)

    def changes(self, claim: Claim) -> list[str]:
        """What would turn the standing of a claim, by the thresholds of the graph."""
        high, low = (self.facts.one("k2g:thresholds", name, 0.5) for name in ("k2g:supportedFrom", "k2g:unsupportedUpTo"))
        of = claim.standing
        return list(what_would_change(of.result.notation, of.tier.label, of.investigations, of.supporting, high, low))

    def rests_on(self, mechanisms: Iterable[str]) -> set[str]:
        """The claims of mechanisms: their links, how far the exposure reaches, and from end to end."""
        return {claim for name in mechanisms for claim in self.mechanisms[name].claims}

    def _within(self, entities: set[str], hops: int) -> set[str]:
        claims: set[str] = set()
        reached = set(entities)
        for _ in range(hops):
            near = {claim.id: claim for entity in reached for claim in self.claims_of.get(entity, ())}
            claims |= set(near)
            reached |= {end for claim in near.values() for end in (claim.subject, claim.object)}
        return claims

    def only(self, claims: Iterable[str], things: Iterable[str] = ()) -> Evidence:
        """The part of the graph that these claims need: what bears on them, who says so, and the mechanisms that are whole in them.

        With it `things`, entities, studies or interactions: a study with all that it found, whether or not it bears on a claim.
        Interactions stay where both agent and drug are in the part, or one of them is among `things`.
        """
        kept, wanted = set(claims), set(things)
        chosen = {name: claim for name, claim in self.claims.items() if name in kept}
        mechanisms = {name: mechanism for name, mechanism in self.mechanisms.items() if mechanism.claims <= kept}
        chosen = {name: replace(claim, mechanisms=tuple(m for m in claim.mechanisms if m in mechanisms)) for name, claim in chosen.items()}
        found = {bearing.finding for claim in chosen.values() for bearing in claim.bearings}
        found |= {finding.id for study in wanted for finding in self.findings_of.get(study, ())}
        findings = {name: self.findings[name] for name in sorted(found)}
        named = {end for claim in chosen.values() for end in (claim.subject, claim.object, *claim.contexts)}
        named |= {end for finding in findings.values() for end in (finding.subject, finding.object)}
        named |= {step.yields for mechanism in mechanisms.values() for step in mechanism.steps} | (wanted & set(self.entities))
        interactions = {
            name: interaction
            for name, interaction in self.interactions.items()
            if {interaction.agent, interaction.drug} <= named or wanted & {interaction.agent, interaction.drug, name}
        }
        named |= {end for interaction in interactions.values() for end in (interaction.agent, interaction.drug)}
        reporting = {finding.study for finding in findings.values()} | {s for i in interactions.values() for s in i.studies}
        studies = {name: study for name, study in self.studies.items() if name in reporting | wanted}
        named |= {end for study in studies.values() for end in (*study.interventions, *study.participants)}
        entities = {
            name: replace(
                entity,
                relations=tuple(pair for pair in entity.relations if pair[1] in named),
                carries_evidence_to=tuple(other for other in entity.carries_evidence_to if other in named),
            )
            for name, entity in self.entities.items()
            if name in named
        }
        meant = {finding.investigation for finding in findings.values()} | {i for study in studies.values() for i in study.investigations}
        investigations = {name: each for name, each in self.investigations.items() if name in meant}
        return replace(
            self,
            entities=entities,
            claims=chosen,
            findings=findings,
            studies=studies,
            investigations=investigations,
            mechanisms=mechanisms,
            interactions=interactions,
        )


def why(n: int, tier: str, supporting: float, nothing: float, against: float, definition: str) -> str:
    """What the votes on a claim say, in words."""
    return f"Of {n} independent investigations in {tier}: {numbers.votes(supporting, nothing, against)}. {definition}"


def what_would_change(result: str, tier: str, n: int, support: float, high: float, low: float) -> Iterator[str]:
    """What further investigations would turn a standing, reckoned from the shares between which a claim is contested.

    `result` is the notation of a result, `tier` the label of a tier, `support` the weight of `n` votes that is in support.
    """
    if tier != "human trials":
        yield "One attributable trial in people would decide at a higher tier, whatever it found."
    if not n:
        return
    if result == "single":
        yield "A second investigation there that supports it would make it consistent; one that finds nothing, contested."
    if result in {"contested", "null", "contrary"}:
        # Smallest k with (support + k) / (n + k) at or above the upper share.
        more = max(1, math.ceil((high * n - support) / (1 - high) - 1e-9))
        yield f"{more} more investigation{'s' if more > 1 else ''} there, all in support, would make it consistent."
    if result in {"consistent", "contested"}:
        # Smallest k with support / (n + k) at or below the lower share.
        more = max(1, math.ceil(support / low - n - 1e-9))
        yield f"{more} more there, all finding nothing, would make it null."
    if result == "consistent":
        # Smallest k with support / (n + k) below the upper share.
        more = max(1, math.floor(support / high - n + 1e-9) + 1)
        yield f"{more} more there that find{'s' if more == 1 else ''} nothing would make it contested."
