"""A summary of findings: for a mechanism, an outcome or an exposure, each claim tested in people, a row each, as guideline panels read it.

In: a graph and what somebody calls the thing. Out: the elements of a document; and for one claim the same in a paragraph. After GRADE's
Summary of Findings, but for absolute effects: no risk without treatment is assumed here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..evidence import numbers
from ..evidence.claims import HOW_GRADED
from ..iris import name, short
from ..sparql.internal import internal
from ..text import headed
from .documents import Document, Element, Heading, Paragraph, Points, Table

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from ..sparql.readable_graph import ReadableGraph

COLUMNS = ("Claim", "Evidence", "Given", "Effect", "Result", "Certainty")
#: What has such a summary.
KINDS = ("mechanism", "entity", "claim")
#: How many doses or results are named one by one.
_NAMED = 6


@dataclass(frozen=True)
class Summary:
    """One claim tested in people, in words.

    `effects` are the pooled ones, or where nothing could be pooled those of single results; `lowered` says for what certainty is lowered,
    a text for each domain, and `kept` for what it is not. `newest` is the year of the newest report that counts.
    """

    label: str
    standing: str
    tier: str
    investigations: int
    votes: str
    given: tuple[str, ...]
    effects: tuple[str, ...]
    pooled: bool
    certainty: str
    lowered: tuple[str, ...]
    kept: tuple[str, ...]
    newest: int

    @property
    def in_words(self) -> str:
        """Who found what, how much and how sure, in a paragraph."""
        of = "1 investigation" if self.investigations == 1 else f"{self.investigations} independent investigations"
        sentences = [f"{headed(self.tier)}, {of}: {self.votes}"]
        sentences += [f"Given: {_some(self.given)}"] if self.given else []
        if self.effects:
            sentences.append(f"{'Pooled' if self.pooled else 'Not pooled; single results'}: {_some(self.effects)}")
        else:
            sentences.append("No size of an effect is told")
        why = f"lowered for {'; '.join(self.lowered)}" if self.lowered else "nothing lowers it"
        sentences.append(f"Certainty is {self.certainty} {HOW_GRADED}: {why}")
        return ". ".join(sentences) + "."


def summary_of_claim(graph: ReadableGraph, claim: NamedNode) -> Summary | None:
    """What is told of a claim in short; None of one that was not tested in people."""
    steps = graph.rows(internal("certainty-of-claim", claim=claim))
    if not steps:
        return None
    (row,) = graph.rows(internal("claim", claim=claim))
    called = short(claim.value)
    return summed_up(graph, row, steps, graph.ask("evidence-for-claim", claim=called), graph.ask("pooled-estimates", claim=called))


def summed_up(graph: ReadableGraph, row: Any, steps: list[Any], evidence: Iterable[Any], pools: Iterable[Any]) -> Summary | None:
    """The same of a claim of which is known already what the graph tells of it, of its certainty, of what bears on it and of its pools."""
    if not steps:
        return None
    tiers = {each["level"]: each["tier"] for each in graph.rows(internal("levels-of-tiers"))}
    counted = [each for each in evidence if each["counted"] == "yes" and tiers.get(each["level"]) == row["tier"]]
    pooled = tuple(map(pooled_in_words, pools))
    return Summary(
        label=row["label"],
        standing=row["standing"],
        tier=row["tier"],
        investigations=row["n"],
        votes=numbers.votes(row["for"], row["open"], row["excluded"], row["against"]),
        given=tuple(dict.fromkeys(filter(None, map(_given, counted)))),
        effects=pooled or tuple(filter(None, map(_effect, counted))),
        pooled=bool(pooled),
        certainty=row["certainty"],
        lowered=tuple(f"{each['domain']} by {each['steps']} ({each['reason']})" for each in steps if each["steps"]),
        kept=tuple(f"{each['domain']} ({each['reason']})" for each in steps if not each["steps"]),
        newest=max((each["year"] for each in counted), default=2000),
    )


def summary(graph: ReadableGraph, called: str) -> Document:
    """The document on the thing that is called so: a table of what was tested in people, with notes on certainty, and what was not tested.

    Raises:
        InputError: where nothing is called so, or it is no mechanism, entity or claim; where no claim is about it.
    """
    kind, node = graph.find_any(called)
    if kind not in KINDS:
        raise InputError(
            f"{short(node.value)}: findings are summed up for a mechanism, an entity or a claim, and this is of the kind {kind!r}"
        )
    claims = {row["claim"]: row for row in graph.rows(internal("claims-to-sum-up", thing=node))}
    if not claims:
        raise InputError(f"{short(node.value)}: no claim is about it")
    (thing,) = graph.rows(internal("label", thing=node))
    summaries = {claim: summary_of_claim(graph, name(claim)) for claim in claims}
    tested = [each for each in summaries.values() if each]
    elements = _elements(thing["label"], tested, [claims[claim] for claim, each in summaries.items() if not each])
    return Document(list(elements), max((each.newest for each in tested), default=2000))


def _elements(title: str, tested: list[Summary], untested: list[Any]) -> Iterator[Element]:
    yield Heading(1, f"Summary of findings: {title}")
    if tested:
        yield Table(COLUMNS, [_row(number, each) for number, each in enumerate(tested, 1)])
        yield Paragraph(f"Certainty is {HOW_GRADED.strip('()')} by rule; no panel judged it. Numbers in brackets lead to what lowers it.")
        yield Heading(2, "Certainty, claim by claim")
        yield Points([f"[{number}] {each.label}: {each.certainty}. {_reasons(each)}" for number, each in enumerate(tested, 1)])
    else:
        yield Paragraph("None of its claims was tested in people.")
    if untested:
        yield Heading(2, "Not tested in people")
        by_standing: dict[str, list[str]] = defaultdict(list)
        for row in untested:
            by_standing[row["standing"]].append(row["label"])
        yield Points([f"{headed(standing)}: {'; '.join(labels)}." for standing, labels in by_standing.items()])


def _row(number: int, each: Summary) -> tuple[str, ...]:
    effect = f"{'pooled: ' if each.pooled else ''}{_some(each.effects)}" if each.effects else "no size is told"
    return (
        each.label,
        f"{each.tier}: {each.investigations} ({each.votes})",
        _some(each.given),
        effect,
        each.standing,
        f"{each.certainty} [{number}]",
    )


def _reasons(each: Summary) -> str:
    lowered = f"Lowered for {'; '.join(each.lowered)}." if each.lowered else "Nothing lowers it."
    return f"{lowered} Not for {'; '.join(each.kept)}." if each.kept else lowered


def pooled_in_words(row: Any) -> str:
    """A row of the question pooled-estimates as text: what was measured where, and the numbers."""
    interval, prediction = (row["ci_low"], row["ci_high"]), (row["prediction_low"], row["prediction_high"])
    shown = numbers.pooled(row["measure"], row["estimate"], interval, prediction, row["unit"] or "", row["trials"], row["i_squared"])
    return f"{', '.join(filter(None, (row['observed'], row['site'])))}: {shown}"


def _given(row: Any) -> str:
    return ", ".join(filter(None, (row["via"], row["dose"], row["duration"]))) if row["dose"] or row["duration"] else ""


def _effect(row: Any) -> str:
    shown = effect_in_words(row)
    return f"{row['author'] or row['cited']} {row['year']}, {row['observed']}: {shown}" if row["value"] is not None else ""


def effect_in_words(row: Any) -> str:
    """The numbers of a row of the question evidence-for-claim, in the digits of its source where the graph has them."""
    reported = {column: row[f"{column}_reported"] for column in ("value", "ci_low", "ci_high")}
    value, low, high = (text or ("" if row[column] is None else f"{row[column]:g}") for column, text in reported.items())
    return numbers.effect(row["measure"] or "", value, low, high, row["unit"] or "", row["p_value_reported"] or "")


def _some(texts: tuple[str, ...]) -> str:
    more = len(texts) - _NAMED
    return "; ".join(texts[:_NAMED]) + (f"; and {more} more" if more > 0 else "")
