"""Pages of the questions: each with an example, its query, and the answer as a table and as CSV; where it is served, with a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from ...sparql.examples import example, examples, query_shown
from ...sparql.questions import Question
from ..integrity import doubt
from ..question_page import NamesOfGraph, answer_values, files_of, form_values
from .site import Site


def questions(site: Site) -> Iterator[tuple[str, bytes]]:
    """All questions, and a page for each."""
    yield site.page("questions.html", "questions.html", "Questions", questions=site.questions)
    names, words = NamesOfEvidence(site), NamesOfGraph(site.graph)
    for question in site.questions:
        given = next(examples(site.graph, question), {})
        yield from question_page(site, question, given, names, words, f"question/{question.name}.html")


def question_page(
    site: Site, question: Question, given: Mapping[str, str], names: NamesOfEvidence, words: NamesOfGraph, page: str, title: str = ""
) -> Iterator[tuple[str, bytes]]:
    """The page of a question, asked with what is given, and its answer as CSV.

    By a title of its own it is no example but an answer: query, columns and CSV stand with the question.
    """
    answer = site.graph.ask(question.name, **given) if given or not question.needed() else None
    csv = f"{page.removesuffix('.html')}.csv"
    if answer is not None and not title:
        yield csv, answer.to_csv().encode()
    files = [] if title else [("CSV", csv.rpartition("/")[2])]
    fields = []
    if site.served:
        files = files_of(question, given, "../")
        fields = words.fields(question, given, example(site.graph, question))
    yield site.page(
        page,
        "question.html",
        title or question.title,
        **answer_values(question, answer, names),
        **form_values(fields, f"../questions/{question.name}"),
        example={} if title else given,
        query="" if title else query_shown(site.graph, question, given),
        files=files,
        fault="",
        change=f"../query?example={question.name}" if site.served else "",
    )


class NamesOfEvidence:
    """What the evidence says of names."""

    def __init__(self, site: Site) -> None:
        self.site, self.evidence = site, site.evidence

    def thing_called(self, text: str) -> str:
        """The one thing that is called so."""
        return self.site.called.get(text, "")

    def name(self, thing: str) -> str:
        """What a thing that has a page is called."""
        return self.evidence.name(thing) or thing if thing in self.site.things else ""

    def doubt(self, thing: str) -> str:
        """What became of a report, or of any report of a study."""
        return doubt(self.evidence, thing)

    def reports(self, thing: str) -> Sequence[str]:
        """The reports of a study that are there, or a report itself."""
        names = self.evidence.studies[thing].reports if thing in self.evidence.studies else (thing,)
        return [name for name in names if name in self.evidence.reports]

    def result(self, text: str) -> str:
        """The result of the standing that is called so."""
        return self._results.get(text, "")

    @cached_property
    def _results(self) -> dict[str, str]:
        return {claim.standing.label: claim.standing.result.notation for claim in self.evidence.claims.values()}
