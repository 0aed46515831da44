"""What cannot be, or can hardly be: a direction against its own number, and numbers outside what is known.

What a measure reads where there is no effect, from which p a result counts as shown, and how far a number may go are said in the
ontology (`k2g:noEffect`, `k2g:thresholds`, `k2g:Limit`): nothing here depends on the day of the build.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from .. import iris
from ..errors import Fault
from . import schema
from .fields import Maps

if TYPE_CHECKING:
    from ..ontology import Vocabulary
    from .reader import Tables

_P_VALUE = re.compile(r"([<>=≤≥]?)(.*)")
_AGES = re.compile(r"\d+(?:\.\d+)?")
_YOUNG = re.compile(r"week|month|day|hour|minute")
# The number or the range with which a dose begins; several doses are divided by a bar.
_DOSE = re.compile(r"[<>≤≥~]? ?(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?")
_BELOW_NOTHING = re.compile(r"(?:^|[|;,] ?)[-−]\d")


def all_slips(tables: Tables, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Every fault and warning of this module, in the order of the tables."""
    yield from limit_slips(tables, vocabulary)
    yield from dose_slips(tables, vocabulary)
    yield from direction_slips(tables, vocabulary)


def direction_slips(tables: Tables, vocabulary: Vocabulary) -> Iterator[Fault]:
    """A number on the wrong side of no effect is a fault; an interval or a p that says otherwise than the direction is a warning."""
    level = Decimal(vocabulary.text(iris.name("k2g:thresholds"), "k2g:significantBelow"))
    for row, line in tables.numbered(schema.FindingRow):
        numbers = [number for number in (row.value, row.ci_low, row.ci_high) if number is not None]
        if row.scale is not None and not numbers:
            yield Fault(
                "findings.tsv", line, "scale", "tells how a number runs, but there is none; leave the cell empty, or give the number"
            )
        sign = vocabulary.fact("directions", row.direction, "k2g:sign")
        if not sign or vocabulary.fact("predicates", row.predicate, "k2g:isDescriptive") == "true":
            continue
        none = vocabulary.fact("effect-measures", row.effect_measure, "k2g:noEffect") if row.effect_measure else ""
        turned = -1 if row.scale and vocabulary.fact("scales", row.scale, "k2g:sign") == "-1" else 1
        slip = _against_number(line, row, int(sign) * turned, Decimal(none)) if none else None
        yield from filter(None, [slip or _against_p(line, row, int(sign), level)])


def _against_number(line: int, row: schema.FindingRow, sign: int, none: Decimal) -> Fault | None:
    """`sign` is where the number has to lie from no effect: above 1, below -1, on neither side 0."""
    measure, low, high, value = row.effect_measure, row.ci_low, row.ci_high, row.value
    whole = low is not None and high is not None and (low > none or high < none)
    beyond = value if value is not None else low if whole and low is not None and low > none else high if whole else None
    if sign and beyond is not None and (beyond - none) * sign < 0:
        side, column = "above" if beyond > none else "below", "value" if value is not None else "ci_low"
        way_out = (
            "look both up again, or leave `scale` empty"
            if row.scale
            else "look both up again, or write inverse in `scale` if it is larger where there is less of the object or of the subject"
        )
        message = f"{beyond} lies {side} {none}, where a {measure} shows no effect, but the direction is {row.direction}; {way_out}"
        return Fault("findings.tsv", line, column, message)
    if low is None or high is None:
        return None
    if sign and low < none < high:
        message = f"{low} to {high} holds {none}, no effect, but the direction is {row.direction}; look both up again"
        return Fault("findings.tsv", line, "ci_low", message, is_warning=True)
    if not sign and whole:
        message = f"{low} to {high} leaves out {none}, no effect, but the direction is {row.direction}; look both up again"
        return Fault("findings.tsv", line, "ci_low", message, is_warning=True)
    return None


def _against_p(line: int, row: schema.FindingRow, sign: int, level: Decimal) -> Fault | None:
    if row.p_value is None:
        return None
    relation, number = _P_VALUE.fullmatch(row.p_value).groups()  # type: ignore[union-attr]  # matches any text
    p = Decimal(number)
    shown = p < level if relation in "=" else p <= level and relation in "<≤"
    not_shown = p > level if relation in "=" else p >= level and relation in ">≥"
    if not_shown if sign else shown:
        is_it = "is not" if sign else "is"
        way_out = "look both up again, and whether p is of this result"
        message = f"{row.p_value} {is_it} below {level}, but the direction is {row.direction}; {way_out}"
        return Fault("findings.tsv", line, "p_value", message, is_warning=True)
    return None


