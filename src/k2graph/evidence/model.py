"""The graph as Python objects, for what draws, prints and exports it.

An `Evidence` holds entities, claims with their standing and what bears on them, findings, reports, studies with their arms, mechanisms and
interactions, each under its compact name (`claim:mk-7-level-dp-ucmgp`). `reader.py` makes it of a graph. Nothing is decided here: levels,
stances, standings and verdicts are those of the graph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from ..text import headed
from .appraised import Appraisal, Vote
from .claims import Bearing, CertaintyStep, Claim, Pooled, PooledResult, Standing, TurningPoint, nothing_would_turn
from .facts import Facts
from .things import Arm, Entity, Finding, Identifier, Interaction, Mechanism, Report, Step, Study, Word

__all__ = [
    "Appraisal", "Arm", "Bearing", "CertaintyStep", "Claim", "Entity", "Evidence", "Finding", "Identifier", "Interaction", "Mechanism",
    "Pooled", "PooledResult", "Report", "Standing", "Step", "Study", "TurningPoint", "Vote", "Word",
]  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """The whole graph, or a part of it that stands on its own: all that its claims, findings and mechanisms name is in it."""

    words: Mapping[str, Word]
    organisms: Mapping[str, str]
    entities: Mapping[str, Entity]
    claims: Mapping[str, Claim]
    findings: Mapping[str, Finding]
    reports: Mapping[str, Report]
    studies: Mapping[str, Study]
    mechanisms: Mapping[str, Mechanism]
    interactions: Mapping[str, Interaction]
    appraisals: Mapping[str, Appraisal]
    facts: Facts = field(repr=False)

    def scheme(self, scheme: str) -> list[Word]:
        """The words of a scheme such as `results`, in their order."""
        return sorted((word for word in self.words.values() if word.scheme == scheme), key=lambda word: (word.rank, word.label))

    def name(self, thing: str) -> str:
        """What people call a thing of any kind."""
        for things in (self.entities, self.words, self.claims, self.studies, self.reports, self.mechanisms, self.interactions):
            if thing in things:
                return things[thing].label
        return self.organisms.get(thing) or self.facts.one(thing, "rdfs:label", thing)

    def heading(self, stance: Word) -> str:
        """What the findings that take a stance stand under."""
        return str(self.facts.one(stance.id, "k2g:heading", headed(stance.label)))

    def phrase(self, stance: Word) -> str:
        """How investigations that take a stance are spoken of."""
        return str(self.facts.one(stance.id, "k2g:phraseOfVotes", stance.label))

    @cached_property
    def tiers_of_evidence(self) -> tuple[Word, ...]:
        """The tiers that there is a level of evidence for, in their order: nothing is in that of what nobody tested."""
        held = {self.facts.one(level.id, "k2g:tier") for level in self.scheme("levels")}
        return tuple(tier for tier in self.scheme("tiers") if tier.id in held)

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
    def votes_of(self) -> Mapping[str, tuple[Vote, ...]]:
        """Claim → the votes of people on it, in whatever tier, each with its risk of bias."""
        facts = self.facts
        found: dict[str, list[Vote]] = defaultdict(list)
        for vote in facts.nodes("k2g:Vote"):
            if (risk := facts.one(vote, "k2g:riskOfBias")) in self.words:
                claim, investigation, tier = (facts.one(vote, f"k2g:{name}") for name in ("claim", "investigation", "tier"))
                found[claim].append(Vote(vote, claim, investigation, tier, facts.one(vote, "k2g:votes", 0), self.words[risk]))
        return {claim: tuple(votes) for claim, votes in found.items()}

    def votes_for_standing(self, claim: Claim) -> list[Vote]:
        """The votes that make the standing of a claim, where it was tested in people."""
        return [vote for vote in self.votes_of.get(claim.id, ()) if vote.tier == claim.standing.tier.id]

    def risk_of(self, bearing: Bearing) -> Word | None:
        """The risk of bias of the vote in which a finding counts, where it is one of people."""
        finding = self.findings[bearing.finding]
        found = (finding.investigation, self.facts.one(finding.level.id, "k2g:tier"))
        votes = self.votes_of.get(bearing.claim, ()) if bearing.counted else ()
        return next((vote.risk for vote in votes if (vote.investigation, vote.tier) == found), None)

    @property
    def meaning_of_certainty(self) -> str:
        """What certainty is in this graph, and that no panel judged it."""
        return str(self.facts.one("k2g:certainties", "skos:definition"))

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
        """The claims that are about a thing of a kind (`entity`, `claim`, `mechanism`, `study`, `report`, `interaction`).

        For an entity: those within a number of hops, a hop being one claim. For a study or report: those on which its findings bear.
        """
        if kind == "claim":
            return {thing}
        if kind == "mechanism":
            return self.rests_on([thing])
        if kind in ("study", "report"):
            findings = [finding for finding in self.findings.values() if thing in (finding.study, finding.report)]
            return {bearing.claim for finding in findings for bearing in self.bearings_of.get(finding.id, ())}
        if kind == "interaction":
            between = self.interactions[thing]
            return self._within({between.agent, between.drug}, 1)
        return self._within({thing}, hops)

    def ordered(self, claim: Claim) -> list[Bearing]:
        """What bears on a claim: what counts first, then the best level, then the newest."""

        def place(bearing: Bearing) -> tuple[bool, int, int, str]:
            finding = self.findings[bearing.finding]
            return not bearing.counted, finding.level.rank, -self.reports[finding.report].year, finding.id

        return sorted(claim.bearings, key=place)

    def changes(self, claim: Claim) -> list[str]:
        """What would turn the standing of a claim, a sentence each."""
        if claim.turning_points or not claim.standing.investigations:
            return [each.in_words for each in claim.turning_points]
        return [nothing_would_turn(self.facts.one("k2g:thresholds", "k2g:turningPointsUpTo", 0))]

    def is_form(self, entity: str) -> bool:
        """Whether an entity is a nutrient or one of its forms."""
        return bool(self.facts.one(self.entities[entity].kind, "k2g:isForm", False))

    def is_increase(self, claim: Claim) -> bool:
        """Whether a claim is proposed as more, not less, of its object."""
        return bool(self.facts.one(claim.direction.id, "k2g:sign", 0) > 0)

    def is_unlimited(self, claim: Claim) -> bool:
        """Whether a claim holds of everybody."""
        return bool(claim.contexts) and all(self.facts.one(context, "k2g:limitsNothing", False) for context in claim.contexts)

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

        With it `things`, entities, reports, studies or interactions: a study, or the studies of a report, with all that they found,
        whether or not it bears on a claim. Interactions stay where both agent and drug are in the part, or one of them is among `things`.
        """
        kept, wanted = set(claims), set(things)
        wanted |= {study for thing in wanted & set(self.reports) for study in self.reports[thing].studies}
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
        reporting |= {finding.investigation for finding in findings.values()}
        studies = {name: study for name, study in self.studies.items() if name in reporting | wanted}
        studies |= {study.within: self.studies[study.within] for study in studies.values() if study.within}
        read_in = {report for study in studies.values() for report in study.reports} | {finding.report for finding in findings.values()}
        reports = {name: report for name, report in self.reports.items() if name in read_in | wanted}
        named |= {end for study in studies.values() for end in (*study.interventions, *study.participants)}
        # Of a finding count the judgements of its study as a whole, of its outcome and of broader ones.
        about = {(finding.study, self.entities[finding.object]) for finding in findings.values() if finding.object in self.entities}
        judged = {(study, broader) for study, entity in about for broader in entity.carries_evidence_to}
        appraisals = {
            name: each
            for name, each in self.appraisals.items()
            if each.study in wanted or (each.study in studies and (not each.outcome or (each.study, each.outcome) in judged))
        }
        named |= {each.outcome for each in appraisals.values() if each.outcome}
        entities = {
            name: replace(
                entity,
                relations=tuple(pair for pair in entity.relations if pair[1] in named),
                carries_evidence_to=tuple(other for other in entity.carries_evidence_to if other in named),
            )
            for name, entity in self.entities.items()
            if name in named
        }
        return replace(
            self,
            entities=entities,
            claims=chosen,
            findings=findings,
            reports=reports,
            studies=studies,
            mechanisms=mechanisms,
            interactions=interactions,
            appraisals=appraisals,
        )
