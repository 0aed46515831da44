"""Nanopublications: each accepted by the `nanopub` package, and each claim asserted as what it is."""

import warnings
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from exported import Export
from hostile_texts import evidence_of, hostile_parts, with_numbers
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from project import Rows, ours
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse, serialize

import k2graph
from k2graph.exports import Part, export
from k2graph.exports.nanopub import NANOPUB, nanopub_address
from k2graph.iris import PREFIXES, expand

pytestmark = pytest.mark.slow

MOST = 1200  # triples that the network takes in one


@pytest.fixture(scope="module")
def file(exported_some: Export, some_rows: Rows) -> Path:
    path, left_out = exported_some("nanopub")
    assert left_out == {
        "mechanisms as chains of steps": len(some_rows("mechanisms")),
        "interactions": len(some_rows("interactions")),
    }
    return path


def apart(file: Path) -> dict[str, list[Quad]]:
    """Nanopublication → its quads."""
    found: dict[str, list[Quad]] = defaultdict(list)
    for quad in parse(path=str(file), format=RdfFormat.TRIG):
        found[quad.graph_name.value.partition("#")[0]].append(quad)
    return found


@cache
def prepared(sparql: str) -> Any:
    from nanopub.namespaces import NPX
    from rdflib.plugins.sparql import prepareQuery

    return prepareQuery(sparql, initNs={"npx": NPX})


def is_valid(quads: list[Quad]) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdflib deprecates the ConjunctiveGraph that the package is built on
        import nanopub
        import rdflib

        class Prepared(rdflib.ConjunctiveGraph):
            """The package asks one query twice of each of some 1,500; parsing it is most of the time that the check takes."""

            def query(self, sparql: str) -> Any:
                return super().query(prepared(sparql))

        graph = Prepared()
        graph.parse(data=(serialize(quads, format=RdfFormat.N_QUADS) or b"").decode(), format="nquads")
        conf = nanopub.NanopubConf(add_prov_generated_time=False, add_pubinfo_generated_time=False)
        checked = nanopub.Nanopub(rdf=graph, conf=conf)
        assert len(checked.rdf) == len(set(quads))
        return bool(checked.is_valid)


def test_every_one_is_accepted(file: Path, some: k2graph.Graph) -> None:
    evidence = evidence_of(some)
    found = apart(file)
    assert set(found) == {nanopub_address(thing) for thing in (*evidence.claims, *evidence.findings)}
    assert [name for name, quads in found.items() if not is_valid(quads)] == []


def test_none_of_the_whole_is_larger_than_the_network_takes(exported: Export) -> None:
    assert max(map(len, apart(exported("nanopub").path).values())) < MOST


def test_one_without_provenance_is_refused(file: Path) -> None:
    quads = apart(file)[nanopub_address("claim:mk-7-level-dp-ucmgp")]
    with pytest.raises(Exception, match="provenance graph is empty"):
        is_valid([quad for quad in quads if not quad.graph_name.value.endswith("#provenance")])


@cache
def loaded(file: Path) -> Store:
    """What a file holds, which nobody changes, read once for all that is asked of it."""
    store = Store()
    store.bulk_load(path=str(file), format=RdfFormat.TRIG)
    return store


def asked(file: Path, sparql: str) -> list[tuple[str, ...]]:
    store = loaded(file)
    prefixes = "".join(f"PREFIX {prefix}: <{base}> " for prefix, base in {**PREFIXES, "np": "http://www.nanopub.org/nschema#"}.items())
    return [tuple(term.value for term in row) for row in store.query(prefixes + sparql)]


def test_every_claim_is_asserted_with_its_standing(file: Path, some: k2graph.Graph) -> None:
    found = asked(
        file,
        "SELECT ?claim ?result ?tier { GRAPH ?h { ?np np:hasAssertion ?a }"
        " GRAPH ?a { ?claim k2g:standing ?s . ?s k2g:result ?result ; k2g:testedIn ?tier } }",
    )
    assert sorted(found) == sorted(
        (expand(name), expand(claim.standing.result.id), expand(claim.standing.tier.id)) for name, claim in evidence_of(some).claims.items()
    )


def test_no_claim_is_asserted_as_a_plain_triple(file: Path, some_rows: Rows) -> None:
    predicates = ", ".join(f"k2g:{row['predicate']}" for row in {row["predicate"]: row for row in some_rows("claims")}.values())
    assert asked(file, f"SELECT ?s {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?p IN ({predicates})) }}") == []


def test_the_trial_that_leaves_it_open_stands_beside_its_claim(file: Path) -> None:
    stances = asked(
        file, "SELECT ?finding { GRAPH ?g { ?b k2g:claim claim:mk-7-level-dp-ucmgp ; k2g:stance k2g:stance-open ; k2g:finding ?finding } }"
    )
    assert stances == [(expand("finding:theuwissen-2013-dpucmgp-null"),)]


