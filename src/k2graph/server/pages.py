"""Pages: the static site, made in a process of its own and kept in memory, and the pages that only a server can have."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from pyoxigraph import NamedNode, Triple

from .. import iris
from ..sparql.answers import Answer, plain_text
from ..sparql.questions import find_question, read_questions
from ..views import environment, policy, style
from .reply import Reply

#: What the site's navigation leads to besides its own pages.
MORE_PAGES = (("query", "Query"),)
#: What a page may do: load its own files and send its own forms.
POLICY = policy(own_files=True).replace("form-action 'none'", "form-action 'self'")
_FIRST_QUERY = """SELECT ?claim ?label ?standing WHERE {
  ?claim a k2g:Claim ; rdfs:label ?label ; k2g:standing/rdfs:label ?standing .
}
ORDER BY ?label
LIMIT 20
"""
#: Where no page of the site tells of what is in a graph.
_ANY_QUERY = """SELECT * WHERE {
  ?subject ?property ?value .
}
LIMIT 20
"""
#: Classes and properties that the start page counts.
_MOST_COUNTED = 100
_TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "csv": "text/csv",
    "R": "text/plain",
    "py": "text/plain",
}


class Pages:
    """The site's files by name, and the page of each thing, as they are made."""

    def __init__(self, start: bytes) -> None:
        """`start` is the first page of a graph of which no site can be made."""
        self._start = start
        # What the query page needs is there at once, and stays where a site cannot be made of the graph.
        self._files: dict[str, bytes] = {"assets/style.css": style().encode()}
        self._things: dict[str, str] | None = None
        self._done = False
        self._news = asyncio.Condition()

    async def fill(self, replies: AsyncIterator[Reply]) -> str:
        """Take the files as they come from the process that makes them; why there are none, where there are none."""
        reason = ""
        try:
            async for reply in replies:
                if reply.status != 200:
                    reason = reply.body.decode()
                async with self._news:
                    if self._things is None and reply.status == 200:
                        self._things = json.loads(reply.body)
                    elif reply.media_type and reply.status == 200:
                        self._files[reply.media_type] = reply.body
                    self._news.notify_all()
        finally:
            await self.stop()
        return reason

    async def stop(self) -> None:
        """Say that no more will come."""
        self._done = True
        self._files.setdefault("index.html", self._start)
        async with self._news:
            self._news.notify_all()

    async def file(self, name: str, seconds: float) -> bytes | None:
        """A file, once it is made; None where there is none.

        Raises:
            TimeoutError: where it is not known yet.
        """
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: self._done or name in self._files)
            return self._files.get(name)

    async def address(self, thing: str, seconds: float) -> str | None:
        """The page that tells of a thing; None where there is none.

        Raises:
            TimeoutError: where it is not known yet.
        """
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: self._done or self._things is not None)
            return (self._things or {}).get(thing)


def has_ours(classes: Iterable[str]) -> bool:
    """Whether one of these classes is a class of our vocabulary."""
    return any(each.startswith(iris.PREFIXES["k2g"]) for each in classes)


def type_of(name: str) -> str:
    """The media type of a file of the site."""
    return _TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def query_page(
    text: str,
    *,
    columns: Sequence[str] = (),
    rows: Sequence[Any] = (),
    count: int | None = None,
    truth: bool | None = None,
    fault: str = "",
    plain: bool = False,
) -> bytes:
    """The page for queries, with an answer or what was wrong; `plain` for a graph that has nothing of ours, with nothing of ours on it."""
    prefixes = {prefix: start for prefix, start in iris.PREFIXES.items() if not (plain and start.startswith(iris.BASE))}
    return _page(
        "serve_query.html", "query", "Ask in SPARQL", plain,
        text=text or (_ANY_QUERY if plain else _FIRST_QUERY), columns=columns, cells=_cells(rows, ""), count=count, truth=truth,
        fault=fault, questions=() if plain else read_questions(), prefixes=prefixes,
    )  # fmt: skip


def start_page(title: str, triples: int, about: Sequence[Triple], classes: Mapping[str, int], properties: Mapping[str, int]) -> bytes:
    """What is in a graph of which no site can be made: counts, and what it says of itself."""

    def counted(counts: Mapping[str, int]) -> list[list[tuple[str, str]]]:
        most_first = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        return [[(iris.short(iri), iri), (f"{count:,}", "")] for iri, count in most_first]

    return _page(
        "serve_start.html", "index.html", title or "A graph in RDF", plain=True,
        triples=triples, statements=_cells([tuple(triple) for triple in about], ""),
        classes=counted(classes), properties=counted(properties), most=_MOST_COUNTED,
    )  # fmt: skip


def answer_page(
    name: str, given: Mapping[str, str], examples: Mapping[str, str], answer: Answer | None = None, *, fault: str = ""
) -> bytes:
    """A question, a form for what may be chosen, with examples, and the answer or what was wrong."""
    question = find_question(name)
    return _page(
        "serve_answer.html", f"questions/{name}", question.title,
        question=question, given=given, examples=examples, answer=answer, fault=fault,
        cells=_cells(answer.terms, "../") if answer is not None else [],
    )  # fmt: skip


def thing_page(iri: str, triples: Sequence[Triple], *, plain: bool = False) -> bytes:
    """All that is said of a thing."""
    here = iri.removeprefix(iris.BASE).partition("#")[0]
    cells = _cells([tuple(triple) for triple in triples], "../" * here.count("/"))
    return _page("serve_thing.html", here, iris.short(iri), plain, iri=iri, cells=cells)


def _cells(rows: Sequence[Sequence[Any]], root: str) -> list[list[tuple[str, str]]]:
    return [[(plain_text(term), _address(term, root)) for term in row] for row in rows]


def _address(term: Any, root: str) -> str:
    """Where a term leads: things of ours to their place on this server, others to where they are."""
    if not isinstance(term, NamedNode):
        return ""
    local = term.value.removeprefix(iris.BASE)
    return root + local if local != term.value else term.value


def _page(template: str, here: str, title: str, plain: bool = False, **values: Any) -> bytes:
    from ..views.site.site import FEATURED, NAVIGATION

    root = "../" * here.count("/")
    layout = "serve_base.html" if plain else "base.html"
    text = environment().get_template(template).render(
        layout=layout, title=title, here=here, root=root, navigation=(*NAVIGATION, *MORE_PAGES), featured=FEATURED, policy=POLICY,
        scripts=(), **values,
    )  # fmt: skip
    return text.encode()
