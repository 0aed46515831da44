"""The pages of questions that ask for something: what they show is an example of the graph at hand, or they say what to ask."""

import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, serialize

import k2graph
from k2graph import resources
from k2graph.sparql.questions import read_questions
from k2graph.views.site import write_site
from k2graph.views.site.questions import questions
from k2graph.views.site.site import Site

pytestmark = pytest.mark.slow

ASKING = {question.name for question in read_questions() if question.needed()}
#: A mechanism with its steps, claims and what they are about, without the findings.
PART = """CONSTRUCT { ?thing ?property ?value } WHERE {
  mechanism:warfarin-bleeding (^k2g:mechanism)?/(k2g:claim|k2g:endToEnd|k2g:yields|k2g:reachClaim)? ?part .
  ?part (rdf:subject|rdf:object|k2g:standing|k2g:standing/k2g:turnsAt|k2g:support)? ?thing .
  ?thing ?property ?value .
}"""


@pytest.fixture(scope="module")
def pages(graph: k2graph.Graph, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages of the questions on a graph of one mechanism, in which none of the examples in the files is."""
    folder = tmp_path_factory.mktemp("other")
    kept = graph.query(PART)
    assert isinstance(kept, list)
    file = folder / "other.ttl"
    file.write_bytes(serialize(kept, format=RdfFormat.TURTLE) + resources.ONTOLOGY.read_bytes())
    write_site(k2graph.open(file), folder / "site")
    return {path.stem: path.read_text(encoding="utf-8") for path in (folder / "site" / "question").glob("*.html")} | {
        "csv": " ".join(path.stem for path in Path(folder / "site" / "question").glob("*.csv"))
    }


def test_an_audit_has_a_page_where_there_is_one(pages: dict[str, str], graph: k2graph.Graph) -> None:
    assert "citation-audit" not in pages
    assert "citation-audit" not in pages["csv"].split()
    assert [name for name, page in pages.items() if "citation-audit" in page or "article audited" in page] == []
    site = Site(graph)
    (_, page), *_ = questions(site)
    assert b'<a href="question/citation-audit.html">The article audited</a>' in page
    assert b"What in the article differs from the published record?" in page


@pytest.mark.parametrize("name", ["everything-about"])
def test_an_example_is_of_the_graph_and_is_called_one(pages: dict[str, str], name: str) -> None:
    page = pages[name]
    chosen = re.search(r"Asked here, as an example, with entity = ([a-z0-9-]+);", page)
    assert chosen
    assert f"k2graph ask {name} --entity …" in page
    assert f"VALUES ?entity {{ &lt;https://w3id.org/k2graph/entity/{chosen[1]}&gt; }}" in page
    assert "<tbody><tr>" in page
    assert "carboxylated-mgp" not in page
    assert name in pages["csv"].split()


@pytest.mark.parametrize("name", sorted(ASKING - {"everything-about", "paths"}))
def test_a_page_without_an_example_says_what_to_ask(pages: dict[str, str], name: str) -> None:
    page = pages[name].partition("<h1>")[2].partition('<h2 id="sparql">')[0]
    assert "It asks for" in page
    assert "this graph has nothing of which it could be asked" in page
    assert "<table" not in page
    assert "mk-7" not in page
    assert name not in pages["csv"].split()


def test_an_empty_answer_repeats_what_was_asked(pages: dict[str, str]) -> None:
    assert "nothing in this graph answers contested-claims" in pages["contested-claims"]
