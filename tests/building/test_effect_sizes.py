"""Effect sizes from what reports give, each worked by hand, and held against R."""

import math

import pytest
from r import r

from k2graph.building import effect_sizes
from k2graph.building.directions import direction
from k2graph.building.effect_sizes import Amounts, Effect, Events

pytestmark = pytest.mark.slow


def test_the_error_behind_an_interval() -> None:
    # Knapen 2015, -0.38 (-0.74 to -0.02): 0.72 / 3.92 = 0.1837.
    effect = effect_sizes.from_interval(-0.38, -0.74, -0.02, ratio=False)
    assert effect is not None
    assert (effect.estimate, round(effect.error, 4)) == (-0.38, 0.1837)
    assert effect.interval == pytest.approx((-0.74, -0.02))
    # Ratios are logarithms: ln 2 = 0.6931; (ln 4 - ln 1) / 3.92 = 0.3537.
    ratio = effect_sizes.from_interval(2, 1, 4, ratio=True)
    assert ratio is not None
    assert (round(ratio.estimate, 4), round(ratio.error, 4)) == (0.6931, 0.3537)


@pytest.mark.parametrize("numbers", [(0.5, 0.0, 1.0), (-1, 0.5, 2), (1, 1, 1)])
def test_an_interval_that_tells_nothing_of_a_ratio(numbers: tuple[float, float, float]) -> None:
    assert effect_sizes.from_interval(*numbers, ratio=True) is None


def test_the_error_behind_a_p_value() -> None:
    # The Handbook's own example (6.5.2.3): difference 3.8, 25 and 22 participants, p 0.008; t with 45 degrees of freedom 2.78, error 1.37.
    effect = effect_sizes.from_p(3.8, 0.008, ratio=False, freedom=45)
    assert effect is not None
    assert (3.8 / effect.error, effect.error) == pytest.approx((2.78, 1.37), abs=0.005)
    # Cheung 2008, hazard ratio 0.45, p 0.04: ln 0.45 = -0.7985; z = 2.0537; error 0.3888.
    ratio = effect_sizes.from_p(0.45, 0.04, ratio=True)
    assert ratio is not None
    assert (round(ratio.estimate, 4), round(ratio.error, 4)) == (-0.7985, 0.3888)


@pytest.mark.parametrize(("value", "p", "ratio"), [(0, 0.5, False), (1, 0.5, True), (2, 1.0, False), (2, 0.0, False), (-1, 0.5, True)])
def test_a_p_value_from_which_nothing_follows(value: float, p: float, ratio: bool) -> None:
    assert effect_sizes.from_p(value, p, ratio=ratio) is None


def test_arms_that_share_a_comparator_are_one() -> None:
    # (50 x 26.5 + 50 x 32.9) / 100 = 29.7; (49 x 4.5^2 + 49 x 5.8^2 + 50 x 50 / 100 x 6.4^2) / 99 = 37.0163, of which the root is 6.0841.
    whole = effect_sizes.combined_amounts(Amounts(50, 26.5, 4.5), Amounts(50, 32.9, 5.8))
    assert (whole.n, whole.mean, round(whole.deviation, 4)) == (100, pytest.approx(29.7), 6.0841)
    # It does not matter which comes first, and three are as one after another: what is combined is the sample.
    three = [Amounts(10, 1, 2), Amounts(20, 3, 1), Amounts(30, -2, 4)]
    forth, back = effect_sizes.combined_amounts(*three), effect_sizes.combined_amounts(*three[::-1])
    assert (forth.n, forth.mean, forth.deviation) == pytest.approx((back.n, back.mean, back.deviation))
    assert effect_sizes.combined_events(Events(50, 3), Events(60, 5)) == Events(110, 8)


def test_means_and_deviations_from_medians() -> None:
    # n 20, quartiles 10 and 16, median 12: w = 0.7 + 0.39/20 = 0.7195; 0.7195 x 13 + 0.2805 x 12 = 12.7195.
    # (0.75 x 20 - 0.125) / 20.25 = 0.734568, whose normal deviate is 0.62669; 6 / (2 x 0.62669) = 4.7871.
    amounts = effect_sizes.from_quartiles(20, 10, 12, 16)
    assert (round(amounts.mean, 4), round(amounts.deviation, 4)) == (12.7195, 4.7871)
    # n 20, from 4 to 30: w = 4 / (4 + 9.4574) = 0.29723; 0.29723 x 17 + 0.70277 x 12 = 13.4862; (20 - 0.375) / 20.25 = 0.969136, whose
    # deviate is 1.86825; 26 / (2 x 1.86825) = 6.9584.
    ranged = effect_sizes.from_range(20, 4, 12, 30)
    assert (round(ranged.mean, 4), round(ranged.deviation, 4)) == (13.4862, 6.9584)


