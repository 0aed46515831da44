"""SSSOM: the identifiers of entities as a mapping set in TSV.

One row for each identifier, exact or close as the tables say, with where it was matched. Nothing is claimed here but sameness: claims,
findings and what they rest on are no mappings, and are left out and counted.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from pathlib import Path

from ..evidence.model import Evidence
from ..iris import PREFIXES
from ..text import one_line
from . import Format, Part
from .identifiers import ours

_COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification", "subject_category", "comment",
)  # fmt: skip
#: What YAML would take for more than a text.
_QUOTED = re.compile(r"^\W|: | #|[\n\"']|:$")


def write_sssom(part: Part, path: Path) -> Mapping[str, int]:
    """One TSV file with its metadata above."""
    evidence = part.evidence
    rows = sorted(_rows(evidence))
    prefixes = {
        "k2graph.entity": PREFIXES["entity"],
        "semapv": "https://w3id.org/semapv/vocab/",
        "skos": PREFIXES["skos"],
        **{each.curie.partition(":")[0]: _base(each.curie, each.address) for of in evidence.entities.values() for each in of.identifiers},
    }
    of = part.dataset
    meta = {
        "mapping_set_id": f"{of.address.removesuffix('/')}/entity/mappings.sssom.tsv" if of.address else "",
        "mapping_set_version": of.version,
        "mapping_set_title": f"{of.title} entities to standard vocabularies" if of.title else "",
        "license": of.licence,
    }
    head = [
        *(f"#{name}: {json.dumps(value, ensure_ascii=False) if _QUOTED.search(value) else value}" for name, value in meta.items() if value),
        "#curie_map:",
        *(f'#  {prefix}: "{base}"' for prefix, base in sorted(prefixes.items())),
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"{line}\n" for line in head)
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow(_COLUMNS)
        table.writerows(rows)
    bare = sum(not entity.identifiers for entity in evidence.entities.values())
    return {
        "claims, which are no mappings": len(evidence.claims),
        "findings, which are no mappings": len(evidence.findings),
        "mechanisms, which are no mappings": len(evidence.mechanisms),
        "interactions, which are no mappings": len(evidence.interactions),
        "entities without an identifier elsewhere": bare,
    }


def _rows(evidence: Evidence) -> list[tuple[str, ...]]:
    facts = evidence.facts
    matched = {
        (str(facts.one(match, "k2g:entity")), str(facts.one(match, "dcterms:identifier"))): str(facts.one(match, "k2g:matchedIn"))
        for match in facts.nodes("k2g:IdentifierMatch")
    }
    return [
        (
            ours(entity.id),
            one_line(entity.label),
            each.match_property,
            each.curie,
            one_line(each.matched_label),
            "semapv:UnspecifiedMatching",
            entity.kind_label,
            one_line(f"matched in {matched.get((entity.id, each.curie), '')}"),
        )
        for entity in evidence.entities.values()
        for each in entity.identifiers
    ]


def _base(curie: str, full: str) -> str:
    return full.removesuffix(curie.partition(":")[2])


SSSOM = Format(
    "sssom",
    "SSSOM mappings of entities",
    "sssom-py, SeMRA, OxO, curies",
    "every identifier of an entity, exact or close, with both labels, the kind of entity and where it was matched",
    "all that is no mapping: claims, findings, reports, studies, mechanisms, interactions; entities without an identifier; line breaks in"
    " labels",
    ".sssom.tsv",
    write_sssom,
    has=lambda part: any(entity.identifiers for entity in part.evidence.entities.values()),
)
