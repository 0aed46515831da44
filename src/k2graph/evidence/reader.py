"""Read a graph into `Evidence`: every property once, in a settled order, and a plain word where something is not complete.

In: a graph, in a file or behind an endpoint. Out: an `Evidence`, and within it all `Facts` for what it has no field for.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ..errors import InputError
from ..iris import expand
from ..sparql.store import EmbeddedStore
from .claims import Bearing, Claim, Pooled, PooledResult, Standing, TurningPoint, what_would_turn
from .facts import Facts
from .model import Evidence
from .things import Entity, Finding, Identifier, Interaction, Investigation, Mechanism, Step, Study, Word

if TYPE_CHECKING:
    from ..sparql.readable_graph import ReadableGraph


def read_evidence(graph: ReadableGraph) -> Evidence:
    """All that the graph holds of what was claimed and found; a graph in a file, which stays as it was opened, is read once.

    Raises:
        InputError: where something lacks what every such thing has; `k2graph validate` tells more.
    """
    if graph in _READ:
        return _READ[graph]
    evidence = _Reader(Facts((triple.subject, triple.predicate, triple.object) for triple in graph.triples())).evidence()
    if isinstance(graph.store, EmbeddedStore):
        _READ[graph] = evidence
    return evidence


_READ: WeakKeyDictionary[ReadableGraph, Evidence] = WeakKeyDictionary()


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

    def reported(self, node: str, name: str) -> str:
        """A number with the digits that its source gives; in a graph that has the number alone, that."""
        value = self.one(node, f"{name}Reported") or self.one(node, name)
        return value if isinstance(value, str) else format(Decimal(str(value)).normalize(), "f")

    def measure(self, node: str) -> str:
        """The effect measure, and what it sets against what or of what it is."""
        return ", ".join(filter(None, (self.text(node, "k2g:effectMeasure"), self.text(node, "k2g:contrast"))))

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
                    expand(self.text(match, "k2g:address")),
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
            turning_points=self.turning_points(self.need(node, "k2g:standing")),
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

    def turning_points(self, standing: str) -> tuple[TurningPoint, ...]:
        found = [self.turning_point(each) for each in self.all(standing, "k2g:turnsAt")]
        return tuple(sorted(found, key=lambda each: (each.tier.rank, each.more, each.stance.rank)))

    def turning_point(self, node: str) -> TurningPoint:
        more, label = int(self.need(node, "k2g:moreInvestigations")), self.need(node, "rdfs:label")
        stance, tier = self.word(node, "k2g:stance"), self.word(node, "k2g:testedIn")
        phrase = self.text(stance.id, "k2g:phraseOfVotes") or stance.label
        return TurningPoint(more, stance, tier, self.word(node, "k2g:result"), label, what_would_turn(more, tier.label, phrase, label))

    def standing(self, node: str) -> Standing:
        result, tier = self.word(node, "k2g:result"), self.word(node, "k2g:testedIn")
        supports = bool(self.one(result.id, "k2g:isSupport", False))
        return Standing(
            label=self.need(node, "rdfs:label"),
            tier=tier,
            result=result,
            is_support=supports,
            investigations=int(self.need(node, "k2g:investigations")),
            supporting=self.number(node, "k2g:supportWeight") or 0.0,
            finding_nothing=self.number(node, "k2g:nullWeight") or 0.0,
            contradicting=self.number(node, "k2g:contradictWeight") or 0.0,
            best_support=self.word_or_none(node, "k2g:bestSupport"),
            in_human_trials=supports and bool(self.one(tier.id, "k2g:isOfHumanTrials", False)),
        )

    def pooled(self, node: str) -> Pooled:
        return Pooled(
            id=node,
            claims=self.texts(node, "k2g:claim"),
            outcome=self.need(node, "k2g:outcome"),
            site=self.text(node, "k2g:site") or self.text(node, "k2g:contrast"),
            is_inverse=bool(self.text(node, "k2g:scale")),
            is_ratio=bool(self.one(self.need(node, "k2g:measureTerm"), "k2g:isRatio", False)),
            measure=self.measure(node) or self.need(node, "k2g:effectMeasure"),
            unit=self.text(node, "k2g:unit"),
            value=float(self.need(node, "k2g:value")),
            low=float(self.need(node, "k2g:ciLow")),
            high=float(self.need(node, "k2g:ciHigh")),
            prediction_low=float(self.need(node, "k2g:predictionLow")),
            prediction_high=float(self.need(node, "k2g:predictionHigh")),
            tau_squared=float(self.need(node, "k2g:tauSquared")),
            i_squared=float(self.need(node, "k2g:iSquared")),
            q=float(self.need(node, "k2g:cochranQ")),
            is_narrow=bool(self.one(node, "k2g:isNarrow", False)),
            trials=int(self.need(node, "k2g:investigations")),
            method=self.text(node, "k2g:method"),
            findings=self.texts(node, "k2g:finding"),
            parts=tuple(self.pooled_result(each) for each in self.by("k2g:PooledResult", "k2g:pool", node)),
        )

    def pooled_result(self, node: str) -> PooledResult:
        return PooledResult(
            id=node,
            investigation=self.need(node, "k2g:investigation"),
            findings=self.texts(node, "k2g:finding"),
            value=float(self.need(node, "k2g:value")),
            low=float(self.need(node, "k2g:ciLow")),
            high=float(self.need(node, "k2g:ciHigh")),
            chosen_by=self.word(node, "k2g:chosenBy"),
            computed_by=tuple(self.words[each] for each in self.texts(node, "k2g:computedBy")),
            share=float(self.need(node, "k2g:shareOfWeight")),
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
            measure=self.measure(node),
            effect_measure=self.text(node, "k2g:effectMeasure"),
            contrast=self.text(node, "k2g:contrast"),
            is_ratio=bool(self.one(self.text(node, "k2g:measureTerm"), "k2g:isRatio", False)),
            is_inverse=self.one(self.text(node, "k2g:scale"), "k2g:sign", 1) == -1,
            value=self.number(node, "k2g:value"),
            low=self.number(node, "k2g:ciLow"),
            high=self.number(node, "k2g:ciHigh"),
            value_reported=self.reported(node, "k2g:value"),
            low_reported=self.reported(node, "k2g:ciLow"),
            high_reported=self.reported(node, "k2g:ciHigh"),
            unit=self.text(node, "k2g:unit"),
            p_value=self.number(node, "k2g:pValue"),
            p_value_relation=self.word_or_none(node, "k2g:pValueRelation"),
            p_value_reported=self.reported(node, "k2g:pValue"),
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
            first_author_name=self.text(node, "k2g:firstAuthorName"),
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
