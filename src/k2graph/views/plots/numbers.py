"""What the two arms of a result are reported to have had: how many they were, and their means, medians or events."""

from __future__ import annotations

from dataclasses import dataclass

from ...evidence.model import Evidence, Finding
from .scale import signed

#: What the graph has of each arm, by the name of its property; a number stands behind each for the arm.
KEPT = ("n", "mean", "sd", "median", "lowerQuartile", "upperQuartile", "smallest", "largest", "events")


@dataclass(frozen=True)
class ArmNumbers:
    """The numbers of the exposed and the compared arm, each by the name of its property; empty where none are known."""

    exposed: tuple[tuple[str, float], ...] = ()
    compared: tuple[tuple[str, float], ...] = ()

    @property
    def texts(self) -> tuple[str, str]:
        """Both arms as a plot shows them."""
        return _text(dict(self.exposed)), _text(dict(self.compared))


def arms_numbers(evidence: Evidence, finding: Finding) -> ArmNumbers:
    """The arms' numbers of a finding."""

    def arm(side: str) -> tuple[tuple[str, float], ...]:
        values = ((name, evidence.facts.one(finding.id, f"k2g:{name}{side}", None)) for name in KEPT)
        return tuple((name, value) for name, value in values if isinstance(value, int | float))

    return ArmNumbers(arm("1"), arm("2"))


def _text(numbers: dict[str, float]) -> str:
    def number(name: str) -> str:
        return signed(f"{numbers[name]:.6g}")

    n = f" ({numbers['n']:.0f})" if "n" in numbers else ""
    if "events" in numbers:
        return f"{number('events')}/{numbers['n']:.0f}" if "n" in numbers else number("events")
    if "mean" in numbers:
        return number("mean") + (f" ± {number('sd')}" if "sd" in numbers else "") + n
    if "median" in numbers:
        for low, high in (("lowerQuartile", "upperQuartile"), ("smallest", "largest")):
            if low in numbers and high in numbers:
                return f"{number('median')} [{number(low)} to {number(high)}]{n}"
        return number("median") + n
    return n.strip()
