"""A part of the real graph that holds something of every kind, for what takes long on the whole: other engines and servers."""

import re
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, Store, serialize

from k2graph import iris, resources
from k2graph.graph import Graph
from k2graph.sparql.store import EmbeddedStore

#: All that bears on the claims of these mechanisms.
MECHANISMS = ("mgp-calcification-events", "osteocalcin-hormone-muscle", "mitochondria-cramps", "k1-to-mk4", "gas6-axl-muscle-repair")
#: What goes with the claim, standing, finding or mechanism that it hangs on, and by which property.
HANGS_ON = {
    "Bearing": "claim", "Vote": "claim", "Standing": "claim", "Tally": "claim", "AlternativeStanding": "claim", "Anchor": "claim",
    "CertaintyJudgement": "claim",
    "CertaintyStep": "ofStanding", "Step": "mechanism", "MechanismSupport": "mechanism", "ComputedEstimate": "computedFor",
    "UnreadNumbers": "unreadFinding",
}  # fmt: skip
#: So many of each are there whatever points to them, and by which property the others are kept.
POINTED_AT = {"Study": (30, "study", "investigation", "within"), "Report": (30, "report"), "TurningPoint": (0, "turnsAt")}
OF_A_STUDY = {"Arm": "armOf", "Appraisal": "study", "Spread": "study"}
#: Beside the claims of the mechanisms: one with most findings, one that is pooled, one that an anchor holds, one on which a synthesis is of
#: concern, one on which an important effect is left out, one that a panel judged, one with a retracted finding, and one on a study that is
#: the example of many queries.
AS_WELL = (
    "mk-7-level-dp-ucmgp",
    "mk-7-level-arterial-stiffness",
    "warfarin-risk-bleeding",
    "mk-4-risk-hip-fracture",
    "vitamin-k1-level-hip-bone-mineral-density",
    "vitamin-k1-risk-bleeding",
    "mk-4-level-msx2",
    "mk-4-level-bone-strength",
)
#: What both arms of a trial had, which no finding of the tables gives yet.
ARMS = """PREFIX finding: <https://w3id.org/k2graph/finding/> PREFIX k2g: <https://w3id.org/k2graph/ontology#>
    INSERT DATA { finding:rlfulton2016-2 k2g:n1 40 ; k2g:n2 40 ; k2g:mean1 9.9 ; k2g:sd1 1.4 ; k2g:mean2 10.9 ; k2g:sd2 3.0 }"""
#: With what the addresses of a pack begin, which k2graph's own does not say.
BASES = """PREFIX void: <http://rdfs.org/ns/void#>
    INSERT DATA { <https://example.org/iron> void:uriSpace "https://example.org/iron/" }"""
#: Of things that have nothing to do with claims, so many are enough.
FEW = {
    "FoodContent": 12, "ReferenceIntake": 12, "PharmacokineticParameter": 12, "StatusFigure": 12, "Interaction": 12,
    "IdentifierMatch": 30, "CitationCheck": 12, "LeftOutRecord": 12,
}  # fmt: skip


def write_part_of_all(graph: Graph, folder: Path) -> None:
    """Write `part.nt`: the mechanisms above with all that bears on their claims, and a few of each kind of all else."""
    assert isinstance(graph.store, EmbeddedStore)
    everything = list(graph.store.engine)

    def named(query: str) -> list[NamedNode]:
        return [iris.name(row["x"]) for row in graph.rows(query)]

    def all_of(kind: str) -> list[NamedNode]:
        return named(f"SELECT ?x WHERE {{ ?x a k2g:{kind} }} ORDER BY ?x")

    def linked(*properties: str) -> list[tuple[Any, Any]]:
        names = {iris.name(f"k2g:{each}") for each in properties}
        return [(quad.subject, quad.object) for quad in everything if quad.predicate in names]

    kept = {iris.ours("claim", each) for each in AS_WELL} | {
        *named(
            f"""SELECT DISTINCT ?x WHERE {{ VALUES ?m {{ {" ".join(f"mechanism:{each}" for each in MECHANISMS)} }}
            {{ ?x k2g:neededBy ?m }} UNION {{ ?step k2g:mechanism ?m ; k2g:reachClaim ?x }}
            UNION {{ ?x rdf:object entity:muscle-strength }} }}"""
        )
    }
    # What k2graph's own queries name for an example stays.
    examples = "".join(path.read_text(encoding="utf-8") for path in (resources.QUESTIONS / "internal").glob("*.rq"))
    kept |= {iris.name(each) for each in re.findall(r"(?:claim|finding|report|study):[\w.-]+\w", examples)}
    # A finding stays for any claim that it bears on, and a pool for any that it serves.
    of_kept = {thing for thing, claim in linked("claim") if claim in kept}
    kept |= of_kept | {finding for bearing, finding in linked("finding") if bearing in of_kept}
    gone = {thing for kind in ("Claim", "Finding", "PooledEstimate") for thing in all_of(kind)} - kept
    gone |= {*all_of("Mechanism")} - {iris.ours("mechanism", each) for each in MECHANISMS}
    for kind, most in FEW.items():
        gone |= {*all_of(kind)[most:]}
    for kind, property_ in HANGS_ON.items():
        gone |= {*all_of(kind)} & {thing for thing, other in linked(property_) if other in gone}
    hanging = {thing for kind in OF_A_STUDY for thing in all_of(kind)}
    for kind, (most, *properties) in POINTED_AT.items():
        gone |= {*all_of(kind)[most:]} - kept - {other for thing, other in linked(*properties) if thing not in gone | hanging}
    for kind, property_ in OF_A_STUDY.items():
        gone |= {*all_of(kind)} & {thing for thing, other in linked(property_) if other in gone}
    store = Store()
    store.extend(quad for quad in everything if quad.subject not in gone and quad.object not in gone)
    store.update(ARMS)
    store.update(BASES)
    (folder / "part.nt").write_bytes(serialize(sorted((quad.triple for quad in store), key=str), format=RdfFormat.N_TRIPLES) or b"")
