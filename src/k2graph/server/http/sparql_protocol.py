"""The SPARQL 1.1 Protocol at `/sparql`, read-only, and the description of the service where nothing is asked.

https://www.w3.org/TR/sparql11-protocol/. `default-graph-uri` and `named-graph-uri` are in the place of what the query says with FROM.
A graph that is unknown is said to be, rather than giving the empty answer of no graph.
"""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from ...sparql.questions import without_head
from .. import media_types
from ..pages import query_page
from ..query_fault import fault_in
from ..unwritable import others, unwritable
from .description import Description
from .jobs import Jobs
from .responses import Refusal, answer, asked_form, error

#: Bytes of a query.
MOST = 100_000
#: In a form every byte may take three.
_MOST_BODY = 3 * MOST + 10_000
_DESCRIPTIONS = (*media_types.OFFERS["graph"], media_types.PAGE)
#: Seconds in which a query that is sent has to arrive.
ARRIVAL = 10.0
#: What clients call the form of an answer, where they cannot send an Accept header or send this too.
FORMATS = ("format", "output", "results")
_PARAMETERS = ("query", "default-graph-uri", "named-graph-uri", *FORMATS)
#: What may be a relative IRI: it does not begin with a scheme.
_RELATIVE = re.compile(r"""<(?![A-Za-z][A-Za-z0-9+.-]*:)[^<>"{}|^`\x00-\x20]*>""")
#: Functions whose value is another one each time, and what may spell one otherwise. Few queries have so much as their letters, and to
#: look for these takes a twentieth of the time.
_CHANGING = re.compile(r"\b(NOW|RAND|UUID|STRUUID|BNODE)\s*\(|\\U")
_LETTERS = ("NOW", "RAND", "UUID", "BNODE", "\\U")


@dataclass(frozen=True)
class Asked:
    """A query, the address to which its IRIs are relative, if any is, and the graphs of which it is asked where the protocol says it."""

    text: str
    base: str | None
    default: Sequence[str] = ()
    named: Sequence[str] = ()


