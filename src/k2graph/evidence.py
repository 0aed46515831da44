"""The graph as Python objects, for what draws, prints and exports it: read once, whole, in a settled order.

In: a graph. Out: an `Evidence` of entities, claims with their standing and what bears on them, findings, studies, investigations,
mechanisms and interactions, each under its compact name (`claim:mk-7-level-dp-ucmgp`). Nothing is decided here: levels, stances,
standings and verdicts are those of the graph.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from .answers import plain_value
from .faults import InputError
from .names import PREFIXES

if TYPE_CHECKING:
    from .graph import Graph


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


@dataclass(frozen=True)
class Finding:
    """One result of one study, with its numbers as reported and what the rules made of it."""

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
    value: float | None
    low: float | None
    high: float | None
    unit: str
    p: str
    reported: str
    conditions: str
    compared_with: str
    exposure_alone: str
    note: str
    sources: tuple[str, ...]

    @property
    def numbers(self) -> str:
        """Measure, value, interval, unit and p-value as one text; empty where none was read."""
        parts = []
        if self.value is not None:
            interval = f" ({self.low:g} to {self.high:g})" if self.low is not None and self.high is not None else ""
            parts.append(" ".join(filter(None, (self.measure, f"{self.value:g}{interval}", self.unit))))
        if self.p:
            parts.append(f"p {self.p}" if self.p[0] in "<>=≤≥" else f"p={self.p}")
        return "; ".join(parts)


@dataclass(frozen=True)
class Study:
    """One publication or registration. Texts are empty, and `n` and `retraction` are None, where the record does not say."""

    id: str
    label: str
    key: str
    title: str
    first_author: str
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

    def rests_on(self, mechanisms: Iterable[str]) -> set[str]:
        """The claims of mechanisms: their links, how far the exposure reaches, and from end to end."""
        found: set[str] = set()
        for mechanism in map(self.mechanisms.__getitem__, mechanisms):
            found |= {mechanism.end_to_end, *(step.claim for step in mechanism.steps), *(step.reach for step in mechanism.steps)}
        return found

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

        Interactions stay where both agent and drug are in the part, or one of them is among `things`.
        """
        kept, wanted = set(claims), set(things)
        chosen = {name: claim for name, claim in self.claims.items() if name in kept}
        mechanisms = {
            name: mechanism
            for name, mechanism in self.mechanisms.items()
            if {mechanism.end_to_end, *(step.claim for step in mechanism.steps), *(step.reach for step in mechanism.steps)} <= kept
        }
        chosen = {name: replace(claim, mechanisms=tuple(m for m in claim.mechanisms if m in mechanisms)) for name, claim in chosen.items()}
        findings = {
            name: self.findings[name] for name in sorted({bearing.finding for claim in chosen.values() for bearing in claim.bearings})
        }
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
        studies = {name: study for name, study in self.studies.items() if name in reporting}
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


class Facts:
    """Every property of every node: numbers as numbers, things under their compact names, values in a settled order."""

    def __init__(self, rows: Iterable[tuple[Any, Any, Any]]) -> None:
        value = lru_cache(maxsize=None)(plain_value)
        self._values: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        self._nodes: dict[str, list[str]] = defaultdict(list)
        for subject, predicate, term in rows:
            self._values[value(subject)][value(predicate)].append(value(term))
        for node in sorted(self._values):
            for values in self._values[node].values():
                values.sort(key=lambda each: (str(type(each)), each))
            for kind in self._values[node].get("rdf:type", ()):
                self._nodes[kind].append(node)

    def nodes(self, kind: str) -> list[str]:
        """The nodes of a class, by name."""
        return self._nodes.get(kind, [])

    def all(self, node: str, name: str) -> tuple[Any, ...]:
        """The values of a property."""
        return tuple(self._values[node].get(name, ())) if node in self._values else ()

    def one(self, node: str, name: str, otherwise: Any = "") -> Any:
        """The value of a property, or another."""
        return next(iter(self.all(node, name)), otherwise)

    def need(self, node: str, name: str) -> Any:
        """The value of a property that a complete graph has.

        Raises:
            InputError: where it has none.
        """
        found = self.all(node, name)
        if not found:
            raise InputError(f"{node} is not complete in this graph: it has no {name}; `k2graph validate` tells what it lacks")
        return found[0]


def read_evidence(graph: Graph) -> Evidence:
    """All that the graph holds of what was claimed and found.

    Raises:
        InputError: where something lacks what every such thing has; `k2graph validate` tells more.
    """
    return _Reader(Facts((triple.subject, triple.predicate, triple.object) for triple in graph.triples())).evidence()


