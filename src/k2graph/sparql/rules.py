"""The rules: what follows from what, one SPARQL CONSTRUCT a file in ontology/rules, run in the order of their names."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Store

from .. import iris, resources
from ..ontology import Vocabulary

Term = NamedNode | Literal
Triple = tuple[NamedNode, NamedNode, Term]
_TYPE, _LABEL = iris.name("rdf:type"), iris.name("rdfs:label")


@dataclass(frozen=True)
class Rule:
    """One CONSTRUCT file: its name without the number, what its leading comment says, and the query."""

    path: Path

    @property
    def name(self) -> str:
        """`16-standing.rq` is the rule `standing`."""
        return self.path.stem.partition("-")[2]

    @cached_property
    def query(self) -> str:
        """The SPARQL text."""
        return self.path.read_text(encoding="utf-8")

    def update(self, graph: str | None = None) -> str:
        """The rule as an update that adds what it constructs, in the graph of a name or in the one that has none."""
        where = "" if graph is None else f"WITH <{graph}>\n"
        return re.sub(r"^CONSTRUCT\b", f"{where}INSERT", self.query, count=1, flags=re.MULTILINE)

    @property
    def description(self) -> str:
        """The comment at the file's head, as one paragraph."""
        lines = []
        for line in self.query.splitlines():
            if not line.startswith("#"):
                break
            lines.append(line.lstrip("# "))
        return " ".join(lines)


def read_rules(folder: Path = resources.RULES) -> list[Rule]:
    """The rules of a folder in the order in which they run."""
    return [Rule(path) for path in sorted(folder.glob("*.rq"))]


def apply_rules(store: Store, rules: Iterable[Rule], progress: Callable[[str], None] = lambda _: None) -> None:
    """Run each rule once on what the ones before it left, and add what it constructs."""
    for rule in rules:
        progress(rule.name)
        store.update(rule.update())


def without(rules: Iterable[Rule], *names: str) -> list[Rule]:
    """The rules but those of some names."""
    return [rule for rule in rules if rule.name not in names]


def rule_triples(rules: Iterable[Rule] | None = None, vocabulary: Vocabulary | None = None) -> Iterator[Triple]:
    """What a graph says of rules, by default of all that there are."""
    literal = (vocabulary or Vocabulary()).literal
    for rule in read_rules() if rules is None else rules:
        node = iris.ours("rule", rule.name)
        yield node, _TYPE, iris.name("k2g:Rule")
        yield node, _LABEL, literal("rdfs:label", rule.name.replace("-", " "))
        yield node, iris.name("skos:definition"), literal("skos:definition", rule.description)
        yield node, iris.name("k2g:order"), Literal(rule.path.stem.partition("-")[0].lstrip("0"), datatype=iris.name("xsd:integer"))
