"""All that bears on one thing, both sides, with sources: for a claim, mechanism, entity, study or interaction.

In: a graph and what somebody calls the thing. Out: a tree of headed blocks, which renders as text for a terminal, Markdown for a
manuscript, or JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..evidence.claims import nothing_would_turn, what_would_turn, why
from ..evidence.things import p_in_words
from ..iris import short
from .outline import Block

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from ..sparql.readable_graph import ReadableGraph

_STANCES = (("supports", "For"), ("null", "Nothing found"), ("contradicts", "Against"), ("mixed", "Says two things"))


def explain(graph: ReadableGraph, called: str) -> Block:
    """What is known of the thing that is called so, by label, synonym, slug or identifier.

    Raises:
        InputError: where nothing is called so, with the nearest names, or several things are.
    """
    kind, node = graph.find_any(called)
    return {"claim": _claim, "mechanism": _mechanism, "entity": _entity, "study": _study, "interaction": _interaction}[kind](graph, node)


def _only(graph: ReadableGraph, node: NamedNode, sparql: str) -> dict[str, Any]:
    """The one row that a complete graph has."""
    rows = graph.rows(sparql)
    if len(rows) != 1:
        raise InputError(f"{short(node.value)} is not complete in this graph; `k2graph validate` tells what it lacks")
    return rows[0]


def _claim(graph: ReadableGraph, node: NamedNode) -> Block:
    claim = _only(
        graph,
        node,
        f"""SELECT ?label ?direction ?context ?testable ?note ?standing ?tier ?result ?n ?for ?null ?against ?best
        ?enough ?too_few ?most ?definition WHERE {{
        BIND(<{node.value}> AS ?claim) ?claim rdfs:label ?label ; k2g:direction ?way ; k2g:context ?limit ; k2g:standing ?node .
        ?way rdfs:label ?direction . ?limit rdfs:label ?context .
        ?node rdfs:label ?standing ; k2g:testedIn ?t ; k2g:result ?r ; k2g:investigations ?n .
        ?t rdfs:label ?tier . ?r skos:notation ?result ; skos:definition ?definition .
        OPTIONAL {{ ?node k2g:supportWeight ?for ; k2g:nullWeight ?null ; k2g:contradictWeight ?against }}
        OPTIONAL {{ ?node k2g:bestSupport ?b . ?b rdfs:label ?best }} OPTIONAL {{ ?claim k2g:testableInPeople ?a .
        ?a rdfs:label ?testable }}
        OPTIONAL {{ ?claim skos:note ?note }} OPTIONAL {{ k2g:thresholds k2g:turningPointsUpTo ?most }}
        k2g:thresholds k2g:supportedFrom ?enough ; k2g:unsupportedUpTo ?too_few }}""",
    )
    block = Block(
        claim["label"], [f"{short(node.value)}, proposed as: {claim['direction']}, in {claim['context']}", *filter(None, [claim["note"]])]
    )
    reasons = [claim["standing"]]
    if claim["n"]:
        votes = why(claim["n"], claim["tier"], claim["for"], claim["null"], claim["against"], claim["definition"])
        reasons.append(f"{votes} (rule: standing)")
        reasons.append(f"Large enough is a share of {claim['enough']} or more, too small one of {claim['too_few']} or less.")
        reasons.append(f"Best support: {claim['best'] or 'none'}. Testable in people: {claim['testable'] or 'not said'}.")
    else:
        reasons.append(claim["definition"])
    block.blocks.append(Block("Standing", reasons))
    changes = _turning_points(graph, node) or ([nothing_would_turn(claim["most"])] if claim["n"] and claim["most"] else [])
    if changes:
        block.blocks.append(Block("What would change it", changes))
    block.blocks += _pooled(graph, node) + _had_counted(graph, node)
    evidence = list(graph.ask("evidence-for-claim", claim=short(node.value)))
    for word, heading in _STANCES:
        found = [row for row in evidence if row["stance"] == word]
        counted, listed = [row for row in found if row["counted"] == "yes"], [row for row in found if row["counted"] != "yes"]
        if found:
            block.blocks.append(
                Block(
                    heading,
                    [],
                    [
                        *_by_level(counted),
                        *([Block("Listed, not counted", [f"{_finding(row)} [{row['counted']}]" for row in listed])] if listed else []),
                    ],
                )
            )
    return block


def _turning_points(graph: ReadableGraph, node: NamedNode) -> list[str]:
    rows = graph.rows(
        f"""SELECT ?more ?tier ?phrase ?label WHERE {{ ?turn a k2g:TurningPoint ; k2g:claim <{node.value}> ; rdfs:label ?label ;
        k2g:moreInvestigations ?more ; k2g:stance ?stance ; k2g:testedIn ?in . ?stance k2g:phraseOfVotes ?phrase ; k2g:rank ?place .
        ?in rdfs:label ?tier ; k2g:rank ?rank }} ORDER BY ?rank ?more ?place"""
    )
    return [what_would_turn(row["more"], row["tier"], row["phrase"], row["label"]) for row in rows]


def _pooled(graph: ReadableGraph, node: NamedNode) -> list[Block]:
    rows = graph.ask("pooled-estimates", claim=short(node.value))
    lines = [
        f"{row['observed']}: {row['measure']} {row['estimate']:g} ({row['ci_low']:g} to {row['ci_high']:g}) {row['unit'] or ''}, "
        f"{row['trials']} trials, I² {row['i_squared']:.0%}; left out: {row['several_results']} with several results, "
        f"{row['no_result']} without a comparable one. {row['method']}"
        for row in rows
    ]
    return [Block("Pooled", lines)] if lines else []


def _had_counted(graph: ReadableGraph, node: NamedNode) -> list[Block]:
    rows = graph.rows(
        f"""SELECT ?standing ?reason WHERE {{
        ?a a k2g:AlternativeStanding ; k2g:claim <{node.value}> ; rdfs:label ?standing ; k2g:hadCounted ?r .
        ?r rdfs:label ?reason }} ORDER BY ?reason"""
    )
    return (
        [Block("Had what is not counted counted", [f"{row['standing']}, had findings counted where {row['reason']}" for row in rows])]
        if rows
        else []
    )


def _by_level(rows: list[Any]) -> list[Block]:
    levels = list(dict.fromkeys(row["level"] for row in rows))
    return [Block(level[:1].upper() + level[1:], [_finding(row) for row in rows if row["level"] == level]) for level in levels]


def _finding(row: Any) -> str:
    numbers = ""
    if row["value"] is not None:
        interval = f" ({_digits(row, 'ci_low')} to {_digits(row, 'ci_high')})" if row["ci_low"] is not None else ""
        numbers = f"{_digits(row, 'value')}{interval} {row['unit'] or ''}".strip()
    p = p_in_words(row["p_value_reported"] or "")
    size = f"n={row['n']}" if row["n"] else ""
    parts = [f"{row['via']} on {row['observed']}", row["dose"], row["duration"], size, row["reported"], numbers, p]
    return f"{row['author'] or row['study']} {row['year']}: {'; '.join(str(part) for part in parts if part)}. {row['source']}"


def _digits(row: Any, column: str) -> str:
    """A number as reported; of a graph that has the number alone, that."""
    return row[f"{column}_reported"] or f"{row[column]:g}"


def _mechanism(graph: ReadableGraph, node: NamedNode) -> Block:
    row = _only(
        graph,
        node,
        f"""SELECT ?label ?note ?claim ?standing ?verdict ?definition ?agree ?testable ?shown
        ?weakest ?weakest_standing ?reaches ?stops WHERE {{
        BIND(<{node.value}> AS ?m) ?m rdfs:label ?label ; k2g:endToEnd ?c ; k2g:support ?s .
        ?c rdfs:label ?claim ; k2g:standing ?cs . ?cs rdfs:label ?standing .
        ?s k2g:verdict ?v ; k2g:signsAgree ?agree ; k2g:testableLinks ?testable ; k2g:testableLinksShown ?shown ; k2g:weakestStep ?w .
        ?v rdfs:label ?verdict ; skos:definition ?definition . ?w k2g:claim ?wc . ?wc rdfs:label ?weakest ; k2g:standing ?ws .
        ?ws rdfs:label ?weakest_standing .
        OPTIONAL {{ ?m skos:note ?note }} OPTIONAL {{ ?s k2g:reachesStep ?rs . ?rs k2g:yields ?ry . ?ry rdfs:label ?reaches }}
        OPTIONAL {{ ?s k2g:stopsAtStep ?ss . ?ss k2g:yields ?sy . ?sy rdfs:label ?stops }} }}""",
    )
    verdict = Block(f"Verdict: {row['verdict']}", [row["definition"]])
    end = Block("End to end", [f"{row['claim']}: {row['standing']}"])
    links = Block("Links, and how far the exposure is shown to reach")
    for step in graph.ask("mechanism-steps", mechanism=short(node.value)):
        testable = {"yes": "", "no": " (no trial could test it)"}.get(step["testable"], " (testability unclear)")
        links.lines.append(f"{step['step']}. {step['link']}: {step['standing']}{testable}")
        links.lines.append(f"   → exposure {step['implied']} {step['yields']}: {step['reach']}")
    reading = Block(
        "Reading",
        [
            f"Weakest link: {row['weakest']}, {row['weakest_standing']}.",
            f"Links testable in people: {row['testable']}, shown in human trials: {row['shown']}.",
            f"Shown to reach in human trials: {row['reaches'] or 'nothing along the chain'}.",
            f"Translation stops at: {row['stops'] or 'nothing tested so far'}.",
            "The directions multiply to what is proposed."
            if row["agree"]
            else "The directions multiply to the opposite of what is proposed: the chain argues against it.",
        ],
    )
    return Block(row["label"], [short(node.value), *filter(None, [row["note"]])], [verdict, end, links, reading])


def _entity(graph: ReadableGraph, node: NamedNode) -> Block:
    row = _only(graph, node, f"SELECT ?label WHERE {{ <{node.value}> rdfs:label ?label }}")
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


def _study(graph: ReadableGraph, node: NamedNode) -> Block:
    facts = graph.rows(
        f"""SELECT ?name ?value WHERE {{ <{node.value}> ?property ?object . ?property rdfs:label ?name .
        OPTIONAL {{ ?object rdfs:label ?label }} BIND(COALESCE(?label, STR(?object)) AS ?value) }} ORDER BY ?name ?value"""
    )
    row = _only(
        graph,
        node,
        f"""SELECT ?title ?key ?trial WHERE {{ <{node.value}> dcterms:title ?title ; dcterms:identifier ?key .
        OPTIONAL {{ ?t k2g:publication <{node.value}> ; rdfs:label ?trial }} }}""",
    )
    sources = [line["source"] for line in graph.rows(f"SELECT ?source WHERE {{ <{node.value}> dcterms:source ?source }} ORDER BY ?source")]
    block = Block(
        row["title"],
        [row["key"], *(f"{fact['name']}: {fact['value']}" for fact in facts), *([f"part of: {row['trial']}"] if row["trial"] else [])],
    )
    found = graph.rows(
        f"""SELECT ?claim ?stance ?reported ?reason WHERE {{ ?f a k2g:Finding ; k2g:study <{node.value}> ; rdf:subject ?s ; rdf:object ?o .
        ?b k2g:finding ?f ; k2g:claim ?c ; k2g:stance ?st . ?c rdf:subject ?s ; rdf:object ?o ; rdfs:label ?claim .
        ?st rdfs:label ?stance . OPTIONAL {{ ?f k2g:reported ?reported }} OPTIONAL {{ ?b k2g:notCounted ?r .
        ?r rdfs:label ?reason }} MINUS {{ ?c a k2g:ReachClaim }} }} ORDER BY ?claim ?stance ?reported"""
    )
    block.blocks.append(
        Block(
            "Findings",
            [
                f"{line['stance']}: {line['claim']}. {line['reported'] or ''}" + (f" [{line['reason']}]" if line["reason"] else "")
                for line in found
            ],
        )
    )
    block.blocks.append(Block("Read at", sources))
    return block


def _interaction(graph: ReadableGraph, node: NamedNode) -> Block:
    row = next(row for row in graph.ask("drug-interactions") if row["interaction"] == short(node.value))
    block = Block(
        f"{row['agent']} and {row['drug']}: {row['severity']}",
        [row["effect"], f"What to do: {row['management'] or 'the source does not say'}"],
    )
    block.lines.append(f"In whom: {row['population'] or 'not said'}. Rests on: {row['designs'] or 'no study of its own'}. {row['source']}")
    return block


def explain_chains(graph: ReadableGraph, start: str, end: str, most: int = 10) -> Block:
    """The chains of claims from one thing to another, the strongest weakest link first.

    Raises:
        InputError: where one of the two is not an entity of the graph.
    """
    from ..evidence.chains import find_chains

    first, last = graph.find("entity", start), graph.find("entity", end)
    chains = find_chains(graph, first, last, most)
    label = {node.value: graph.rows(f"SELECT ?label WHERE {{ <{node.value}> rdfs:label ?label }}")[0]["label"] for node in (first, last)}
    block = Block(f"From {label[first.value]} to {label[last.value]}")
    if not chains:
        block.lines.append("No chain of claims leads from the one to the other.")
        return block
    if not any(chain.weakest.in_people for chain in chains):
        block.lines.append("Every chain runs through animals, assays, opinion or nothing at all: none is shown in people all the way.")
    for number, chain in enumerate(chains, 1):
        part = Block(f"{number}. {chain.direction} {label[last.value]}, weakest link: {chain.weakest.standing}")
        part.lines += [
            f"{link.label}: {link.standing}{' [' + ', '.join(link.organisms) + ']' if link.organisms else ''}" for link in chain.links
        ]
        if chain.broken:
            part.lines.append(f"Does not hold where it was tested: {chain.broken.label}.")
        if chain.argues_against:
            part.lines.append(f"Argues against the claim from first to last, which is proposed as: {chain.held}.")
        block.blocks.append(part)
    return block
