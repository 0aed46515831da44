"""The parts of which FHIR resources are made: numbers with their digits, codings, notes, ids, and texts that FHIR can hold."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

from ..addresses import parts
from ..evidence.model import Word
from ..iris import BASE, expand
from ..mappings import mapping_prefixes
from .mapped import Mapped

Json = dict[str, Any]

#: Python's JSON writes a number as a float. Digits that are to stay go in as a text that begins with this, as no other text does.
_DIGITS = "\0"
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_MARKED = re.compile(rf'"\\u0000({_NUMBER.pattern})"', re.ASCII)


def as_json(resource: Json) -> str:
    """A resource as JSON, its numbers with the digits that they have."""
    return _MARKED.sub(r"\1", json.dumps(resource, ensure_ascii=False, indent=1)) + "\n"


def quantity(value: float | None, unit: str, reported: str = "") -> Json | None:
    """A number, with the digits reported: to FHIR 1.150 is more exact than 1.15 (https://hl7.org/fhir/R5/datatypes.html#decimal)."""
    if value is None:
        return None
    return without_empty(value=_DIGITS + reported if _NUMBER.fullmatch(reported) else value, unit=text_of(unit))


def concept(word: Word) -> Json:
    """A word of ours as a CodeableConcept."""
    local = word.id.partition(":")[2]
    return {"coding": [{"system": expand(word.id).removesuffix(local), "code": local, "display": word.label}], "text": word.label}


def coded(word: Word, mapped: Mapped, *systems: str) -> Json:
    """A word of ours and, where other vocabularies have one that says as much, its code in each."""
    found = concept(word)
    for vocabulary in systems:
        # Codes of SEVCO begin with its name.
        system, _, start = mapping_prefixes()[vocabulary].partition("#")
        if code := mapped.term(word.id, vocabulary):
            found["coding"].append({"system": system, "code": start + code})
    return found


def notes(texts: Iterable[str]) -> list[Json]:
    """Texts as annotations, those that say something."""
    return [{"text": text} for text in map(text_of, texts) if text]


def logical_id(thing: str) -> str:
    """A logical id: claims and findings share a type of resource, so that each kind has its own letter.

    FHIR allows 64 characters; what is longer ends in a digest of the whole.

    >>> logical_id("claim:mk-7-level-dp-ucmgp")
    'c-mk-7-level-dp-ucmgp'
    >>> logical_id("https://example.org/iron/claim/iron-anaemia")
    'c-iron-anaemia-3823123d'
    """
    base, kind, key = parts(thing)
    # Two packs may have a thing of one key each.
    apart = "" if base in ("", BASE) else f"-{hashlib.sha256(base.encode()).hexdigest()[:8]}"
    name = f"{kind[0]}-{key}{apart}"
    return name if len(name) <= 64 else f"{name[:55]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def text_of(text: str) -> str:
    r"""A text that FHIR can hold; empty where nothing is left of it.

    >>> text_of("a\x01b\u2028c")
    'a b c'
    """
    return re.sub(r"[^ \r\n\t\S]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", " ", text) if text.strip() else ""


def without_empty(**values: Any) -> Json:
    """The fields that hold something: FHIR and VA-Spec allow no empty texts, lists and objects."""
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}
