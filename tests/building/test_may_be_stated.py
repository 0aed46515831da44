"""Which claims may be told as facts: one rule's word, worked out here a second time from standings, findings and directions."""

from collections import defaultdict

import pytest

import k2graph
from k2graph.evidence.model import Claim, Evidence


def stated(evidence: Evidence, how: str) -> set[str]:
    return {claim for claim in evidence.claims if f"k2g:statement-{how}" in evidence.facts.all(claim, "k2g:mayBeStated")}


def is_shown(claim: Claim, evidence: Evidence) -> bool:
    """Supported, and by a counted finding of an effect in the tier of the standing."""
    tier = claim.standing.tier
    found = [evidence.findings[each.finding] for each in claim.bearings if each.counted and each.stance.notation == "supports"]
    effects = [each for each in found if each.direction.notation in {"increases", "decreases"}]
    in_tier = [each for each in effects if evidence.facts.one(each.level.id, "k2g:tier") == tier.id]
    return claim.standing.result.notation in {"consistent", "single"} and tier.notation != "opinion" and bool(in_tier)


@pytest.mark.slow
def test_a_claim_may_be_stated_where_it_is_shown_by_an_effect(graph: k2graph.Graph) -> None:
    evidence = graph.evidence()
    shown = {name for name, claim in evidence.claims.items() if is_shown(claim, evidence)}
    assert stated(evidence, "qualified") == shown
    assert 200 < len(shown) < 300


def test_it_may_be_stated_plainly_where_all_claims_on_its_triple_may_and_it_holds_in_any_context(graph: k2graph.Graph) -> None:
    evidence = graph.evidence()
    of = defaultdict(set)
    for name, claim in evidence.claims.items():
        of[claim.subject, claim.predicate.id, claim.object].add(name)
    may = stated(evidence, "qualified")
    plain = {name for those in of.values() if those <= may for name in those if evidence.claims[name].contexts == ("k2g:context-any",)}
    assert stated(evidence, "plain") == plain
    assert 200 < len(plain) < len(may)


def test_some_by_hand(graph: k2graph.Graph) -> None:
    evidence = graph.evidence()
    qualified, plain = stated(evidence, "qualified"), stated(evidence, "plain")
    # Trials lower it consistently, in people in general and in those on dialysis.
    assert "claim:mk-7-level-dp-ucmgp" in plain
    # Trials lower it too, but whether they do where there is enough of it nobody has shown.
    assert "claim:vitamin-k-level-dp-ucmgp" in qualified - plain
    assert "claim:vitamin-k-level-dp-ucmgp-adequate" not in qualified
    # One assay found it not to be so.
    assert "claim:dhodh-activity-gamma-carboxylation" not in qualified
