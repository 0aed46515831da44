"""Recounting in a page: as a build gives it, in random settings; pools to the last digit that counts; and what a reader does and sees."""

import random
import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from browser import Open, Visit, serious
from playwright.sync_api import Page, expect
from pyoxigraph import NamedNode, Quad, RdfFormat, Store

import k2graph
from k2graph import iris, resources
from k2graph.building.computed_estimates import arms_of_findings, computed_estimates, decimal, pooling
from k2graph.building.effect_sizes import Effect
from k2graph.building.following import follow
from k2graph.building.meta_analysis import pooled_estimates
from k2graph.building.random_effects import pool
from k2graph.building.recounting import OF_MECHANISM, Course, course_of, deciding_words, facts_about, rows_of
from k2graph.building.scenarios import Scenario, read_scenarios
from k2graph.evidence.model import Evidence
from k2graph.ontology import Vocabulary
from k2graph.sparql.internal import example_of, internal
from k2graph.sparql.questions import with_values
from k2graph.sparql.rules import Rule, read_rules, without
from k2graph.views.site import recount

pytestmark = pytest.mark.browser

STIFFNESS, EVENTS = "claim/mk-7-level-arterial-stiffness.html", "mechanism/mgp-calcification-events.html"
#: Numbers that a vote, an interval or a pool of the graph may lie on either side of.
TRIED = {
    "supportedFrom": ("0.3", "0.5", "0.6", "0.9", "1"), "unsupportedUpTo": ("0", "0.1", "0.4", "0.5"), "excludedFrom": ("0.2", "0.5", "1"),
    "sidesFrom": ("2", "3", "8"), "sidesKnownFrom": ("0.1", "0.9"), "pooledFrom": ("0", "0.3", "0.7"), "significantBelow": ("0.01", "0.1"),
    "smallestPool": ("2", "4"), "lowRiskFrom": ("0", "0.2"), "highRiskAbove": ("0.1", "0.9"), "fewPeople": ("50", "5000"),
    "veryFewPeople": ("1", "900"), "fewEvents": ("1", "5000"), "variesFrom": ("0.1",), "notThroughMarkersFrom": ("0.9",),
}  # fmt: skip


class Settings(NamedTuple):
    """What is set: numbers by what they are of and their property, scenarios by name, and addresses of findings."""

    numbers: tuple[tuple[str, str, str], ...] = ()
    scenarios: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def for_page(self) -> dict[str, Any]:
        return {
            "numbers": [dict(zip(("of", "property", "number"), each, strict=True)) for each in self.numbers],
            "scenarios": self.scenarios,
            "leftOut": self.left_out,
        }


@pytest.fixture(scope="module")
def course(vocabulary: Vocabulary) -> Course:
    return course_of(vocabulary, read_rules(), OF_MECHANISM)


def built(facts: Iterable[Quad], vocabulary: Vocabulary, course: Course, settings: Settings, known: dict[str, Scenario]) -> Store:
    """What a build makes of facts under settings, by the way of `multiverse`: updates, then the rules, and once more."""
    chosen = [known[name] for name in settings.scenarios]
    left = tuple(name for each in chosen for name in each.without)
    numbers = [
        with_values(example_of("another-number.ru"), {"of": f"<{of}>", "property": f"<{name}>", "number": number})
        for of, name, number in settings.numbers
    ]
    out = [with_values(example_of("findings-left-out.ru"), {"finding": " ".join(f"<{each}>" for each in settings.left_out)})]

    def followed(quads: Iterable[Quad], kind: str, more: list[str], rules: Iterable[Rule]) -> Store:
        store = Store()
        store.extend(quads)
        for update in [*(each.update for each in chosen if each.changes == kind and each.update), *more]:
            store.update(update, prefixes=iris.PREFIXES)
        follow(store, vocabulary, without(rules, *left))
        return store

    read = followed(facts, "reading", numbers, course.reading)
    return followed(list(read), "counting", out if settings.left_out else [], course.counting)


def select(store: Store, query: str) -> list[dict[str, str | None]]:
    found: Any = store.query(query, prefixes=iris.PREFIXES)
    names = [variable.value for variable in found.variables]
    return [{name: row[name].value if row[name] is not None else None for name in names} for row in found]


