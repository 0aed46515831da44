"""What all pages of the site share: the graph as it is read, the page of each thing, and the frame around a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...addresses import file_stems
from ...evidence.dataset import dataset_of
from ...evidence.model import Evidence
from ...evidence.reader import read_evidence
from ...evidence.searches import Search, read_searches
from ...iris import slug
from ...sparql.internal import internal
from ...sparql.questions import Question, read_questions
from .. import environment, policy
from ..integrity import doubt
from ..nutrients import Nutrients, nutrients_of
from .comparisons import Comparisons

if TYPE_CHECKING:
    from ...sparql.readable_graph import ReadableGraph

#: Questions that have a place of their own in the way through the site, with what they are called there.
FEATURED = (
    ("drug-interactions", "Interactions"),
    ("who-should-not-supplement", "Who should not supplement"),
    ("doses-and-durations", "Doses in trials"),
    ("foods", "Foods"),
    ("reference-intakes", "Reference intakes"),
    ("who-is-low", "Who is low"),
    ("retracted-studies", "Retractions"),
)
#: Those that have one after them, where the graph has anything of what they are about.
FEATURED_WHERE_ANY = (("citation-audit", "The article audited"),)
#: Folders of the pages of one thing each.
_KINDS = frozenset({"claim", "study", "report", "entity", "mechanism"})
NAVIGATION = (
    ("index.html", "Overview"),
    ("map.html", "Map"),
    ("mechanisms.html", "Mechanisms"),
    ("gap-map.html", "Gap map"),
    ("claims.html", "Claims"),
    ("studies.html", "Studies"),
    ("findings.html", "Findings"),
    ("reports.html", "Reports"),
    ("things.html", "Things"),
    ("questions.html", "Questions"),
    ("timeline.html", "Timeline"),
    ("searches.html", "Searches"),
)


class Site:
    """The pages of a graph, one after the other."""

    def __init__(self, graph: ReadableGraph, more: tuple[tuple[str, str], ...] = ()) -> None:
        """`more`: pages that stand beside the site where it is served, and what they are called in the navigation."""
        self.graph = graph
        self.more = more
        self.evidence: Evidence = read_evidence(graph)
        self.dataset = dataset_of(self.evidence.facts)
        self.searches: tuple[Search, ...] = read_searches(self.evidence)
        self.questions: list[Question] = [question for question in read_questions() if graph.has(question)]
        self.things = self._addresses()
        self.nutrients: Nutrients = nutrients_of(self.evidence)
        self.comparisons = Comparisons(self.nutrients, self.questions, self.things, self.served)
        #: Names that things had once, each with the name of the thing in its place.
        self.replaced: dict[str, str] = {row["old"]: row["new"] for row in graph.rows(internal("replaced"))}

    @property
    def served(self) -> bool:
        """Whether a server has these pages, and so answers what their forms ask."""
        return bool(self.more)

    @cached_property
    def featured(self) -> tuple[tuple[str, str], ...]:
        """The questions with a place of their own in the pages of this graph, with what they are called there."""
        names = {question.name for question in self.questions}
        return (*FEATURED, *(each for each in FEATURED_WHERE_ANY if each[0] in names))

    def nutrient_page(self, nutrient: str) -> str:
        """The page of all that is of a nutrient."""
        return f"nutrient/{self.things[nutrient].rpartition('/')[2]}"

    def _addresses(self) -> dict[str, str]:
        """The page of each thing. A name that is no safe file name gets one."""
        evidence, addresses = self.evidence, dict[str, str]()
        for kind, group in (
            ("claim", evidence.claims),
            ("study", evidence.studies),
            ("report", evidence.reports),
            ("entity", evidence.entities),
            ("mechanism", evidence.mechanisms),
            ("interaction", evidence.interactions),
        ):
            addresses |= {name: f"{kind}/{stem}.html" for name, stem in file_stems(group)}
        for name, interaction in evidence.interactions.items():
            # An interaction is told on the page of its drug.
            addresses[name] = addresses.get(interaction.drug, "index.html") + f"#{slug(name)}"
        for search in self.searches:
            addresses[search.id] = f"searches.html#{slug(search.id)}"
        return addresses

    @cached_property
    def called(self) -> dict[str, str]:
        """Things of which just one is called so, by what it is called."""
        evidence = self.evidence
        names: dict[str, list[str]] = defaultdict(list)
        for things in (evidence.entities, evidence.claims, evidence.mechanisms, evidence.studies, evidence.reports):
            for name in things:
                names[evidence.name(name)].append(name)
        return {label: found[0] for label, found in names.items() if label and len(found) == 1}

    @cached_property
    def references(self) -> dict[str, tuple[str, str]]:
        """Each report as BibTeX and as RIS."""
        from ...reports.references import bibtex, ris

        return {name: (bibtex([report]), ris([report])) for name, report in self.evidence.reports.items()}

    def page(self, name: str, template: str, title: str, **values: Any) -> tuple[str, bytes]:
        """A page's name within the folder, and its content, by a template."""
        root = "../" * name.count("/")

        def href(thing: str) -> str:
            return root + self.things[thing] if thing in self.things else ""

        text = environment().get_template(template).render(
            title=title,
            here=name,
            root=root,
            href=href,
            doubt=lambda thing: doubt(self.evidence, thing),
            evidence=self.evidence,
            nutrients=self.nutrients,
            nutrient_page=lambda nutrient: root + self.nutrient_page(nutrient),
            navigation=(*NAVIGATION, *self.more),
            # The page of one thing, of which there are thousands, leads to the list of questions alone.
            featured=() if name.split("/", maxsplit=1)[0] in _KINDS else self.featured,
            # A graph that does not say what it is called is told by the tool that made its pages.
            graph_title=self.dataset.title or "k2graph",
            licence=self.dataset.licence_name,
            citation=self.dataset.citation,
            policy=policy(own_files=True, own_forms=self.served, own_programs="recounts" in values),
            scripts=values.pop("scripts", ()),
            **values,
        )  # fmt: skip
        return name, text.encode()

    def index(self) -> Iterator[list[Any]]:
        """What can be searched for: of each thing and question its name, what it is, its page, other names, and of claims the two ends.

        An end is told by its place in the index, in which entities come first.
        """
        evidence = self.evidence
        place = {name: number for number, name in enumerate(evidence.entities)}
        for entity in evidence.entities.values():
            names = " | ".join((*entity.synonyms, *(each.curie for each in entity.identifiers)))
            yield [entity.label or entity.id, entity.kind_label, self.things[entity.id], names]
        for claim in evidence.claims.values():
            yield [
                claim.label,
                f"claim: {claim.standing.label}",
                self.things[claim.id],
                "",
                [place[end] for end in (claim.subject, claim.object)],
            ]
        for mechanism in evidence.mechanisms.values():
            yield [mechanism.label, "mechanism", self.things[mechanism.id], ""]
        for study in evidence.studies.values():
            kind = study.design.label if study.design else "people within whom studies were made"
            yield [study.label, f"study: {kind}", self.things[study.id], " ".join(study.registry)]
        for report in evidence.reports.values():
            mark = doubt(evidence, report.id)
            numbers = f"{report.pmid} {report.doi} {report.pmcid}"
            yield [f"{report.cited}: {report.title}", f"report{f', {mark}' if mark else ''}", self.things[report.id], numbers]
        for question in self.questions:
            yield [question.title, "question", f"question/{question.name}.html", ""]
