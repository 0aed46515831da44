"""Size a trial: participants per arm for the smallest difference that matters, from how much the outcome varied in a trial.

In: a way to ask a graph with spreads and important differences. Out: triples on each spread. By statsmodels' `TTestIndPower`; power, level
and the smallest effect are those of `k2g:planning` in the ontology. Not for the difference that a trial found: found differences are chance
in part, and a trial that found none would need endless people.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from pyoxigraph import Literal, Quad

from .. import iris
from ..errors import needing
from ..sparql.internal import internal
from .computed_estimates import Select

#: What is written of a spread.
MADE = EFFECT, PARTICIPANTS, BY = "k2g:planningEffect", "k2g:participantsPerArm", "k2g:importantBy"
#: Of fewer in an arm nobody knows how they vary.
_FEWEST = 2


@lru_cache(maxsize=2**12)
def participants_per_arm(effect: float, deviation: float, power: float, level: float) -> int:
    """Participants per arm that show a difference of `effect` where participants vary by `deviation`, both in one unit.

    `power` is how likely that is, at a two-sided `level` of significance.

    Raises:
        InputError: where statsmodels is not installed.
    """
    with needing("sizing trials", "build"):
        from statsmodels.stats.power import TTestIndPower
    standardised = effect / deviation
    # Where fewer would do the solver finds no number; of an effect of many deviations even the power is none, for it is as good as sure.
    if not TTestIndPower().power(standardised, _FEWEST, level) < power:
        return _FEWEST
    return math.ceil(float(TTestIndPower().solve_power(standardised, power=power, alpha=level)) - 1e-6)


def planned_sizes(select: Select) -> Iterator[Quad]:
    """The triples of every spread: by a published difference, or marked as by default."""
    for parameters in select(internal("planning-parameters")):
        power, level, smallest = (float(parameters[name].value) for name in ("power", "level", "smallest"))
        for row in select(internal("effects-for-planning")):
            effect = Decimal((row["published"] or row["share"]).value) * (1 if row["published"] else Decimal(row["sd"].value))
            deviation = float(row["sd"].value)
            if float(effect) / deviation >= smallest:
                size = Literal(str(participants_per_arm(float(effect), deviation, power, level)), datatype=iris.name("xsd:integer"))
                yield Quad(row["spread"], iris.name(EFFECT), Literal(f"{effect.normalize():f}", datatype=iris.name("xsd:decimal")))
                yield Quad(row["spread"], iris.name(PARTICIPANTS), size)
                if not row["published"]:
                    yield Quad(row["spread"], iris.name(BY), iris.name("k2g:important-by-default"))