def as_it_stands(store: Store, claim: NamedNode) -> dict[str, Any]:
    """All that a page shows of a claim."""
    numbers = """SELECT ?name ?value ?ciLow ?ciHigh ?predictionLow ?predictionHigh ?tauSquared ?iSquared ?cochranQ WHERE {
      ?name a k2g:PooledEstimate ; k2g:claim %s ; k2g:value ?value ; k2g:ciLow ?ciLow ; k2g:ciHigh ?ciHigh ;
        k2g:predictionLow ?predictionLow ;
        k2g:predictionHigh ?predictionHigh ; k2g:tauSquared ?tauSquared ; k2g:iSquared ?iSquared ; k2g:cochranQ ?cochranQ }
      ORDER BY ?name"""
    return {
        "stands": select(store, internal("how-a-claim-stands", claim=claim)),
        "steps": select(store, internal("certainty-of-claim", claim=claim)),
        "says": select(store, internal("what-each-finding-says", claim=claim)),
        "pools": select(store, numbers % claim),
    }


#: What the same is in a page, which chooses scenarios by their names.
IN_PAGE = """async ([claims, mechanisms, settings]) => {
  const engine = window.k2graphRecounting, known = await engine.begin();
  window.bases ??= {};
  const key = claims.join();
  const base = (window.bases[key] ??= await engine.follow(claims, [], engine.asBuilt)).store;
  const scenarios = known.scenarios.flatMap((each) => engine.ofEach(base, each));
  const chosen = settings.scenarios.map((name) => scenarios.find((each) => each.name === name));
  const { store, pools } = await engine.follow(claims, mechanisms, { ...settings, scenarios: chosen });
  const rows = (name, claim) => engine.rows(store, name, { claim: engine.iri(claim) });
  return {
    claims: Object.fromEntries(claims.map((claim) => [claim, {
      stands: rows("how-a-claim-stands", claim), steps: rows("certainty-of-claim", claim), says: rows("what-each-finding-says", claim),
      pools: pools.filter((pool) => pool.claims.includes(claim)).map((pool) => ({ name: pool.name, ...pool.numbers }))
        .sort((one, other) => (one.name < other.name ? -1 : 1)),
    }])),
    mechanisms: mechanisms.map((each) => engine.rows(store, "how-a-mechanism-stands", { mechanism: engine.iri(each) })[0]),
  };
}"""


@pytest.fixture
def page(site: Path, visit: Open) -> Page:
    """A page in which the engine is loaded, without what a reader sees of it."""
    here = visit(site / STIFFNESS).page
    for name in recount.LATER:
        here.evaluate(
            """(name) => new Promise((done) => {
              const script = document.createElement("script");
              script.src = `../assets/${name}`;
              script.onload = done;
              document.head.append(script);
            })""",
            name,
        )
    return here


def drawn(graph: k2graph.Graph, evidence: Evidence, vocabulary: Vocabulary, course: Course, known: dict[str, Scenario]) -> Iterator[Any]:
    """Fifty settings on two claims of every kind, with the facts that the claim rests on and what the build makes of them as they are."""
    chance = random.Random(20261128)
    kinds: dict[tuple[str, str], list[str]] = {}
    for name, claim in sorted(evidence.claims.items()):
        if len(claim.bearings) > 1:
            method = claim.standing.method.label if claim.standing.method else ""
            kinds.setdefault(("pools", "") if claim.pooled else (method, claim.standing.result.notation), []).append(name)
    assert len(kinds) > 7
    numbers = {iris.short(row["property"].value): row for row in rows_of(graph, internal("numbers-to-decide-by"))}
    nodes: dict[str, set[Any]] = {}
    for row in rows_of(graph, internal("what-a-standing-rests-on", claim=None)):
        nodes.setdefault(row["claim"].value, set()).add(row["node"])
    words, done = list(deciding_words(graph)), 0
    for kind in sorted(kinds):
        for name in chance.sample(kinds[kind], min(2, len(kinds[kind]))):
            claim = iris.name(name)
            facts = [*words, *facts_about(graph, nodes[claim.value], course.later)]
            base = built(facts, vocabulary, course, Settings(), known)
            each_group = {each.name: each for scenario in known.values() for each in scenario.of_each(base)}
            findings = sorted({row["finding"] for row in select(base, internal("what-each-finding-says", claim=claim))})
            differences = select(base, internal("differences-by-which-a-claim-is-read", claim=claim))
            for _ in range(3 + (done < 6)):
                changed = [
                    (numbers[f"k2g:{each}"]["of"].value, iris.name(f"k2g:{each}").value, chance.choice(TRIED[each]))
                    for each in chance.sample(sorted(TRIED), chance.randint(0, 4))
                ]
                for row in chance.sample(differences, min(len(differences), chance.randint(0, 1))):
                    changed.append((row["of"], row["property"], f"{float(row['number']) * chance.choice((0.4, 0.8, 1.25, 3)):.4f}"))
                tried = chance.sample(sorted(each_group), chance.randint(0, 2))
                out = chance.sample(findings, min(len(findings), chance.randint(0, 3)))
                if done < 50:
                    done += 1
                    yield claim, facts, base, Settings(tuple(changed), tuple(tried), tuple(out)), {**known, **each_group}
    assert done == 50


