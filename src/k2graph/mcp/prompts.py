"""What people may ask an assistant for by name: each a text that sends it to the tools, and holds it to what they answer.

What somebody gives stands in a text as a JSON string, so that it is seen where it begins and ends: it is what is asked about, not what is
to be done.
"""

from __future__ import annotations

import json

_CITE = (
    "Name the standing and the certainty of each claim as the graph words them, and for each statement the report and its address. "
    "Say which reports are retracted or of concern. What the graph lacks, say so; do not fill it from memory. "
    "End with what nobody has tested."
)


def evidence_for(thing: str) -> str:
    """What is known of a claim or a thing, for and against, with sources."""
    return (
        f"What is the evidence for {_quoted(thing)}?\n\n"
        "1. `search` for it. Where several claims may be meant, say which you take, and which others there are.\n"
        "2. Of a claim: `ask` evidence-for-claim and risk-of-bias. Of any other thing: `ask` everything-about, or `explain`.\n"
        f"3. Set out what speaks for it, what leaves it open and what speaks against it, people before animals and cells. {_CITE}"
    )


def check_statement(statement: str) -> str:
    """Whether a statement holds by this graph: part by part, with what it leaves out."""
    return (
        f"Check this statement against the graph: {_quoted(statement)}\n\n"
        "1. Take it apart: what is said to do what to what, in whom, at what dose, how surely.\n"
        "2. `search` for each part, and `ask` evidence-for-claim of the claim that says it. "
        "Where it joins two things over a third, use `path`.\n"
        "3. For each part: shown, contested, shown not to be so, tested in animals or cells alone, or untested; "
        f"and whether the statement is surer, broader or in other people than what was tested. {_CITE}"
    )


def plan_trial(exposure: str, outcome: str) -> str:
    """What a trial of an exposure and an outcome should know: what was tried, in whom, at what dose, how large, and where it stopped."""
    return (
        f"I plan a trial of {_quoted(exposure)} with the outcome {_quoted(outcome)}. What does the graph say to it?\n\n"
        "1. `search` for both, and for the claim from one to the other.\n"
        "2. `ask` evidence-for-claim and inconclusive-trials: what was tried and why it was not decided. `ask` next-trials: what is "
        "registered, in whom it was not tried, and how many each group needs.\n"
        "3. `ask` doses-and-durations and pooled-estimates; `ask` drug-interactions and who-should-not-supplement for whom to leave out.\n"
        "4. `path` from the exposure to the outcome: the weakest link says which marker to measure on the way.\n"
        f"5. Give population, dose, comparator, duration, outcome and size, each with what it rests on. {_CITE}"
    )


def _quoted(given: str) -> str:
    return json.dumps(given, ensure_ascii=False)
