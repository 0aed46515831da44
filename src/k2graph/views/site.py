"""The whole graph as a folder of static pages that open from a disk, without a server or a network.

In: a graph. Out: pages with relative links only: an overview, the map, mechanisms as chains, the gap map, a page for each claim, study and
thing, the questions with their answers, and studies over the years. The same graph gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import palette
from ..atomic import replaced_folder
from ..evidence.dataset import dataset_of
from ..evidence.model import Claim, Evidence, Mechanism, Study
from ..evidence.reader import read_evidence
from ..iris import short, slug
from ..sparql.answers import Answer, plain_text
from ..sparql.examples import examples, query_shown
from ..sparql.questions import Question, read_questions
from . import asset, embedded_json, environment, own, policy, style
from .gap_map import cell_data, cells, table
from .mechanism_map import legend, map_data, shown, vis_network
from .plots import draw_forest, draw_years, forests

if TYPE_CHECKING:
    from ..sparql.readable_graph import ReadableGraph

MISSION = "mechanisms-lacking-human-rct-support"
#: Questions that have a place of their own in the way through the site, with what they are called there.
FEATURED = (
    ("drug-interactions", "Interactions"),
    ("who-should-not-supplement", "Who should not supplement"),
    ("doses-and-durations", "Doses in trials"),
    ("foods", "Foods"),
    ("reference-intakes", "Reference intakes"),
    ("retracted-studies", "Retractions"),
    ("citation-audit", "The article audited"),
)
NAVIGATION = (
    ("index.html", "Overview"),
    ("map.html", "Map"),
    ("mechanisms.html", "Mechanisms"),
    ("gap-map.html", "Gap map"),
    ("claims.html", "Claims"),
    ("studies.html", "Studies"),
    ("things.html", "Things"),
    ("questions.html", "Questions"),
    ("timeline.html", "Timeline"),
)


def write_site(graph: ReadableGraph, folder: Path, progress: Callable[[str], None] = lambda _: None) -> int:
    """Fill a folder with the site, in the place of a site that is there already; the number of files.

    Raises:
        InputError: where something else is in the folder, or it cannot be written.
    """
    with replaced_folder(folder, "k2graph site") as made:
        count = 0
        for name, content in Site(graph).files(progress):
            path = made / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            count += 1
    return count


class Site:
    """The pages of a graph, one after the other."""

    def __init__(self, graph: ReadableGraph, more: tuple[tuple[str, str], ...] = ()) -> None:
        """`more`: pages that stand beside the site where it is served, and what they are called in the navigation."""
        self.graph = graph
        self.more = more
        self.evidence: Evidence = read_evidence(graph)
        self.questions: list[Question] = read_questions()
        self.things = self._addresses()

    def _addresses(self) -> dict[str, str]:
        """The page of each thing. A name that is no safe file name gets one."""
        evidence, addresses = self.evidence, {}
        for kind, things in (
            ("claim", evidence.claims),
            ("study", evidence.studies),
            ("entity", evidence.entities),
            ("mechanism", evidence.mechanisms),
            ("interaction", evidence.interactions),
        ):
            for name in things:
                local = name.partition(":")[2]
                safe = local if local and local == slug(local) else f"{slug(local)[:40]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
                addresses[name] = f"{kind}/{safe}.html"
        for name, interaction in evidence.interactions.items():
            # An interaction is told on the page of its drug.
            addresses[name] = addresses.get(interaction.drug, "index.html") + f"#{slug(name)}"
        return addresses

    def files(self, progress: Callable[[str], None] = lambda _: None) -> Iterator[tuple[str, bytes]]:
        """Each file's name within the folder, and its content."""
        yield "assets/style.css", style().encode()
        for name in ("site.js", "map.js", "gaps.js"):
            yield f"assets/{name}", asset(name).encode()
        yield "assets/vis-network.min.js", vis_network().encode()
        yield "assets/index.js", f"window.k2graphIndex={embedded_json(list(self._index()))};\n".encode()
        for part in (
            self._front,
            self._mechanisms,
            self._gap_map,
            self._claims,
            self._studies,
            self._entities,
            self._questions,
            self._timeline,
        ):
            progress(part.__name__.strip("_").replace("_", " "))
            yield from part()

    def _page(self, name: str, template: str, title: str, **values: Any) -> tuple[str, bytes]:
        root = "../" * name.count("/")

        def href(thing: str) -> str:
            return root + self.things[thing] if thing in self.things else ""

        text = environment().get_template(template).render(
            title=title,
            here=name,
            root=root,
            href=href,
            evidence=self.evidence,
            navigation=(*NAVIGATION, *self.more),
            featured=FEATURED,
            licence=dataset_of(self.evidence.facts).licence_name,
            policy=policy(own_files=True),
            scripts=values.pop("scripts", ()),
            **values,
        )  # fmt: skip
        return name, text.encode()

    def _index(self) -> Iterator[list[str]]:
        evidence = self.evidence
        for entity in evidence.entities.values():
            yield [entity.label or entity.id, entity.kind_label, self.things[entity.id], " | ".join(entity.synonyms)]
        for claim in evidence.claims.values():
            yield [claim.label, f"claim: {claim.standing.label}", self.things[claim.id], ""]
        for mechanism in evidence.mechanisms.values():
            yield [mechanism.label, "mechanism", self.things[mechanism.id], ""]
        for study in evidence.studies.values():
            yield [
                f"{study.cited}: {study.title}",
                study.design.label,
                self.things[study.id],
                f"{study.pmid} {study.doi} {' '.join(study.registry)}",
            ]
        for question in self.questions:
            yield [question.title, "question", f"question/{question.name}.html", ""]

    def _front(self) -> Iterator[tuple[str, bytes]]:
        evidence = self.evidence
        counts = Counter((c.standing.tier.id, c.standing.result.id) for c in evidence.claims.values() if not c.reach)
        data = own(embedded_json(map_data(evidence, shown(evidence), lambda thing: self.things.get(thing, ""))))
        words = legend(evidence)
        scripts = ("vis-network.min.js", "map.js")
        numbers = {
            "studies": len(evidence.studies),
            "findings": len(evidence.findings),
            "claims": sum(not claim.reach for claim in evidence.claims.values()),
            "mechanisms": len(evidence.mechanisms),
            "interactions": len(evidence.interactions),
        }
        values = {"counts": counts, "mechanisms": self._by_verdict(), "numbers": numbers}
        yield self._page("index.html", "overview.html", "What is known", data=data, scripts=scripts, **values, **words)
        yield self._page("map.html", "map_page.html", "The mechanism map", data=data, scripts=scripts, **words)
        rules = [
            (evidence.facts.one(rule, "rdfs:label"), evidence.facts.one(rule, "skos:definition"))
            for rule in sorted(evidence.facts.nodes("k2g:Rule"), key=lambda each: evidence.facts.one(each, "k2g:order", 0))
        ]
        thresholds = [evidence.facts.one("k2g:thresholds", name) for name in ("k2g:supportedFrom", "k2g:unsupportedUpTo")]
        schemes = [(name, evidence.scheme(name)) for name in ("results", "tiers", "levels", "stances", "reasons", "verdicts")]
        yield self._page("how-it-decides.html", "rules.html", "How it decides", rules=rules, schemes=schemes, thresholds=thresholds)

    def _by_verdict(self) -> list[Mechanism]:
        return sorted(self.evidence.mechanisms.values(), key=lambda each: (each.verdict.rank, each.label))

    def _mechanisms(self) -> Iterator[tuple[str, bytes]]:
        yield self._page("mechanisms.html", "mechanisms.html", "Mechanisms, step by step", mechanisms=self._by_verdict())
        for mechanism in self.evidence.mechanisms.values():
            yield self._page(self.things[mechanism.id], "mechanism.html", mechanism.label, mechanism=mechanism)

    def _gap_map(self) -> Iterator[tuple[str, bytes]]:
        evidence = self.evidence
        found = cells(evidence)
        participants = {who for each in found.values() for f, _ in each.found for who in evidence.studies[f.study].participants}
        yield self._page(
            "gap-map.html", "gap_map.html", "Gap map: forms and outcomes", found=found, scripts=("gaps.js",),
            data=own(embedded_json(cell_data(evidence, found, lambda thing: self.things[thing]))),
            tiers=[word for word in evidence.scheme("tiers") if word.notation != "nothing"], statuses=evidence.scheme("statuses"),
            participants=sorted(participants, key=evidence.name), **table(evidence, found),
        )  # fmt: skip

    def _claims(self) -> Iterator[tuple[str, bytes]]:
        evidence = self.evidence
        order = sorted(
            (claim for claim in evidence.claims.values() if not claim.reach),
            key=lambda c: (c.standing.tier.rank, c.standing.result.rank, -c.standing.investigations, c.label),
        )
        yield self._page("claims.html", "claims.html", "Claims", claims=order)
        for claim in evidence.claims.values():
            drawn = []
            for number, forest in enumerate(forests(evidence, claim), 1):
                name = f"{self.things[claim.id].removesuffix('.html')}-{number}.svg"
                yield name, draw_forest(evidence, forest)
                drawn.append((name.rpartition("/")[2], forest))
            yield self._page(
                self.things[claim.id],
                "claim.html",
                claim.label,
                claim=claim,
                groups=self._by_stance(claim),
                forests=drawn,
                changes=evidence.changes(claim),
            )

    def _by_stance(self, claim: Claim) -> list[tuple[Any, list[Any]]]:
        groups: dict[str, list[Any]] = defaultdict(list)
        for bearing in self.evidence.ordered(claim):
            groups[bearing.stance.notation].append(bearing)
        stances = {word.notation: word for word in self.evidence.scheme("stances")}
        return [(stances[name], groups[name]) for name in ("supports", "null", "contradicts", "mixed") if groups[name]]

    def _studies(self) -> Iterator[tuple[str, bytes]]:
        evidence = self.evidence
        order = sorted(evidence.studies.values(), key=lambda study: (-study.year, study.cited, study.id))
        yield self._page("studies.html", "studies.html", "Studies", studies=order)
        for study in evidence.studies.values():
            yield self._page(
                self.things[study.id],
                "study.html",
                study.title,
                study=study,
                bibtex=self._bibtex(study),
                species=", ".join(map(evidence.name, study.organisms)),
            )

    @staticmethod
    def _bibtex(study: Study) -> str:
        from ..reports.references import bibtex

        return bibtex([study])

    def _entities(self) -> Iterator[tuple[str, bytes]]:
        evidence = self.evidence
        order = sorted(evidence.entities.values(), key=lambda entity: (entity.kind_label, entity.label))
        yield self._page("things.html", "things.html", "Things", entities=order)
        wholes: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for entity in order:
            for relation, other in entity.relations:
                wholes[other].append((relation, entity.id))
        foods: dict[str, list[str]] = defaultdict(list)
        for content in evidence.facts.nodes("k2g:FoodContent"):
            for end in ("k2g:food", "k2g:vitamer"):
                foods[evidence.facts.one(content, end)].append(content)
        for entity in evidence.entities.values():
            claims = evidence.claims_of.get(entity.id, ())
            yield self._page(
                self.things[entity.id], "entity.html", entity.label or entity.id,
                entity=entity, parts=wholes[entity.id], foods=foods[entity.id],
                does=[claim for claim in claims if claim.subject == entity.id],
                done=[claim for claim in claims if claim.object == entity.id and claim.subject != entity.id],
                mechanisms=[m for m in evidence.mechanisms.values() if self._is_in(entity.id, m)],
                interactions=[i for i in evidence.interactions.values() if entity.id in (i.agent, i.drug)], anchor=slug,
            )  # fmt: skip

    def _is_in(self, thing: str, mechanism: Mechanism) -> bool:
        ends = {mechanism.end_to_end, *(step.claim for step in mechanism.steps)}
        claims = self.evidence.claims
        return any(thing in (claims[name].subject, claims[name].object) for name in ends) or any(s.yields == thing for s in mechanism.steps)

    def _questions(self) -> Iterator[tuple[str, bytes]]:
        yield self._page("questions.html", "questions.html", "Questions", questions=self.questions)
        for question in self.questions:
            example = next(iter(examples(self.graph, question)), {})
            answer = self.graph.ask(question.name, **example) if example or not question.needed() else None
            if answer is not None:
                yield f"question/{question.name}.csv", answer.to_csv().encode()
            yield self._page(
                f"question/{question.name}.html",
                "question.html",
                question.title,
                question=question,
                example=example,
                query=query_shown(self.graph, question),
                answer=answer,
                cells=[] if answer is None else self._cells(answer),
            )

    def _cells(self, answer: Answer) -> list[list[tuple[str, str, bool, str]]]:
        """For each row and column the text, the thing or web address that it names, if it is a number, and the result of a standing."""
        standings = {claim.standing.label: claim.standing.result.notation for claim in self.evidence.claims.values()}

        def cell(term: Any) -> tuple[str, str, bool, str]:
            text, name = plain_text(term), short(getattr(term, "value", ""))
            if name in self.things:
                return self.evidence.name(name), name, False, ""
            return text, text, text.replace(".", "", 1).lstrip("-").isdigit(), standings.get(text, "")

        return [[cell(term) for term in terms] for terms in answer.terms]

    def _timeline(self) -> Iterator[tuple[str, bytes]]:
        evidence = self.evidence
        tiers = [word for word in evidence.scheme("tiers") if word.notation in palette.TIER_BARS]
        designs: dict[str, dict[int, int]] = {word.label: defaultdict(int) for word in tiers}
        stances: dict[str, dict[int, int]] = {word.label: defaultdict(int) for word in evidence.scheme("stances")}
        for study in evidence.studies.values():
            tier = evidence.words[evidence.facts.one(evidence.facts.one(study.design.id, "k2g:level"), "k2g:tier")]
            designs[tier.label][study.year] += 1
            said = {b.stance.label for f in evidence.findings_of.get(study.id, ()) for b in evidence.bearings_of.get(f.id, ()) if b.counted}
            for stance in said:
                stances[stance][study.year] += 1
        bars = [(palette.RESULTS[tone].light, hatch) for tone, hatch in (palette.TIER_BARS[word.notation] for word in tiers)]
        yield "timeline-designs.svg", draw_years(designs, bars, "publications")
        tones = [(palette.STANCES[word.notation].light, palette.STANCE_HATCHES[word.notation]) for word in evidence.scheme("stances")]
        yield "timeline-stances.svg", draw_years(stances, tones, "publications that say so")
        years = sorted({study.year for study in evidence.studies.values()}, reverse=True)
        yield self._page("timeline.html", "timeline.html", "Studies over the years", years=years, designs=designs, stances=stances)
