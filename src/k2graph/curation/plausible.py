"""What numbers within free text can hardly be: ages and doses.

A shape holds numbers against the limits that the ontology sets (`k2g:Limit`); SPARQL reads none out of text. From the same limits, what a
cell of text holds is judged here; nothing depends on the day of the build.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from pyoxigraph import NamedNode

from .. import iris
from ..errors import Fault
from ..ontology import Vocabulary
from .forms import amount
from .schema import Column, Row, Table, schema
from .tables import Tables

_AGES = re.compile(r"\d+(?:\.\d+)?")
_YOUNG = re.compile(r"week|month|day|hour|minute")


def all_slips(tables: Tables, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Every fault and warning of this module, in the order of the tables."""
    yield from limit_slips(tables, vocabulary)
    yield from dose_slips(tables, vocabulary)


def limit_slips(tables: Tables, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Numbers in texts outside the limits of their property: what cannot be is a fault, what is hardly so a warning."""
    # How far a dose may go is for `dose_slips`.
    limits = [limit for limit in vocabulary.instances("k2g:Limit") if not vocabulary.text(limit, "k2g:timesOthers")]
    for table in schema():
        for column in (column for column in table.columns if column.property):
            for limit in limits:
                kinds = vocabulary.texts(limit, "k2g:limitIn")
                here = not kinds or iris.name(table.class_).value in kinds
                if here and iris.name(column.property).value in vocabulary.texts(limit, "k2g:limitOf"):
                    yield from _limit_slips(tables, table, column, vocabulary, limit)


def _limit_slips(tables: Tables, table: Table, column: Column, vocabulary: Vocabulary, limit: NamedNode) -> Iterator[Fault]:
    low, high = (vocabulary.text(limit, name) for name in ("k2g:lowest", "k2g:highest"))
    is_warning = vocabulary.text(limit, "k2g:isImpossible") != "true"
    why = f"{vocabulary.text(limit, 'skos:definition')} Look it up again (the limit is {iris.short(limit.value)})"
    for row, line in tables.numbered(table.name):
        value = row[column.name]
        beyond = _beyond(value, low, high) if isinstance(value, str) and not _YOUNG.search(value) else ""
        if beyond:
            yield Fault(table.file, line, column.name, f"{beyond}; {why}", is_warning)


def _beyond(text: str, low: str, high: str) -> str:
    """How the lowest or the highest number in a text lies outside its limits."""
    numbers = [Decimal(number) for number in _AGES.findall(text)]
    if low and numbers and min(numbers) < Decimal(low):
        return f"{min(numbers)} is below {low}"
    return f"{max(numbers)} is above {high}" if high and numbers and max(numbers) > Decimal(high) else ""


def dose_slips(tables: Tables, vocabulary: Vocabulary) -> Iterator[Fault]:
    """A dose far from every other dose of its form, in units and times that can be compared, or beyond what anybody takes: a warning."""
    limit = iris.name("k2g:limit-dose")
    times, fewest = Decimal(vocabulary.text(limit, "k2g:timesOthers")), int(vocabulary.text(limit, "k2g:fewestOthers"))
    highest, base = Decimal(vocabulary.text(limit, "k2g:highest")), vocabulary.text(limit, "k2g:unitTerm")
    doses: dict[tuple[str, str, str | None], list[tuple[Decimal, Row, int, str]]] = defaultdict(list)
    for row, line in tables.numbered("arms"):
        if not row["dose"]:
            continue
        unit, factor = _comparable(row["dose_unit"] or "", vocabulary)
        dose, text = row["dose"] * factor, amount(row["dose"], row["dose_unit"])
        if unit == base and dose > highest:
            reason = f"{text} is more than anybody takes; {vocabulary.text(limit, 'skos:definition')}"
            yield Fault("arms.tsv", line, "dose", f"{reason} Look it up again (the limit is k2g:limit-dose)", is_warning=True)
        else:
            for form in row["forms"]:
                doses[form, unit, row["per"]].append((dose, row, line, text))
    slips: dict[tuple[int, str], Fault] = {}
    for (form, _, _), given in doses.items():
        ordered = sorted(given, key=lambda each: (each[0], each[2]))
        for place in range(1, len(ordered)):
            below, above = ordered[:place], ordered[place:]
            if above[0][0] <= below[-1][0] * times:
                continue
            # Of two sets with a wide gap between them the one of a few studies is strange: a slip that was made twice is one too.
            for strange, rest, end in ((above, below[::-1], "highest"), (below, above, "lowest")):
                few = {row["study"] for _, row, _, _ in strange}
                others = [each for each in rest if each[1]["study"] not in few]
                # Of too few others it cannot be said which is strange, and what more studies gave is a use of its own.
                if len(few) > fewest or len({row["study"] for _, row, _, _ in others}) < fewest * len(few):
                    continue
                nearest, its_row, _, its_text = others[0]
                for dose, _, line, text in strange:
                    share, than = (dose / nearest, "times the") if end == "highest" else (nearest / dose, "times less than the")
                    message = (
                        f"{text} of {form} is {share:.0f} {than} {end} dose of other studies ({its_text} in {its_row['study']}); "
                        "look it up again"
                    )
                    slips.setdefault((line, form), Fault("arms.tsv", line, "dose", message, is_warning=True))
    yield from slips.values()


def _comparable(unit: str, vocabulary: Vocabulary) -> tuple[str, Decimal]:
    """The unit in which amounts of a unit can be compared with those of others, and how many of it make one."""
    term = vocabulary.schemes["units"].get(unit)
    base = vocabulary.text(term, "k2g:baseUnit") if term else ""
    return (base, Decimal(vocabulary.text(term, "k2g:timesBase"))) if term and base else (term.value if term else unit, Decimal(1))
