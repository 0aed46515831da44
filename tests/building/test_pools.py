"""Pools: every one in the graph and three made up, held against R's metafor; and by which rule trials come into them."""

import math
import random
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import pytest
from project import rows
from pyoxigraph import RdfFormat, Store
from r import r

import k2graph
from k2graph import iris
from k2graph.building.computed_estimates import computed_estimates
from k2graph.building.effect_sizes import Effect
from k2graph.building.meta_analysis import pooled_estimates
from k2graph.building.random_effects import Pool, pool
from k2graph.ontology import Vocabulary

pytestmark = pytest.mark.slow

FIELDS = ("estimate", "low", "high", "prediction_low", "prediction_high", "tau_squared", "i_squared", "q")


def metafor(studies: list[str]) -> list[dict[str, float]]:
    """What `rma` and `predict` give for each of some pools, each of which is R's `yi=..., sei=...`.

    Fisher scoring stops where a step is smaller than `threshold`, by default one hundred-thousandth, whatever the unit; here it goes on.
    """
    one = """function(f) { p <- predict(f); list(estimate=c(f$b), low=f$ci.lb, high=f$ci.ub, q=f$QE, tau_squared=f$tau2, i_squared=f$I2/100,
      prediction_low=p$pi.lb, prediction_high=p$pi.ub) }"""
    options = 'method="REML", test="knha", control=list(threshold=1e-12, maxiter=100000)'
    return list(r(f"lapply(list({', '.join(f'rma({each}, {options})' for each in studies)}), {one})"))


def agrees(found: dict[str, float], expected: dict[str, float], digits: int = 4) -> None:
    """To so many significant digits; what is nothing to metafor's tolerance is nothing."""
    size = max(abs(expected["low"]), abs(expected["high"]))
    absolute = {"tau_squared": 1e-8 * size**2, "i_squared": 1e-6}
    for field in FIELDS:
        near = pytest.approx(expected[field], rel=0.5 * 10**-digits, abs=absolute.get(field, 1e-7 * size))
        assert found[field] == near, field


# Every pool of the graph, from the numbers of findings.tsv

REPORTED = {
    # Pulse wave velocity, m/s: Knapen 2015, Eelderink 2023, Haroon 2023. Fulton 2016 measured another stretch (carotid-radial).
    "arterial stiffness": "vi=((c(-0.02, -0.11, 1.60) - c(-0.74, -0.55, -0.50)) / (2 * qnorm(0.975)))^2, yi=c(-0.38, -0.33, 0.55)",
    # Agatston units: Shea 2009, ViKTORIES 2021 by their intervals; Kurnatowska 2015, -16.3, by its exact p of 0.7.
    "coronary artery calcification": """yi=c(-10, -141, -16.3),
      sei=c((8.1 + 28.1) / (2 * qnorm(0.975)), (38 + 320) / (2 * qnorm(0.975)), 16.3 / qnorm(1 - 0.7 / 2))""",
    # Percentage points: Sconce 2007, Rombouts 2007; Gebuis 2011 gave three doses, no numbers of its arms: the mean, with the mean error.
    "time in therapeutic range": """yi=c(13, 3.6, (2.1 + 2.7 + 0.9) / 3),
      sei=c(22.5 - 3.5, 8 + 0.8, (7.4 + 3.2 + 7.6 + 2.3 + 6.3 + 4.5) / 3) / (2 * qnorm(0.975))""",
}


def test_every_pool_in_the_graph_is_metafors(graph: k2graph.Graph) -> None:
    found = {row["observed"]: row for row in graph.ask("pooled-estimates")}
    assert found.keys() == REPORTED.keys()
    names = {"estimate": "estimate", "low": "ci_low", "high": "ci_high", "tau_squared": "tau_squared", "i_squared": "i_squared", "q": "q"}
    names |= {"prediction_low": "prediction_low", "prediction_high": "prediction_high"}
    for (observed, _), expected in zip(REPORTED.items(), metafor([*REPORTED.values()]), strict=True):
        agrees({field: float(found[observed][name]) for field, name in names.items()}, expected)