def test_a_page_recounts_as_a_build_does(
    graph: k2graph.Graph, evidence: Evidence, vocabulary: Vocabulary, course: Course, page: Page
) -> None:
    known = {each.name: each for each in read_scenarios()}
    moved, pooled = 0, 0
    for claim, facts, base, settings, all_known in drawn(graph, evidence, vocabulary, course, known):
        expected = as_it_stands(built(facts, vocabulary, course, settings, all_known), claim)
        found = page.evaluate(IN_PAGE, [[claim.value], [], settings.for_page()])["claims"][claim.value]
        assert found == expected, (claim, settings)
        moved += expected["stands"] != as_it_stands(base, claim)["stands"]
        pooled += bool(expected["pools"])
    # Settings that change nothing, and claims without pools, would show nothing.
    assert moved > 15
    assert pooled > 2


def test_mechanisms_are_recounted_as_in_a_build_of_the_whole(
    graph: k2graph.Graph, vocabulary: Vocabulary, course: Course, page: Page
) -> None:
    # All that the graph has but for what rules and figures made of it from the first of them on, and then every rule that there is.
    made = {iris.name(name) for name in ("k2g:PooledEstimate", "k2g:PooledResult", "k2g:AlternativeStanding", "k2g:TurningPoint")}
    triples = [Quad(*triple) for triple in graph.triples()]
    followed = {quad.subject for quad in triples if quad.predicate == iris.name("prov:wasGeneratedBy") or quad.object in made}
    rules = read_rules()
    first = next(place for place, rule in enumerate(rules) if rule.name == course.reading[0].name)
    early = {iris.ours("rule", rule.name) for rule in rules[:first]}
    kept = {quad.subject for quad in triples if quad.predicate == iris.name("prov:wasGeneratedBy") and quad.object in early}
    words = {triple[0] for triple in vocabulary.triples()}
    facts = [
        q for q in triples if (q.subject not in followed or q.subject in kept) and (q.predicate not in course.later or q.subject in words)
    ]
    mechanisms = {each.value: sorted(those) for each, those in claims_of_mechanisms(graph).items()}
    of = iris.name("k2g:thresholds").value
    verdicts = "SELECT ?mechanism ?verdict WHERE { ?mechanism k2g:support/k2g:verdict/rdfs:label ?verdict }"
    now: dict[Any, Any] = {}
    for numbers in ({}, {"supportedFrom": "0.3", "unsupportedUpTo": "0.1"}, {"sidesFrom": "2", "excludedFrom": "0.1", "pooledFrom": "0"}):
        settings = Settings(tuple((of, iris.name(f"k2g:{name}").value, number) for name, number in numbers.items()))
        store = Store()
        store.extend(facts)
        for _, name, number in settings.numbers:
            store.update(with_values(example_of("another-number.ru"), {"of": f"<{of}>", "property": f"<{name}>", "number": number}))
        follow(store, vocabulary, rules[first:])
        whole = {row["mechanism"]: row["verdict"] for row in select(store, verdicts)}
        now = now or whole
        for mechanism, claims in mechanisms.items():
            if mechanism not in sorted(mechanisms)[::6] and whole[mechanism] == now[mechanism]:
                continue
            found = page.evaluate(IN_PAGE, [claims, [mechanism], settings.for_page()])
            assert found["mechanisms"] == select(store, internal("how-a-mechanism-stands", mechanism=NamedNode(mechanism)))
            for claim in claims:
                assert found["claims"][claim]["stands"] == select(store, internal("how-a-claim-stands", claim=NamedNode(claim))), claim
    assert whole != now


def claims_of_mechanisms(graph: k2graph.Graph) -> dict[Any, set[str]]:
    found: dict[Any, set[str]] = {}
    for row in rows_of(graph, internal("what-a-verdict-rests-on")):
        found.setdefault(row["mechanism"], set()).add(row["claim"].value)
    return found