def limit_slips(tables: Tables, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Numbers outside the limits that the ontology sets to a property: what cannot be is a fault, what is hardly so a warning."""
    # How far a dose may go is for `dose_slips`.
    limits = [limit for limit in vocabulary.instances("k2g:Limit") if not vocabulary.text(limit, "k2g:timesOthers")]
    for row_type in schema.TABLES:
        for column, info in row_type.model_fields.items():
            mapped = {iris.name(part.property).value for part in info.metadata if isinstance(part, Maps)}
            for limit in limits:
                within = vocabulary.text(limit, "k2g:limitIn")
                if mapped & {*vocabulary.texts(limit, "k2g:limitOf")} and (not within or within == iris.name(row_type.type).value):
                    yield from _limit_slips(tables, row_type, column, vocabulary, limit)


def _limit_slips(tables: Tables, row_type: type[schema.Row], column: str, vocabulary: Vocabulary, limit: NamedNode) -> Iterator[Fault]:
    low, high = (vocabulary.text(limit, name) for name in ("k2g:lowest", "k2g:highest"))
    is_warning = vocabulary.text(limit, "k2g:isImpossible") != "true"
    why = f"{vocabulary.text(limit, 'skos:definition')} Look it up again (the limit is {iris.short(limit.value)})"
    for row, line in tables.numbered(row_type):
        beyond = _beyond(getattr(row, column), low, high)
        if beyond:
            yield Fault(f"{row_type.table}.tsv", line, row_type.model_fields[column].alias or column, f"{beyond}; {why}", is_warning)


def _beyond(value: Any, low: str, high: str) -> str:
    """How a value, or the highest number in a text, lies outside its limits."""
    if value is None or (isinstance(value, str) and _YOUNG.search(value)):
        return ""
    numbers = [Decimal(number) for number in _AGES.findall(value)] if isinstance(value, str) else [Decimal(value)]
    least, most = (min(numbers), max(numbers)) if numbers else (None, None)
    if low and least is not None and least < Decimal(low):
        return f"{least} is below {low}"
    return f"{most} is above {high}" if high and most is not None and most > Decimal(high) else ""


def dose_slips(tables: Tables, vocabulary: Vocabulary) -> Iterator[Fault]:
    """A dose below nothing is a fault; one far from every other dose of its form, in units that can be compared, is a warning."""
    limit = iris.name("k2g:limit-dose")
    times = Decimal(vocabulary.text(limit, "k2g:timesOthers"))
    highest, base = Decimal(vocabulary.text(limit, "k2g:highest")), vocabulary.text(limit, "k2g:unitTerm")
    doses: dict[tuple[str, str], list[tuple[Decimal, schema.StudyRow, int, str]]] = defaultdict(list)
    for row, line in tables.numbered(schema.StudyRow):
        if not row.dose_value:
            continue
        if _BELOW_NOTHING.search(row.dose_value):
            yield Fault("studies.tsv", line, "dose_value", f"{row.dose_value!r} holds a dose below nothing; look it up again")
            continue
        unit, factor = _comparable(row.dose_unit or "", vocabulary)
        parts = row.dose_value.split("|")
        for place, part in enumerate(parts):
            for number in filter(None, found.groups()) if (found := _DOSE.match(part)) else ():
                amount = Decimal(number) * factor
                if amount and unit == base and amount > highest:
                    said = f"{number} {row.dose_unit} is more than anybody takes; {vocabulary.text(limit, 'skos:definition')}"
                    yield Fault(
                        "studies.tsv", line, "dose_value", f"{said} Look it up again (the limit is k2g:limit-dose)", is_warning=True
                    )
                elif amount:
                    # One dose a form where there are as many of them; else each form may have been given in each dose.
                    forms = row.intervention_form
                    for form in forms[place : place + 1] if len(forms) == len(parts) else forms:
                        doses[form, unit].append((amount, row, line, f"{number} {row.dose_unit or ''}".strip()))
    slips: dict[tuple[int, str], Fault] = {}
    for (form, _), given in doses.items():
        for amount, row, line, text in given:
            others = sorted((other[0], other[3], other[1].study) for other in given if other[1] is not row)
            # One other study is too little to say which of the two is strange.
            if len({study for _, _, study in others}) < 2:
                continue
            if amount > others[-1][0] * times or amount * times < others[0][0]:
                end, nearest = ("highest", others[-1]) if amount > others[-1][0] else ("lowest", others[0])
                share, than = (amount / nearest[0], "times the") if end == "highest" else (nearest[0] / amount, "times less than the")
                message = (
                    f"{text} of {form} is {share:.0f} {than} {end} dose of other studies ({nearest[1]} in {nearest[2]}); look it up again"
                )
                slips.setdefault((line, form), Fault("studies.tsv", line, "dose_value", message, is_warning=True))
    yield from slips.values()


def _comparable(unit: str, vocabulary: Vocabulary) -> tuple[str, Decimal]:
    """The unit in which amounts of a unit can be compared with those of others, and how many of it make one."""
    term = vocabulary.schemes["units"].get(unit)
    base = vocabulary.text(term, "k2g:baseUnit") if term else ""
    return (base, Decimal(vocabulary.text(term, "k2g:timesBase"))) if term and base else (term.value if term else unit, Decimal(1))