def test_the_numbers_above_are_those_of_the_table() -> None:
    found = {row["finding"]: (row["value"], row["ci_low"], row["ci_high"], row["p_value"]) for row in rows("findings")}
    assert found["marjohjknapen2015-1"] == ("-0.38", "-0.74", "-0.02", "0.040")
    assert found["ceelderink2023-2"][:3] == ("-0.33", "-0.55", "-0.11")
    assert found["sabrinaharoon2023-3"][:3] == ("0.55", "-0.50", "1.60")
    assert found["mkylashea2009-1"][:3] == ("-10.0", "-28.1", "8.1")
    assert found["viktoriesinvestigators2021-2"][:3] == ("-141", "-320", "38")
    assert found["ilonakurnatowska2015-2"] == ("-16.3", "", "", "0.7")
    assert found["sconce-2007-ttr"][:3] == ("13.0", "3.5", "22.5")
    assert found["rombouts-2007-ttr"][:3] == ("3.6", "-0.8", "8.0")
    assert [found[f"gebuis-2011-ttr-{dose}ug"][:3] for dose in (100, 150, 200)] == [
        ("2.1", "-3.2", "7.4"), ("2.7", "-2.3", "7.6"), ("0.9", "-4.5", "6.3"),
    ]  # fmt: skip


# Three that were made up: very unlike, all alike, and of large numbers with one that lies far off

MADE_UP = {
    "log ratios that differ": ([-0.9, -0.2, 0.1, -1.6, 0.4], [0.2, 0.15, 0.3, 0.45, 0.12]),
    "differences that agree": ([1.02, 0.98, 1.01, 1.0], [0.3, 0.2, 0.25, 0.4]),
    "large numbers": (
        [-143.0, -1380.0, -257.0, -486.0, -385.0, -610.0, -520.0, -90.0],
        [34.7, 331.4, 60.0, 188.0, 95.0, 120.0, 70.0, 45.0],
    ),
}


def test_pools_that_were_made_up_are_metafors() -> None:
    given = [f"yi=c({', '.join(map(str, values))}), sei=c({', '.join(map(str, errors))})" for values, errors in MADE_UP.values()]
    for (values, errors), expected in zip(MADE_UP.values(), metafor(given), strict=True):
        agrees(vars(pool([Effect(*each) for each in zip(values, errors, strict=True)])), expected, digits=6)


def test_pools_of_chance_are_metafors() -> None:
    chance = random.Random(17)
    cases = []
    for _ in range(40):
        k, scale = chance.randint(3, 9), 10 ** chance.uniform(-3, 3)
        between = scale * chance.choice([0, 0.5, 3])
        errors = [scale * chance.uniform(0.1, 2) for _ in range(k)]
        cases.append([(chance.gauss(scale, math.hypot(between, error)), error) for error in errors])
    # In one unit, since metafor's own tolerance is absolute.
    ones = [[(value / max(e for _, e in case), error / max(e for _, e in case)) for value, error in case] for case in cases]
    given = [f"yi=c({', '.join(repr(v) for v, _ in case)}), sei=c({', '.join(repr(e) for _, e in case)})" for case in ones]
    for case, expected in zip(ones, metafor(given), strict=True):
        agrees(vars(pool([Effect(*each) for each in case])), expected)
    # Whatever the unit, it is the same pool.
    for case, one in zip(cases, ones, strict=True):
        unit = max(error for _, error in case)
        first, second = pool([Effect(*each) for each in case]), pool([Effect(*each) for each in one])
        assert (first.estimate, first.low) == pytest.approx((second.estimate * unit, second.low * unit), rel=1e-6, abs=1e-9 * unit)
        assert first.tau_squared == pytest.approx(second.tau_squared * unit**2, rel=1e-6, abs=1e-9 * unit**2)


def test_where_trials_agree_a_further_one_is_expected_where_the_mean_is() -> None:
    found = pool([Effect(1.0, 0.3), Effect(1.1, 0.2), Effect(0.9, 0.25)])
    # Nothing lies between studies, so that the prediction interval is that of the mean (metafor's choice of k - 1 degrees of freedom).
    assert (found.tau_squared, found.i_squared) == (0, 0)
    assert (found.prediction_low, found.prediction_high) == pytest.approx((found.low, found.high))
    assert sum(found.weights) == pytest.approx(1)
    # They agree more than errors of 0.2 to 0.3 let expect: 1.96 times an error of 0.1382 is more than 4.3 times what they vary by.
    assert found.is_narrow
    assert not pool([Effect(1.0, 0.3), Effect(2.0, 0.2), Effect(0.0, 0.25)]).is_narrow


# By which rule trials come into a pool: a small graph, told in the words of the ontology


class Told(NamedTuple):
    """A pool: its value, interval, unit, measure, how many trials, and for each trial how it was chosen and computed."""

    numbers: tuple[float, float, float]
    unit: str
    measure: str
    claims: set[str]
    chosen: dict[str, str]
    computed: dict[str, set[str]]