def test_every_claim_and_verdict_follows_in_a_page_as_it_was_built(graph: k2graph.Graph, site: Path, page: Page) -> None:
    # All claims in one go, which is more than any page does.
    other = page.evaluate(
        """async () => {
          const engine = window.k2graphRecounting, known = await engine.begin(), claims = Object.keys(known.claims);
          const { store } = await engine.follow(claims, Object.keys(known.mechanisms), engine.asBuilt);
          const verdict = (each) => engine.rows(store, "how-a-mechanism-stands", { mechanism: engine.iri(each) })[0].verdict;
          const verdicts = Object.keys(known.mechanisms).map((each) => [each, verdict(each)]);
          return [claims.length, claims.filter((each) => !engine.isAsBuilt(store, [each])), Object.fromEntries(verdicts)];
        }"""
    )
    written = {row["claim"].value for row in rows_of(graph, internal("standings"))}
    assert other[:2] == [len(written), []]
    assert other[2] == {row["thing"].value: row["value"].value for row in rows_of(graph, internal("verdict-of-each-mechanism"))}


# Pools


def test_the_model_is_that_of_the_build(page: Page) -> None:
    from scipy.stats import t

    found = page.evaluate("Array.from({ length: 200 }, (_, place) => window.k2graphPools.tBeyond(0.05, place + 1))")
    assert found == pytest.approx([t.isf(0.025, freedom) for freedom in range(1, 201)], rel=1e-12)
    chance = random.Random(7)
    names = {"predictionLow": "prediction_low", "predictionHigh": "prediction_high", "tauSquared": "tau_squared", "iSquared": "i_squared"}
    for size in [2, 3, 3, 4, 5, 8, 20, 60] * 5:
        spread = chance.choice((0, 0.1, 1, 30))
        effects = [Effect(chance.gauss(0.3, spread + 0.2), chance.uniform(0.05, 2) * chance.choice((1, 0.001, 100))) for _ in range(size)]
        expected = pool(effects)
        given = [{"estimate": each.estimate, "error": each.error} for each in effects]
        z = recount.Z
        found = page.evaluate("([effects, z]) => window.k2graphPools.pool(effects, z)", [given, z])
        scale = max(abs(expected.low), abs(expected.high))
        for name in ("estimate", "low", "high", "predictionLow", "predictionHigh", "tauSquared", "iSquared", "q", "isNarrow", "weights"):
            tolerance = 1e-9 * (scale**2 if name == "tauSquared" else 1 if name == "iSquared" else scale)
            assert found[name] == pytest.approx(
                getattr(expected, {**names, "isNarrow": "is_narrow"}.get(name, name)), rel=1e-7, abs=tolerance
            ), name


def test_numbers_are_written_as_the_build_writes_them(page: Page) -> None:
    chance = random.Random(5)
    numbers = [chance.uniform(-1, 1) * 10 ** chance.randint(-12, 12) for _ in range(3000)]
    # What lies half way, to an even digit; what rounds up to one place more; whole numbers.
    numbers += [12345.5, 12344.5, -0.5, 1234.25, 9.99996, 0.99996, 99999.5, 100000.0, 0.0, 3.0, -120.0, 1e-7]
    found = page.evaluate("(numbers) => numbers.map((each) => window.k2graphPools.decimal(each, 5))", numbers)
    assert found == [decimal(number, 5).value for number in numbers]


def finding(name: str, trial: str = "", claims: str = "c", **more: str) -> str:
    """A finding of a trial on arterial stiffness, in m/s, that bears on claims; `numbers` are value, lower and upper end."""
    numbers = dict(zip(("k2g:value", "k2g:ciLow", "k2g:ciHigh"), more.pop("numbers", "").split(), strict=False))
    common = {"rdf:object": "entity:o", "k2g:speaksAt": "2.0", "k2g:investigation": f"trial:{trial or name}", "k2g:unit": '"m/s"'}
    common |= {"k2g:evidenceLevel": "k2g:level-human-trial", "k2g:unitTerm": "k2g:unit-metre-per-second"}
    common |= {
        "k2g:measureTerm": "k2g:measure-mean-difference",
        **numbers,
        **{key.replace("__", ":"): value for key, value in more.items()},
    }
    bears = "".join(
        f"bearing:{name}-{each} a k2g:Bearing ; k2g:claim claim:{each} ; k2g:finding finding:{name} .\n" for each in claims.split()
    )
    return f"finding:{name} a k2g:Finding ; {' ; '.join(f'{key} {value}' for key, value in common.items())} .\n{bears}"


