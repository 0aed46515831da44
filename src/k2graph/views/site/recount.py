"""What claims' pages need to recount: the engine, and what standings rest on with the rules by which they follow, in two scripts for all.

In: a site. Out: `assets/oxigraph.js`, Oxigraph's own build for browsers, and `assets/recount-data.js`, where as compressed JSON stand

    words       what the ontology says of its words and parameters, as N-Triples
    things      of each thing what a graph says of it before any of the rules, as N-Triples
    claims      claim → the places of its things among these; `built` → how it stands: standing, method, certainty
    mechanisms  mechanism → its claims, the places of its own things, its verdict as built and its page
    reading, counting, pooled   the rules in their order, each a name and an update, and the one before which pools are made
    numbers     by what it is decided, each of what, property, label, what it says, and the number
    below       pairs of these of which the shapes say that the one is less than the other
    scenarios   as files of ontology/scenarios have them
    queries     those of queries/internal that a page asks, and the updates
    looks       words of results, tiers and stances → class and icon

Nothing is decided here or in a page: the rules, the scenarios and the queries are the files that a build runs. Pools alone are reckoned
once more, by `assets/pools.js`, since they are no rule; the tests hold each against `building/meta_analysis.py`. Of things stand there only
the properties that these files name.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from ... import iris, palette, resources
from ...building.computed_estimates import Arms, Pooling, arms_of_findings, pooling
from ...building.effect_sizes import Z
from ...building.following import before_and_after_pooling
from ...building.recounting import OF_MECHANISM, Course, course_of, deciding_words, facts_about, rows_of
from ...building.scenarios import Scenario, read_scenarios
from ...ontology import Vocabulary
from ...sparql.internal import example_of, internal
from ...sparql.rules import read_rules
from ...sparql.store import with_prefixes
from .. import ASSETS, asset
from .site import Site

#: What a page loads at first, beside `take.js`, and what it loads when somebody recounts.
AT_FIRST, LATER = ("recount.js",), ("pools.js", "recounting.js", "oxigraph.js", "recount-data.js")
#: What a page asks of what follows, and what it changes beside scenarios.
_ASKED = (
    "how-a-claim-stands", "certainty-of-claim", "what-each-finding-says", "differences-by-which-a-claim-is-read", "studies-that-tell",
    "how-a-mechanism-stands", "label", "poolable-results", "scales-that-turn",
)  # fmt: skip
_CHANGING = ("another-number", "findings-left-out")
#: What no rule names and pools hang on. Amounts that look skewed are marked when estimates are computed, which is before all of this.
_OF_POOLS = "k2g:smallestPool"
_INTEGER = iris.name("xsd:integer")


def files(site: Site) -> Iterator[tuple[str, bytes]]:
    """The scripts, each by its name."""
    for name in ("recount.js", "pools.js", "recounting.js"):
        yield f"assets/{name}", asset(name).encode()
    yield "assets/oxigraph.js", engine()
    data = json.dumps(described(site), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    yield "assets/recount-data.js", b'window.k2graphRecountData="' + base64.b64encode(gzip.compress(data, 9, mtime=0)) + b'";\n'


def engine() -> bytes:
    """Oxigraph for browsers as a script that is no module, which a page on a disk could not load, with its licence; the program in it."""
    folder = ASSETS / "oxigraph"
    code = asset("oxigraph/web.js")
    # It exports each class and function where it stands, and at its end the two ways to begin, of which one would fetch the program.
    code = re.sub(r"^export (?=class |function )", "", code, flags=re.MULTILINE)
    code = re.sub(r"^export \{[^}]*\};", "return { Store, initSync };", code, flags=re.MULTILINE)
    code = code.replace("import.meta.url", "location.href")
    program = base64.b64encode((folder / "web_bg.wasm.gz").read_bytes()).decode()
    licence = f"{asset('oxigraph/VERSION').strip()}\n\n{asset('oxigraph/LICENSE-MIT').strip()}"
    return f'/*! {licence} */\nwindow.k2graphOxigraph=(()=>{{"use strict";\n{code}\n}})();\nwindow.k2graphProgram="{program}";\n'.encode()


def described(site: Site) -> dict[str, Any]:
    """What a page recounts with."""
    graph = site.graph
    vocabulary, rules, scenarios = Vocabulary(), read_rules(), read_scenarios()
    course = course_of(vocabulary, rules, OF_MECHANISM)
    select = partial(rows_of, graph)
    read = frozenset(_named(course, scenarios))
    things: dict[str, set[Any]] = defaultdict(set)
    mechanisms: dict[str, dict[str, set[Any]]] = defaultdict(lambda: {"claims": set(), "things": set()})
    claims = {row["claim"] for row in select(internal("standings"))}
    for row in select(internal("what-a-standing-rests-on", claim=None)):
        # Findings have subjects and objects too.
        if row["claim"] in claims:
            things[row["claim"].value].add(row["node"])
    for row in select(internal("what-a-verdict-rests-on")):
        mechanisms[row["mechanism"].value]["claims"].add(row["claim"].value)
        mechanisms[row["mechanism"].value]["things"].add(row["node"])
    together = set().union(*things.values(), *(each["things"] for each in mechanisms.values()))
    about: dict[Any, list[Quad]] = defaultdict(list)
    for quad in facts_about(graph, together, course.later):
        if quad.predicate in read:
            about[quad.subject].append(quad)
    order = sorted(about, key=str)
    place = {thing: number for number, thing in enumerate(order)}

    def places(found: Iterable[Any]) -> list[int]:
        return sorted(place[each] for each in found if each in place)

    built = {
        claim: [row[name].value if row[name] is not None else "" for name in ("standing", "method", "certainty")]
        for claim in things
        for row in select(internal("how-a-claim-stands", claim=NamedNode(claim)))
    }
    verdicts = {row["thing"].value: row["value"].value for row in select(internal("verdict-of-each-mechanism"))}
    _, pooled = before_and_after_pooling(vocabulary, list(course.counting))
    parameters = pooling(select)
    return {
        "base": iris.BASE,
        "words": _lines(quad for quad in deciding_words(graph) if quad.predicate in read),
        "things": [_lines(about[thing]) for thing in order],
        "claims": {claim: places(those) for claim, those in things.items()},
        "built": built,
        "mechanisms": {
            name: {
                "claims": sorted(each["claims"], key=_along(site, name)),
                "things": places(each["things"]),
                "verdict": verdicts.get(name, ""),
                "page": site.things.get(iris.short(name), ""),
            }
            for name, each in mechanisms.items()
        },
        "reading": [(rule.name, rule.update()) for rule in course.reading],
        "counting": [(rule.name, rule.update()) for rule in course.counting],
        "pooled": pooled[0].name if pooled else "",
        "pooling": _of_pooling(parameters) if parameters else None,
        "arms": {finding: _of_arms(arms) for finding, arms in arms_of_findings(select).items()},
        "numbers": (numbers := _numbers(select(internal("numbers-to-decide-by")), course)),
        "below": _below(numbers),
        "scenarios": [_of_scenario(scenario) for scenario in scenarios],
        "queries": {
            **{name: with_prefixes(example_of(f"{name}.rq")) for name in _ASKED},
            **{name: with_prefixes(example_of(f"{name}.ru")) for name in _CHANGING},
        },
        "looks": _looks(vocabulary),
    }  # fmt: skip


def _along(site: Site, mechanism: str) -> Callable[[str], tuple[int, str]]:
    """What orders the claims of a mechanism: step by step the link and how far the exposure reaches, then from end to end."""
    known = site.evidence.mechanisms.get(iris.short(mechanism))
    steps = [claim for step in (known.steps if known else ()) for claim in (step.claim, step.reach)]
    place = {claim: number for number, claim in reversed(list(enumerate(steps)))}
    return lambda claim: (place.get(iris.short(claim), len(steps)), claim)


def _named(course: Course, scenarios: Iterable[Scenario]) -> Iterator[NamedNode]:
    """The properties that any of the rules, scenarios and queries names."""
    texts = [rule.query for rule in (*course.reading, *course.counting)]
    texts += [text for scenario in scenarios for text in (scenario.update, scenario.each)]
    texts += [example_of(f"{name}.rq") for name in _ASKED] + [example_of(f"{name}.ru") for name in _CHANGING]
    yield iris.name("rdf:type")
    yield iris.name(_OF_POOLS)
    yield from (property_name for scenario in scenarios for property_name in scenario.goes_by)
    for text in texts:
        yield from (iris.name(word) for word in re.findall(r"\b(?:k2g|rdf|rdfs|skos|prov):[\w-]+", text))


def _lines(quads: Iterable[Quad]) -> str:
    return "\n".join(sorted(f"{quad.triple} ." for quad in quads))


def _of_pooling(parameters: Pooling) -> dict[str, Any]:
    """By what pools are made, but how many trials it takes, which a page may change."""
    measures = ("measure_of_skewed", "measure_of_amounts", "measure_of_events")
    return {"z": Z, **{name: getattr(parameters, name).value for name in measures}}


def _of_arms(arms: Arms) -> dict[str, Any]:
    """Arms' numbers, once medians are means."""
    return {"arm": arms.arm, "comparator": arms.comparator, "exposed": asdict(arms.exposed), "compared": asdict(arms.compared)}