def difference(name: str, numbers: str, **said: str) -> str:
    """A finding that reports a mean difference, `numbers` being value, lower and upper end; `k2g__site` is `k2g:site`."""
    value, low, high = numbers.split()
    given = {"k2g__value": value, "k2g__ciLow": low, "k2g__ciHigh": high, "k2g__measureTerm": "k2g:measure-mean-difference"}
    return finding(name, **{**given, **said})


def finding(name: str, trial: str = "", outcome: str = "stiffness", place: str = "2.0", claims: str = "c", **said: str) -> str:
    common = {"rdf:object": f"entity:{outcome}", "k2g:speaksAt": place, "k2g:investigation": f"trial:{trial or name}"}
    common |= {"k2g:evidenceLevel": "k2g:level-human-trial", "k2g:unit": '"m/s"', "k2g:unitTerm": "k2g:unit-metre-per-second"}
    common |= {key.replace("__", ":"): value for key, value in said.items()}
    parts = " ; ".join(f"{key} {value}" for key, value in common.items())
    bearings = "".join(
        f"bearing:{name}--{claim} a k2g:Bearing ; k2g:claim claim:{claim} ; k2g:finding finding:{name} .\n" for claim in claims.split()
    )
    return f"finding:{name} a k2g:Finding ; {parts} .\n{bearings}"


def pools(*said: str) -> list[Told]:
    """The pools that a few findings make."""
    store = Store()
    store.extend(iter(quads(Vocabulary().triples())))
    prefixes = "".join(f"@prefix {prefix}: <{address}> .\n" for prefix, address in iris.PREFIXES.items())
    store.load((prefixes + "".join(said)).encode(), RdfFormat.TURTLE)
    select: Any = partial(store.query, prefixes=iris.PREFIXES)
    store.extend([*computed_estimates(select)])
    store.extend([*pooled_estimates(select)])
    return [told(store, node) for node in sorted(of(store, None, "rdf:type", iris.name("k2g:PooledEstimate")), key=str)]


def quads(triples: list[tuple[Any, Any, Any]]) -> Iterator[Any]:
    from pyoxigraph import Quad

    return (Quad(*triple) for triple in triples)


def of(store: Store, subject: Any, name: str, value: Any = None) -> list[Any]:
    found = store.quads_for_pattern(subject, iris.name(name), value, None)
    return [quad.subject if subject is None else quad.object for quad in found]


def told(store: Store, node: Any) -> Told:
    parts = {of(store, part, "k2g:investigation")[0].value.rpartition("/")[2]: part for part in of(store, None, "k2g:pool", node)}
    return Told(
        tuple(float(of(store, node, name)[0].value) for name in ("k2g:value", "k2g:ciLow", "k2g:ciHigh")),  # type: ignore[arg-type]  # three
        next((each.value for each in of(store, node, "k2g:unit")), ""),
        of(store, node, "k2g:effectMeasure")[0].value,
        {each.value.rpartition("/")[2] for each in of(store, node, "k2g:claim")},
        {trial: of(store, part, "k2g:chosenBy")[0].value.rpartition("choice-")[2] for trial, part in parts.items()},
        {trial: {each.value.rpartition("computed-")[2] for each in of(store, part, "k2g:computedBy")} for trial, part in parts.items()},
    )


A, B, C = difference("a", "-0.38 -0.74 -0.02"), difference("b", "-0.33 -0.55 -0.11"), difference("c", "0.55 -0.50 1.60")


def test_three_trials_make_a_pool_and_two_make_none() -> None:
    (found,) = pools(A, B, C)
    assert found.numbers == (-0.31592, -0.79161, 0.15977)
    assert (found.unit, found.measure, found.chosen) == ("m/s", "mean difference", dict.fromkeys("abc", "only"))
    assert pools(A, B) == []
    # Two reports of one trial are one trial.
    assert pools(A, B, difference("b-again", "-0.30 -0.55 -0.05", trial="b")) == []


def test_a_pool_is_one_whatever_claims_it_serves() -> None:
    both = {"claims": "c broader"}
    (found,) = pools(*(difference(name, numbers, **both) for name, numbers in (("a", "1 0 2"), ("b", "2 1 3"), ("d", "0 -1 1"))))
    assert found.claims == {"c", "broader"}
    # Where the broader claim hears one trial more, that is another pool.
    more = difference("e", "3 2 4", claims="broader")
    assert [
        each.claims for each in pools(*(difference(n, v, **both) for n, v in (("a", "1 0 2"), ("b", "2 1 3"), ("d", "0 -1 1"))), more)
    ] in (
        [{"c"}, {"broader"}],
        [{"broader"}, {"c"}],
    )