def arms(one: str, two: str, **more: str) -> dict[str, str]:
    sides = {"1": one.split(), "2": two.split()}
    return {f"k2g__{name}{side}": arm[place] for side, arm in sides.items() for place, name in enumerate(("n", "mean", "sd"))} | more


def events(one: str, two: str, **more: str) -> dict[str, str]:
    sides = {"1": one.split(), "2": two.split()}
    return {f"k2g__{name}{side}": arm[place] for side, arm in sides.items() for place, name in enumerate(("n", "events"))} | more


_ONE = {"k2g__comparatorArm": '"placebo"'}
_AFTER = {"k2g__numbersAre": "k2g:spread-after"}
_NANO, _MICRO = (
    {"k2g__unit": f'"{text}"', "k2g__unitTerm": f"k2g:unit-{word}-per-millilitre"}
    for text, word in (("ng/mL", "nanogram"), ("ug/mL", "microgram"))
)
_THREE = finding("a", numbers="-0.38 -0.74 -0.02") + finding("b", numbers="-0.33 -0.55 -0.11") + finding("c", numbers="0.55 -0.5 1.6")
_RATIO = {"k2g__measureTerm": "k2g:measure-risk-ratio"}
POOLED = {
    "three": (_THREE, 1),
    "two claims, a long name of what was measured": (
        _THREE
        + finding("d", claims="c wider", numbers="1 0 2")
        + finding("e", claims="wider", numbers="2 1 3")
        + finding("f", claims="wider", numbers="0 -1 1"),
        2,
    ),
    "units that are converted": (
        finding("a", numbers="1 0 2", **_NANO)
        + finding("b", numbers="2 1 3", **_NANO)
        + finding("d", numbers="0.003 0.002 0.004", **_MICRO),
        1,
    ),
    "one other unit": (
        finding("a", numbers="1 0 2", **_NANO) + finding("b", numbers="2 1 3", **_NANO) + finding("d", numbers="3 2 4", **_NANO),
        1,
    ),
    "ratios": (
        "".join(finding(name, numbers=numbers, **_RATIO) for name, numbers in (("a", "0.5 0.25 1"), ("b", "1 0.5 2"), ("d", "2 1 4.5"))),
        1,
    ),
    "an inverse scale": (
        "".join(
            finding(name, numbers=numbers, k2g__scale="k2g:scale-inverse")
            for name, numbers in (("a", "1 0 2"), ("b", "2 1 3"), ("d", "0 -1 1"))
        ),
        1,
    ),
    "a primary result and the longest": (
        _THREE + finding("c0", "c", numbers="-9 -10 -8", k2g__followUp="84") + finding("b0", "b", numbers="3 2 4", k2g__speaksAt="0.0"),
        1,
    ),
    "arms with one comparator": (
        _THREE
        + finding("d1", "d", **arms("50 26.5 4.5", "60 30 5", k2g__arm='"low"', **_ONE))
        + finding("d2", "d", **arms("50 32.9 5.8", "60 30 5", k2g__arm='"high"', **_ONE)),
        1,
    ),
    "arms without names": (_THREE + finding("d1", "d", numbers="1 0 2") + finding("d2", "d", numbers="3 2 4"), 1),
    "skewed amounts": (
        finding("d", **arms("40 100 120", "40 150 160", **_AFTER))
        + finding("e", **arms("40 100 20", "40 120 30", **_AFTER))
        + finding("f", numbers="0.85 0.55 1.31", k2g__measureTerm="k2g:measure-ratio-of-means"),
        1,
    ),
    "skewed beside plain": (
        _THREE
        + finding("d", **arms("40 100 120", "40 150 160", **_AFTER))
        + "".join(finding(each, **arms("40 100 20", "40 120 30", **_AFTER)) for each in "efg"),
        2,
    ),
    "arms after treatment that are not skewed": (
        "".join(finding(each, **arms("40 100 20", f"40 12{each} 30", **_AFTER)) for each in "123"),
        1,
    ),
    "events of arms": (
        "".join(finding(each, **events(f"4{each} {each}", "50 9", **_RATIO)) for each in "135")
        + finding("d1", "d", **events("40 0", "60 7", k2g__arm='"low"', **_ONE, **_RATIO))
        + finding("d2", "d", **events("40 3", "60 7", k2g__arm='"high"', **_ONE, **_RATIO)),
        1,
    ),
    "odds and risk differences": (
        "".join(
            finding(f"{measure[0]}{each}", each, **events(f"4{each} {each}", "50 9", k2g__measureTerm=f"k2g:measure-{measure}"))
            + finding(
                f"{measure[0]}{each}x", each, **events(f"3{each} {each}", "50 9", k2g__arm='"x"', k2g__measureTerm=f"k2g:measure-{measure}")
            )
            for measure in ("odds-ratio", "risk-difference")
            for each in "135"
        ),
        2,
    ),
}


