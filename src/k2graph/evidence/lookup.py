"""Things found by words of what they are called: labels, synonyms, initials, identifiers and numbers; claims also by those of their ends.

In: a graph, in a file or behind an endpoint. Out: what is called so, the best first. Case, accents and hyphens do not matter. Where nothing
is called so, it is said what may have been meant. The command line and the tools of assistants ask here; the site's own search (search.js),
which runs where there is no Python, folds and ranks in the same way, to which a test holds it.
"""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from ..addresses import parts
from ..errors import InputError
from ..iris import short
from ..sparql.internal import internal
from ..sparql.readable_graph import CLASSES, ReadableGraph
from ..text import did_you_mean

_APART = re.compile(r"(?:[^\w.<>&'\"=]|_)+")
_HYPHEN = re.compile(r"(?<=[^\W_])[-‐‑–](?=[^\W_])")
#: Names of so many words have initials by which they may be called.
_INITIALS = range(2, 7)
#: Letters of a word that is looked for by its spelling, and how alike the one that was meant has to be.
_LEAST, _ALIKE = 4, 0.75


def _plain(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)).lower()


def _spaced(text: str) -> str:
    return _APART.sub(" ", _plain(text)).strip()


def _joined(text: str) -> str:
    """A text with what a hyphen holds together as one word.

    >>> _joined("MK-7, ‘Menachinon’ é")
    'mk7 menachinon e'
    """
    return _APART.sub(" ", _HYPHEN.sub("", _plain(text))).strip()


def _initials(name: str) -> str:
    words = _spaced(name).split()
    return "".join(word[0] for word in words) if len(words) in _INITIALS else ""


@dataclass
class Entry:
    """What a thing is found by.

    `kind` is one of `CLASSES`, `type` the notation of an entity's class, `word` what it is or how it stands.
    """

    id: str
    kind: str
    label: str = ""
    title: str = ""
    type: str = ""
    word: str = ""
    names: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """What people call it: a report by whom it is and when, with its title."""
        if self.title and self.title not in self.label:
            return f"{self.label}: {self.title}"
        return self.label or self.id

    @property
    def key(self) -> str:
        """What the tables write for it."""
        return self.numbers[0] if self.kind == "report" and self.numbers else parts(self.id)[2]

    def also(self, words: str) -> list[str]:
        """Its other names: all synonyms, and of its numbers those that were looked for."""
        tokens = _joined(words).split()
        return [
            *self.names,
            *(number for number in self.numbers if number not in self.key and all(token in _joined(number) for token in tokens)),
        ]

    @cached_property
    def called(self) -> list[str]:
        """Every name of its own."""
        return [self.shown, *self.names, *self.numbers]


@dataclass(frozen=True)
class Found:
    """What was found, the best first; `instead` are the words that were looked for where nothing is called as was asked."""

    entries: list[Entry]
    instead: str = ""


class _Folded:
    """An entry as it is compared: each name with hyphens apart and together."""

    def __init__(self, entry: Entry, ends: list[Entry]) -> None:
        self.entry = entry
        names = [*entry.called, *(name for end in ends for name in end.called)]
        self.text = f" {' '.join(dict.fromkeys(part for name in names for part in (_spaced(name), _joined(name), _initials(name))))} "
        # By its key it is found where that is given whole: parts of it are those of a label, and say no more.
        self.own = {folded for name in (*entry.called, parts(entry.id)[2]) for folded in (_spaced(name), _joined(name))}
        self.label = f" {_spaced(entry.shown)} {_joined(entry.shown)} "

    def is_called(self, tokens: list[str], whole: str) -> bool:
        """Whether it is called so."""
        return whole in self.own or all(token in self.text for token in tokens)

    def rank(self, tokens: list[str], whole: str) -> float:
        """The nearer to 0 the better: called just so, its label begins so, or words of its label or of other names begin so."""
        if whole in self.own:
            return 0
        if self.label.startswith(f" {whole}"):
            return 1
        missed = [sum(f" {token}" not in text for token in tokens) / len(tokens) for text in (self.label, self.text)]
        return 2 + sum(missed)


