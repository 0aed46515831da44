"""Numbers in words: one sentence for the same numbers, wherever they are printed."""


def effect(measure: str, value: str, low: str, high: str, unit: str, p_value: str = "") -> str:
    """An effect with its interval and p-value, in the digits given; empty where there is no number.

    >>> effect("hazard ratio", "1.150", "0.843", "1.570", "", "0.811"), effect("", "", "", "", "", "<0.001")
    ('hazard ratio 1.150 (0.843 to 1.570); p=0.811', 'p <0.001')
    """
    interval = f"({low} to {high})" if low and high else ""
    shown = " ".join(filter(None, (measure, value, interval, unit))) if value or interval else ""
    p = f"p {p_value}" if p_value[:1] in {*"<>=≤≥"} else f"p={p_value}" if p_value else ""
    return "; ".join(filter(None, (shown, p)))


def pooled(
    measure: str, value: float, interval: tuple[float, float], prediction: tuple[float, float], unit: str, trials: int, i_squared: float
) -> str:
    """An estimate from several trials with its interval, that in which a further trial's effect is expected, and I² (0 to 1).

    >>> pooled("mean difference", -1.512, (-2, -1.0), (-3.0, 0), "kg", 3, 0.256)
    'mean difference -1.51 (-2 to -1) kg, 3 trials, I² 26%, prediction interval -3 to 0'
    """
    low, high = map(_short, interval)
    text = effect(measure, _short(value), low, high, unit)
    return f"{text}, {trials} trials, I² {i_squared:.0%}, prediction interval {' to '.join(map(_short, prediction))}"


def _short(number: float) -> str:
    # Three digits are more than trials can tell; hundreds keep theirs.
    return f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"


def votes(supporting: float, leaving_open: float, excluding: float, against: float) -> str:
    """The votes of independent investigations on a claim.

    >>> votes(2.0, 0.5, 0, 0)
    '2 show it, 0.5 leave it open, 0 leave out an important effect, 0 show the opposite'
    """
    return (
        f"{supporting:g} show it, {leaving_open:g} leave it open, {excluding:g} leave out an important effect, "
        f"{against:g} show the opposite"
    )