@pytest.mark.parametrize("name", POOLED)
def test_what_is_pooled_is_what_the_build_pools(page: Page, name: str, vocabulary: Vocabulary) -> None:
    facts, count = POOLED[name]
    store = Store()
    store.extend(Quad(*triple) for triple in vocabulary.triples())
    store.load(("".join(f"@prefix {prefix}: <{start}> .\n" for prefix, start in iris.PREFIXES.items()) + facts).encode(), RdfFormat.TURTLE)
    ask: Any = partial(store.query, prefixes=iris.PREFIXES)
    store.extend([*computed_estimates(ask)])
    parameters = pooling(ask)
    assert parameters is not None
    given = {
        "rows": select(store, internal("poolable-results")),
        "turning": [row["scale"] for row in select(store, internal("scales-that-turn"))],
        "arms": {of: recount._of_arms(each) for of, each in arms_of_findings(ask).items()},
        "parameters": recount._of_pooling(parameters),
        "smallest": parameters.smallest,
        "base": iris.BASE,
    }
    found = page.evaluate(
        """(given) => {
          const { Store } = window.k2graphOxigraph;
          return window.k2graphRecounting.begin().then(() => window.k2graphPools.made(given.rows, new Set(given.turning), {
            ...given, sha256: (text) => {
              const asked = `SELECT (SHA256(${JSON.stringify(text)}) AS ?sum) {}`;
              return JSON.parse(new Store().query(asked, { results_format: "json" })).results.bindings[0].sum.value;
            },
          }).map((pool) => [pool.name, { ...pool.numbers, isNarrow: String(pool.isNarrow), investigations: String(pool.trials),
            unitTerm: pool.unit.word, claims: pool.claims.sort().join(), findings: pool.findings.join() }]));
        }""",
        given,
    )
    store.extend([*pooled_estimates(ask)])
    expected: dict[str, dict[str, Any]] = {}
    for quad in store.quads_for_pattern(None, iris.name("rdf:type"), iris.name("k2g:PooledEstimate")):
        every = {
            iris.short(each.predicate.value).removeprefix("k2g:"): each.object.value
            for each in store.quads_for_pattern(quad.subject, None, None)
        }
        of = {
            key: sorted(each.object.value for each in store.quads_for_pattern(quad.subject, iris.name(f"k2g:{key}"), None))
            for key in ("claim", "finding")
        }
        names = (
            "value",
            "ciLow",
            "ciHigh",
            "predictionLow",
            "predictionHigh",
            "tauSquared",
            "iSquared",
            "cochranQ",
            "isNarrow",
            "investigations",
        )
        expected[quad.subject.value] = {each: every[each] for each in names} | {
            "unitTerm": every.get("unitTerm", ""), "claims": ",".join(of["claim"]), "findings": ",".join(of["finding"]),
        }  # fmt: skip
    assert dict(found) == expected
    assert len(found) == count


# What a reader does and sees


def opened(visit: Open, path: Path, anchor: str = "", **window: Any) -> Visit:
    here = visit(path, anchor=anchor, **window)
    if not anchor:
        # Nothing is loaded before somebody wants it.
        assert here.page.evaluate("typeof window.k2graphOxigraph") == "undefined"
        here.page.click("details.recount > summary")
    ready(here)
    return here


def ready(here: Visit) -> None:
    expect(here.page.locator(".recounted")).to_have_attribute("aria-busy", "false", timeout=20_000)


def row(here: Visit, label: str) -> str:
    """What stands beside a label."""
    return (
        here.page.locator(".recounted dt", has_text=re.compile(f"^{label}$")).first.locator("xpath=following-sibling::dd[1]").inner_text()
    )


def status(here: Visit) -> str:
    return here.page.locator(".recount [role=status]").inner_text()