class Lookup:
    """All things of a graph by what they are called; it is read once."""

    def __init__(self, graph: ReadableGraph) -> None:
        entries: dict[str, Entry] = {}
        kinds = {class_: kind for kind, class_ in CLASSES.items()}
        for row in graph.rows(internal("names-to-look-up")):
            entry = entries.setdefault(row["thing"], Entry(short(row["thing"]), kinds[short(row["class"])]))
            _add(entry, row["as"], str(row["value"]))
        order = {kind: place for place, kind in enumerate(CLASSES)}
        for entry in entries.values():
            # In whatever order a store gives them.
            entry.names, entry.numbers, entry.ends = (sorted(set(each)) for each in (entry.names, entry.numbers, entry.ends))
            entry.numbers.sort(key=lambda number: ":" not in number)
        self.entries = sorted(entries.values(), key=lambda entry: (order[entry.kind], entry.id))

    @cached_property
    def types(self) -> list[str]:
        """The kinds of things, and the types of entities, that are here."""
        return [*CLASSES, *sorted({entry.type for entry in self.entries} - {"", *CLASSES})]

    @cached_property
    def _folded(self) -> list[_Folded]:
        by_name = {entry.id: entry for entry in self.entries}
        return [_Folded(entry, [by_name[end] for end in entry.ends if end in by_name]) for entry in self.entries]

    @cached_property
    def _words(self) -> Counter[str]:
        return Counter(word for each in self._folded for word in each.text.split() if len(word) >= _LEAST)

    def find(self, words: str, of_type: str = "") -> Found:
        """What is called so, and of a type where one is given.

        Raises:
            InputError: where no word is given, or there is no such type.
        """
        if of_type and of_type not in self.types:
            raise InputError(
                f"{of_type!r} is no type of things here; there are {', '.join(self.types)}{did_you_mean(of_type, self.types, 1)}"
            )
        if not any(map(str.isalnum, words)):
            raise InputError("search needs a word")
        found = self._look(words)
        instead = "" if found else self._meant(words)
        chosen = [entry for entry in found or (self._look(instead) if instead else []) if of_type in {"", entry.kind, entry.type}]
        return Found(chosen, instead)

    def sharing(self, words: str) -> list[Entry]:
        """What shares the most of the words of a sentence, the best first; a word weighs the more the fewer things have it."""
        tokens = dict.fromkeys(_joined(words).split(), 0)
        for token in tokens:
            tokens[token] = sum(f" {token} " in each.text for each in self._folded)
        weights = {token: math.log(1 + len(self._folded) / found) for token, found in tokens.items() if found}
        shares = [sum(weight for token, weight in weights.items() if f" {token} " in each.text) for each in self._folded]
        least = max(max(shares, default=0) / 2, 1e-9)
        order = sorted(range(len(shares)), key=lambda place: (-shares[place], len(self._folded[place].label), place))
        return [self._folded[place].entry for place in order if shares[place] >= least]

    def _look(self, words: str) -> list[Entry]:
        whole = _joined(words)
        tokens = list(dict.fromkeys(whole.split()))
        hits = [(each.rank(tokens, whole), place, each.entry) for place, each in enumerate(self._folded) if each.is_called(tokens, whole)]
        return [entry for _, _, entry in sorted(hits, key=lambda hit: hit[:2])]

    def _meant(self, words: str) -> str:
        """Words that are alike and under which something is found; empty where there are none."""
        better = [self._near(token) for token in _joined(words).split()]
        meant = " ".join(better)
        return meant if all(better) and meant != _joined(words) and self._look(meant) else ""

    def _near(self, token: str) -> str:
        if any(token in each.text for each in self._folded):
            return token
        # A number that is nearly another is another's.
        is_word = len(token) >= _LEAST and token.isalpha()
        alike = difflib.get_close_matches(token, sorted(self._words), n=3, cutoff=_ALIKE) if is_word else []
        # Of words that are equally near, the one that is used most.
        return max(alike, key=lambda word: (round(difflib.SequenceMatcher(a=word, b=token).ratio(), 2), self._words[word]), default="")


def _add(entry: Entry, as_: str, value: str) -> None:
    match as_:
        case "label":
            entry.label = min(filter(None, (entry.label, value)))
        case "title":
            entry.title = min(filter(None, (entry.title, value)))
        case "type":
            entry.type = min(filter(None, (entry.type, value)))
        case "is":
            entry.word = min(filter(None, (entry.word, value)))
        case "name":
            entry.names.append(value)
        case "number":
            entry.numbers.append(value)
        case "end":
            entry.ends.append(short(value))


def by_kind(entries: list[Entry]) -> dict[str, list[Entry]]:
    """Entries by their kind, in the order of the kinds."""
    groups = {kind: [entry for entry in entries if entry.kind == kind] for kind in CLASSES}
    return {kind: some for kind, some in groups.items() if some}
