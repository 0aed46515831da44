"""How far a claim can be relied on, as plain values: its certainty with what lowers it, and the risk of bias of the votes behind it."""

from __future__ import annotations

from ..evidence.model import Claim, Evidence


def graded(claim: Claim, evidence: Evidence) -> dict[str, str | int | list[str]]:
    """Certainty, each domain's steps down with the reason, and how many votes are at each risk of bias, where it was tested in people."""
    standing, votes = claim.standing, evidence.votes_for_standing(claim)
    at_risk = {word: sum(vote.votes for vote in votes if vote.risk == word) for word in evidence.scheme("risks-of-bias")}
    return {
        "certainty": standing.certainty.notation,
        "certainty_steps": list(standing.steps_in_words),
        **({f"risk_of_bias_{word.notation.replace('-', '_')}": count for word, count in at_risk.items()} if votes else {}),
    }
