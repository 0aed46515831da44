"""Which identifier names a thing elsewhere: an exact one of another vocabulary where there is one, else our own; none is made up."""

from __future__ import annotations

from collections import Counter

from ..evidence.model import Evidence, Report

#: How Biolink writes prefixes, where the tables write them otherwise.
_PREFIXES = {"UNIPROT": "UniProtKB", "NCBIGENE": "NCBIGene"}
#: Whose identifier names a node, first come first served; all others stand beside it. Prefixes that Biolink lacks (ATC, CMO, VT, OBA)
#: name no node.
_PREFERRED = (
    "HGNC", "NCBIGene", "UniProtKB", "CHEBI", "MONDO", "GO", "CL", "UBERON", "HP", "DOID", "EFO", "FOODON", "MESH", "DRUGBANK",
    "PUBCHEM.COMPOUND", "CHEMBL.COMPOUND", "WIKIDATA",
)  # fmt: skip


def node_names(evidence: Evidence) -> dict[str, str]:
    """Entity → the identifier of its node: an exact one of another vocabulary that no other entity has, else our own."""
    facts = evidence.facts
    # Of the whole graph, of which the evidence may be a part.
    exact = {word.id for word in evidence.scheme("match-kinds") if facts.one(word.id, "k2g:matchProperty") == "skos:exactMatch"}
    matches = [match for match in facts.nodes("k2g:IdentifierMatch") if facts.one(match, "k2g:match") in exact]
    shared = Counter(str(facts.one(match, "dcterms:identifier")) for match in matches)
    names = {}
    for entity in evidence.entities.values():
        alone = [biolink_curie(each.curie) for each in entity.identifiers if each.is_exact and shared[each.curie] < 2]
        ranked = sorted((_PREFERRED.index(_prefix(curie)), curie) for curie in alone if _prefix(curie) in _PREFERRED)
        names[entity.id] = ranked[0][1] if ranked else ours(entity.id)
    return names


def ours(thing: str) -> str:
    """Our own compact name under a prefix that is plain elsewhere.

    >>> ours("entity:mk-7")
    'k2graph.entity:mk-7'
    """
    return f"k2graph.{thing}"


def biolink_curie(curie: str) -> str:
    """An identifier as Biolink writes it.

    >>> biolink_curie("UNIPROT:P08493")
    'UniProtKB:P08493'
    """
    prefix, _, local = curie.partition(":")
    return f"{_PREFIXES.get(prefix, prefix)}:{local}"


def publication_name(report: Report) -> str:
    """PMID, else DOI, else our own name of a report."""
    return f"PMID:{report.pmid}" if report.pmid else f"DOI:{report.doi}" if report.doi else ours(report.id)


def _prefix(curie: str) -> str:
    return curie.partition(":")[0]
