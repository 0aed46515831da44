"""Pages: the static site, made in a process of its own and kept in memory, and the pages that only a server can have."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from pyoxigraph import NamedNode, Triple

from .. import iris
from ..addresses import parts
from ..errors import InputError
from ..sparql.answers import plain_text
from ..sparql.examples import example, query_shown
from ..sparql.questions import find_question, read_questions, without_head
from ..views import asset, environment, policy, style
from ..views.question_page import NamesOfGraph, answer_values, files_of, form_values
from .query_fault import Fault
from .reply import PLACE, Reply
from .words import prefixes_offered

if TYPE_CHECKING:
    from ..sparql.readable_graph import ReadableGraph

#: What the site's navigation leads to besides its own pages.
MORE_PAGES = (("query", "Query"),)
#: What a page may do: load its own files and send its own forms.
POLICY = policy(own_files=True, own_forms=True)
#: What a page in which standings are recounted may do besides: run the program of the engine.
POLICY_WITH_PROGRAMS = policy(own_files=True, own_forms=True, own_programs=True)
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
#: Lines of a query that the page for queries has room for, before it is scrolled or pulled larger.
_LEAST_LINES, _MOST_LINES = 10, 26
#: As what an answer can be taken away: what each form is called, its `format`, and how the file's name ends.
_TABLES = (("CSV", "csv", "csv"), ("TSV", "tsv", "tsv"), ("JSON", "json", "json"), ("XML", "xml", "xml"))
_FILES = {
    "solutions": _TABLES,
    "boolean": _TABLES[2:],
    "graph": (("Turtle", "ttl", "ttl"), ("N-Triples", "nt", "nt"), ("JSON-LD", "jsonld", "jsonld"), ("RDF/XML", "rdf", "rdf")),
}
#: In plain words what a status says, and which of them may be gone when somebody tries again.
_ERRORS = {
    400: "This could not be understood",
    403: "This is not allowed here",
    404: "There is nothing here",
    405: "Not in this way",
    406: "Not in this form",
    408: "This came too slowly",
    413: "This is too long",
    421: "Not under this name",
    422: "This is too much",
    429: "Too much at once",
    431: "Too much is sent along",
    500: "Something went wrong",
    503: "Not at the moment",
    505: "Not in this version of HTTP",
}
_PASSING = {429, 500, 503}
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

    def __init__(self, start: bytes, words: bytes) -> None:
        """`start` is the first page of a graph of which no site can be made, `words` those with which queries are completed."""
        self._start = start
        # What the query page needs is there at once, and stays where a site cannot be made of the graph.
        self._files: dict[str, bytes] = {
            "assets/style.css": style().encode(),
            "assets/query.js": asset("query.js").encode(),
            "assets/words.js": words,
        }
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

    @property
    def are_none(self) -> bool:
        """Whether no site is made, so that no page may lead to one of its pages."""
        return self._files.get("index.html") is self._start

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


def has_programs(path: str) -> bool:
    """Whether the page at a path is one of the site's in which standings are recounted."""
    *_, folder, name = ("", *path.split("/"))
    return folder in {"claim", "mechanism"} and name.endswith(".html")