def _numbers(rows: Iterable[Any], course: Course) -> list[dict[str, Any]]:
    """The numbers that a rule of the course reads, or pools hang on: those of the last rule first, as it has them."""
    read = {iris.name(word): (-1, 0) for word in [_OF_POOLS]}
    for number, rule in enumerate((*course.reading, *course.counting)):
        read |= {iris.name(found[0]): (number, -found.start()) for found in re.finditer(r"\bk2g:[\w-]+", rule.query)}
    columns = ("of", "property", "label", "about", "number")
    # A pool is one of two trials at least, and what is not counted in whole numbers is a share.
    return [
        {name: row[name].value for name in columns}
        | {"isWhole": row["number"].datatype == _INTEGER, "least": 2 if row["property"] == iris.name(_OF_POOLS) else 0}
        for row in sorted((row for row in rows if row["property"] in read), key=lambda row: read[row["property"]], reverse=True)
    ]


def _below(numbers: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """Which numbers are less than which, as a page calls them: by the shapes that say so of their properties."""
    shapes = Store()
    shapes.bulk_load(path=str(resources.SHAPES), format=RdfFormat.TURTLE)
    called: dict[str, list[str]] = defaultdict(list)
    for each in numbers:
        called[each["property"]].append(f"{_end(each['of'])}.{_end(each['property'])}")
    found: list[tuple[str, str]] = []
    for quad in shapes.quads_for_pattern(None, iris.name("sh:lessThan"), None):
        for path in shapes.quads_for_pattern(quad.subject, iris.name("sh:path"), None):
            low, high = getattr(path.object, "value", ""), getattr(quad.object, "value", "")
            found += [(one, other) for one in called[low] for other in called[high] if one.partition(".")[0] == other.partition(".")[0]]
    return sorted(found)


def _end(address: str) -> str:
    return re.split(r"[/#]", address)[-1]


def _of_scenario(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "title": scenario.title,
        "description": scenario.description,
        "changes": scenario.changes,
        "update": with_prefixes(scenario.update) if scenario.update else "",
        "without": scenario.without,
        "goesBy": " ".join(map(str, scenario.goes_by)),
        "each": with_prefixes(scenario.each) if scenario.each else "",
    }


def _looks(vocabulary: Vocabulary) -> dict[str, tuple[str, str]]:
    found = (("result", "results", palette.of_result), ("tier", "tiers", palette.of_tier), ("stance", "stances", palette.of_stance))
    return {
        word.value: (f"{kind}-{notation}", look(notation).icon)
        for kind, scheme, look in found
        for notation, word in vocabulary.schemes[scheme].items()
    }
