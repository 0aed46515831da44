"""Pages of the questions: each with an example, its query, and the answer as a table and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...iris import short
from ...sparql.answers import Answer, plain_text
from ...sparql.examples import examples, query_shown
from ..integrity import doubt
from .site import Site


def questions(site: Site) -> Iterator[tuple[str, bytes]]:
    """All questions, and a page for each."""
    yield site.page("questions.html", "questions.html", "Questions", questions=site.questions)
    for question in site.questions:
        example = next(examples(site.graph, question), {})
        answer = site.graph.ask(question.name, **example) if example or not question.needed() else None
        if answer is not None:
            yield f"question/{question.name}.csv", answer.to_csv().encode()
        yield site.page(
            f"question/{question.name}.html",
            "question.html",
            question.title,
            question=question,
            example=example,
            query=query_shown(site.graph, question, example),
            answer=answer,
            cells=[] if answer is None else _cells(site, answer),
            reports=[] if answer is None else [_reports(site, terms) for terms in answer.terms],
            tables=True,
        )


def _cells(site: Site, answer: Answer) -> list[list[tuple[str, str, bool, str]]]:
    """For each row and column the text, the thing or web address that it names, if it is a number, and the result of a standing."""
    standings = {claim.standing.label: claim.standing.result.notation for claim in site.evidence.claims.values()}

    def cell(term: Any) -> tuple[str, str, bool, str]:
        text, name = plain_text(term), short(getattr(term, "value", ""))
        # An answer may hold what a thing is called in its place.
        name = name if name in site.things else site.called.get(text, name)
        if name in site.things:
            mark = doubt(site.evidence, name)
            return f"{site.evidence.name(name)}{f' [{mark}]' if mark else ''}", name, False, ""
        return text, text, text.replace(".", "", 1).lstrip("-").isdigit(), standings.get(text, "")

    return [[cell(term) for term in terms] for terms in answer.terms]


def _reports(site: Site, terms: Sequence[Any]) -> list[str]:
    """The reports that a row names, itself or by their studies."""
    names = [short(getattr(term, "value", "")) for term in terms]
    found = [report for name in names if name in site.evidence.studies for report in site.evidence.studies[name].reports]
    return sorted({name for name in (*names, *found) if name in site.evidence.reports})