@pytest.mark.parametrize(
    "unlike",
    [
        {"k2g__site": '"carotid-radial"'},
        {"k2g__contrast": '"in those with diabetes"'},
        {"k2g__scale": "k2g:scale-inverse"},
        {"outcome": "distensibility"},
        {"k2g__unit": '"kg"', "k2g__unitTerm": "k2g:unit-kilogram"},
        {"k2g__measureTerm": "k2g:measure-risk-difference"},
        {"k2g__measureTerm": "k2g:measure-standardised-mean-difference"},
        {"k2g__ownComparatorKind": "k2g:comparator-baseline"},
        {"k2g__evidenceLevel": "k2g:level-people-followed"},
    ],
    ids=lambda each: next(iter(each.values())),
)
def test_what_is_unlike_is_not_pooled(unlike: dict[str, str]) -> None:
    assert len(pools(A, B, C)) == 1
    assert pools(A, B, difference("c", "0.55 -0.50 1.60", **unlike)) == []


def test_what_does_not_count_is_not_pooled_but_what_speaks_through_another_result_is() -> None:
    assert len(pools(A, B, C)) == 1
    assert pools(A, B, C, "bearing:c--c k2g:notCounted k2g:reason-retracted .") == []
    outspoken = "bearing:c--c k2g:notCounted k2g:reason-outspoken ."
    assert len(pools(A, B, C, outspoken)) == 1
    # Neither a part of the participants nor what was looked for afterwards stands in for the trial.
    assert pools(A, B, C, outspoken, "finding:c k2g:analysis k2g:analysis-subgroup .") == []
    assert pools(A, B, C, outspoken, "finding:c k2g:endpointRole k2g:endpoint-post-hoc .") == []


def test_units_are_converted() -> None:
    in_nanograms = {"k2g__unit": '"ng/mL"', "k2g__unitTerm": "k2g:unit-nanogram-per-millilitre"}
    in_micrograms = {"k2g__unit": '"ug/mL"', "k2g__unitTerm": "k2g:unit-microgram-per-millilitre"}
    one, two = difference("a", "1 0 2", **in_nanograms), difference("b", "2 1 3", **in_nanograms)
    (found,) = pools(one, two, difference("d", "0.003 0.002 0.004", **in_micrograms))
    # 0.003 ug/mL are 3 ng/mL, and both are compared in ug/L: 1, 2 and 3 with one error, so that the mean is 2 and its error the root of
    # (1 + 0 + 1) / 2 / 3, times t with two degrees of freedom, 4.3027.
    half = 4.30265 * math.sqrt(1 / 3)
    assert found.numbers == pytest.approx((2, 2 - half, 2 + half), rel=1e-4)
    assert found.unit == "ug/L"
    # Where all give one unit, the pool is in it.
    (found,) = pools(one, two, difference("d", "3 2 4", **in_nanograms))
    assert (found.numbers[0], found.unit) == (2, "ng/mL")


def test_ratios_are_pooled_as_logarithms() -> None:
    as_ratio = {"k2g__measureTerm": "k2g:measure-risk-ratio"}
    (found,) = pools(*(difference(name, numbers, **as_ratio) for name, numbers in (("a", "0.5 0.25 1"), ("b", "1 0.5 2"), ("d", "2 1 4"))))
    # Logarithms -ln 2, 0 and ln 2 with one error: the mean is 0, its error ln 2 / root 3.
    end = math.exp(4.30265 * math.log(2) / math.sqrt(3))
    assert found.numbers == pytest.approx((1, 1 / end, end), rel=1e-4)


def test_a_trial_speaks_through_its_primary_endpoint_then_the_longest_follow_up() -> None:
    primary = difference("c-primary", "0.55 -0.50 1.60", trial="c", place="0.0")
    secondary = difference("c-secondary", "-9 -10 -8", trial="c")
    (found,) = pools(A, B, primary, secondary)
    assert (found.chosen["c"], found.numbers) == ("role", (-0.31592, -0.79161, 0.15977))
    early = difference("c-early", "-9 -10 -8", trial="c", k2g__followUp="84")
    late = difference("c-late", "0.55 -0.50 1.60", trial="c", k2g__followUp="365")
    (found,) = pools(A, B, early, late)
    assert (found.chosen["c"], found.numbers) == ("longest", (-0.31592, -0.79161, 0.15977))


