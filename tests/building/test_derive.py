"""Rules and checks in a server: on two real ones the graph that is derived there is the one that is built here, and so is its report."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from derived import MISTAKES, PREFIXES, held, spoilt_report, values
from other_servers import Asked, Double, empty_oxigraph, say, virtuoso
from project import Run, without_settings
from pyoxigraph import NamedNode, Quad, Triple

import k2graph
from k2graph import InputError, iris, resources
from k2graph.building import build
from k2graph.building.derive import derive
from k2graph.sparql import rules as rule_files
from k2graph.sparql.push import push
from k2graph.sparql.results import Solutions
from k2graph.sparql.store import EmbeddedStore, Endpoint
from k2graph.sparql.update import Server

pytestmark = pytest.mark.server

GRAPH = "https://example.org/derived"
DERIVED = tuple(
    map(
        iris.name,
        ("k2g:Bearing", "k2g:Standing", "k2g:ComputedEstimate", "k2g:PooledEstimate", "k2g:AlternativeStanding", "k2g:TurningPoint"),
    )
)


class There(NamedTuple):
    """Where a server answers queries, where it takes updates, and what is derived here of what it was given."""

    query: str
    update: str
    here: EmbeddedStore


@pytest.fixture(scope="module", autouse=True)
def _plain_environment() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    without_settings(patch)
    # Virtuoso asks for them; Oxigraph does not, so that they are not sent.
    patch.setenv("K2GRAPH_USER", "dba")
    patch.setenv("K2GRAPH_PASSWORD", "dba")
    yield
    patch.undo()


@pytest.fixture(scope="module")
def asserted(few_claims: Path) -> list[Triple]:
    return [quad.triple for quad in build.asserted(few_claims.parent / "tables")]


@pytest.fixture(scope="module")
def ox(asserted: list[Triple], few_claims: Path) -> Iterator[There]:
    with empty_oxigraph() as address:
        yield _derived(asserted, few_claims, f"{address}/query", f"{address}/update")


@pytest.fixture(scope="module")
def virt(asserted: list[Triple], few_claims: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as address:
        yield _derived(asserted, few_claims, f"{address}/sparql", f"{address}/sparql-auth")


def _derived(asserted: list[Triple], built: Path, query: str, update: str) -> There:
    push(asserted, update, graph=GRAPH)
    derive(query, update, graph=GRAPH)
    return There(query, update, EmbeddedStore(built))


@pytest.fixture
def there(request: pytest.FixtureRequest) -> There:
    found: There = request.getfixturevalue(request.param)
    return found


both = pytest.mark.parametrize("there", ["ox", "virt"], indirect=True)


# What is asserted


def test_what_is_asserted_holds_nothing_that_follows(run: Run, tmp_path: Path, asserted: list[Triple], few_claims: Path) -> None:
    path = tmp_path / "asserted.ttl"
    assert run("build", "--asserted", "--tables", few_claims.parent / "tables", "--output", path).code == 0
    written = set(EmbeddedStore(path))
    assert written == set(asserted)
    assert values(written) < values(EmbeddedStore(few_claims))
    assert not [triple for triple in written if triple.predicate == iris.name("prov:wasGeneratedBy") or triple.object in DERIVED]


def test_what_is_asserted_does_not_take_the_place_of_the_graph(run: Run) -> None:
    before = resources.GRAPH.read_bytes()
    outcome = run("build", "--asserted")
    assert (outcome.code, outcome.err) == (2, "k2graph: --asserted needs --output: a graph that is asked holds what follows too\n")
    assert resources.GRAPH.read_bytes() == before


# In real servers


@both
def test_what_is_derived_there_is_what_is_built_here(there: There) -> None:
    found, built = held(there.query, GRAPH), values(there.here)
    assert len(built) > 15_000
    assert (built - found, found - built) == (set(), set())
    graphs = Endpoint(there.query, 60).query("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s a ?class } }")
    assert isinstance(graphs, Solutions)
    assert not [graph for (graph,) in graphs.rows if graph is not None and "k2graph:staging" in graph.value]


@both
def test_the_report_there_is_the_report_here(there: There, run: Run) -> None:
    wrong, server = "https://example.org/wrong", Server(there.update, 300)
    server.update(f"COPY GRAPH <{GRAPH}> TO GRAPH <{wrong}>")
    server.update(PREFIXES + MISTAKES.replace("<g>", f"<{wrong}>"))
    outcome = run("validate", "--endpoint", there.query, "--graph", wrong, "--timeout", "300", "--format", "ttl")
    assert (outcome.code, outcome.err) == (1, "")
    assert outcome.out.splitlines() == spoilt_report(there.here).to_turtle().decode().splitlines()


def test_virtuoso_tells_yes_from_no(virt: There) -> None:
    asked = k2graph.open(endpoint=virt.query, graph=GRAPH)
    assert asked.query("ASK { entity:mk-7 a k2g:Entity }") is True
    assert asked.query("ASK { entity:mk-7 a k2g:Claim }") is False


def test_what_followed_from_what_is_no_more_goes(ox: There, run: Run, mechanism_alone: Path) -> None:
    # A graph of one mechanism beside the whole one: derived anew as a whole each time, which takes as long as the graph is large.
    graph, whole = "https://example.org/alone", EmbeddedStore(mechanism_alone)
    push([quad.triple for quad in build.asserted(mechanism_alone.parent / "tables")], ox.update, graph=graph)
    derive(ox.query, ox.update, graph=graph)
    assert held(ox.query, graph) == values(whole)
    asked = k2graph.open(endpoint=ox.query, graph=graph)
    report = iris.expand(
        asked.rows("SELECT ?r { ?f k2g:report ?r . ?b k2g:finding ?f MINUS { ?b k2g:notCounted ?why } } ORDER BY ?r")[0]["r"]
    )
    retracted = f"<{report}> {iris.name('k2g:retraction')} {iris.name('k2g:retraction-retracted')}"
    counted = f"SELECT ?b WHERE {{ ?f k2g:report <{report}> . ?b k2g:finding ?f MINUS {{ ?b k2g:notCounted k2g:reason-retracted }} }}"
    assert asked.rows(counted)
    Server(ox.update, 60).update(f"INSERT DATA {{ GRAPH <{graph}> {{ {retracted} }} }}")
    outcome = run("derive", "--endpoint", ox.query, "--update", ox.update, "--graph", graph)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", f"{ox.query}: derived in {graph}\n")
    assert not asked.rows(counted)
    Server(ox.update, 60).update(f"DELETE DATA {{ GRAPH <{graph}> {{ {retracted} }} }}")
    derive(ox.query, ox.update, graph=graph)
    assert held(ox.query, graph) == values(whole)


# What may go wrong


@pytest.fixture
def few(tmp_path: Path) -> Path:
    path = tmp_path / "few.nt"
    path.write_text("<https://example.org/a> <https://example.org/b> <https://example.org/c> .\n", encoding="utf-8")
    return path


def test_a_graph_without_the_rules_is_refused(ox: There, few: Path) -> None:
    other = "https://example.org/other"
    push(list(EmbeddedStore(few)), ox.update, graph=other)
    with pytest.raises(InputError, match=r"does not carry the ontology and its rules; .*; nothing changed in https://example\.org/other"):
        derive(ox.query, ox.update, graph=other)
    with pytest.raises(InputError, match="does not carry the ontology, by which it would be checked"):
        k2graph.open(endpoint=ox.query, graph=other).validate()
    found = k2graph.open(endpoint=ox.query, graph=other).rows("SELECT * WHERE { ?s ?p ?o }")
    assert len(found) == 1


def _is_query(asked: Asked) -> bool:
    return "update" not in asked.headers["Content-Type"]


def _server(breaks: Callable[[str], bool]) -> Double:
    """A server in which all is well but for updates of one kind, and every query finds one rule."""

    def answer(handler: Any) -> None:
        body = double.asked[-1].body
        if _is_query(double.asked[-1]):
            rule = '{"rule":{"type":"uri","value":"https://example.org/r"}}' if "k2g%3ARule" in body else ""
            found = f'{{"head":{{"vars":["rule"]}},"results":{{"bindings":[{rule}]}}}}'
            say(200, found.encode(), "application/sparql-results+json")(handler)
        else:
            say(500, b"out of memory")(handler) if breaks(body) else say(204)(handler)

    double = Double(answer)
    return double


def test_a_step_that_fails_is_named_and_leaves_nothing() -> None:
    with _server(lambda body: "INSERT" in body and "k2g:evidenceLevel" in body) as double:
        with pytest.raises(InputError) as raised:
            derive(double.address, graph=GRAPH)
        assert re.fullmatch(
            rf"{double.address}: answered with an error \(500 .*\): out of memory; at the step 'level'; nothing changed in {GRAPH}; "
            "what was made beside it was removed",
            str(raised.value),
        )
    sent = [asked.body for asked in double.asked if not _is_query(asked)]
    assert not [body for body in sent if body.startswith("MOVE")]
    beside = "urn:k2graph:staging:https%3A%2F%2Fexample.org%2Fderived"
    assert sent[-3:] == [f"DROP SILENT GRAPH <{beside}{end}>" for end in ("", ":uncounted", ":other")]


@pytest.mark.parametrize(
    ("at", "and_after", "says"),
    [
        ("DROP", True, "nothing was made beside it"),
        ("COPY", False, "what was made beside it was removed"),
        ("COPY", True, "what was made beside it could not be removed; the next derive removes it"),
    ],
)
def test_what_is_left_beside_is_told_as_it_is(at: str, and_after: bool, says: str) -> None:
    broken: list[str] = []

    def breaks(body: str) -> bool:
        if body.startswith(at):
            broken.append(body)
        return body.startswith(at) or (and_after and bool(broken))

    with _server(breaks) as double, pytest.raises(InputError, match=f"; nothing changed in {GRAPH}; {says}$"):
        derive(double.address, graph=GRAPH)


def test_the_graph_that_was_named_is_only_read_until_the_end() -> None:
    rules = rule_files.read_rules()[:3]
    unsure = "holds what it held or all that follows, if the server works in transactions; derive again"
    with _server(lambda body: body.startswith("MOVE")) as double, pytest.raises(InputError, match=unsure):
        derive(double.address, graph=GRAPH, rules=rules)
    sent = [asked.body for asked in double.asked if not _is_query(asked)]
    assert [body for body in sent if f"<{GRAPH}>" in body] == [
        next(body for body in sent if body.startswith("COPY")),
        next(body for body in sent if body.startswith("MOVE")),
    ]


def test_a_rule_is_sent_as_an_update_of_one_graph() -> None:
    (rule,) = (rule for rule in rule_files.read_rules() if rule.name == "design")
    update = rule.update(GRAPH)
    assert f"WITH <{GRAPH}>\nINSERT {{" in update
    assert "CONSTRUCT" not in update


@pytest.mark.parametrize("graph", ["k2", "urn:k2graph:staging:x"])
def test_a_name_that_no_graph_can_have_is_refused(graph: str, run: Run) -> None:
    assert run("derive", "--endpoint", "http://127.0.0.1:1/", "--graph", graph).code == 2


def test_rules_add_only_what_is_marked(few_claims: Path) -> None:
    # Else a second derivation would keep what no longer follows.
    whole = EmbeddedStore(few_claims).engine
    generated = {quad.subject for quad in whole.quads_for_pattern(None, iris.name("prov:wasGeneratedBy"), None)}
    marked = {quad.subject for quad in whole.quads_for_pattern(None, iris.name("k2g:derivedBy"), None)}
    store = build.asserted(few_claims.parent / "tables")
    before = set(store)
    rule_files.apply_rules(store, rule_files.read_rules())
    # The rules alone, without the numbers that are computed between them, give a few things of their own.
    generated |= {quad.subject for quad in store.quads_for_pattern(None, iris.name("prov:wasGeneratedBy"), None)}
    added = [quad for quad in set(store) - before if quad.subject not in generated]
    unmarked = [quad for quad in added if not {quad.predicate, quad.predicate == iris.name("rdf:type") and quad.object} & marked]
    assert unmarked == []
    assert Quad(iris.ours("entity", "mk-7"), iris.name("k2g:carriesEvidenceTo"), NamedNode(iris.PREFIXES["entity"] + "mk-7")) in store