def test_a_study_is_left_out_and_comes_back(site: Path, visit: Open) -> None:
    # Of the nine trials on vitamin K2 three show it; without the one of Maastricht two of eight, a quarter, which is too few; certainty
    # rises by the step for being contested (tests/building/test_multiverse.py).
    here = opened(visit, site / "claim/vitamin-k2-level-arterial-stiffness.html")
    assert status(here).startswith("As built.")
    assert row(here, "Standing").startswith("≈contested in human trials (9)")
    here.page.check("#recount-marjohjknapen2015-1")
    here.page.get_by_label(re.compile("^without Maastricht")).check()
    expect(here.page.locator(".recount [role=status]")).to_contain_text("standing is now not shown in human trials (8)")
    ready(here)
    assert "not shown in human trials (8)" in row(here, "Standing")
    assert "changed, as built: contested in human trials (9)" in row(here, "Standing")
    assert row(here, "Certainty").startswith("low")
    part = here.page.locator("#recount-marjohjknapen2015-1").locator("xpath=ancestor::li[1]").locator(".state")
    assert "does not count: left out to see what would follow" in part.inner_text()
    # The address holds it, so that another reader sees the same.
    address = here.page.url
    assert "tried=without-one-research-group--" in address
    other = opened(visit, site / "claim/vitamin-k2-level-arterial-stiffness.html", anchor="#" + address.partition("#")[2])
    assert status(other) == status(here)
    here.page.get_by_role("button", name="Back to as built").click()
    expect(here.page.locator(".recount [role=status]")).to_contain_text("As built.")
    assert "#" not in here.page.url
    assert here.page.locator(".recounting input:checked, .recounting input.changed").count() == 0


def test_pools_and_chains_follow(site: Path, visit: Open) -> None:
    here = opened(visit, site / STIFFNESS)
    assert "3 trials" in row(here, "Pooled")
    here.page.get_by_label("smallest pool", exact=True).fill("4")
    expect(here.page.locator(".recounted dd.changed", has_text="as built: arterial stiffness")).to_be_visible()
    # Five trials leave calcification open. Were any share of votes that leave out an important effect enough, and be it none, there would
    # be no important effect, which stops translation.
    here = opened(visit, site / EVENTS)
    assert (row(here, "Verdict"), row(here, "Left open at")) == ("not shown further in human trials", "vascular calcification")
    here.page.get_by_label("excluded from", exact=True).fill("0")
    expect(here.page.locator(".recount [role=status]")).to_contain_text("the verdict is now: translation stops")
    assert "changed, as built: not shown further in human trials" in row(here, "Verdict")


def test_differences_are_those_by_which_the_claim_is_read(site: Path, visit: Open) -> None:
    # Velocities are told in m/s, where 1 matters (important_differences.tsv), the risk of progression as a ratio, without a difference of
    # its own: 0.75 to 1.25 by default.
    here = opened(visit, site / STIFFNESS)
    fields = here.page.locator("fieldset", has=here.page.locator("legend:text-is('What matters')")).locator("label")
    assert fields.all_inner_texts() == [
        "arterial stiffness, mean difference, m/s",
        "ratio of means, risk ratio: unimportant from",
        "ratio of means, risk ratio: unimportant to",
    ]
    # Two computed intervals, neither of which counts, leave out 1 m/s, and not a tenth of it.
    here.page.get_by_label("arterial stiffness, mean difference, m/s").fill("0.1")
    expect(here.page.locator(".recounting li .state.changed")).to_have_count(2)
    assert "as built: leaves out an important effect" in here.page.locator(".recounting li .state.changed").first.inner_text()


def test_what_is_no_number_changes_nothing_and_is_told(site: Path, visit: Open) -> None:
    here = opened(visit, site / STIFFNESS)
    field = here.page.get_by_label("supported from", exact=True)
    for wrong in ("1.5", "-1", "", "1e9"):
        field.fill(wrong)
        expect(here.page.locator(".recounting input:invalid")).to_have_count(1)
        ready(here)
        assert status(here).startswith("As built.")
    # Nor do addresses that somebody made up.
    text = "#thresholds.supportedFrom=7&tried=nothing,by-count&out=finding/none,%3Cb%3E&x.y=1"
    here = opened(visit, site / STIFFNESS, anchor=text)
    assert here.page.locator(".recounting input:checked").count() == 1
    assert here.page.locator(".recounting input.changed").count() == 0
    assert here.page.url.endswith("#tried=by-count")
    # Who was sent it learns that it is not the count that was meant.
    told = " Of the address this was not understood, and left out: thresholds.supportedFrom, x.y, nothing and more."
    assert status(here).endswith(told)
    here.page.get_by_label("supported from", exact=True).fill("0.7")
    expect(here.page.locator(".recount [role=status]")).not_to_contain_text("not understood")


