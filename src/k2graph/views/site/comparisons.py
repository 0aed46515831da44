"""The outcomes on which several nutrients were tested in people, and where it is answered what each does for them.

In: the nutrients of a graph, its questions and the pages of its things. Out: outcomes, and addresses within the site.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from ...sparql.questions import Question, word
from ..nutrients import Nutrients

#: The questions on one outcome that are answered for each on which several nutrients were tested in people.
COMPARING = ("compare-nutrients", "what-moves")


@dataclass(frozen=True)
class Comparisons:
    """What is compared; `pages` has the page of each thing, `served` says that a server answers what is asked."""

    nutrients: Nutrients
    questions: Sequence[Question]
    pages: Mapping[str, str]
    served: bool

    @cached_property
    def asked(self) -> list[Question]:
        """The questions that are answered on each outcome."""
        return [each for each in self.questions if each.name in COMPARING]

    @cached_property
    def outcomes(self) -> dict[str, int]:
        """On what two nutrients or more were tested in people, or on a thing narrower than it, with how many they are, most first."""
        evidence, found = self.nutrients.evidence, defaultdict[str, set[str]](set)
        for nutrient in self.nutrients.forms:
            for claim in self.nutrients.in_people(nutrient):
                for outcome in evidence.entities.keys() & {claim.object, *evidence.entities[claim.object].carries_evidence_to}:
                    found[outcome].add(nutrient)
        held = {name: len(some) for name, some in found.items() if len(some) > 1 and not evidence.is_form(name)}
        order = sorted(held, key=lambda name: (-held[name], evidence.name(name).casefold(), name))
        return {name: held[name] for name in order}

    def page(self, question: Question, outcome: str) -> str:
        """The page of an answer within the site; where it is served, of the question itself."""
        if self.served:
            return f"questions/{question.name}?{urlencode({'outcome': word(outcome)})}"
        return f"question/{question.name}.{self.pages[outcome].rpartition('/')[2]}"

    def of(self, outcome: str) -> list[tuple[str, str]]:
        """What is asked of an outcome, and where it is answered."""
        return [(each.title, self.page(each, outcome)) for each in self.asked] if outcome in self.outcomes else []