def test_a_standing_is_asserted_with_its_votes_its_certainty_and_how_it_was_reached(file: Path) -> None:
    query = """SELECT ?for ?open ?excluded ?against ?certainty ?how {{ GRAPH ?a {{ claim:{} k2g:standing ?s . ?s k2g:supportWeight ?for ;
      k2g:openWeight ?open ; k2g:excludeWeight ?excluded ; k2g:contradictWeight ?against ;
      k2g:certainty ?certainty ; k2g:reachedBy ?how }} }}"""
    for claim, votes, certainty, how in (
        ("mk-7-risk-all-cause-mortality", (0, 1, 0, 0), "very-low", "counted"),
        ("vitamin-k1-level-hip-bone-mineral-density", (0, 0, 1, 0), "low", "counted"),
        ("vitamin-k-level-time-in-therapeutic-range", (1.5, 3.5, 0, 0), "very-low", "pooled"),
    ):
        (row,) = asked(file, query.format(claim))
        assert tuple(map(float, row[:4])) == votes
        assert row[4:] == (expand(f"k2g:certainty-{certainty}"), expand(f"k2g:method-{how}"))
    because = asked(file, "SELECT ?why { GRAPH ?a { claim:mk-4-level-muscle-strength k2g:standing/k2g:untestedBecause ?why } }")
    assert because == [(expand("k2g:untested-nothing-found"),)]


def test_a_certainty_is_asserted_with_what_it_is_and_each_step_down(file: Path) -> None:
    steps = asked(
        file,
        """SELECT ?domain ?down ?reason { GRAPH ?a { claim:mk-7-risk-all-cause-mortality k2g:standing ?s .
        ?step a k2g:CertaintyStep ; k2g:ofStanding ?s ; k2g:domain ?domain ; k2g:stepsDown ?down ; k2g:reason ?reason } }""",
    )
    # The working of each step is in tests/evidence/test_standings.py.
    assert {domain.partition("#domain-")[2]: (down, reason) for domain, down, reason in steps} == {
        "risk-of-bias": ("1", "0 of 1 at low risk of bias, 0 at high risk, 0 not appraised"),
        "inconsistency": ("0", "one study, which nothing can be set beside"),
        "indirectness": ("1", "all of it in one group: hospital patients"),
        "imprecision": ("2", "40 people; the interval holds important effects both ways"),
        "publication": ("0", "one study; finished trials registered without results: 0"),
    }
    is_ = "k2g:standing/k2g:certainty/skos:inScheme/skos:definition"
    assert asked(file, f"SELECT ?is {{ GRAPH ?a {{ claim:mk-7-risk-all-cause-mortality {is_} ?is }} }}") == [
        ("How far the evidence can be relied on: GRADE-informed, derived by rule; no judgement of a panel.",)
    ]


def test_a_standing_is_derived_from_votes_with_their_risk_of_bias(file: Path) -> None:
    where = f"{nanopub_address('claim:mk-7-level-dp-ucmgp')}#"
    votes = asked(
        file,
        f"""SELECT ?who ?n ?risk {{ GRAPH <{where}provenance> {{ <{where}assertion> prov:wasDerivedFrom ?vote . ?vote a k2g:Vote ;
        k2g:claim claim:mk-7-level-dp-ucmgp ; k2g:tier k2g:tier-human-trials ; k2g:investigation ?who ; k2g:votes ?n ;
        k2g:riskOfBias ?risk }} }}""",
    )
    # The ten trials, by hand from appraisals.tsv, as in tests/exports/test_kgx.py.
    some = (
        "eelderink-2023", "el-borolossy-2022", "fulton-2016", "theuwissen-2012", "visser-2024", "vitak-cac", "vitak-mk7-three-year",
    )  # fmt: skip
    risks = {"dalmeijer-2012": "low", "renakvit": "high", "trevasc-hdk": "high", **dict.fromkeys(some, "some-concerns")}
    assert sorted(votes) == sorted((expand(f"study:{study}"), "1", expand(f"k2g:risk-{risk}")) for study, risk in risks.items())


