"""JSON-LD: every triple of ours, and beside them what search engines know of articles, studies, drugs and supplements (schema.org).

The context stands in the file, so that no reader has to fetch one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from .. import iris
from ..errors import InputError
from ..evidence.model import Evidence, Study
from ..iris import expand
from ..mappings import mapping_prefixes
from . import Format, Part, has_triples
from .mapped import Mapped
from .rdf import in_order

SCHEMA = mapping_prefixes()["schema"]
_XSD = iris.PREFIXES["xsd"]


def write_jsonld(part: Part, path: Path) -> Mapping[str, int]:
    """One JSON-LD document."""
    path.write_text(json.dumps(document([*part.triples(), *schema(part)]), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return {}


def schema(part: Part) -> Iterator[Triple]:
    """What schema.org has words for. No claim, finding or interaction is among it: what it has are statements held to be true."""
    evidence, mapped = part.evidence, Mapped(part.evidence)
    for report in evidence.reports.values():
        # What was never in a journal may be a registration or a record: a work, and not an article.
        yield from _described(report.id, mapped.term("k2g:Report", "schema") if report.journal else "CreativeWork", report.title, "")
        texts = {"headline": report.title, "identifier": report.key, "datePublished": str(report.year), "isPartOf": report.journal}
        if report.retraction:
            texts["creativeWorkStatus"] = report.retraction.label
        yield from _texts(report.id, texts)
    for study in evidence.studies.values():
        if kind := mapped.term(_kind(study, evidence), "schema"):
            yield from _described(study.id, kind, study.label, study.population)
            yield from _linked(study.id, "subjectOf", (report for report in study.reports if report in evidence.reports))
            yield from (Triple(NamedNode(expand(study.id)), NamedNode(f"{SCHEMA}identifier"), Literal(each)) for each in study.registry)
            design = mapped.term(study.design.id, "schema") if study.design else ""
            yield from _linked(study.id, "trialDesign" if study.kind == "Trial" else "studyDesign", [SCHEMA + design] if design else [])
    for entity in evidence.entities.values():
        if kind := mapped.term(entity.kind, "schema"):
            yield from _described(entity.id, kind, entity.label, entity.definition)


def _kind(study: Study, evidence: Evidence) -> str:
    """The class of a study; what was observed and allows no more than an association, is observed as a cohort is."""
    design = study.design.id if study.design else ""
    association_alone = [evidence.facts.one(design, f"k2g:allows{what}", None) for what in ("Association", "Effect")] == [True, False]
    return "k2g:Cohort" if association_alone else f"k2g:{study.kind}"


def _linked(thing: str, name: str, others: Iterable[str]) -> Iterator[Triple]:
    yield from (Triple(NamedNode(expand(thing)), NamedNode(SCHEMA + name), NamedNode(expand(other))) for other in others)


def _described(thing: str, kind: str, name: str, description: str) -> Iterator[Triple]:
    yield Triple(NamedNode(expand(thing)), iris.name("rdf:type"), NamedNode(SCHEMA + kind))
    yield from _texts(thing, {"name": name, "description": description})


def _texts(thing: str, texts: Mapping[str, str]) -> Iterator[Triple]:
    for name, text in texts.items():
        if text:
            yield Triple(NamedNode(expand(thing)), NamedNode(SCHEMA + name), Literal(text))


def document(triples: Iterable[Triple]) -> dict[str, Any]:
    """Triples as one JSON-LD document, things in the order of their addresses."""
    nodes: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    links: set[str] = set()
    literals: set[str] = set()
    languages: dict[str, set[str]] = defaultdict(set)
    rows = [(_short(each.subject), "@type" if _is_type(each) else _short(each.predicate), each.object) for each in in_order(triples)]
    for _, predicate, value in rows:
        (links if isinstance(value, NamedNode | BlankNode) else literals).add(predicate)
        languages[predicate].add(getattr(value, "language", None) or "")
    # A property that only ever leads to things, or to texts of one language, needs to say so once, here.
    only_links = links - literals
    tags = {predicate: next(iter(those)) for predicate, those in languages.items() if len(those) == 1 and those != {""}}
    for subject, predicate, value in rows:
        nodes[subject][predicate].append(
            _short(value) if predicate in only_links else str(getattr(value, "value", value)) if predicate in tags else _value(value)
        )
    prefixes = {prefix: {"@id": start, "@prefix": True} for prefix, start in {**iris.PREFIXES, "schema": SCHEMA}.items()}
    terms: dict[str, Any] = {each: {"@type": "@id"} for each in sorted(only_links - {"@type"})}
    terms |= {each: {"@language": tags[each]} for each in sorted(tags)}
    context = {"@version": 1.1, **prefixes, **terms}
    graph = [
        {"@id": node, **{key: values if len(values) > 1 else values[0] for key, values in record.items()}} for node, record in nodes.items()
    ]
    return {"@context": context, "@graph": graph}


def _is_type(triple: Triple) -> bool:
    return triple.predicate == iris.name("rdf:type")


def _short(node: Any) -> str:
    return f"_:{node.value}" if isinstance(node, BlankNode) else iris.short(str(node.value), schema=SCHEMA)


def _value(term: Any) -> Any:
    """A term as JSON says it, where JSON says it exactly: a decimal as a JSON number would come back as a double."""
    if isinstance(term, NamedNode | BlankNode):
        return {"@id": _short(term)}
    if isinstance(term, Triple):
        raise InputError("a statement about a statement has no place in JSON-LD 1.1; export it as turtle, ntriples or trig")
    if term.language:
        return {"@value": term.value, "@language": term.language}
    kind = term.datatype.value.removeprefix(_XSD)
    if kind == "string":
        return term.value
    if kind == "boolean" and term.value in {"true", "false"}:
        return term.value == "true"
    if kind == "integer" and term.value.removeprefix("-").isdecimal() and str(int(term.value)) == term.value and len(term.value) < 16:
        return int(term.value)
    return {"@value": term.value, "@type": _short(term.datatype)}


JSONLD = Format(
    "jsonld",
    "JSON-LD with schema.org types",
    "search engines, web pages, RDF libraries, anything that reads JSON",
    "the whole graph in our terms; reports, trials, observational studies, drugs, nutrients and diseases also in those of schema.org, with"
    " retractions and which report is of which study",
    "nothing in our terms; a reader that knows only schema.org sees no claims, findings or interactions",
    ".jsonld",
    write_jsonld,
    has=has_triples,
    incomplete=True,
)
