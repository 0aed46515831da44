"""The interface of a server in OpenAPI 3.1, its questions from their heads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ... import __version__
from ...sparql.questions import Parameter, Question
from .. import media_types
from .description import Description

_ERRORS = {
    status: {"description": meaning, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    for status, meaning in (
        ("400", "what is wrong with the request"),
        ("406", "no such form"),
        ("422", "more rows than are sent"),
        ("429", "more queries than one client may have under way"),
        ("500", "the engine failed"),
        ("503", "too long, or too busy"),
    )
}


_FORMAT = {
    "name": "format",
    "in": "query",
    "description": "the form of the answer, in the place of Accept",
    "schema": {"type": "string", "enum": [form for form, types in media_types.FORMS.items() if media_types.PAGE not in types]},
}


def openapi(description: Description, base: str) -> dict[str, Any]:
    """The interface in OpenAPI 3.1, its questions from their heads."""
    text = {"schema": {"type": "string"}}
    query = {"name": "query", "in": "query", "description": "a SPARQL 1.1 query", **text}
    answers = {kind: dict(text) for kind in dict.fromkeys(each for offers in media_types.OFFERS.values() for each in offers)}
    sparql = {
        "summary": "The SPARQL 1.1 Protocol; without a query, the description of the service",
        "operationId": "sparql",
        "parameters": [query, _FORMAT, *(_graphs(name) for name in ("default-graph-uri", "named-graph-uri"))],
        "responses": {"200": {"description": "the answer", "content": answers}, **_ERRORS},
    }
    listed = {
        "summary": "The questions",
        "operationId": "questions",
        "responses": {"200": {"description": "each with its parameters", "content": {"application/json": {"schema": {"type": "array"}}}}},
    }
    paths = {
        f"/questions/{question.name}": {"get": _operation(question, description.examples[question.name])}
        for question in description.questions
    }
    info = {"title": description.title or ("A graph in RDF" if description.plain else "k2graph"), "version": __version__}
    if not description.plain:
        info["summary"] = "Nutrient mechanisms, with the evidence for every step"
    licence = (
        {"license": {"name": description.licence, **({"url": description.licence} if ":" in description.licence else {})}}
        if description.licence
        else {}
    )
    return {
        "openapi": "3.1.0",
        "info": {**info, **licence},
        "servers": [{"url": base or "/"}],
        "paths": {"/sparql": {"get": sparql}, **({"/questions": {"get": listed}} if paths else {}), **paths},
        "components": {
            "schemas": {"Error": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}},
        },
    }


def _graphs(name: str) -> dict[str, Any]:
    meaning = "names of graphs, in the place of what the query says with FROM"
    return {"name": name, "in": "query", "description": meaning, "schema": {"type": "array", "items": {"type": "string", "format": "iri"}}}


def _operation(question: Question, examples: Mapping[str, str]) -> dict[str, Any]:
    form = {
        "name": "format",
        "in": "query",
        "description": "the form of the answer, in the place of Accept",
        "schema": {"type": "string", "enum": list(media_types.ANSWERS)},
    }
    row = {"type": "object", "properties": {column: {"description": meaning} for column, meaning in question.columns.items()}}
    asked = {
        "type": "object",
        "description": "what was asked",
        "properties": {"question": {"type": "string"}, "parameters": {"type": "object", "additionalProperties": {"type": "string"}}},
    }
    answer = {
        "type": "object",
        "required": ["asked", "columns", "rows"],
        "properties": {
            "asked": asked,
            "columns": {"type": "array", "items": {"type": "string"}},
            "rows": {"type": "array", "items": row},
            "nothing": {"type": "string", "description": "where there is no row: what it is that nothing in the graph answers"},
        },
    }
    content: dict[str, Any] = {media_type: {"schema": {"type": "string"}} for media_type in media_types.ANSWERS.values()}
    content["application/json"] = {"schema": answer}
    return {
        "summary": question.title,
        "description": f"{question.description.strip()}\n\nLeaves out: {question.leaves_out}",
        "operationId": question.name,
        "parameters": [*(_parameter(each, examples) for each in question.parameters.values()), form],
        "responses": {"200": {"description": "the answer", "content": content}, **_ERRORS},
    }


def _parameter(parameter: Parameter, examples: Mapping[str, str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer", "minimum": 0} if parameter.type == "integer" else {"type": "string"}
    described = {"name": parameter.name, "in": "query", "description": parameter.about, "required": parameter.required, "schema": schema}
    return described | ({"example": examples[parameter.name]} if parameter.name in examples else {})
