"""A graph of a few claims to be derived and checked in other servers, which take minutes over all, and what it is compared by."""

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from project import BY_HAND, LOOKED_AT, MECHANISM, write_built, write_claims
from pyoxigraph import Store, Triple

from k2graph import Graph, iris
from k2graph.shacl.report import Report
from k2graph.shacl.validate import validate
from k2graph.sparql.store import EmbeddedStore, Endpoint

PREFIXES = "".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in iris.PREFIXES.items())
#: Mistakes of every kind that a query looks for: number, class, word of a scheme, datatype, order, pattern, path and constraint.
MISTAKES = """
DELETE WHERE { GRAPH <g> { report:pmid-17287908 dcterms:title ?title } } ;
INSERT DATA { GRAPH <g> {
  report:pmid-17287908 bibo:pmid "0123" . study:knapen-2007 k2g:organism k2g:tier-animals ; k2g:sampleSize "many" .
  arm:knapen-2007-placebo k2g:doseValue 5 .
  claim:mk-7-level-dp-ucmgp k2g:direction k2g:direction-mixed , "up" ; k2g:favourite k2g:answer-no ; k2g:ciLow 10.5 ; k2g:ciHigh 5.5 .
  entity:mk-7 a k2g:Nowhere ; k2g:formOf entity:mk-7 ; dcterms:source <ftp://example.org/x> .
} } ;
INSERT { GRAPH <g> { ?arm k2g:doseValue "much" ; k2g:entered "some" ; k2g:lasted "long" } }
WHERE { GRAPH <g> { ?arm k2g:armOf study:knapen-2007 } } ;
INSERT { GRAPH <g> { ?finding k2g:value "large" ; k2g:n1 "some" ; k2g:n2 "others" ; k2g:sd1 "wide" ; k2g:sd2 "narrow" ; k2g:ciLow "low" } }
WHERE { GRAPH <g> { ?finding k2g:sd1 ?spread ; k2g:ciLow ?low } } ;
INSERT { GRAPH <g> { ?finding k2g:events1 "few" ; k2g:events2 "none" ; k2g:ciHigh "high" } }
WHERE { GRAPH <g> { ?finding k2g:events1 ?events } }"""


def write_few_claims(folder: Path, graph: Graph) -> None:
    """Claims that are pooled, untested, of background, and that would stand otherwise for each reason: their tables, in `tables`, and what
    is built of them, in `few.ttl`."""
    otherwise = graph.rows(
        "SELECT (MIN(?claim) AS ?one) { ?other k2g:hadCounted ?reason ; k2g:claim ?claim } GROUP BY ?reason ORDER BY ?reason"
    )
    assert len(otherwise) == 3
    claims = {*BY_HAND, *(row["one"].removeprefix("claim:") for row in otherwise)}
    write_claims(folder / "tables", graph, *sorted(claims), also=(MECHANISM, *LOOKED_AT))
    write_built(folder / "tables", folder / "few.ttl")


def by_value(term: Any) -> Any:
    """A term, and a literal by what it means: Virtuoso keeps 1.90 as 1.9 and true as 1."""
    kind = getattr(term, "datatype", None)
    if kind == iris.name("xsd:boolean"):
        return term.value in {"1", "true"}
    if kind in {iris.name("xsd:integer"), iris.name("xsd:decimal")}:
        return Decimal(term.value)
    return term.value


def values(triples: Iterable[Triple]) -> set[tuple[Any, ...]]:
    """Triples by what they mean."""
    return {(s.value, p.value, by_value(o)) for s, p, o in triples}  # type: ignore[union-attr]


def held(query: str, graph: str) -> set[tuple[Any, ...]]:
    """What a graph of a server holds, in the same way."""
    return values(Endpoint(query, 300, graph))


def spoilt_report(here: EmbeddedStore) -> Report:
    """The report on a graph with the mistakes in it."""
    store = Store()
    store.extend(here.engine)
    spoilt = EmbeddedStore.of(store)
    before = validate(spoilt)
    spoilt.engine.update(PREFIXES + re.sub(r"GRAPH <g> \{(.*?)\}", r"\1", MISTAKES, flags=re.DOTALL))
    report = validate(spoilt)
    assert len({result.shape for result in report.results} - {result.shape for result in before.results}) >= 8
    return report
