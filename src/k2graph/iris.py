"""How things are named: prefixes, the addresses of our own things, and of other people's identifiers. One place."""

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from pyoxigraph import NamedNode

from . import resources

BASE = "https://w3id.org/k2graph/"


def _bare(address: str) -> str:
    """An address without what may be written in two ways: http or https, www or not."""
    return re.sub(r"^https?://(www\.)?", "", address, count=1, flags=re.IGNORECASE)


def _read_kinds() -> tuple[str, ...]:
    # Not as TOML: what is amiss elsewhere in the file is told by who reads it all, and not by every command.
    listed = re.search(r"^addresses = \[([^]]*)\]", resources.TABLE_SCHEMA.read_text(encoding="utf-8"), re.MULTILINE)
    return tuple(re.findall(r'"([a-z]+)"', listed[1])) if listed else ()


#: Path under BASE for each kind of thing of ours, by ontology/tables.toml. The prefix in Turtle and in queries is the same word.
KINDS = _read_kinds()

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
#: Vocabularies of what is written for others, which the graph itself does not need.
OTHERS: dict[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "np": "http://www.nanopub.org/nschema#",
    "npx": "http://purl.org/nanopub/x/",
    "pav": "http://purl.org/pav/",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
}
_WRITTEN = {**OTHERS, **PREFIXES}


@dataclass(frozen=True)
class _Prefix:
    """A row of ontology/prefixes.tsv: what others call a prefix, and where its identifiers are to be found.

    From the Bioregistry (https://bioregistry.io): `address` is its "RDF URI format", or for papers where they are read; `synonyms` and
    `others`, without scheme and www, are in lower case.
    """

    prefix: str
    address: str
    synonyms: tuple[str, ...]
    others: tuple[str, ...]


def _read_prefixes() -> list[_Prefix]:
    lines = resources.PREFIXES.read_text(encoding="utf-8").splitlines()[1:]
    cells = (line.split("\t") for line in lines)
    return [_Prefix(prefix, address, tuple(synonyms.split()), tuple(others.split())) for prefix, address, synonyms, others in cells]


_READ = _read_prefixes()
#: Where other vocabularies' identifiers live in RDF, by the prefix that the tables write. The Bioregistry's own resolver serves for
#: prefixes that have no address.
IDENTIFIERS: dict[str, str] = {row.prefix: row.address for row in _READ if row.address}
_RESOLVER = "https://bioregistry.io/"
#: Services that take a compact name, or a prefix and the rest as parts of a path.
_RESOLVERS = ("bioregistry.io/", "identifiers.org/", "n2t.net/")
#: As they are written in any letter case, and as they are written here.
_SYNONYMS = {
    **{prefix.casefold(): prefix for prefix in PREFIXES},
    **{called: row.prefix for row in _READ for called in (row.prefix.casefold(), *row.synonyms)},
}
_FOREIGN = frozenset(_SYNONYMS.values())
#: The longest first, since one address may begin as another does.
_ADDRESSES = sorted(
    (
        *((_bare(start).casefold(), prefix) for prefix, start in PREFIXES.items() if start.startswith(BASE)),
        *((start, row.prefix) for row in _READ for start in row.others),
    ),
    key=lambda pair: (-len(pair[0]), pair),
)


@lru_cache(maxsize=2**12)
def name(curie: str) -> NamedNode:
    """The node for a compact name with one of the prefixes that are written here; a web address is that of a node.

    >>> name("k2g:Claim").value
    'https://w3id.org/k2graph/ontology#Claim'
    """
    prefix, _, local = curie.partition(":")
    return NamedNode(curie if local.startswith("//") else _WRITTEN[prefix] + local)


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
def ours(kind: str, key: str, base: str = BASE) -> NamedNode:
    """The node of one of our own things, or of a pack's whose addresses begin with another base.

    >>> ours("study", "PMID:17287908").value
    'https://w3id.org/k2graph/study/pmid-17287908'
    """
    return NamedNode(f"{base}{kind}/{slug(key)}")


@lru_cache(maxsize=2**15)
def short(iri: str, **others: str) -> str:
    """An address in compact form where a prefix fits, one of ours or of `others`, else as it is.

    >>> short("https://w3id.org/k2graph/entity/mk-7"), short("https://schema.org/Dataset", schema="https://schema.org/")
    ('entity:mk-7', 'schema:Dataset')
    """
    for prefix, start in (others | PREFIXES).items() if others else PREFIXES.items():
        if iri.startswith(start) and len(iri) > len(start):
            return f"{prefix}:{iri[len(start) :]}"
    return iri


def address_in(key: str) -> str:
    """The address that a key is, where it is one and no identifier.

    >>> address_in("URL:https://example.org/a"), address_in("PMID:17287908")
    ('https://example.org/a', '')
    """
    return key.removeprefix("URL:") if key.startswith("URL:") else ""


def identifier(curie: str) -> NamedNode:
    """The address of another vocabulary's identifier.

    >>> identifier("CHEBI:10033").value
    'http://purl.obolibrary.org/obo/CHEBI_10033'
    """
    prefix, _, local = curie.partition(":")
    return NamedNode(IDENTIFIERS.get(prefix, f"{_RESOLVER}{prefix}:") + local)