def test_several_results_of_one_study_are_no_surer_than_each() -> None:
    # Gebuis 2011, three doses against one placebo: (2.1 + 2.7 + 0.9) / 3 = 1.9.
    numbers = ((2.1, -3.2, 7.4), (2.7, -2.3, 7.6), (0.9, -4.5, 6.3))
    results = [effect for each in numbers if (effect := effect_sizes.from_interval(*each, ratio=False))]
    mean = effect_sizes.mean_of_results(results)
    assert mean.estimate == pytest.approx(1.9)
    assert mean.error == pytest.approx((10.6 + 9.9 + 10.8) / 3 / 3.92, rel=1e-4)


@pytest.mark.parametrize(("mean", "deviation", "skewed"), [(75, 107, True), (58, 29, False), (57.9, 29, True)])
def test_amounts_that_look_skewed(mean: float, deviation: float, skewed: bool) -> None:
    assert effect_sizes.is_skewed(Amounts(21, mean, deviation), 2) == skewed


ARMS = [((21, 58.1, 106.5), (21, 74.4, 127.1)), ((38, 9.9, 1.4), (39, 10.9, 3.0)), ((200, 1.0, 0.2), (7, 0.4, 0.3))]
COUNTS = [((50, 28), (51, 33)), ((20, 0), (20, 5)), ((355, 56), (369, 60)), ((20, 20), (18, 9))]


def test_effects_agree_with_metafor() -> None:
    ours: list[Effect | None] = []
    theirs: list[str] = []
    for exposed, compared in ARMS:
        one, two = Amounts(*exposed), Amounts(*compared)
        numbers = "m1i={1}, sd1i={2}, n1i={0}, m2i={4}, sd2i={5}, n2i={3}".format(*exposed, *compared)
        ours += [effect_sizes.mean_difference(one, two), effect_sizes.ratio_of_means(one, two)]
        theirs += [f'"MD", {numbers}', f'"ROM", {numbers}, correct=FALSE']
    for exposed, compared in COUNTS:
        first, second = Events(*exposed), Events(*compared)
        numbers = "ai={1}, n1i={0}, ci={3}, n2i={2}".format(*exposed, *compared)
        ours += [effect_sizes.risk_ratio(first, second), effect_sizes.odds_ratio(first, second)]
        theirs += [f'"RR", {numbers}', f'"OR", {numbers}']
        if all((exposed[1], exposed[0] - exposed[1])):
            # metafor adds half an event to the risks as well, we to their errors alone.
            ours.append(effect_sizes.risk_difference(first, second))
            theirs.append(f'"RD", {numbers}')
    expected = r(f"lapply(list({', '.join(f'escalc({each})' for each in theirs)}), function(e) c(e$yi, sqrt(e$vi)))")
    found = [(effect.estimate, effect.error) for effect in ours if effect]
    assert len(found) == len(expected) == 16
    for number, (mine, metafors) in enumerate(zip(found, expected, strict=True)):
        assert mine == pytest.approx(tuple(metafors), rel=1e-10), theirs[number]


def test_what_nobody_or_everybody_had_tells_nothing() -> None:
    for measure in (effect_sizes.risk_ratio, effect_sizes.odds_ratio, effect_sizes.risk_difference):
        assert measure(Events(20, 0), Events(20, 0)) is None
        assert measure(Events(20, 20), Events(19, 19)) is None


def test_sign_test_and_exact_interval_are_those_of_r() -> None:
    cases = [(6, 6), (6, 8), (5, 5), (0, 4), (9, 20)]
    tests = ", ".join(f"binom.test({side}, {n})" for side, n in cases)
    for (side, n), expected in zip(cases, r(f"lapply(list({tests}), function(b) c(b$conf.int, b$p.value))"), strict=True):
        found = direction(side, n)
        assert (found.low, found.high, found.p_value) == pytest.approx(tuple(expected), rel=1e-6, abs=1e-12)
        assert found.share == side / n


def test_six_of_six_and_six_of_eight() -> None:
    # All on one side: the lower end is the sixth root of 0.025, 0.5407; p = 2 / 64. With two more against: 0.349 to 0.968.
    six = direction(6, 6)
    assert (six.low, six.high, six.p_value) == pytest.approx((0.025 ** (1 / 6), 1.0, 2 / 64))
    eight = direction(6, 8)
    assert (round(eight.low, 3), round(eight.high, 3)) == (0.349, 0.968)
    assert math.isclose(eight.p_value, 2 * (28 + 8 + 1) / 256)