def test_a_finding_has_the_numbers_and_the_report_of_the_tables(file: Path, some_rows: Rows) -> None:
    finding = expand(ours("finding", "haruhikoyoshida2011-1"))
    numbers = asked(
        file, f"SELECT ?v ?l ?h ?r {{ GRAPH ?g {{ <{finding}> k2g:value ?v ; k2g:ciLow ?l ; k2g:ciHigh ?h ; k2g:reported ?r }} }}"
    )
    (row,) = (row for row in some_rows("findings") if row["finding"] == "haruhikoyoshida2011-1")
    assert [(tuple(map(float, each[:3])), each[3]) for each in numbers] == [((1.15, 0.843, 1.57), row["reported"])]
    where = f"{nanopub_address(ours('finding', 'haruhikoyoshida2011-1'))}#assertion"
    assert asked(file, f"SELECT ?doi {{ GRAPH ?g {{ <{where}> prov:wasDerivedFrom ?s . ?s skos:exactMatch ?doi }} }}") == [
        ("https://doi.org/10.1002/hep.24430",)
    ]


def test_a_finding_is_asserted_of_its_study_and_arms_and_derived_from_its_report(file: Path, some_rows: Rows) -> None:
    where = nanopub_address("finding:daikihabu2004-1")
    of = """?f k2g:study ?study ; k2g:arm ?arm ; k2g:comparatorArm ?other . ?study k2g:design ?design . ?arm k2g:doseReported ?dose"""
    found = asked(file, f"SELECT ?study ?arm ?other ?design ?dose {{ GRAPH <{where}#assertion> {{ {of} }} }}")
    names = ("study:habu-2004", "arm:habu-2004-k2", "arm:habu-2004-control", "k2g:design-rct")
    assert found == [(*map(expand, names), "45")]
    derived = asked(
        file, f"SELECT ?from ?kind {{ GRAPH <{where}#provenance> {{ <{where}#assertion> prov:wasDerivedFrom ?from . ?from a ?kind }} }}"
    )
    assert derived == [(expand("report:doi-10.1001-jama.292.3.358"), expand("k2g:Report"))]
    assert asked(file, "SELECT ?s { GRAPH ?g { ?s a k2g:Study } FILTER(!STRENDS(STR(?g), '#assertion')) }") == []
    reports = {expand(ours("report", row["report"])) for row in some_rows("findings")}
    assert {name for (name,) in asked(file, "SELECT ?r { GRAPH ?g { ?r a k2g:Report } }")} == reports


def test_what_a_finding_says_of_each_arm_is_asserted(some: k2graph.Graph, tmp_path: Path) -> None:
    """Habu 2004 as its report has it: 2 of 21 against 9 of 19; the mean is made up."""
    said = {"n1": 21, "events1": 2, "n2": 19, "events2": 9, "mean1": 1.5, "numbersAre": "k2g:spread-kind-after"}
    NANOPUB.write(Part(with_numbers(some, "finding:daikihabu2004-1", said), some, whole=False), tmp_path / "x.trig")
    names = ("n1", "events1", "n2", "events2", "mean1", "numbersAre")
    query = f"SELECT {' '.join(f'?{name}' for name in names)} {{ GRAPH ?g {{ ?f {' ; '.join(f'k2g:{name} ?{name}' for name in names)} }} }}"
    assert asked(tmp_path / "x.trig", query) == [("21", "2", "19", "9", "1.5", expand("k2g:spread-kind-after"))]


def test_retracted_reports_are_marked_in_every_provenance(file: Path, some_rows: Rows) -> None:
    retracted = {ours("report", row["report"]) for row in some_rows("reports") if row["retraction"] == "retracted"}
    findings = [row for row in some_rows("findings") if ours("report", row["report"]) in retracted]
    assert len(asked(file, "SELECT ?g { GRAPH ?g { ?s k2g:retraction k2g:retraction-retracted } }")) == len(findings) > 0


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_hostile_texts_come_back(data: st.DataObject, some: k2graph.Graph, tmp_path_factory: pytest.TempPathFactory) -> None:
    part: Part = data.draw(hostile_parts(some))
    path = tmp_path_factory.mktemp("hostile") / "x.trig"
    assume(export(part, NANOPUB, path).size)  # of what a format has no words for nothing is written
    quads = [quad for each in apart(path).values() for quad in each]
    said = {(q.subject.value, q.predicate.value, q.object.value) for q in quads if isinstance(q.object, Literal)}
    evidence = part.evidence
    label, reported, title = (PREFIXES["rdfs"] + "label", PREFIXES["k2g"] + "reported", PREFIXES["dcterms"] + "title")
    for claim in evidence.claims.values():
        assert (expand(claim.id), label, claim.label) in said
        assert (expand(claim.subject), label, evidence.entities[claim.subject].label) in said
    for finding in evidence.findings.values():
        assert (expand(finding.id), reported, finding.reported) in said
        assert (expand(finding.report), title, evidence.reports[finding.report].title) in said
    assert all(is_valid(each) for each in apart(path).values())
    assert all(isinstance(quad.subject, NamedNode) for quad in quads)