def type_of(name: str) -> str:
    """The media type of a file of the site."""
    return _TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def query_page(
    text: str,
    *,
    kind: str = "",
    columns: Sequence[str] = (),
    rows: Sequence[Any] = (),
    count: int | None = None,
    truth: bool | None = None,
    fault: Fault | None = None,
    example: str = "",
    plain: bool = False,
) -> bytes:
    """The page for queries, with an answer or what was wrong.

    Args:
        text: The query; a first one stands there where there is none.
        kind: What the answer is, as in `media_types.OFFERS`: so it can be had as a file.
        columns: Of the answer.
        rows: Of the answer, as many as are shown.
        count: How many rows the answer has.
        truth: Where the answer is yes or no.
        fault: What is wrong with the query.
        example: The question whose query this is.
        plain: Whether the graph has nothing of ours, so that nothing of ours is on the page.
    """
    questions = [] if plain else read_questions()
    # A form sends line ends as two characters, of which the page would keep the first as a space, one more each time.
    text = text.replace("\r\n", "\n") or (_ANY_QUERY if plain else _FIRST_QUERY)
    return _page(
        "serve_query.html", "query", "Not answered: Ask in SPARQL" if fault else "Ask in SPARQL", plain,
        text=text, columns=columns, cells=_cells(rows, ""), count=count, truth=truth, fault=fault, files=_FILES.get(kind, ()),
        questions=questions, example=next((each for each in questions if each.name == example), None),
        prefixes=prefixes_offered(plain=plain), height=min(max(len(text.splitlines()) + 1, _LEAST_LINES), _MOST_LINES),
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


def answer_page(graph: ReadableGraph, names: NamesOfGraph, name: str, given: Mapping[str, str]) -> tuple[int, bytes]:
    """The page of a question as the site has it, with the answer to what is given, or what was wrong with that; and its status."""
    question = find_question(name)
    examples = example(graph, question)
    answer, fault = None, ""
    try:
        answer = graph.ask(name, **given)
    except InputError as error:
        fault = str(error)
    known = {} if answer is None else {each: graph.term(question.parameter(each), value) for each, value in given.items()}
    query = question.bound(known) if known else query_shown(graph, question, examples)
    change = {"query": without_head(query)} if known else {"example": name}

    def href(thing: str) -> str:
        """The way to a thing's page, which its own address leads to."""
        place = "/".join(parts(thing)[1:]) if names.name(thing) else ""
        return f"../{place}" if PLACE.fullmatch(place) else ""

    page = _page(
        "question.html", f"questions/{name}", question.title, fault=fault, example={}, query=query, href=href,
        files=files_of(question, given, "../"), change="../query?" + urlencode(change),
        **answer_values(question, answer, names), **form_values(names.fields(question, given, examples), name),
    )  # fmt: skip
    return 400 if fault else 200, page


def thing_page(iri: str, triples: Sequence[Triple], *, plain: bool = False) -> bytes:
    """All that is said of a thing."""
    here = iri.removeprefix(iris.BASE).partition("#")[0]
    cells = _cells([tuple(triple) for triple in triples], "../" * here.count("/"))
    return _page("serve_thing.html", here, iris.short(iri), plain, iri=iri, cells=cells)


def error_page(status: int, message: str, depth: int, *, plain: bool, query: str = "") -> bytes:
    """What was wrong with a request, and the ways on.

    Args:
        status: Of HTTP.
        message: In words; a sentence is made of it.
        depth: In how many folders the page stands that was asked for.
        plain: Whether there are no pages of a site to lead to, nor is anything of ours to be on the page.
        query: The query that was sent, if it was one in an address.
    """
    values = _of_error(status, message)
    return _page("serve_error.html", "", values.pop("title"), plain, root="../" * depth, query=query, **values)


def refusal_page(status: int, message: str) -> bytes:
    """What was wrong with a request, where no other page or file would be given to who sends such: it has no links and loads nothing."""
    return environment().get_template("serve_refused.html").render(policy=policy(), **_of_error(status, message)).encode()


def _of_error(status: int, message: str) -> dict[str, Any]:
    sentence = message[:1].upper() + message[1:] + ("" if message.endswith((".", "?", "!")) else ".")
    title = _ERRORS.get(status) or HTTPStatus(status).phrase
    return {"title": title, "status": status, "sentence": sentence, "later": status in _PASSING}


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

    root = values.pop("root", "../" * here.count("/"))
    layout = "serve_base.html" if plain else "base.html"
    text = environment().get_template(template).render(
        layout=layout, title=title, here=here, root=root, navigation=(*NAVIGATION, *MORE_PAGES), featured=FEATURED, policy=POLICY,
        scripts=(), **values,
    )  # fmt: skip
    return text.encode()