def compact(iri: str) -> str:
    """An address in compact form where a prefix of ours or of another vocabulary fits, else as it is; `expand` gives it back.

    >>> compact("http://purl.obolibrary.org/obo/CHEBI_10033")
    'CHEBI:10033'
    """
    ours_ = short(iri)
    if ours_ != iri:
        return ours_
    curies = [f"{prefix}:{iri[len(start) :]}" for prefix, start in IDENTIFIERS.items() if iri.startswith(start) and len(iri) > len(start)]
    if iri.startswith(_RESOLVER):
        curies.append(iri.removeprefix(_RESOLVER))
    return next((curie for curie in sorted(curies, key=len) if expand(curie) == iri), iri)


def expand(curie: str) -> str:
    """The address of a compact name, with whatever prefix; what has no prefix that is known, or makes no address, stays as it is.

    >>> expand("CHEBI:10033"), expand("entity:mk-7")
    ('http://purl.obolibrary.org/obo/CHEBI_10033', 'https://w3id.org/k2graph/entity/mk-7')
    """
    prefix, colon, local = curie.partition(":")
    if not colon or not local or local.startswith("//"):
        return curie
    if prefix in _WRITTEN:
        return _WRITTEN[prefix] + local
    with suppress(ValueError):
        return identifier(curie).value if prefix in _FOREIGN else curie
    return curie


def meant(text: str) -> str:
    """The compact name that is meant by what somebody wrote, in any of the ways in which people name things.

    They are a full address of the thing here, in its own database or at a resolver, with http, https or neither, with a slash behind or
    not, in <> or not; and a compact name in any letter case, with any synonym of its prefix. Whatever is none of these stays as it is.

    >>> meant("https://w3id.org/k2graph/entity/mk-7/"), meant("chebi:10033"), meant("http://www.ncbi.nlm.nih.gov/pubmed/17287908")
    ('entity:mk-7', 'CHEBI:10033', 'PMID:17287908')
    >>> meant("doi.org/10.1016/j.bone.2014.03.008"), meant("vitamin K2: a review")
    ('DOI:10.1016/j.bone.2014.03.008', 'vitamin K2: a review')
    """
    text = text.strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1].strip()
    if not re.match(r"https?://", text, re.IGNORECASE):
        # As a browser shows an address, and people copy it.
        address = f"https://{text}"
        known = re.match(r"[a-z0-9-]+(\.[a-z0-9-]+)+/", text, re.IGNORECASE) and (found := meant(address)) != address
        return found if known else _meant_by_curie(text)
    bare = _bare(text)
    lowered = bare.casefold()
    # A few letters are longer in lower case; the place of what follows an address is counted in plain ones only.
    if not lowered.isascii() and len(lowered) != len(bare):
        return text
    for resolver in _RESOLVERS:
        if lowered.startswith(resolver):
            prefix, colon, local = unquote(bare[len(resolver) :]).rstrip("/").partition(":")
            if "/" in prefix or not colon:
                prefix, _, local = unquote(bare[len(resolver) :]).rstrip("/").partition("/")
            found = _meant_by_curie(f"{prefix}:{local}")
            return found if found.partition(":")[0] in _FOREIGN else text
    for start, prefix in _ADDRESSES:
        if lowered.startswith(start):
            local = bare[len(start) :].partition("?")[0].strip("/")
            if prefix != "DOI":
                local = re.split("[/#&]", local)[0]
            if local:
                return _meant_by_curie(f"{prefix}:{unquote(local)}")
    return text


def _meant_by_curie(text: str) -> str:
    if re.match(r"10\.\d{2,9}/\S", text):
        return f"DOI:{text}"
    prefix, _, local = text.partition(":")
    # OBO's own addresses end so.
    if underscored := re.fullmatch(r"(?:obo:)?([a-z]+)_(\d+)", text, re.IGNORECASE):
        prefix, local = underscored.groups()
    known = _SYNONYMS.get(prefix.casefold())
    if known in {"PMID", "PMC", "DOI"}:
        local = local.strip()  # lists of references write "PMID: 17287908"
    if known is None or not local or re.search(r"\s", local):
        return text
    # Some write the prefix twice, and some leave it out where it is a part of the number.
    twice, _, rest = local.partition(":")
    if rest and _SYNONYMS.get(twice.casefold()) == known:
        local = rest
    if known == "PMC":
        local = "PMC" + re.sub(r"^PMC", "", local, flags=re.IGNORECASE)
    return f"{known}:{local}"


def spellings(text: str) -> set[str]:
    """What a graph may hold, in small letters, of what somebody wrote: as it is, as a compact name, and the bare number of a paper."""
    name_ = meant(text)
    prefix, _, local = name_.partition(":")
    # The key of a paper that has no number is its address.
    found = {text.strip(), name_, f"URL:{text.strip().strip('<>')}", *([local] if prefix in {"PMID", "PMC", "DOI"} else [])}
    return {each.casefold() for each in found}
