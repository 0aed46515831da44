"""What the ontology's words are called, how many there are and how tables write them decides nothing in Python."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from project import write_part
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

import k2graph
from k2graph import iris, palette, resources
from k2graph.evidence.model import Evidence
from k2graph.exports import choose, export, find_format
from k2graph.reports.outline import Block
from k2graph.views.mechanism_map import Map, shown
from k2graph.views.site import Site, overview, questions, things

pytestmark = pytest.mark.slow

LABEL, NOTATION = iris.name("rdfs:label"), iris.name("skos:notation")
CLAIM = "claim:mk-7-level-arterial-stiffness"


def changed(graph: Path, path: Path, change: Callable[[Quad, int], list[Quad]]) -> k2graph.Graph:
    """A graph in Turtle, each of its triples in place of which `change` gives others, or none."""
    store, other = Store(), Store()
    store.bulk_load(path=str(graph), format=RdfFormat.TURTLE)
    other.extend(each for number, quad in enumerate(sorted(store, key=str)) for each in change(quad, number))
    other.dump(path, RdfFormat.N_TRIPLES, from_graph=Quad(*next(iter(store))).graph_name)
    return k2graph.open(path)


# What words are called


@pytest.fixture(scope="module")
def relabelled(tmp_path_factory: pytest.TempPathFactory, some_of_all: Path) -> k2graph.Graph:
    """A graph with some of everything, with another label for each word, class and property of the ontology."""

    def change(quad: Quad, number: int) -> list[Quad]:
        ours = quad.predicate == LABEL and isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(iris.BASE + "ontology#")
        return [Quad(quad.subject, quad.predicate, Literal(f"called {number}", language="en")) if ours else quad]

    return changed(some_of_all, tmp_path_factory.mktemp("relabelled") / "graph.nt", change)


def written(graph: k2graph.Graph, name: str, folder: Path) -> tuple[dict[str, str], dict[str, int]]:
    """The text of each file of an export, by its name, and what was left out of it."""
    folder.mkdir(exist_ok=True)
    form = find_format(name)
    path = folder / f"{name}{form.suffix}"
    left_out = export(choose(graph), form, path).left_out
    files = [path] if path.is_file() else sorted(path.iterdir())
    return {file.name: file.read_text(encoding="utf-8") for file in files}, dict(left_out)


def outline(block: Block) -> tuple[int, int, list[Any]]:
    """How many lines and rows a block has, and each block in it."""
    return len(block.lines), len(block.rows), [outline(each) for each in block.blocks]


def test_it_is_called_otherwise(relabelled: k2graph.Graph, some: k2graph.Graph) -> None:
    query = "SELECT ?label { k2g:stance-open rdfs:label ?label }"
    assert [row["label"] for row in some.rows(query)] == ["leaves it open"]
    assert re.fullmatch(r"called \d+", relabelled.rows(query)[0]["label"])


def test_every_explanation_of_a_claim_is_as_long(relabelled: k2graph.Graph, some: k2graph.Graph, some_evidence: Evidence) -> None:
    """Claims with each stance, with findings that are not counted, with effects too small to matter, and with none."""
    claims = [CLAIM]
    for stance in some_evidence.scheme("stances"):
        of = [claim.id for claim in some_evidence.claims.values() if any(bearing.stance == stance for bearing in claim.bearings)]
        claims += of[:4]
    claims += [claim.id for claim in some_evidence.claims.values() if not claim.bearings][:2]
    for claim in dict.fromkeys(claims):
        assert outline(relabelled.explain(claim)) == outline(some.explain(claim)), claim


@pytest.mark.parametrize("thing", ["mechanism:mgp-calcification-events", "study:knapen-2007", "report:pmid-17287908", "entity:mk-7"])
def test_an_explanation_of_another_thing_is_as_long(thing: str, relabelled: k2graph.Graph, some: k2graph.Graph) -> None:
    assert outline(relabelled.explain(thing)) == outline(some.explain(thing))


def test_a_step_that_no_trial_can_test_is_told_so(relabelled: k2graph.Graph, some: k2graph.Graph, some_evidence: Evidence) -> None:
    marks = ("(no trial could test it)", "(testability unclear)")
    for mechanism in some_evidence.mechanisms:
        texts = [each.explain(mechanism).to_text() for each in (relabelled, some)]
        counts = [[" ".join(text.split()).count(mark) for mark in marks] for text in texts]
        assert counts[0] == counts[1], mechanism


#: What KGX tells in words.
IN_WORDS = {"name", "description", "k2graph_kind", "k2graph_context", "k2graph_direction", "k2graph_arms"}


def test_every_node_and_edge_of_kgx_is_there(relabelled: k2graph.Graph, some: k2graph.Graph, tmp_path: Path) -> None:
    def records(text: str) -> list[dict[str, Any]]:
        return [{key: value for key, value in json.loads(line).items() if key not in IN_WORDS} for line in text.splitlines()]

    here, there = (written(each, "kgx", tmp_path / folder)[0] for each, folder in ((some, "here"), (relabelled, "there")))
    for name in ("nodes.jsonl", "edges.jsonl"):
        assert records(here[name]) == records(there[name])
    assert sum(not record["id"].startswith("k2graph.") for record in records(there["nodes.jsonl"])) > 100


@pytest.mark.parametrize("name", ["sssom", "nanopub", "wikidata", "fhir", "va-spec", "skos", "bel", "graphml"])
def test_every_line_of_another_format_is_there(name: str, relabelled: k2graph.Graph, some: k2graph.Graph, tmp_path: Path) -> None:
    here, there = (written(each, name, tmp_path / folder) for each, folder in ((some, "here"), (relabelled, "there")))
    assert here[1] == there[1]
    assert {file: len(text.splitlines()) for file, text in here[0].items()} == {
        file: len(text.splitlines()) for file, text in there[0].items()
    }


def test_a_match_of_another_kind_is_exported_as_the_ontology_says(tmp_path: Path, some_of_all: Path) -> None:
    kind, close, broad = iris.name("k2g:matchProperty"), iris.name("skos:closeMatch"), iris.name("skos:broadMatch")
    other = changed(
        some_of_all,
        tmp_path / "graph.nt",
        lambda quad, _: [Quad(quad.subject, kind, broad) if (quad.predicate, quad.object) == (kind, close) else quad],
    )
    matches = [each for entity in other.evidence().entities.values() for each in entity.identifiers]
    assert {(each.match.notation, each.match_property, each.is_exact) for each in matches} == {
        ("exact", "skos:exactMatch", True),
        ("close", "skos:broadMatch", False),
    }
    ((sssom,), (va_spec,)) = (written(other, name, tmp_path)[0].values() for name in ("sssom", "va-spec"))
    assert "\tskos:broadMatch\t" in sssom
    assert "skos:closeMatch" not in sssom
    assert '"relation": "broadMatch"' in va_spec


# Which words there are

#: A result, a stance and a tier that tables write otherwise than before, so that nothing says how they look.
OTHERWISE = {"contested": "disputed", "open": "undecided", "animals": "beasts"}


@pytest.fixture(scope="module")
def unheard(tmp_path_factory: pytest.TempPathFactory, some_of_all: Path) -> k2graph.Graph:
    """A graph with some of everything, with words that nothing but its ontology knows, a stance among them without heading and phrase."""

    def change(quad: Quad, _: int) -> list[Quad]:
        if quad.predicate == NOTATION and quad.object.value in OTHERWISE:
            return [Quad(quad.subject, quad.predicate, Literal(OTHERWISE[quad.object.value]))]
        spoken = quad.predicate in (iris.name("k2g:heading"), iris.name("k2g:phraseOfVotes"))
        return [] if spoken and quad.subject == iris.name("k2g:stance-open") else [quad]

    return changed(some_of_all, tmp_path_factory.mktemp("unheard") / "graph.nt", change)


def test_words_without_a_look_have_a_neutral_one(unheard: k2graph.Graph) -> None:
    evidence = unheard.evidence()
    claim = evidence.claims[CLAIM]
    assert (claim.standing.result.notation, palette.of_result("disputed")) == ("disputed", palette.NEUTRAL)
    assert f"<br>{palette.NEUTRAL.icon} {claim.standing.label}" in claim._repr_html_()
    drawn = Map(evidence, shown(evidence, about=("claim", CLAIM)))
    assert f'"disputed":{{"icon":"{palette.NEUTRAL.icon}"' in drawn.html
    assert f'{{"name":"undecided","icon":"{palette.NEUTRAL.icon}","heading":"Leaves it open"}}' in drawn.html
    assert "Leaves it open" in [block.heading for block in unheard.explain(CLAIM).blocks]


def test_pages_tell_words_without_a_look(unheard: k2graph.Graph) -> None:
    site = Site(unheard)
    pages = dict(page for part in (overview.front, overview.mechanisms, overview.gap_map, overview.timeline) for page in part(site))
    pages |= dict(islice(things.claims(site), 60))
    pages |= dict(islice(questions.questions(site), 8))
    neutral = f'<span class="icon">{palette.NEUTRAL.icon}</span>leaves it open</span>'
    assert neutral in pages["gap-map.html"].decode()
    assert re.search(
        r"aria-label=\"[^\"]*: \d+ investigations? in \d+ reports?[^\"]*: [^\"]*\d leaves it open", pages["gap-map.html"].decode()
    )
    assert f"<dt>{palette.NEUTRAL.icon} contested</dt>" in pages["how-it-decides.html"].decode()
    assert any(b'<span class="stance stance-undecided">' in page for name, page in pages.items() if name.startswith("claim/"))
    assert b"leaves it open" in pages["timeline-stances.svg"]


def test_a_stance_more_is_a_column_of_kgx(unheard: k2graph.Graph, tmp_path: Path) -> None:
    edges = written(unheard, "kgx", tmp_path)[0]["edges.jsonl"]
    assert '"k2graph_findings_undecided": ["k2graph.finding:' in edges
    assert "k2graph_findings_open" not in edges


# A result that is added


@pytest.fixture(scope="module")
def checkout(evidence: Evidence, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout on a part of the tables, where what two or more investigations show is another result."""
    root = tmp_path_factory.mktemp("checkout")
    for folder in ("src", "ontology", "queries"):
        shutil.copytree(resources.ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "data").mkdir()
    claims = [claim for claim in evidence.claims.values() if claim.standing.result.notation == "consistent" and not claim.pooled]
    write_part(
        root / "data" / "tables", *(each.finding.removeprefix("finding:") for each in min(claims, key=lambda c: len(c.bearings)).bearings)
    )
    with (root / "ontology" / "k2graph.ttl").open("a", encoding="utf-8") as file:
        file.write(
            """
k2g:result-repeated a skos:Concept ; skos:inScheme k2g:results ; skos:notation "repeated" ; rdfs:label "repeated"@en ; k2g:rank 9 ;
    k2g:isSupport true ; k2g:stopsTranslation false ; k2g:leavesOpen false ; skos:definition "Two or more show it."@en .
"""
        )
    (rule,) = (root / "ontology" / "rules").glob("*-standing.rq")
    text = rule.read_text(encoding="utf-8")
    for before, after in (
        ("IF(?n = 1, k2g:result-single, k2g:result-consistent),", "IF(?n = 1, k2g:result-single, k2g:result-repeated),"),
        ("k2g:result-single rdfs:label ?single .", "k2g:result-single rdfs:label ?single . k2g:result-repeated rdfs:label ?repeated ."),
        (
            "BIND(IF(?result = k2g:result-single, ?single, ",
            "BIND(IF(?result = k2g:result-repeated, ?repeated, IF(?result = k2g:result-single, ?single, ",
        ),
        ("?contrary)))))) AS ?resultLabel", "?contrary))))))) AS ?resultLabel"),
    ):
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    rule.write_text(text, encoding="utf-8")
    return root


def test_a_result_is_added_without_python(checkout: Path) -> None:
    def there(*arguments: str) -> str:
        command = [sys.executable, "-m", "k2graph", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(checkout / "src")}
        done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    there("build", "--output", "data/k2.ttl")
    query = "SELECT ?claim ?label { ?claim k2g:standing ?standing . ?standing k2g:result k2g:result-repeated ; rdfs:label ?label }"
    rows = json.loads(there("query", query, "--format", "json"))["rows"]
    assert rows
    claim, label = rows[0]["claim"], rows[0]["label"]
    assert re.search(r"\brepeated in .*\(\d+\)$", label)
    assert label in " ".join(there("explain", claim).split())
    there("view", "--output", "map.html")
    assert '"repeated":{"icon":"•"' in (checkout / "map.html").read_text(encoding="utf-8")
    there("site", "pages")
    page = (checkout / "pages" / "claim" / f"{claim.partition(':')[2]}.html").read_text(encoding="utf-8")
    assert f'<span class="standing result-repeated"><span class="icon" aria-hidden="true">•</span>{label}' in page
    assert "<dt>• repeated</dt>" in (checkout / "pages" / "how-it-decides.html").read_text(encoding="utf-8")
