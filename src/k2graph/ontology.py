"""The ontology as the tables need it: which words a column may hold, and what each of them entails.

The words live in ontology/k2graph.ttl only, and what they are called elsewhere in ontology/mappings.sssom.tsv. A scheme's concept is
written in a table by its skos:notation.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple

from . import resources
from .iris import BASE, PREFIXES, name, short
from .mappings import mapping_triples


def plain_spelling(text: str) -> str:
    """A spelling without what a font or a keyboard decides: signs of compatibility, runs of spaces. Case decides: mg is not Mg.

    >>> plain_spelling("m\N{MIDDLE DOT}s\N{SUPERSCRIPT MINUS}\N{SUPERSCRIPT ONE}")
    'm·s-1'
    """
    return " ".join(unicodedata.normalize("NFKC", text).translate(_ALIKE).split())


_ONTOLOGY = NamedNode(BASE + "ontology")
# Micro is written with two characters, minus with five, the point between units with four.
_ALIKE = str.maketrans({"\N{GREEK SMALL LETTER MU}": "u", **dict.fromkeys("−‐‑–", "-"), **dict.fromkeys("⋅∙•", "·"), "⁄": "/", "∕": "/"})


def has_anything_of_ours(triples: Iterable[Triple]) -> bool:
    """Whether any of some triples is of a thing with an address of ours, or says it in our words."""
    words = PREFIXES["k2g"]
    a = name("rdf:type")
    return any(
        getattr(triple.subject, "value", "").startswith(BASE)
        or triple.predicate.value.startswith(words)
        or (triple.predicate == a and getattr(triple.object, "value", "").startswith(words))
        for triple in triples
    )


@dataclass(frozen=True)
class Vocabulary:
    """An ontology file with the mappings of its words, read once."""

    path: Path = resources.ONTOLOGY
    mappings: Path = resources.MAPPINGS

    @cached_property
    def store(self) -> Store:
        """The triples of the ontology and of its mappings.

        Raises:
            InputError: where a row of the mappings is not in order or maps what is no word of the ontology.
        """
        store = Store()
        store.bulk_load(path=str(self.path), format=RdfFormat.TURTLE)
        words = {quad.subject for quad in store}
        store.extend([Quad(*triple) for triple in mapping_triples(self.mappings, words)])
        return store

    @cached_property
    def schemes(self) -> dict[str, dict[str, NamedNode]]:
        """Scheme → notation → concept, in the ontology's order of notations. Entity classes are the scheme `types`."""
        schemes: dict[str, dict[str, NamedNode]] = {}
        found = [
            (short(scheme.value).removeprefix("k2g:"), concept) for concept, _, scheme in self._matching(None, name("skos:inScheme"), None)
        ]
        found += [("types", concept) for concept, _, _ in self._matching(None, name("rdfs:subClassOf"), name("k2g:Entity"))]
        for scheme, concept in sorted(found, key=lambda pair: (pair[0], pair[1].value)):
            schemes.setdefault(scheme, {})[self.text(concept, "skos:notation")] = concept
        return schemes

    @cached_property
    def former(self) -> dict[str, dict[str, str]]:
        """Scheme → a notation of an earlier edition → the one in its place."""
        new = {concept: (scheme, notation) for scheme, words in self.schemes.items() for notation, concept in words.items()}
        former: dict[str, dict[str, str]] = {}
        for old, _, replacing in self._matching(None, name("dcterms:isReplacedBy"), None):
            notation = self.text(old, "skos:notation")
            if notation and replacing in new:
                scheme, now = new[replacing]
                former.setdefault(scheme, {})[notation] = now
        return former

    @cached_property
    def spellings(self) -> dict[str, dict[str, str]]:
        """Scheme → spelling, as `plain_spelling` makes it → the notation of the word that is meant."""
        spellings: dict[str, dict[str, str]] = {}
        for scheme, words in self.schemes.items():
            # A notation is its own spelling, whatever else is spelled alike.
            for notation, concept in words.items():
                for property_name in ("rdfs:label", "skos:altLabel", "skos:hiddenLabel"):
                    for spelling in self.texts(concept, property_name):
                        spellings.setdefault(scheme, {}).setdefault(plain_spelling(spelling), notation)
            spellings.setdefault(scheme, {}).update({plain_spelling(notation): notation for notation in words})
            if self.text(name(f"k2g:{scheme}"), "k2g:ignoresCase") == "true":
                for spelling, notation in [*spellings[scheme].items()]:
                    spellings[scheme].setdefault(spelling.lower(), notation)
        return spellings

    def word(self, scheme: str, text: str) -> str | None:
        """The notation of the word that a text spells, if any."""
        spelling, known = plain_spelling(text), self.spellings.get(scheme, {})
        ignores_case = self.text(name(f"k2g:{scheme}"), "k2g:ignoresCase") == "true"
        return known.get(spelling) or (known.get(spelling.lower()) if ignores_case else None)

    def instances(self, class_name: str) -> list[NamedNode]:
        """The things of a class, by address."""
        return sorted((thing for thing, _, _ in self._matching(None, name("rdf:type"), name(class_name))), key=lambda thing: thing.value)

    def texts(self, concept: NamedNode, property_name: str) -> list[str]:
        """All values of a property of a concept, in order."""
        return sorted(value.value for _, _, value in self._matching(concept, name(property_name), None))

    def text(self, concept: NamedNode, property_name: str) -> str:
        """The one value of a property of a concept; empty where it has none."""
        for _, _, value in self._matching(concept, name(property_name), None):
            return str(value.value)
        return ""

    def fact(self, scheme: str, notation: str, property_name: str) -> str:
        """What the ontology says of a table's word: `fact("designs", "rct", "k2g:isTrial")` is `"true"`."""
        return self.text(self.schemes[scheme][notation], property_name)

    @cached_property
    def language(self) -> str:
        """The tag of the language in which the ontology and the tables are written."""
        return self.text(_ONTOLOGY, "dcterms:language")

    @cached_property
    def tagged(self) -> frozenset[str]:
        """The properties whose texts carry that tag, under their compact names."""
        return frozenset(short(value.value) for _, _, value in self._matching(_ONTOLOGY, name("k2g:taggedProperty"), None))

    def literal(self, property_name: str, text: str) -> Literal:
        """A text as the value of a property: with the tag of its language where the ontology says that such texts carry it.

        >>> str(Vocabulary().literal("rdfs:label", "bone")), str(Vocabulary().literal("dcterms:identifier", "bone"))
        ('"bone"@en', '"bone"')
        """
        return Literal(text, language=self.language) if property_name in self.tagged else Literal(text)

    def with_wider(self, class_: NamedNode) -> list[NamedNode]:
        """A class and those above it, at any remove."""
        found = [class_]
        for narrow in found:  # what is found on the way is looked at too
            found += [broad for _, _, broad in self._matching(narrow, name("rdfs:subClassOf"), None) if broad not in found]
        return found

    def triples(self) -> list[tuple[Any, Any, Any]]:
        """All that the ontology says, for the graph that carries it."""
        return self._matching(None, None, None)

    def _matching(self, subject: NamedNode | None, predicate: NamedNode | None, value: NamedNode | None) -> list[tuple[Any, Any, Any]]:
        return [(quad.subject, quad.predicate, quad.object) for quad in self.store.quads_for_pattern(subject, predicate, value)]
