"""The questions as an API, things of ours by their address, and the files of the site."""

from __future__ import annotations

import json
import re

from starlette.requests import Request
from starlette.responses import Response

from ... import iris
from ...text import did_you_mean
from .. import media_types
from ..pages import Pages, type_of
from .description import Description
from .jobs import Jobs
from .openapi import openapi
from .responses import answer, asked_form, error, not_ready

_JSON = "application/json"
#: Seconds that a reader waits for pages that are still being made.
_PATIENCE = 20.0
#: Where a path that ends in a slash means the one without.
_WITH_SLASH = ("store", "query", "questions", "openapi.json", "health", "metrics", "ontology")
_SLUG = re.compile(r"[A-Za-z0-9._-]{1,200}")
#: HTML last but for those who ask for it: a program without a wish gets Turtle.
_THINGS = (*media_types.OFFERS["graph"], media_types.PAGE)


class Api:
    """`/questions`, `/openapi.json`, `/<kind>/<slug>` and pages."""

    def __init__(self, jobs: Jobs, description: Description, pages: Pages, base: str) -> None:
        self.jobs, self.description, self.pages, self.base = jobs, description, pages, base

    async def questions(self, request: Request) -> Response:
        """The list of questions."""
        # Without questions there is no page of them either.
        chosen = media_types.choose(request.headers.get("Accept"), [_JSON, media_types.PAGE] if self.description.questions else [_JSON])
        if chosen is None:
            return error(request, 406, f"the list can be had as: {_JSON}, {media_types.PAGE}", _JSON)
        if chosen == media_types.PAGE:
            return Response(status_code=303, headers={"Location": "questions.html", "Vary": "Accept"})
        return self._json(request, {"questions": self.description.listed()})

    async def question(self, request: Request) -> Response:
        """The answer to a question."""
        name, given = request.path_params["name"], request.query_params
        known = [question.name for question in self.description.questions]
        if not known:
            return error(request, 404, "there is nothing here that the questions ask about", _JSON)
        if name not in known:
            return error(request, 404, f"no question {name!r}{did_you_mean(name, known)}", _JSON)
        form = self._form(request)
        if form is None:
            return error(request, 406, f"the answer can be had as: {', '.join(media_types.ANSWERS.values())}", _JSON)
        if form not in media_types.ANSWERS:
            return error(request, 400, f"no format {form!r}; it is one of: {', '.join(media_types.ANSWERS)}", _JSON)
        # A form of HTML sends its empty fields too; empty is not given.
        pairs = [(key.replace("-", "_"), value) for key, value in given.multi_items() if key != "format" and value]
        parameters = dict(pairs)
        if len(pairs) > len(parameters):
            return error(request, 400, "a parameter is given more than once", _JSON)
        job = {"do": "ask", "with": {"question": name, "parameters": parameters, "form": form}}
        return await self.jobs.respond(request, job, self.jobs.tag("ask", name, sorted(pairs), form), errors=_JSON)

    @staticmethod
    def _form(request: Request) -> str | None:
        if "format" in request.query_params:
            return request.query_params["format"]
        chosen = media_types.choose(request.headers.get("Accept"), list(media_types.ANSWERS.values()))
        return next((form for form, media_type in media_types.ANSWERS.items() if media_type == chosen), None)

    async def openapi(self, request: Request) -> Response:
        """The interface in OpenAPI."""
        return self._json(request, openapi(self.description, self.base))

    def _json(self, request: Request, data: object) -> Response:
        body = json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"
        return answer(request, body, _JSON, self.jobs.tag(request.url.path))

    async def ontology(self, request: Request) -> Response:
        """What may be said: all words of the vocabulary."""
        return await self._thing(request, iris.BASE + "ontology", part=True)

    async def below(self, request: Request) -> Response:
        """`/<kind>/<slug>`: a file of the site, or a thing of ours."""
        kind, local = request.path_params["kind"], request.path_params["local"]
        last = f"{kind}/{local}".removesuffix("/").rpartition("/")[2]
        if (kind in _WITH_SLASH if not local else local.endswith("/") and kind in {"questions", *iris.KINDS}) and _SLUG.fullmatch(last):
            query = f"?{request.url.query}" if request.url.query else ""
            return Response(status_code=308, headers={"Location": f"../{last}{query}"})
        if kind not in iris.KINDS or re.search(r"\.(html|svg|csv)$", local):
            page = await self.file(request, f"{kind}/{local}")
            # A name may end as a page does.
            if page.status_code != 404 or kind not in iris.KINDS or not _SLUG.fullmatch(local):
                return page
            thing = await self._thing_of(request, kind, local)
            return page if thing.status_code == 404 else thing
        if not _SLUG.fullmatch(local):
            return error(request, 404, f"nothing is known of {kind}/{local}")
        return await self._thing_of(request, kind, local)

    async def _thing_of(self, request: Request, kind: str, local: str) -> Response:
        """The thing of a key, k2graph's own or else that of a pack with a base of its own."""
        found = await self._thing(request, f"{iris.BASE}{kind}/{local}")
        for base in self.description.bases:
            if found.status_code != 404:
                break
            if base != iris.BASE and (other := await self._thing(request, f"{base}{kind}/{local}")).status_code != 404:
                return other
        return found

    async def _thing(self, request: Request, iri: str, *, part: bool = False) -> Response:
        if unknown := next((name for name in request.query_params if name != "format"), None):
            return error(request, 400, f"no parameter {unknown[:100]!r} here; there is: format")
        try:
            wanted = media_types.choose(asked_form(request), _THINGS)
        except ValueError as fault:
            return error(request, 400, str(fault))
        if wanted is None:
            return error(request, 406, f"this can be had as: {', '.join(_THINGS)}")
        if wanted == media_types.PAGE and not part:
            try:
                address = await self._page_of(iri)
            except TimeoutError:
                return not_ready(request)
            if address:
                return Response(status_code=303, headers={"Location": f"../{address}", "Vary": "Accept"})
        job = {"do": "thing", "with": {"iri": iri, "part": part, "wanted": wanted}}
        return await self.jobs.respond(request, job, self.jobs.tag("thing", iri, wanted))

    async def _page_of(self, iri: str) -> str | None:
        kind, _, local = iri.removeprefix(iris.BASE).partition("/")
        if kind == "question":
            return f"question/{local}.html" if local in self.description.queries else None
        return await self.pages.address(iris.short(iri), _PATIENCE)

    async def top(self, request: Request) -> Response:
        """A file at the top of the site."""
        return await self.file(request, request.path_params.get("name") or "index.html")

    async def file(self, request: Request, name: str) -> Response:
        """A file of the site, waited for while the site is being made."""
        try:
            content = await self.pages.file(name, _PATIENCE)
        except TimeoutError:
            return not_ready(request)
        if content is None:
            return error(request, 404, f"there is no page {name}")
        return answer(request, content, type_of(name), self.jobs.tag("file", name))