class _Reader:
    def __init__(self, facts: Facts) -> None:
        self.facts, self.one, self.all, self.need = facts, facts.one, facts.all, facts.need
        self.words = {
            node: Word(
                node,
                self.need(node, "skos:inScheme").removeprefix("k2g:"),
                str(self.one(node, "skos:notation")),
                self.need(node, "rdfs:label"),
                self.one(node, "skos:definition"),
                self.one(node, "k2g:rank", 0),
            )
            for node in facts.nodes("skos:Concept")
        }
        self.classes = {node: facts.need(node, "rdfs:label") for node in facts.nodes("owl:Class")}
        self.grouped: dict[str, dict[str, list[str]]] = {}

    def word(self, node: str, name: str) -> Word:
        value = self.need(node, name)
        if value not in self.words:
            raise InputError(f"{node}: {name} is {value!r}, which is in no scheme of this graph; `k2graph validate` tells more")
        return self.words[value]

    def word_or_none(self, node: str, name: str) -> Word | None:
        return self.words.get(self.one(node, name))

    def label(self, node: str, name: str) -> str:
        word = self.word_or_none(node, name)
        return word.label if word else ""

    def by(self, kind: str, name: str, node: str) -> list[str]:
        """The nodes of a class that point at a node by a property."""
        if kind not in self.grouped:
            self.grouped[kind] = defaultdict(list)
            for each in self.facts.nodes(kind):
                for target in self.all(each, name):
                    self.grouped[kind][target].append(each)
        return self.grouped[kind].get(node, [])

    def texts(self, node: str, name: str) -> tuple[str, ...]:
        return tuple(map(str, self.all(node, name)))

    def text(self, node: str, name: str) -> str:
        return str(self.one(node, name))

    def number(self, node: str, name: str) -> float | None:
        value = self.one(node, name, None)
        return float(value) if isinstance(value, (int, float)) else None

    def evidence(self) -> Evidence:
        nodes = self.facts.nodes
        kinds = [kind for kind in self.classes if "k2g:Entity" in self.all(kind, "rdfs:subClassOf")]
        entities = {node: self.entity(node, kind) for kind in kinds for node in nodes(kind)}
        return Evidence(
            words=self.words,
            organisms={node: self.need(node, "rdfs:label") for node in nodes("k2g:Organism")},
            entities=dict(sorted(entities.items())),
            claims={node: self.claim(node) for node in nodes("k2g:Claim")},
            findings={node: self.finding(node) for node in nodes("k2g:Finding")},
            studies={node: self.study(node) for node in nodes("k2g:Study")},
            investigations=self.investigations(),
            mechanisms={node: self.mechanism(node) for node in nodes("k2g:Mechanism")},
            interactions={node: self.interaction(node) for node in nodes("k2g:Interaction")},
            facts=self.facts,
        )

    def entity(self, node: str, kind: str) -> Entity:
        relations = [word.id for word in self.words.values() if word.scheme == "relations"]
        return Entity(
            id=node,
            label=self.text(node, "rdfs:label"),
            kind=kind,
            kind_label=self.classes[kind],
            definition=self.text(node, "skos:definition"),
            synonyms=self.texts(node, "skos:altLabel"),
            aspect=self.label(node, "k2g:aspect"),
            desirable=self.label(node, "k2g:desirable"),
            relations=tuple((relation, other) for relation in sorted(relations) for other in self.texts(node, relation)),
            carries_evidence_to=self.texts(node, "k2g:carriesEvidenceTo"),
            identifiers=tuple(
                Identifier(
                    self.need(match, "dcterms:identifier"),
                    address(self.text(match, "k2g:address")),
                    self.label(match, "k2g:match"),
                    self.text(match, "k2g:matchedLabel"),
                )
                for match in self.by("k2g:IdentifierMatch", "k2g:entity", node)
            ),
            sources=self.texts(node, "dcterms:source"),
        )

    def claim(self, node: str) -> Claim:
        return Claim(
            id=node,
            label=self.need(node, "rdfs:label"),
            subject=self.need(node, "rdf:subject"),
            predicate=self.word(node, "rdf:predicate"),
            object=self.need(node, "rdf:object"),
            direction=self.word(node, "k2g:direction"),
            contexts=self.texts(node, "k2g:context"),
            testable=self.label(node, "k2g:testableInPeople"),
            note=" ".join(self.texts(node, "skos:note")),
            reach="k2g:ReachClaim" in self.all(node, "rdf:type"),
            standing=self.standing(self.need(node, "k2g:standing")),
            alternatives=tuple(
                (self.need(each, "rdfs:label"), self.label(each, "k2g:hadCounted"))
                for each in self.by("k2g:AlternativeStanding", "k2g:claim", node)
            ),
            bearings=tuple(
                Bearing(
                    node,
                    self.need(each, "k2g:finding"),
                    self.word(each, "k2g:stance"),
                    tuple(self.words[reason] for reason in self.all(each, "k2g:notCounted")),
                )
                for each in self.by("k2g:Bearing", "k2g:claim", node)
            ),
            pooled=tuple(self.pooled(each) for each in self.by("k2g:PooledEstimate", "k2g:claim", node)),
            mechanisms=self.texts(node, "k2g:neededBy"),
        )

    def standing(self, node: str) -> Standing:
        result = self.word(node, "k2g:result")
        return Standing(
            label=self.need(node, "rdfs:label"),
            tier=self.word(node, "k2g:testedIn"),
            result=result,
            is_support=bool(self.one(result.id, "k2g:isSupport", False)),
            investigations=int(self.need(node, "k2g:investigations")),
            supporting=self.number(node, "k2g:supportWeight") or 0.0,
            finding_nothing=self.number(node, "k2g:nullWeight") or 0.0,
            contradicting=self.number(node, "k2g:contradictWeight") or 0.0,
            best_support=self.word_or_none(node, "k2g:bestSupport"),
        )

    def pooled(self, node: str) -> Pooled:
        return Pooled(
            outcome=self.need(node, "k2g:outcome"),
            measure=self.need(node, "k2g:effectMeasure"),
            unit=self.text(node, "k2g:unit"),
            value=float(self.need(node, "k2g:value")),
            low=float(self.need(node, "k2g:ciLow")),
            high=float(self.need(node, "k2g:ciHigh")),
            i_squared=float(self.need(node, "k2g:iSquared")),
            trials=int(self.need(node, "k2g:investigations")),
            method=self.text(node, "k2g:method"),
            findings=self.texts(node, "k2g:finding"),
        )

    def finding(self, node: str) -> Finding:
        return Finding(
            id=node,
            study=self.need(node, "k2g:study"),
            investigation=self.need(node, "k2g:investigation"),
            subject=self.need(node, "rdf:subject"),
            predicate=self.word(node, "rdf:predicate"),
            object=self.need(node, "rdf:object"),
            direction=self.word(node, "k2g:direction"),
            level=self.word(node, "k2g:evidenceLevel"),
            design=self.word(node, "k2g:madeBy"),
            outcome_kind=self.word(node, "k2g:outcomeKind"),
            endpoint_role=self.label(node, "k2g:endpointRole"),
            analysis=self.label(node, "k2g:analysis"),
            status=self.word_or_none(node, "k2g:statusOfParticipants"),
            measure=self.text(node, "k2g:effectMeasure"),
            value=self.number(node, "k2g:value"),
            low=self.number(node, "k2g:ciLow"),
            high=self.number(node, "k2g:ciHigh"),
            unit=self.text(node, "k2g:unit"),
            p=self.text(node, "k2g:pValue"),
            reported=self.text(node, "k2g:reported"),
            conditions=self.text(node, "k2g:conditions"),
            compared_with=self.label(node, "k2g:comparedWith"),
            exposure_alone=self.label(node, "k2g:exposureAlone"),
            note=" ".join(self.texts(node, "skos:note")),
            sources=self.texts(node, "dcterms:source"),
        )

    def study(self, node: str) -> Study:
        return Study(
            id=node,
            label=self.text(node, "rdfs:label"),
            key=self.need(node, "dcterms:identifier"),
            title=self.need(node, "dcterms:title"),
            first_author=self.text(node, "k2g:firstAuthor"),
            year=int(self.need(node, "k2g:year")),
            journal=self.text(node, "k2g:journal"),
            volume=self.text(node, "bibo:volume"),
            issue=self.text(node, "bibo:issue"),
            pages=self.text(node, "bibo:pages"),
            pmid=self.text(node, "bibo:pmid"),
            pmcid=self.text(node, "k2g:pmcid"),
            doi=self.text(node, "bibo:doi"),
            registry=self.texts(node, "k2g:registryNumber"),
            registration_status=self.text(node, "k2g:registrationStatus"),
            design=self.word(node, "k2g:design"),
            organisms=self.texts(node, "k2g:organism"),
            country=self.text(node, "k2g:country"),
            population=self.text(node, "k2g:population"),
            participants=self.texts(node, "k2g:participants"),
            health_status=self.text(node, "k2g:healthStatus"),
            nutrient_status=self.word_or_none(node, "k2g:nutrientStatus"),
            sex=self.text(node, "k2g:sex"),
            age=self.text(node, "k2g:age"),
            n=self.one(node, "k2g:sampleSize", None),
            interventions=self.texts(node, "k2g:intervention"),
            dose=" ".join(filter(None, (self.text(node, "k2g:doseValue"), self.text(node, "k2g:doseUnit")))),
            duration=self.text(node, "k2g:duration"),
            comparator=self.text(node, "k2g:comparator"),
            co_intervention=self.text(node, "k2g:coIntervention"),
            funding=self.text(node, "k2g:funding"),
            retraction=self.word_or_none(node, "k2g:retraction"),
            retraction_note=self.text(node, "k2g:retractionNote"),
            verified=self.word(node, "k2g:verified"),
            sources=self.texts(node, "dcterms:source"),
            investigations=tuple(self.by("k2g:Trial", "k2g:publication", node) + self.by("k2g:Cohort", "k2g:publication", node)),
        )

    def investigations(self) -> dict[str, Investigation]:
        found = {}
        for kind in ("Study", "Trial", "Cohort", "Investigation"):
            for node in self.facts.nodes(f"k2g:{kind}"):
                found[node] = Investigation(
                    id=node,
                    label=self.text(node, "rdfs:label"),
                    kind=kind,
                    publications=self.texts(node, "k2g:publication") or ((node,) if kind == "Study" else ()),
                    comparator=self.label(node, "k2g:comparatorKind"),
                    exposure_alone=self.label(node, "k2g:armsDifferInExposureAlone"),
                    difference=self.text(node, "k2g:otherDifference"),
                    note=" ".join(self.texts(node, "skos:note")),
                )
        return dict(sorted(found.items()))

    def mechanism(self, node: str) -> Mechanism:
        support = self.need(node, "k2g:support")
        steps = {
            step: Step(
                order=int(self.need(step, "k2g:order")),
                claim=self.need(step, "k2g:claim"),
                yields=self.need(step, "k2g:yields"),
                implied=self.label(step, "k2g:impliedDirection"),
                reach=self.need(step, "k2g:reachClaim"),
            )
            for step in self.by("k2g:Step", "k2g:mechanism", node)
        }
        reaches, stops = self.text(support, "k2g:reachesStep"), self.text(support, "k2g:stopsAtStep")
        return Mechanism(
            id=node,
            label=self.need(node, "rdfs:label"),
            note=" ".join(self.texts(node, "skos:note")),
            end_to_end=self.need(node, "k2g:endToEnd"),
            in_source_article=self.label(node, "k2g:inSourceArticle"),
            steps=tuple(sorted(steps.values(), key=lambda step: step.order)),
            verdict=self.word(support, "k2g:verdict"),
            signs_agree=bool(self.need(support, "k2g:signsAgree")),
            testable_links=int(self.need(support, "k2g:testableLinks")),
            testable_links_shown=int(self.need(support, "k2g:testableLinksShown")),
            weakest=steps[self.need(support, "k2g:weakestStep")].order,
            reaches=steps[reaches].order if reaches else None,
            stops=steps[stops].order if stops else None,
        )

    def interaction(self, node: str) -> Interaction:
        return Interaction(
            id=node,
            label=self.text(node, "rdfs:label"),
            agent=self.need(node, "k2g:agent"),
            drug=self.need(node, "k2g:drug"),
            effect=self.need(node, "k2g:effect"),
            direction=self.label(node, "k2g:direction"),
            explanation=self.text(node, "k2g:explanation"),
            severity=self.word(node, "k2g:severity"),
            management=self.text(node, "k2g:management"),
            population=self.text(node, "k2g:population"),
            studies=self.texts(node, "k2g:study"),
            note=" ".join(self.texts(node, "skos:note")),
            sources=self.texts(node, "dcterms:source"),
        )


def why(n: int, tier: str, supporting: float, nothing: float, against: float, definition: str) -> str:
    """What the votes on a claim say, in words."""
    votes = f"{supporting:g} for, {nothing:g} found nothing, {against:g} against"
    return f"Of {n} independent investigations in {tier}: {votes}. {definition}"


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


def address(thing: str) -> str:
    """The full address of a compact name of ours.

    >>> address("entity:mk-7")
    'https://w3id.org/k2graph/entity/mk-7'
    """
    prefix, _, local = thing.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else thing