class Problem(Exception):
    """A request that cannot be met: the status that says so, and why."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Sparql:
    """`/sparql`, the page `/query` and `/.well-known/void`."""

    def __init__(self, jobs: Jobs, description: Description) -> None:
        self.jobs = jobs
        self.description = description

    async def protocol(self, request: Request) -> Response:
        """A query by GET or POST; a GET without one asks what this service is."""
        try:
            given = await _given(request)
            if "update" in given:
                raise Problem(403, "updates are refused: this service only reads")
            if unknown := next((name for name in given if name not in _PARAMETERS), None):
                raise Problem(400, f"no parameter {unknown[:100]!r} here; there are: {', '.join(_PARAMETERS)}")
            accept = _accept(request, given)
            if request.method in {"GET", "HEAD"} and "query" not in given:
                return self.describe(request, accept)
            asked = Asked(text := _query(given), _base(request, text), given.get("default-graph-uri", []), given.get("named-graph-uri", []))
        except Problem as problem:
            return error(request, problem.status, str(problem), headers=problem.headers)
        types = {kind: media_types.choose(accept, offers) for kind, offers in media_types.OFFERS.items()}
        if not any(types.values()):
            offers = sorted({offer for each in media_types.OFFERS.values() for offer in each})
            return error(request, 406, f"answers can be had as: {', '.join(offers)}")
        return await self._ask(request, asked, types)

    async def _ask(self, request: Request, asked: Asked, types: dict[str, str | None]) -> Response:
        text = asked.text.upper()
        changing = any(letters in text for letters in _LETTERS) and _CHANGING.search(text)
        tag = None if changing else self.jobs.tag("query", asked, sorted(types.items()))
        return await self.jobs.respond(request, {"do": "query", "with": {**vars(asked), "types": types}}, tag)

    def describe(self, request: Request, accept: str | None) -> Response:
        """The description of service and data; a reader of pages is shown the page for queries."""
        chosen = media_types.choose(accept, _DESCRIPTIONS)
        if chosen is None:
            return error(request, 406, f"the description can be had as: {', '.join(media_types.OFFERS['graph'])}")
        if chosen == media_types.PAGE:
            return Response(status_code=303, headers={"Location": "query", "Vary": "Accept"})
        url = str(request.url.replace(query="", fragment=""))
        here = url.removesuffix(next(filter(url.endswith, (".well-known/void", "sparql", "sparql/")), ""))
        body = io.BytesIO()
        try:
            triples = self.description.triples(here)
        except ValueError:
            return error(request, 400, "the request's Host makes no address")
        if reason := unwritable(triples, chosen):
            return error(request, 406, f"{reason}; it can be had as: {others(chosen, media_types.OFFERS['graph'])}")
        media_types.write_graph(triples, chosen, body)
        return answer(request, body.getvalue(), chosen, self.jobs.tag("description", here, chosen))

    async def page(self, request: Request) -> Response:
        """The page for queries: a form, and what a query given in the address answers."""
        given = request.query_params
        text, example = given.get("query", ""), ""
        if "example" in given and not text:
            example = given["example"]
            text = without_head(self.description.queries.get(example, ""))
        if "query" not in given or not text.strip():
            page = query_page(text, example=example, plain=self.description.plain)
            return answer(request, page, media_types.PAGE, self.jobs.tag("page", text, example))
        if len(text.encode()) > MOST:
            return self._fault("", 413, f"the query is longer than {MOST:,} bytes")
        response = await self._ask(request, Asked(text, _base(request, text)), dict.fromkeys(media_types.OFFERS, media_types.PAGE))
        return self._fault(text, response.status_code, response.message) if isinstance(response, Refusal) else response

    def _fault(self, text: str, status: int, message: str) -> Response:
        page = query_page(text, fault=fault_in(text, message), plain=self.description.plain)
        return Response(page, status, media_type=media_types.with_charset(media_types.PAGE), headers={"Cache-Control": "no-store"})

    async def void(self, request: Request) -> Response:
        """`/.well-known/void`: the same description (https://www.w3.org/TR/void/#well-known)."""
        try:
            return self.describe(request, asked_form(request))
        except ValueError as fault:
            return error(request, 400, str(fault))


def _base(request: Request, text: str) -> str | None:
    """Where the service is, as the client calls it, for a query that has relative IRIs; the page for queries is beside it."""
    if not _RELATIVE.search(text):
        return None
    return str(request.url.replace(query="", fragment="")).rpartition("/")[0] + "/sparql"


async def _given(request: Request) -> dict[str, list[str]]:
    """The parameters of a request, wherever its method puts them."""
    pairs = _pairs(request.url.query)
    if request.method == "POST":
        kind, _, rest = request.headers.get("Content-Type", "").partition(";")
        charset = rest.lower().partition("charset=")[2].strip(' "') or "utf-8"
        if charset not in {"utf-8", "utf8"}:
            raise Problem(415, "a query is sent as UTF-8")
        kind = kind.strip().lower()
        if kind == "application/sparql-update":
            raise Problem(403, "updates are refused: this service only reads")
        if kind not in {"application/x-www-form-urlencoded", "application/sparql-query"}:
            accepted = "application/sparql-query, application/x-www-form-urlencoded"
            raise Problem(415, f"a query is sent as one of: {accepted}", Accept_Post=accepted)
        body = _text(await _body(request))
        form = kind == "application/x-www-form-urlencoded"
        # The W3C's own test `query_post_form` names the graphs in the address.
        if form and any(name == "query" for name, _ in pairs):
            raise Problem(400, "with a form, the query is given in its body and not in the address")
        pairs = [*pairs, *(_pairs(body) if form else [("query", body)])]
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    return given


def _accept(request: Request, given: Mapping[str, list[str]]) -> str | None:
    try:
        asked = [value for name in FORMATS for value in given.get(name, []) if value]
        return media_types.named(asked) if asked else request.headers.get("Accept")
    except ValueError as fault:
        raise Problem(400, str(fault)) from fault


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as fault:
        raise Problem(400, "the parameters are not UTF-8 in percent-encoding, or too many") from fault


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as fault:
        raise Problem(400, "the query is not UTF-8") from fault


async def _body(request: Request) -> bytes:
    too_long = Problem(413, f"the query is longer than {MOST:,} bytes")
    length = request.headers.get("Content-Length", "0")
    if not length.isdecimal() or int(length) > _MOST_BODY:
        raise too_long
    parts, size = [], 0
    try:
        async with asyncio.timeout(ARRIVAL):
            async for part in request.stream():
                size += len(part)
                if size > _MOST_BODY:
                    raise too_long
                parts.append(part)
    except TimeoutError as fault:
        raise Problem(408, f"the query did not arrive within {ARRIVAL:g} s", Connection="close") from fault
    return b"".join(parts)


def _query(given: dict[str, list[str]]) -> str:
    queries = given.get("query", [])
    if len(queries) != 1:
        raise Problem(400, "there is no query" if not queries else "there is more than one query")
    if len(queries[0].encode()) > MOST:
        raise Problem(413, f"the query is longer than {MOST:,} bytes")
    return queries[0]
