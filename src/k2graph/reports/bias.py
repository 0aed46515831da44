"""The risk of bias as blocks of a report: of the votes on a claim, and of a study, judgement by judgement.

In: a graph and the node. Out: one headed block, or none where nobody votes or judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import palette
from ..evidence.bias import Risks, VoteRisk, read_risks
from ..iris import short
from ..sparql.internal import internal
from .outline import Block

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from ..sparql.readable_graph import ReadableGraph


def risk_of_bias(graph: ReadableGraph, claim: NamedNode) -> list[Block]:
    """One line for each investigation that votes and was appraised, and one that names the others."""
    risks = read_risks(graph, [claim])
    votes = risks.votes.get(short(claim.value), ())
    if not votes:
        return []
    appraised = [vote for vote in votes if vote.lights]
    others = [vote.label for vote in votes if not vote.lights]
    lines = [key(risks)] if appraised else []
    lines += [_vote(risks, vote) for vote in appraised]
    lines += [f"Not appraised: {'; '.join(others)}."] if others else []
    return [Block("Risk of bias", lines)]


def key(risks: Risks) -> str:
    """What the signs mean, and how a vote comes by its word."""
    signs = ", ".join(f"{look.icon} {label}" for word, label in risks.words.items() if (look := palette.of_risk(word)).icon)
    return (
        f"{signs}; of each domain the worst judgement that counts. A vote is at low risk where somebody judged it so overall, or each of "
        f"the {len(risks.whole)} domains of RoB 2 (rule: risk-of-bias)."
    )


def _vote(risks: Risks, vote: VoteRisk) -> str:
    lights = [f"{each.label} {palette.of_risk(vote.lights[each.notation]).icon}" for each in risks.domains if each.notation in vote.lights]
    return f"{vote.label}: {risks.words.get(vote.risk, vote.risk)} ({', '.join(lights)}; by {' and '.join(vote.whose)})"


def judgements(graph: ReadableGraph, study: NamedNode) -> list[Block]:
    """What was judged of a study in each domain, with the reason and whose judgement it is."""
    lines = [_judgement(row) for row in graph.rows(internal("appraisals-of-study", study=study))]
    return [Block("Risk of bias", lines)] if lines else []


def _judgement(row: Any) -> str:
    what = f"{row['domain']}, {row['outcome']}" if row["outcome"] else row["domain"]
    judgement = " ".join(filter(None, (row["judgement"], row["printed"] and f"“{row['printed']}”")))
    read = f" (two readers judged {row['first']} and {row['second']})" if row["second"] and row["first"] != row["second"] else ""
    reason = f" {row['reason'].rstrip('.')}." if row["reason"] else ""
    tool = f", {row['tool']}" if row["tool"] else ""
    return f"{what}: {judgement or 'no judgement'}{read}.{reason} Judged by {row['judge'] or 'readers of this graph'}{tool}."
