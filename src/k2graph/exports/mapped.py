"""What our words are called elsewhere, and which claims may be told there as facts: as the graph says both.

The mappings are rows of ontology/mappings.sssom.tsv that the build put in the graph, so that a word and its mapping reach every format that
asks here. A graph that was built without them is read with those of this package. Which claims may be stated is said by rules; in a graph
that was built without them, none may.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import unquote

from ..evidence.facts import Facts
from ..evidence.model import Evidence
from ..iris import expand
from ..mappings import AS_EXPORTED, MATCHES, mapping_prefixes
from ..ontology import Vocabulary

#: A term that is narrower than ours or only akin to it does not say what ours does.
_NO_NARROWER = MATCHES[:3]


class Mapped:
    """The words of a graph in the terms of other vocabularies, these by the prefix that the table of mappings gives them."""

    def __init__(self, evidence: Evidence) -> None:
        facts = evidence.facts
        carried = any(facts.all(word, match) for word in facts.nodes("owl:Class") for match in MATCHES)
        self._facts = facts if carried else _packaged()

    def term(self, word: str, vocabulary: str, *, akin: bool = False) -> str:
        """The local name of the term for a word, the one as which it is to be exported or else the nearest; empty where there is none.

        With `akin` also a term that goes with the word without saying as much, such as a qualifier.
        """
        start = mapping_prefixes()[vocabulary]
        for match in (AS_EXPORTED, *(MATCHES if akin else _NO_NARROWER)):
            for value in self._facts.all(word, match):
                # Another vocabulary's addresses may begin alike and go on.
                local = expand(value).removeprefix(start)
                if local != expand(value) and not set(local) & set("/#"):
                    return unquote(local)
        return ""

    def kind(self, kind: str, vocabulary: str) -> str:
        """The term for a class, or that for the nearest class above it that has one; empty where none has."""
        found = self.term(kind, vocabulary)
        above = (self.kind(each, vocabulary) for each in self._facts.all(kind, "rdfs:subClassOf"))
        return found or next(filter(None, above), "")

    def leads_to(self, word: str, term: str) -> bool:
        """Whether a term, such as `skos:broader`, says as much as a word does or is broader."""
        return any(term in self._facts.all(word, match) for match in _NO_NARROWER)


def may_be_stated(evidence: Evidence, thing: str, how: str = "qualified") -> bool:
    """Whether a claim may be told as a fact: `qualified` by its direction and context, or `plain`, as a bare triple."""
    return f"k2g:statement-{how}" in evidence.facts.all(thing, "k2g:mayBeStated")


@lru_cache(maxsize=1)
def _packaged() -> Facts:
    return Facts(Vocabulary().triples())
