"""How things are named: prefixes, the addresses of our own things, and of other people's identifiers. One place."""

import re
from functools import lru_cache

from pyoxigraph import NamedNode

BASE = "https://w3id.org/k2graph/"

#: Path under BASE for each kind of thing of ours. The prefix in Turtle and in queries is the same word.
KINDS = (
    "entity", "claim", "study", "trial", "cohort", "group", "spread", "investigation", "finding", "mechanism", "step",
    "interaction", "intake", "content", "kinetics", "check", "identifier", "bearing", "vote", "standing", "tally", "scenario", "pooled",
    "support", "rule", "question",
)  # fmt: skip

PREFIXES: dict[str, str] = {
    "k2g": BASE + "ontology#",
    **{kind: f"{BASE}{kind}/" for kind in KINDS},
    "bibo": "http://purl.org/ontology/bibo/",
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "NCBITaxon": "http://purl.obolibrary.org/obo/NCBITaxon_",
}

#: Where other vocabularies' identifiers live in RDF, by the prefix that the tables write. From the Bioregistry
#: (https://bioregistry.io, "RDF URI format"), whose own resolver serves for prefixes that have none.
IDENTIFIERS: dict[str, str] = {
    **{
        prefix: f"http://purl.obolibrary.org/obo/{prefix}_"
        for prefix in ("CHEBI", "CL", "CMO", "DOID", "FOODON", "GO", "HP", "MONDO", "OBA", "UBERON", "VT")
    },
    "CHEMBL.COMPOUND": "http://rdf.ebi.ac.uk/resource/chembl/molecule/",
    "EFO": "http://www.ebi.ac.uk/efo/EFO_",
    "MESH": "http://id.nlm.nih.gov/mesh/",
    "NCBIGENE": "http://purl.uniprot.org/geneid/",
    "PUBCHEM.COMPOUND": "http://rdf.ncbi.nlm.nih.gov/pubchem/compound/CID",
    "UNIPROT": "http://purl.uniprot.org/uniprot/",
    "WIKIDATA": "http://www.wikidata.org/entity/",
}


@lru_cache(maxsize=2**12)
def name(curie: str) -> NamedNode:
    """The node for a compact name with one of our prefixes.

    >>> name("k2g:Claim").value
    'https://w3id.org/k2graph/ontology#Claim'
    """
    prefix, _, local = curie.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def slug(key: str) -> str:
    """A key as the last part of an address: lower case, with nothing that Turtle or a path would have to escape.

    Keys that are web addresses would be long and could collide when cut, so they end in a digest of the whole.

    >>> slug("PMID:17287908"), slug("DOI:10.1016/j.bone.2014.03.008")
    ('pmid-17287908', 'doi-10.1016-j.bone.2014.03.008')
    """
    text = re.sub(r"[^a-z0-9.]+", "-", key.lower()).strip("-.")
    if len(text) <= 60:
        return text
    import hashlib

    return f"{text[:40].strip('-.')}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


@lru_cache(maxsize=2**16)
def ours(kind: str, key: str) -> NamedNode:
    """The node of one of our own things.

    >>> ours("study", "PMID:17287908").value
    'https://w3id.org/k2graph/study/pmid-17287908'
    """
    return NamedNode(f"{PREFIXES[kind]}{slug(key)}")


def short(iri: str) -> str:
    """An address in compact form where a prefix fits, else as it is.

    >>> short("https://w3id.org/k2graph/entity/mk-7")
    'entity:mk-7'
    """
    for prefix, start in PREFIXES.items():
        if iri.startswith(start) and len(iri) > len(start):
            return f"{prefix}:{iri[len(start) :]}"
    return iri


def identifier(curie: str) -> NamedNode:
    """The address of another vocabulary's identifier.

    >>> identifier("CHEBI:10033").value
    'http://purl.obolibrary.org/obo/CHEBI_10033'
    """
    prefix, _, local = curie.partition(":")
    return NamedNode(IDENTIFIERS.get(prefix, f"https://bioregistry.io/{prefix}:") + local)