def arms(one: str, two: str, **said: str) -> dict[str, str]:
    """Arms' n, mean and standard deviation, in the words of the ontology."""
    sides = {"1": one.split(), "2": two.split()}
    numbers = {f"k2g__{name}{side}": arm[place] for side, arm in sides.items() for place, name in enumerate(("n", "mean", "sd"))}
    return {**numbers, "k2g__measureTerm": "k2g:measure-mean-difference", **said}


def test_arms_that_share_a_comparator_are_combined_where_their_numbers_stand() -> None:
    low = arms("50 26.5 4.5", "60 30.0 5.0", k2g__arm='"low"', k2g__comparatorArm='"placebo"')
    high = arms("50 32.9 5.8", "60 30.0 5.0", k2g__arm='"high"', k2g__comparatorArm='"placebo"')
    (found,) = pools(A, B, finding("d-low", trial="d", **low), finding("d-high", trial="d", **high))
    assert (found.chosen["d"], found.computed["d"]) == ("combined", {"arms-combined", "means"})
    # 100 with mean 29.7 and deviation 6.0841 (test_effect_sizes.py) against 60 with 30.0 and 5.0: -0.3, error root of 0.37016 + 0.41667.
    expected = pool([Effect(-0.38, 0.72 / 3.919928), Effect(-0.33, 0.44 / 3.919928), Effect(-0.3, math.sqrt(6.0841**2 / 100 + 25 / 60))])
    assert found.numbers == pytest.approx((expected.estimate, expected.low, expected.high), rel=1e-3)
    # Without a comparator that they name, and without numbers: the mean of what they say.
    (found,) = pools(A, B, difference("d-low", "1 0 2", trial="d"), difference("d-high", "3 2 4", trial="d"))
    assert (found.chosen["d"], found.computed["d"]) == ("combined", {"mean-of-results"})
    expected = pool([Effect(-0.38, 0.72 / 3.919928), Effect(-0.33, 0.44 / 3.919928), Effect(2, 2 / 3.919928)])
    assert found.numbers == pytest.approx((expected.estimate, expected.low, expected.high), rel=1e-3)


def test_medians_and_p_values_make_effects_and_say_so() -> None:
    as_difference = {"k2g__measureTerm": "k2g:measure-mean-difference"}
    given = (("n", "20"), ("median", "12"), ("lowerQuartile", "10"), ("upperQuartile", "16"))
    medians = {f"k2g__{name}{side}": value for side in "12" for name, value in given}
    by_p = {"k2g__value": "-0.5", "k2g__pValue": "0.04", "k2g__pValueRelation": "k2g:number-equal"}
    (found,) = pools(A, finding("d", **medians, **as_difference), finding("e", **by_p, **as_difference))
    assert found.computed == {"a": set(), "d": {"quartiles", "means"}, "e": {"p"}}
    # A p-value that is only said to lie below a number tells no error.
    assert pools(A, B, finding("e", **{**by_p, "k2g__pValueRelation": "k2g:number-less"}, **as_difference)) == []


def test_amounts_that_look_skewed_are_pooled_as_ratios() -> None:
    after = {"k2g__numbersAre": "k2g:spread-after"}
    skewed = finding("d", **arms("40 100 120", "40 150 160", **after))
    even = finding("e", **arms("40 100 20", "40 120 30", **after))
    reported = difference("f", "0.85 0.55 1.31", k2g__measureTerm="k2g:measure-ratio-of-means")
    (found,) = pools(skewed, even, reported)
    assert (found.measure, found.unit, found.chosen.keys()) == ("ratio of means", "", {"d", "e", "f"})
    # Where nothing looks skewed, and nobody gave a ratio, differences are pooled, and each trial stands in one pool alone.
    alike = [finding(name, **arms("40 100 20", "40 120 30", **after)) for name in "ghi"]
    (found,) = pools(*alike)
    assert (found.measure, found.unit) == ("mean difference", "m/s")
    # A change may lie below nothing: its deviation tells nothing of skew, and it has no ratio.
    changes = [finding(name, **arms("40 5 20", "40 8 30", k2g__numbersAre="k2g:spread-change")) for name in "jkl"]
    assert [each.measure for each in pools(*changes)] == ["mean difference"]


def test_the_numbers_are_the_same_whatever_order_studies_come_in() -> None:
    forth = [Effect(*each) for each in zip(*MADE_UP["log ratios that differ"], strict=True)]
    one, two = pool(forth), pool(forth[::-1])
    assert [getattr(one, each) for each in FIELDS] == pytest.approx([getattr(two, each) for each in FIELDS], rel=1e-10)
    assert isinstance(one, Pool)
