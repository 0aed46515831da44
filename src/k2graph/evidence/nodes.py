"""The nodes of a graph, read: what `reader.py` and `claim_reader.py` make their objects of."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from ..errors import InputError
from .facts import Facts
from .things import Word


def _is_ours(*names: object) -> bool:
    return any(str(name).startswith("k2g:") for name in names)


class Nodes:
    """The nodes of a graph: a property of each as a word, a text or a number."""

    def __init__(self, facts: Facts) -> None:
        self.facts, self.one, self.all, self.need = facts, facts.one, facts.all, facts.need
        self.words = {
            node: Word(
                node,
                self.need(node, "skos:inScheme").removeprefix("k2g:"),
                str(self.one(node, "skos:notation")),
                self.need(node, "rdfs:label"),
                self.one(node, "skos:definition"),
                self.one(node, "k2g:rank", 0),
            )
            for node in facts.nodes("skos:Concept")
            # Of a concept of others nothing is needed, not even a scheme.
            if _is_ours(node, *self.all(node, "skos:inScheme"))
        }
        self.classes = facts.nodes("owl:Class")
        self.grouped: dict[str, dict[str, list[str]]] = {}

    def word(self, node: str, name: str) -> Word:
        """The word of a scheme that a property names.

        Raises:
            InputError: where it names none of this graph.
        """
        value = self.need(node, name)
        if value not in self.words:
            raise InputError(f"{node}: {name} is {value!r}, which is in no scheme of this graph; `k2graph validate` tells more")
        return self.words[value]

    def word_or_none(self, node: str, name: str) -> Word | None:
        """The word of a scheme that a property names, if it names one."""
        return self.words.get(self.one(node, name))

    def label(self, node: str, name: str) -> str:
        """What people call the word that a property names."""
        word = self.word_or_none(node, name)
        return word.label if word else ""

    def by(self, kind: str, name: str, node: str) -> list[str]:
        """The nodes of a class that point at a node by a property."""
        if kind not in self.grouped:
            self.grouped[kind] = defaultdict(list)
            for each in self.facts.nodes(kind):
                for target in self.all(each, name):
                    self.grouped[kind][target].append(each)
        return self.grouped[kind].get(node, [])

    def texts(self, node: str, name: str) -> tuple[str, ...]:
        """All values of a property, as texts."""
        return tuple(map(str, self.all(node, name)))

    def text(self, node: str, name: str) -> str:
        """The value of a property as text; empty where it has none."""
        return str(self.one(node, name))

    def number(self, node: str, name: str) -> float | None:
        """The value of a property where that is a number."""
        value = self.one(node, name, None)
        return float(value) if isinstance(value, (int, float)) else None

    def reported(self, node: str, name: str, digits: str) -> str:
        """A number with the digits that its source gives, which another property keeps; in a graph that has the number alone, that."""
        value = self.one(node, digits) or self.one(node, name)
        return value if isinstance(value, str) else format(Decimal(str(value)).normalize(), "f")

    def measure(self, node: str) -> str:
        """The effect measure, and what it sets against what or of what it is."""
        return ", ".join(filter(None, (self.text(node, "k2g:effectMeasure"), self.text(node, "k2g:contrast"))))
