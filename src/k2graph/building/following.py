"""Run the rules with what is reckoned between them: pools are made of what counts, before the rule that reads them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pyoxigraph import Store

from .. import iris
from ..ontology import Vocabulary
from ..sparql.rules import Rule, apply_rules
from .meta_analysis import pooled_estimates


def before_and_after_pooling(vocabulary: Vocabulary, rules: list[Rule]) -> tuple[list[Rule], list[Rule]]:
    """The rules that run before pools are made, and those from the one on that reads them (`k2g:readBy`); without it, all run before."""
    reading = vocabulary.text(iris.name("k2g:PooledEstimate"), "k2g:readBy")
    place = next((place for place, rule in enumerate(rules) if iris.ours("rule", rule.name).value == reading), len(rules))
    return rules[:place], rules[place:]


def follow(store: Store, vocabulary: Vocabulary, rules: list[Rule], progress: Callable[[str], None] = lambda _: None) -> None:
    """Add to a store what rules and pools make of it."""
    before, after = before_and_after_pooling(vocabulary, rules)
    apply_rules(store, before, progress)
    progress("pooled estimates")
    store.extend([*pooled_estimates(partial(store.query, prefixes=iris.PREFIXES))])
    apply_rules(store, after, progress)
