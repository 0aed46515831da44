"""All that bears on one thing, both sides, with sources: for a claim, mechanism, entity, study, report or interaction.

In: a graph and what somebody calls the thing. Out: a tree of headed blocks, rendered as text, Markdown or JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import InputError, counted, incomplete
from ..evidence import numbers
from ..evidence.claims import HOW_GRADED, nothing_would_turn, what_would_turn, why
from ..iris import name, short
from ..sparql.internal import internal
from ..text import headed
from .bias import risk_of_bias
from .holding import holding
from .outline import Block
from .studies import report, study
from .summary import effect_in_words, pooled_in_words, summed_up

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from ..sparql.readable_graph import ReadableGraph


def explain(graph: ReadableGraph, called: str, *, sensitivity: bool = False) -> Block:
    """What is known of the thing that is called so, by label, synonym, slug or identifier.

    With `sensitivity` also how the standing of a claim holds when results are left out or thresholds moved, see `holding`.

    Raises:
        InputError: where nothing is called so, with the nearest names, or several things are; where `sensitivity` is asked of no claim.
    """
    kind, node = graph.find_any(called)
    if sensitivity:
        if kind != "claim":
            raise InputError(f"{short(node.value)}: how a standing holds is asked of a claim, and this is of the kind {kind!r}")
        return _claim(graph, node, [holding(graph, node)])
    of_kind = {"claim": _claim, "mechanism": _mechanism, "entity": _entity, "study": study, "report": report, "interaction": _interaction}
    return of_kind[kind](graph, node)


def _only(graph: ReadableGraph, node: NamedNode, sparql: str) -> dict[str, Any]:
    """The one row that a complete graph has."""
    rows = graph.rows(sparql)
    if len(rows) != 1:
        raise incomplete(short(node.value))
    return rows[0]


def _claim(graph: ReadableGraph, node: NamedNode, holds: list[Block] | None = None) -> Block:
    """A claim with all that bears on it; `holds` is told in place of what would be, had something counted, which is among its scenarios."""
    claim = _only(graph, node, internal("claim", claim=node))
    evidence = list(graph.ask("evidence-for-claim", claim=short(node.value)))
    stances = _stances(graph, evidence)
    block = Block(
        claim["label"], [f"{short(node.value)}, proposed as: {claim['direction']}, in {claim['context']}", *filter(None, [claim["note"]])]
    )
    steps, pools = graph.rows(internal("certainty-of-claim", claim=node)), list(graph.ask("pooled-estimates", claim=short(node.value)))
    if in_short := summed_up(graph, claim, steps, evidence, pools):
        block.blocks.append(Block("In short", [in_short.in_words]))
    reasons = [claim["standing"]]
    if claim["n"]:
        fell = numbers.votes(claim["for"], claim["open"], claim["excluded"], claim["against"])
        meaning = claim["in_a_pool"] or claim["definition"]
        reasons.append(f"{why(claim['n'], claim['spoken_for'], claim['tier'], fell, meaning)} (rule: standing)")
        if not claim["in_a_pool"]:
            reasons.append(f"Large enough is a share of {claim['enough']} or more, too small one of {claim['too_few']} or less.")
        reasons.append(f"Reached: {claim['method']}. {claim['method_definition']}")
        if claim["sides"]:
            reasons.append(f"Of {claim['sides']:g} that tell it, {claim['on_proposed']:g} lie on the proposed side.")
        small = sum(row["size"] is not None and row["counted"] == "yes" and bool(stances[row["stance"]]["support"]) for row in evidence)
        if small:
            reasons.append(f"Counted findings that show it, and an effect smaller than what matters: {small}.")
        reasons.append(f"Best support: {claim['best'] or 'none'}. Testable in people: {claim['testable'] or 'not said'}.")
    else:
        reasons.append(claim["because"] or claim["definition"])
    reasons.append(f"Scope: {claim['scope']}. {claim['scope_definition']}")
    block.blocks.append(Block("Standing", reasons))
    block.blocks += _certainty(claim["certainty"], steps) + _panels(graph, node) + risk_of_bias(graph, node)
    changes = _turning_points(graph, node) or ([nothing_would_turn(claim["most"])] if claim["n"] and claim["most"] else [])
    if changes:
        block.blocks.append(Block("What would change it", changes))
    block.blocks += _anchors(graph, node) + _searches(graph, node) + _pooled(graph, node, pools)
    block.blocks += _had_counted(graph, node) if holds is None else holds
    block.blocks += _by_stance(graph, evidence, stances) + _unread(graph, node)
    return block


def _stances(graph: ReadableGraph, evidence: list[Any]) -> dict[str, Any]:
    """What there is to say of each stance, by its label: those of the scheme in their order, then whatever else a finding takes."""
    known = {row["label"]: row for row in graph.rows(internal("stances"))}
    return known | {row["stance"]: dict.fromkeys(("heading", "support", "side")) for row in evidence if row["stance"] not in known}


def _by_stance(graph: ReadableGraph, evidence: list[Any], stances: dict[str, Any]) -> list[Block]:
    """The findings under the headings of their stances; under its name what has no heading, so that none is left out."""
    without_numbers = _labels(graph, "grounds").get("words")
    blocks = []
    for label, stance in stances.items():
        lines = [
            # Of a finding that leaves the claim open, the side of its estimate; any other says its side by its stance.
            (row, _finding(row, row["lies"] if not stance["side"] else "", row["read"] if row["read"] == without_numbers else ""))
            for row in evidence
            if row["stance"] == label
        ]
        levels: dict[str, list[str]] = {}
        for row, line in lines:
            if row["counted"] == "yes":
                levels.setdefault(row["level"], []).append(line)
        parts = [Block(headed(level), counted) for level, counted in levels.items()]
        if listed := [f"{line} [{row['counted']}]" for row, line in lines if row["counted"] != "yes"]:
            parts.append(Block("Listed, not counted", listed))
        if parts:
            blocks.append(Block(stance["heading"] or headed(label), [], parts))
    return blocks


def _labels(graph: ReadableGraph, scheme: str) -> dict[str, str]:
    """What people call the words of a scheme, by the word as tables write it."""
    return {row["word"]: row["label"] for row in graph.rows(internal("words-of-a-scheme", scheme=name(f"k2g:{scheme}")))}


def _certainty(certainty: str, steps: list[Any]) -> list[Block]:
    """The certainty with each step down and its reason; of what is graded alone."""
    lines = [f"{row['domain']}: {str(row['steps']) + ' down' if row['steps'] else 'no step'}, {row['reason']}." for row in steps]
    return [Block(f"Certainty: {certainty} {HOW_GRADED}", lines)] if lines else []


def _panels(graph: ReadableGraph, node: NamedNode) -> list[Block]:
    lines = [
        f"{row['judged']}{' in ' + row['population'] if row['population'] else ''}"
        f"{', lowered for ' + row['lowered_for'] if row['lowered_for'] else ''}: {row['panel']}. {row['report'] or ''}".rstrip()
        for row in graph.ask("panel-judgements", claim=short(node.value))
    ]
    return [Block("Certainty as panels judged it", lines)] if lines else []


def _anchors(graph: ReadableGraph, node: NamedNode) -> list[Block]:
    lines = [
        f"{row['says']} {' '.join(filter(None, (row['kind'], row['anchor'], row['code'], row['title'])))}. {row['source'] or ''}".rstrip()
        for row in graph.rows(internal("anchors", claim=node))
    ]
    return [Block("Held as background", lines)] if lines else []


def _searches(graph: ReadableGraph, node: NamedNode) -> list[Block]:
    """When and with which words it was looked for, and what came of it."""
    lines = [
        f"{row['date']}, {row['index']}, “{row['words']}”: {row['shown']} shown, {row['held']} in the graph already, "
        f"{row['screened']} looked at, {row['taken']} taken in, {row['left_out']} left out"
        f"{' (' + row['reasons'] + ')' if row['reasons'] else ''}; {row['readers']}."
        for row in {row["search"]: row for row in graph.ask("searches", claim=short(node.value))}.values()
    ]
    return [Block("Looked for", lines)] if lines else []


def _unread(graph: ReadableGraph, node: NamedNode) -> list[Block]:
    """What was looked for of the findings that bear on a claim and could not be read, so that somebody with the papers can finish it."""
    lines = [
        f"{row['cited']}, {row['observed']}: {row['missing_numbers']}"
        f"{'; by what was read it stands in ' + row['readable_in'] if row['readable_in'] else ''} "
        f"({row['looked_for_on']}). {row['source'] or row['finding']}"
        for row in graph.ask("not-readable", claim=short(node.value))
    ]
    return [Block("Numbers looked for, not readable", lines)] if lines else []


def _turning_points(graph: ReadableGraph, node: NamedNode) -> list[str]:
    rows = graph.rows(internal("turning-points", claim=node))
    return [what_would_turn(row["more"], row["tier"], row["phrase"], row["label"]) for row in rows]


def _pooled(graph: ReadableGraph, node: NamedNode, pools: list[Any]) -> list[Block]:
    # A pool may serve broader claims too, on which more trials count.
    ((voting,),) = (row.values() for row in graph.rows(internal("trials-that-vote", claim=node)))
    lines = [
        f"{pooled_in_words(row)}; computed or combined: {row['computed']}; "
        f"counted trials without a number to pool: {voting - row['trials']}. {row['method']}"
        for row in pools
    ]
    return [Block("Pooled", lines)] if lines else []


def _had_counted(graph: ReadableGraph, node: NamedNode) -> list[Block]:
    rows = graph.rows(internal("alternative-standings", claim=node))
    lines = [f"{row['standing']}, had findings counted where {row['reason']}" for row in rows]
    return [Block("Had what is not counted counted", lines)] if lines else []


def _finding(row: Any, lies: str | None, read: str) -> str:
    size = f"n={row['n']}" if row["n"] else ""
    marker = f"status marker {row['target']}" if row["target"] else ""
    small = row["size"] or ""
    parts = [
        f"{row['via']} on {row['observed']}",
        row["dose"],
        row["duration"],
        size,
        row["reported"],
        effect_in_words(row),
        lies,
        small,
        read,
        marker,
    ]
    cited = f"{row['author']} {row['year']}" if row["author"] else row["cited"]
    # What has no number, and lies at no publisher or library, is led to by its own name: there stands where it was read.
    return f"{cited}: {'; '.join(str(part) for part in parts if part)}. {row['source'] or row['report']}"


def _mechanism(graph: ReadableGraph, node: NamedNode) -> Block:
    row = _only(graph, node, internal("mechanism", mechanism=node))
    decided = f"Decided by: {row['decided']}, {row['decided_standing']}. Certainty: {row['certainty']} {HOW_GRADED}."
    verdict = Block(f"Verdict: {row['verdict']}", [row["definition"], decided])
    end = Block("End to end", [f"{row['claim']}: {row['standing']}"])
    links = Block("Links, and how far the exposure is shown to reach")
    answers = _labels(graph, "yes-no-unclear")
    endings = {answers.get("yes"): "", answers.get("no"): " (no trial could test it)"}
    for step in graph.ask("mechanism-steps", mechanism=short(node.value)):
        testable = endings.get(step["testable"], " (testability unclear)")
        links.lines.append(f"{step['step']}. {step['link']}: {step['standing']}{testable}")
        links.lines.append(f"   → exposure {step['implied']} {step['yields']}: {step['reach']}")
    reading = Block(
        "Reading",
        [
            f"Weakest link: {row['weakest']}, {row['weakest_standing']}." if row["weakest"] else "Every link is established.",
            f"Links testable in people: {row['testable']}, shown in human trials: {row['shown']}.",
            f"Shown to reach in human trials: {row['reaches'] or 'nothing along the chain'}.",
            f"Translation stops at: {row['stops'] or 'nothing tested so far'}.",
            f"Left open by human trials at: {row['open'] or 'nothing tested so far'}.",
            "The directions multiply to what is proposed."
            if row["agree"]
            else "The directions multiply to the opposite of what is proposed: the chain argues against it.",
        ],
    )
    return Block(row["label"], [short(node.value), *filter(None, [row["note"]])], [verdict, end, links, reading])


def _entity(graph: ReadableGraph, node: NamedNode) -> Block:
    row = _only(graph, node, internal("label", thing=node))
    block = Block(row["label"], [short(node.value)])
    for fact in graph.ask("everything-about", entity=short(node.value)):
        heading = fact["part"].partition(" ")[2]
        if not block.blocks or block.blocks[-1].heading != heading:
            block.blocks.append(Block(heading))
        if heading == "is":
            block.blocks[-1].lines.append(f"{fact['detail']}: {fact['statement']}")
        else:
            block.blocks[-1].lines.append(fact["statement"] + (f": {fact['detail']}" if fact["detail"] else ""))
    return block


def _interaction(graph: ReadableGraph, node: NamedNode) -> Block:
    row = next(row for row in graph.ask("drug-interactions") if row["interaction"] == short(node.value))
    block = Block(
        f"{row['agent']} and {row['drug']}: {row['severity']}",
        [row["effect"], f"What to do: {row['management'] or 'the source does not say'}"],
    )
    rests_on = f"Rests on: {row['designs'] or 'no study of its own'}. {row['source'] or ''}".rstrip()
    block.lines.append(f"In whom: {row['population'] or 'not said'}. {rests_on}")
    return block


def explain_chains(graph: ReadableGraph, start: str, end: str, most: int = 10) -> Block:
    """The chains of claims from one thing to another, the strongest weakest link first.

    Raises:
        InputError: where one of the two is not an entity of the graph, or no chain is asked for.
    """
    from ..evidence.chains import find_chains

    first, last = graph.find("entity", start), graph.find("entity", end)
    # One more than is shown tells whether there are more. How many there are in all takes ten times as long to say.
    found = find_chains(graph, first, last, most + 1 if most > 0 else most)
    chains = found[:most]
    label = {node.value: graph.rows(internal("label", thing=node))[0]["label"] for node in (first, last)}
    more = len(found) > len(chains)
    block = Block(f"From {label[first.value]} to {label[last.value]}", fields={"shown": len(chains), "more": more})
    if more:
        block.lines.append(f"{counted(len(chains), 'chain')} shown, and there are more: --most N shows others.")
    if not chains:
        block.lines.append("No chain of claims leads from the one to the other.")
        return block
    if not any(chain.weakest.in_people for chain in chains):
        block.lines.append("Every chain runs through animals, assays, opinion or nothing at all: none is shown in people all the way.")
    for number, chain in enumerate(chains, 1):
        weakest = f"weakest link: {chain.weakest.standing}" if chain.weakest.weakness else "every link is established"
        part = Block(f"{number}. {chain.direction} {label[last.value]}, {weakest}")
        part.lines += [
            f"{link.label}: {link.standing}{' [' + ', '.join(link.organisms) + ']' if link.organisms else ''}" for link in chain.links
        ]
        if chain.broken:
            part.lines.append(f"Does not hold where it was tested: {chain.broken.label}.")
        if chain.argues_against:
            part.lines.append(f"Argues against the claim from first to last, which is proposed as: {chain.held}.")
        block.blocks.append(part)
    return block
