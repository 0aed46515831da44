"""QuickStatements for Wikidata (V1): identifiers of things, and conditions that human trials show an exposure to ease.

An entity with one exact Wikidata item gives that item its other exact identifiers, each of which was looked up.

Of claims: Wikidata has no property that says in which direction a thing moves a measured quantity, so that only those on a disease can
be said there: `medical condition treated` (P2175). A statement is repeated with each reference, by PubMed ID (P698) or DOI (P356), since
QuickStatements adds a reference to a statement that is there already. https://www.wikidata.org/wiki/Help:QuickStatements
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..evidence.model import Claim, Entity, Evidence, Report
from . import Format, Part
from .mapped import may_be_stated

_TREATED, _PMID, _DOI = "P2175", "S698", "S356"
#: The properties of identifiers, by the prefix of ours, with the form in which Wikidata writes them
#: (https://github.com/SuLab/WikidataIntegrator, wd_property_store.py).
_IDENTIFIERS = {
    "CHEBI": ("P683", re.compile(r"\d+", re.ASCII)),
    "CHEMBL.COMPOUND": ("P592", re.compile(r"CHEMBL\d+", re.ASCII)),
    "DRUGBANK": ("P715", re.compile(r"DB\d+", re.ASCII)),
    "MESH": ("P486", re.compile(r"D\d+", re.ASCII)),
    "PUBCHEM.COMPOUND": ("P662", re.compile(r"\d+", re.ASCII)),
}
_ITEM = re.compile(r"WIKIDATA:(Q[1-9]\d*)", re.ASCII)
#: What stands between double quotes without ending them, the field or the line; `|` may part fields too.
_SAFE_DOI = re.compile(r"10\.\d{4,9}/[!#-{}~]+", re.ASCII)


def write(part: Part, path: Path) -> Mapping[str, int]:
    """One command a line; nothing where nothing can be said there."""
    lines = list(_identifiers(part.evidence))
    left_out: Counter[str] = Counter()
    for claim in part.evidence.claims.values():
        commands, why = _commands(part.evidence, claim)
        lines += commands
        left_out[why] += not commands
    path.write_text("".join(f"{line}\n" for line in sorted(set(lines))), encoding="utf-8", newline="\n")
    left_out["interactions, which may be stated only with their severity"] = len(part.evidence.interactions)
    return left_out


def _identifiers(evidence: Evidence) -> Iterator[str]:
    """The commands that give an item its identifiers elsewhere."""
    for entity in evidence.entities.values():
        item = _item(entity)
        for each in entity.identifiers if item else ():
            prefix, _, local = each.curie.partition(":")
            if each.is_exact and prefix in _IDENTIFIERS:
                number, form = _IDENTIFIERS[prefix]
                if form.fullmatch(local):
                    yield f'{item}\t{number}\t"{local}"'


def _commands(evidence: Evidence, claim: Claim) -> tuple[list[str], str]:
    """The commands for a claim, or why there are none."""
    if claim.reach or not claim.standing.supported_in_human_trials:
        return [], "claims that human trials do not support"
    if not may_be_stated(evidence, claim.id, "plain"):
        return [], "claims that may not be told without direction and context"
    eases = evidence.facts.one(claim.predicate.id, "k2g:easesBy") == claim.direction.id
    if not eases or not evidence.facts.one(evidence.entities[claim.object].kind, "k2g:isEased", False):
        return [], "claims for which Wikidata has no property"
    exposure, condition = _item(evidence.entities[claim.subject]), _item(evidence.entities[claim.object])
    if not exposure or not condition:
        return [], "claims on things without one exact Wikidata item"
    references = filter(None, map(_reference, _trials(evidence, claim)))
    lines = [f"{exposure}\t{_TREATED}\t{condition}\t{reference}" for reference in references]
    return lines, "claims whose trials have neither PMID nor DOI"


def _item(entity: Entity) -> str:
    items = {found[1] for each in entity.identifiers if each.is_exact and (found := _ITEM.fullmatch(each.curie))}
    return items.pop() if len(items) == 1 else ""


def _trials(evidence: Evidence, claim: Claim) -> Iterator[Report]:
    """The reports of trials in people that count for the claim, no synthesis and none of them retracted or in doubt."""
    facts = evidence.facts
    for bearing in claim.bearings:
        finding = evidence.findings[bearing.finding]
        report = evidence.reports[finding.report]
        supports = bearing.counted and "k2g:supportWeight" in facts.all(bearing.stance.id, "k2g:casts")
        is_trial = facts.one(facts.one(finding.level.id, "k2g:tier"), "k2g:isOfHumanTrials", False)
        if supports and is_trial and not facts.one(finding.design.id, "k2g:isSynthesis", False) and not report.retraction:
            yield report


def _reference(report: Report) -> str:
    if re.fullmatch(r"[1-9]\d*", report.pmid, re.ASCII):
        return f'{_PMID}\t"{report.pmid}"'
    # Wikidata writes a DOI in capitals.
    return f'{_DOI}\t"{report.doi.upper()}"' if _SAFE_DOI.fullmatch(report.doi) else ""


WIKIDATA = Format(
    "wikidata",
    "QuickStatements for Wikidata",
    "QuickStatements",
    "ChEBI, ChEMBL, DrugBank, MeSH and PubChem identifiers of things with an exact Wikidata item; that human trials show an exposure to "
    "ease a disease, where both have one, with PMID or DOI of the report of each supporting trial",
    "all other claims, those on measured quantities and on risks among them; how many trials there are and their numbers; interactions",
    ".tsv",
    write,
)