def test_numbers_that_a_build_refuses_are_refused(site: Path, visit: Open) -> None:
    here = opened(visit, site / STIFFNESS)
    wrong = here.page.locator(".recounting input:invalid")
    field = here.page.get_by_label("arterial stiffness, mean difference, m/s")
    for text in ("-0.5", "0"):
        field.fill(text)
        told = "As built. Change something below to see what would follow. 1 number cannot be taken."
        expect(here.page.locator(".recount [role=status]")).to_have_text(told)
        expect(wrong).to_have_count(1)
    field.fill("1")
    # By the shapes the share up to which a claim is not supported lies below that from which it is.
    here.page.get_by_label("supported from", exact=True).fill("0.1")
    here.page.get_by_label("unsupported up to", exact=True).fill("0.9")
    expect(wrong).to_have_count(2)
    expect(here.page.locator(".recount [role=status]")).to_have_text(re.compile(r"^As built\..* 2 numbers cannot be taken\.$"))


def test_another_place_on_the_page_undoes_nothing(site: Path, visit: Open) -> None:
    here = opened(visit, site / STIFFNESS, anchor="#thresholds.supportedFrom=0.3")
    before = status(here)
    here.page.evaluate("location.hash = '#main'")
    here.page.wait_for_timeout(500)
    ready(here)
    assert status(here) == before
    assert here.page.get_by_label("supported from", exact=True).input_value() == "0.3"


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("path", [STIFFNESS, EVENTS])
def test_it_fits_every_window_and_everyone(site: Path, visit: Open, path: str, width: int) -> None:
    here = opened(
        visit, site / path, anchor="#thresholds.supportedFrom=0.3&tried=by-count", width=width, scheme="dark" if width == 768 else "light"
    )
    assert here.overflow <= 0
    # Each field can be reached and has a name.
    fields = here.page.locator(".recounting input").all()
    assert len(fields) > 20
    assert here.page.evaluate("[...document.querySelectorAll('.recounting input')].filter((each) => !each.labels.length).length") == 0
    if width != 360:
        assert serious(here) == []


def test_what_does_not_follow_is_not_recounted(site: Path, visit: Open) -> None:
    # As in a graph that other rules made: one word of what was built is another.
    for path, built in (
        (STIFFNESS, ".built[thing][0] = 'leaning in human trials (7)'"),
        (EVENTS, ".mechanisms[thing].verdict = 'supported'"),
    ):
        here = visit(site / path)
        here.page.evaluate(
            f"""() => {{
              const thing = document.querySelector("[data-recount]").dataset.recount, stream = Response.prototype.json;
              Response.prototype.json = async function () {{ const known = await stream.call(this); known{built}; return known; }};
            }}"""
        )
        here.page.click("details.recount > summary")
        expect(here.page.locator(".recount [role=alert]")).to_contain_text("the graph was built by others", timeout=20_000)
        assert here.page.locator(".recounting").count() == 0


def test_without_scripts_it_says_so(site: Path, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / STIFFNESS).as_uri())
    page.click("details.recount > summary")
    expect(page.locator(".recount")).to_contain_text("This needs scripts")
    context.close()


def test_the_engine_comes_with_its_licence(site: Path) -> None:
    text = (site / "assets/oxigraph.js").read_text(encoding="utf-8")
    assert text.startswith("/*! oxigraph 0.5.")
    assert "Permission is hereby granted" in text[:1500]
    assert "export " not in re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def test_numbers_are_taken_away_in_brackets_for_every_engine() -> None:
    """Oxigraph 0.5.11, which pages run, takes 10 - 3 - 2 for 9, and 24 / 4 * 2 for 3."""
    files = [*resources.RULES.glob("*.rq"), *resources.SCENARIOS.glob("*.ru"), *resources.QUESTIONS.rglob("*.r[qu]")]
    assert len(files) > 100
    term = r"(?:\?\w+|\d[\d.]*)"
    row_of = re.compile(rf"{term} - {term} [-+] |{term} / {term} [*/] ")
    bare = {path.name: re.sub(r"(?m)^\s*#.*$", "", path.read_text(encoding="utf-8")) for path in files}
    assert [name for name, text in bare.items() if row_of.search(text)] == []
    assert row_of.search("2 * ?for - ?n - 1")
