"""What `k2graph diff` says of changes made by hand to the real tables."""

import json
import random
import time
from pathlib import Path

import pytest
from project import Folder, Run, copy_tables, write_built, write_part

from k2graph import atomic, resources
from k2graph.building import build
from k2graph.building.turtle import turtle
from k2graph.ontology import Vocabulary
from k2graph.reports import blank_nodes


def asserted(tables: Path, path: Path) -> Path:
    """What is said in tables, without what follows."""
    atomic.write(turtle(build.triples_of(build.asserted(tables))), path)
    return path


@pytest.mark.slow
def test_the_same_graph_has_no_difference(run: Run) -> None:
    outcome = run("diff", resources.GRAPH, resources.GRAPH)
    assert (outcome.code, outcome.out) == (0, "What changed\n  Nothing.\n")


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory, some_of_all: Path) -> Path:
    """A part of the real tables without a finding and with a report retracted; synthetic, for these tests."""
    folder = tmp_path_factory.mktemp("changed")
    tables = Folder(copy_tables(some_of_all.parent / "tables", folder), Vocabulary())
    tables.remove("findings", "rlfulton2016-2")
    # A claim loses its only investigation: the trial of cramps in dialysis was retracted, say.
    tables.change("reports", "PMID:39466236", retraction="retracted", retraction_note="synthetic, for this test")
    return write_built(tables.path, folder / "changed.ttl")


@pytest.mark.slow
def test_a_change_changes_what_follows_and_nothing_else(run: Run, some_of_all: Path, changed: Path) -> None:
    report = json.loads(run("diff", some_of_all, changed, "--format", "json").out)
    blocks = {block["heading"]: block["lines"] for block in report["blocks"]}
    assert [line.partition(": ")[0] for line in blocks["Finding"]] == ["- finding:rlfulton2016-2"]
    assert blocks["Report"] == [
        "~ report:pmid-39466236: k2g:retraction: nothing → k2g:retraction-retracted",
        "~ report:pmid-39466236: k2g:retractionNote: nothing → synthetic, for this test",
    ]
    assert "~ claim:vitamin-k2-level-muscle-cramps: consistent in human trials (2) → single in human trials (1)" in blocks["Standings"]
    assert "~ claim:mk-7-level-muscle-cramps: single in human trials (1) → untested: only excluded or under way" in blocks["Standings"]
    # Without Fulton three of the six trials on stiffness can be pooled, which is half, so that the pooled interval decides: -0.79 to
    # 0.16 m/s lies wholly inside what does not matter, one metre a second either way.
    stiffness = "~ claim:mk-7-level-arterial-stiffness: contested in human trials (7) → no important effect in human trials (6)"
    assert stiffness in blocks["Standings"]
    assert not any("claim:mk-7-level-bone-mineral-density:" in line for line in blocks["Standings"])
    assert set(blocks) == {"Computed estimate", "Finding", "Report", "Standings", "Other statements"}


@pytest.mark.slow
def test_what_came_and_went_is_named(run: Run, some_of_all: Path, changed: Path) -> None:
    # Folded lines joined again.
    back = " ".join(run("diff", changed, some_of_all).out.split())
    assert "+ finding:rlfulton2016-2: carotid-radial pulse wave velocity" in back
    assert "~ claim:mk-7-level-muscle-cramps: untested: only excluded or under way → single in human trials (1)" in back


CHANGES = [
    # table, the row's first cell, what is changed in it, the class by its label in the ontology, what is told
    ("interactions", "broad-spectrum-antibiotics-vitamin-k", {"severity": "major"}, "Nutrient–drug interaction", "→ k2g:severity-major"),
    ("foods", "babyfood-lamb", {"value_mean": "53"}, "Food content", "k2g:valueMean 53"),
    ("reference_intakes", "vitamin-k", {"amount": "11"}, "Reference intake", "k2g:amount: 10 → 11"),
    ("pharmacokinetics", "mk-4", {"amount": "99"}, "Pharmacokinetic parameter", "k2g:amount 99"),
    ("status_surveys", "lasa-2002-2003", {"spread": "234"}, "Figure of nutrient status", "k2g:spreadSize: 233 → 234"),
    ("identifiers", "acenocoumarol", {"matched_label": "another"}, "Identifier match", "→ another"),
    ("groups", "chengdu-north-sichuan", {"label": "Another"}, "Research group", "→ Another"),
    ("studies", "cardiogramplusc4d", {"label": "Another"}, "Study", "→ Another"),
    ("reports", "PMID:17287908", {"title": "Another"}, "Report", "→ Another"),
    ("arms", "knapen-2007-mk4", {"note": "Another."}, "Arm", "→ Another."),
    ("spreads", "fulton-2016", {"sd": "3.1"}, "Spread", "k2g:standardDeviation 3.1"),
    ("organisms", "NCBITaxon:4932", {"label": "yeast"}, "Organism", "baker's yeast → yeast"),
    ("citation_audit", "boz-2021", {"as_published": "Another"}, "Citation check", "→ Another"),
    ("entities", "acenocoumarol", {"definition": "Another."}, "Drug", "→ Another."),
    ("mechanisms", "mgp-calcification-events", {"note": "Another."}, "Mechanism", "→ Another."),
    ("studies", "fulton-2016", {"note": "Another."}, "Study", "→ Another."),
]  # fmt: skip


FINDING = "rlfulton2016-2"


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rows of the real tables that are changed here, with what these need, as they stand."""
    folder = tmp_path_factory.mktemp("before") / "tables"
    write_part(folder, FINDING, *(row for _, row, *_ in CHANGES))
    return folder


@pytest.fixture(scope="module")
def before(unchanged: Path) -> Path:
    """What is said in them."""
    return asserted(unchanged, unchanged.parent / "before.ttl")


@pytest.fixture
def part(unchanged: Path, tmp_path: Path, vocabulary: Vocabulary) -> Folder:
    """A copy of them."""
    return Folder(copy_tables(unchanged, tmp_path), vocabulary)


@pytest.mark.slow
def test_a_changed_cell_of_a_finding_is_told(run: Run, part: Folder, before: Path, tmp_path: Path) -> None:
    part.change("findings", FINDING, direction="decreases")
    after = asserted(part.path, tmp_path / "changed.ttl")
    report = json.loads(run("diff", before, after, "--format", "json").out)
    assert {block["heading"]: block["lines"] for block in report["blocks"]} == {
        "Finding": ["~ finding:rlfulton2016-2: k2g:direction: k2g:direction-no-effect → k2g:direction-decreases"]
    }


@pytest.mark.slow
def test_a_change_in_any_table_is_told(run: Run, part: Folder, before: Path, tmp_path: Path) -> None:
    for table, row, cells, _, _ in CHANGES:
        _change_first(part.path / f"{table}.tsv", row, cells)
    after = asserted(part.path, tmp_path / "changed.ttl")
    report = json.loads(run("diff", before, after, "--format", "json").out)
    blocks = {block["heading"]: block["lines"] for block in report["blocks"]}
    missing = [table for table, _, _, kind, told in CHANGES if not any(told in line for line in blocks.get(kind, []))]
    assert missing == [], blocks


def _change_first(path: Path, row: str, cells: dict[str, str]) -> None:
    """Change cells of the first row whose first cell is this: tables without a key have several."""
    lines = path.read_text(encoding="utf-8").split("\n")
    columns = lines[0].split("\t")
    place = next(place for place, line in enumerate(lines) if line.startswith(f"{row}\t"))
    record = dict(zip(columns, lines[place].split("\t"), strict=True)) | cells
    lines[place] = "\t".join(record[column] for column in columns)
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")


def _told(run: Run, folder: Path, old: str, new: str) -> list[str]:
    (folder / "old.ttl").write_text(old, encoding="utf-8")
    (folder / "new.ttl").write_text(new, encoding="utf-8")
    outcome = run("diff", folder / "old.ttl", folder / "new.ttl", "--format", "json")
    assert outcome.code == 0
    report = json.loads(outcome.out)
    return [*report["lines"], *(line for block in report["blocks"] for line in block["lines"])]


E = "@prefix e: <http://example.org/> . "


def test_two_files_that_have_nothing_to_do_with_each_other(run: Run, tmp_path: Path) -> None:
    assert _told(run, tmp_path, E + "e:a a e:K ; e:b 1 , 2 .", E + "e:c e:b 1 .") == [
        "1 came, 3 went", "http://example.org/K: 0 came, 3 went", "without a class: 1 came, 0 went",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("e:a e:b 'x' .", "e:a e:b 'x'@en .", "1 came, 1 went"),
        ("e:a e:b 'x' .", "e:a e:b 'x' .", "Nothing."),
        ("e:a e:b [ e:c 'x' ; e:d [ e:e 'y' ] ] .", "e:a e:b [ e:d [ e:e 'y' ] ; e:c 'x' ] .", "Nothing."),
        ("e:a e:b [ e:c 'x' ; e:d [ e:e 'y' ] ] .", "e:a e:b [ e:c 'x' ; e:d [ e:e 'z' ] ] .", "4 came, 4 went"),
        # Two nodes of which the same is said are two.
        ("e:a e:b [ e:c 'x' ] , [ e:c 'x' ] .", "e:a e:b [ e:c 'x' ] .", "0 came, 2 went"),
        # Each node has one neighbour before and one behind in both: rings of three and three, and one of six.
        (
            "_:a e:p _:b . _:b e:p _:c . _:c e:p _:a . _:d e:p _:e . _:e e:p _:f . _:f e:p _:d .",
            "_:a e:p _:b . _:b e:p _:c . _:c e:p _:d . _:d e:p _:e . _:e e:p _:f . _:f e:p _:a .",
            "6 came, 6 went",
        ),
    ],
)
def test_nothing_is_told_only_of_equal_graphs(old: str, new: str, told: str, run: Run, tmp_path: Path) -> None:
    assert _told(run, tmp_path, E + old, E + new)[0] == told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("e:g { e:a e:b 1.50 } e:h { e:a e:b 2 }", "e:g { e:a e:b 1.50 , 2 }", ["e:g: 1 came, 0 went", "e:h: 0 came, 1 went"]),
        ("e:g { e:a e:b 1.50 } e:a e:b 1.50 .", "e:g { e:a e:b 1.50 }", ["the default graph: 0 came, 1 went"]),
        ("e:a e:b 1.50 .", "e:g { e:a e:b 1.50 } e:a e:b 1.50 .", ["e:g: 1 came, 0 went"]),
        ("e:g { e:a e:b [ e:c 1 ] }", "e:h { e:a e:b [ e:c 1 ] }", ["e:g: 0 came, 2 went", "e:h: 2 came, 0 went"]),
        ("_:g { e:a e:b 1 , 2 }", "_:x { e:a e:b 2 , 1 }", None),
    ],
)  # fmt: skip
def test_a_statement_that_stands_in_another_graph_is_told(old: str, new: str, told: list[str] | None, run: Run, tmp_path: Path) -> None:
    for name, text in (("old", old), ("new", new)):
        (tmp_path / f"{name}.trig").write_text(E + text, encoding="utf-8")
    out = run("diff", tmp_path / "old.trig", tmp_path / "new.trig").out.replace("http://example.org/", "e:")
    lines = [line.strip() for line in out.splitlines()]
    assert [line for line in lines if line] == ["What changed", *(["Nothing."] if told is None else ["Statements in other graphs", *told])]


def test_nodes_that_are_all_alike_take_no_time(run: Run, tmp_path: Path) -> None:
    def clique(names: str) -> str:
        return E + " ".join(f"_:{one} e:p _:{other} ." for one in names for other in names if one != other)

    assert _told(run, tmp_path, clique("abcdefghijkl"), clique("zyxwvutsrqpo")) == ["Nothing."]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        # A list and a nest, as everybody writes them, of which only the deepest node differs.
        ("e:a e:b ( " + "1 " * 4_000 + ") .", "e:a e:b ( " + "1 " * 3_999 + "2 ) .", "8,001 came, 8,001 went"),
        ("e:a e:b ( " + "1 " * 4_000 + ") .", "e:a   e:b ( " + "1 " * 4_000 + ") .", "Nothing."),
        (f"e:a e:b {'[ e:c ' * 4_000}1{' ]' * 4_000} .", f"e:a e:b {'[ e:c ' * 4_000}2{' ]' * 4_000} .", "4,001 came, 4,001 went"),
        # All of a circle are alike, and none of a chain.
        (" ".join(f"_:{n} e:p _:{(n + 1) % 2_000} ." for n in range(2_000)), " ".join(f"_:{n} e:p _:{n + 1} ." for n in range(1_999)),
         "1,999 came, 2,000 went"),
    ],
    ids=["a list", "the same list", "a nest", "a circle and a chain"],
)  # fmt: skip
def test_many_nodes_without_names_take_no_more_than_in_line(old: str, new: str, told: str, run: Run, tmp_path: Path) -> None:
    began = time.process_time()
    assert _told(run, tmp_path, E + old, E + new)[0] == told
    assert time.process_time() - began < 10  # the square took minutes


def _ring(size: int, first: int = 0) -> list[tuple[int, int]]:
    return [(first + n, first + (n + 1) % size) for n in range(size)]


def _hub(size: int, rings: int) -> list[tuple[int, int]]:
    """A node, -1, that leads to all nodes of some rings."""
    edges = [edge for ring in range(rings) for edge in _ring(size, ring * size)]
    return edges + [(-1, node) for node in range(size * rings)]


def _torus(high: int, wide: int) -> list[tuple[int, int]]:
    cells = [(row, column) for row in range(high) for column in range(wide)]
    down = [(row * wide + column, (row + 1) % high * wide + column) for row, column in cells]
    return down + [(row * wide + column, row * wide + (column + 1) % wide) for row, column in cells]


def _both_ways(edges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return edges + [(other, one) for one, other in edges]


def _tree(size: int) -> list[tuple[int, int]]:
    return [((n - 1) // 2, n) for n in range(1, size)]


#: Sixteen places of a square: those in one row or column (the rook's moves), and Shrikhande's graph. Both join each with six others, two
#: that are joined have two neighbours in common, and so have two that are not; they are not the same.
_ROOK = [(n, m) for n in range(16) for m in range(16) if n != m and (n // 4 == m // 4 or n % 4 == m % 4)]
_SHRIKHANDE = [
    (n, (n // 4 + down) % 4 * 4 + (n + right) % 4) for n in range(16) for down, right in ((1, 0), (3, 0), (0, 1), (0, 3), (1, 1), (3, 3))
]


def _drawn(edges: list[tuple[int, int]], seed: int) -> str:
    """Turtle of nodes without names, the names and the order drawn by lot."""
    lot = random.Random(seed)
    nodes = sorted({node for edge in edges for node in edge})
    names = dict(zip(nodes, lot.sample(range(len(nodes)), len(nodes)), strict=True))
    return E + " ".join(f"_:n{names[one]} e:p _:n{names[other]} ." for one, other in lot.sample(edges, len(edges)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_hub(3, 6), None), (_hub(3, 500), None), (_hub(3, 40), _hub(6, 20)),
        (_ring(101), None), (_ring(5_000), None), (_both_ways(_ring(2_000)), None), (_ring(5_000), _ring(2_500) + _ring(2_500, 2_500)),
        ([(-1, n) for n in range(30)], None), ([(-1, n) for n in range(5_000)], None), ([(n, -1) for n in range(101)], None),
        (_torus(10, 10), None), (_torus(30, 30), None), (_both_ways(_torus(12, 12)), None), (_torus(10, 10), _torus(5, 20)),
        (_both_ways(_tree(63)), None), (_both_ways(_tree(1_023)), None), (_tree(4_095), None),
        ([(n, m) for n in range(60) for m in range(60) if n != m], None), ([(n, 100 + m) for n in range(60) for m in range(60)], None),
        ([(n, n ^ 1 << bit) for n in range(256) for bit in range(8)], None), (_ROOK, None), (_ROOK, _SHRIKHANDE),
    ],
)  # fmt: skip
def test_nodes_that_are_alike_take_no_more_than_seconds(
    old: list[tuple[int, int]], new: list[tuple[int, int]] | None, run: Run, tmp_path: Path
) -> None:
    began = time.process_time()
    told = f"{len(new):,} came, {len(old):,} went" if new else "Nothing."
    assert _told(run, tmp_path, _drawn(old, 1), _drawn(new or old, 2))[0] == told
    assert time.process_time() - began < 10  # rdflib took minutes


def test_what_cannot_be_told_is_one_error_and_never_nothing(monkeypatch: pytest.MonkeyPatch, run: Run, tmp_path: Path) -> None:
    # Two rings side by side, and one that is turned over once: each node has three neighbours in both.
    spokes = [(n, 40 + n) for n in range(40)]
    for name, edges in (("old", _ring(40) + _ring(40, 40)), ("new", _ring(80))):
        (tmp_path / f"{name}.ttl").write_text(_drawn(_both_ways(edges + spokes), 3), encoding="utf-8")
    assert "240 came, 240 went" in run("diff", tmp_path / "old.ttl", tmp_path / "new.ttl").out
    monkeypatch.setattr(blank_nodes, "_STEPS", 1_000)
    monkeypatch.setattr(blank_nodes, "_STEPS_PER_NODE", 0)
    code, out, err = run("diff", tmp_path / "old.ttl", tmp_path / "new.ttl")
    assert (code, out) == (2, "")
    assert err == (
        "k2graph: 80 nodes without a name hang together and are much alike: whether both have the same cannot be told in a minute or so\n"
    )


def test_a_node_is_the_same_in_all_graphs_of_a_file(run: Run, tmp_path: Path) -> None:
    swapped = ["e:g: 1 came, 1 went", "e:h: 1 came, 1 went"]
    beside = "e:s e:p _:a , _:b ."
    cases: list[tuple[str, str, list[str]]] = [
        ("e:g { _:a e:v 1 } e:h { _:b e:v 2 }", "e:g { _:a e:v 2 } e:h { _:b e:v 1 }", swapped),
        ("e:g { _:a e:v 1 } e:h { _:b e:v 2 }", "e:h { _:a e:v 2 } e:g { _:b e:v 1 }", ["Nothing."]),
        # With the graph its statements beside went, and came.
        (beside + "e:g { _:a e:v 1 } e:h { _:b e:v 2 }", beside + "e:g { _:a e:v 2 } e:h { _:b e:v 1 }",
         [*swapped, "the default graph: 2 came, 2 went"]),
        # The same node in two graphs, and two nodes.
        ("e:g { _:a e:v 1 } e:h { _:a e:w 2 }", "e:g { _:a e:v 1 } e:h { _:b e:w 2 }",
         ["2 came, 2 went", "without a class: 2 came, 2 went"]),
        ("_:g { e:s e:p 1 , 2 }", "_:g { e:s e:p 1 } _:h { e:s e:p 2 }", ["graphs without a name: 2 came, 2 went"]),
        ("_:g { e:s e:p 1 } _:h { e:s e:p 2 }", "_:x { e:s e:p 2 } _:y { e:s e:p 1 }", ["Nothing."]),
        # Of a graph without a name something may be said.
        ("_:g e:v 1 . _:h e:v 2 . _:g { e:s e:p 1 } _:h { e:s e:p 2 }", "_:g e:v 2 . _:h e:v 1 . _:g { e:s e:p 1 } _:h { e:s e:p 2 }",
         ["graphs without a name: 2 came, 2 went", "the default graph: 2 came, 2 went"]),
        ("_:g e:v 1 . _:h e:v 2 . _:g { e:s e:p 1 } _:h { e:s e:p 2 }", "_:g e:v 2 . _:h e:v 1 . _:h { e:s e:p 1 } _:g { e:s e:p 2 }",
         ["Nothing."]),
        # What is told by its class is not told by its graph again.
        ("e:g { e:s e:p [ e:v 1 ] }", "e:g { e:s e:q 1 }", ["1 came, 2 went", "without a class: 1 came, 2 went"]),
    ]  # fmt: skip
    for old, new, told in cases:
        for name, text in (("old", old), ("new", new)):
            (tmp_path / f"{name}.trig").write_text(E + text, encoding="utf-8")
        out = run("diff", tmp_path / "old.trig", tmp_path / "new.trig", "--format", "json").out.replace("http://example.org/", "e:")
        report = json.loads(out)
        assert [*report["lines"], *(line for block in report["blocks"] for line in block["lines"])] == told, (old, new)


def test_of_a_long_text_the_part_that_differs_is_shown(run: Run, tmp_path: Path) -> None:
    k2 = "@prefix k2g: <https://w3id.org/k2graph/ontology#> . @prefix r: <http://www.w3.org/2000/01/rdf-schema#> . "
    k2 += "k2g:Study a <http://www.w3.org/2002/07/owl#Class> ; r:label 'study' . "
    (line,) = _told(run, tmp_path, f"{k2}{E}e:a a k2g:Study ; e:b '{'x' * 500}one' .", f"{k2}{E}e:a a k2g:Study ; e:b '{'x' * 500}two' .")
    assert line == f"~ http://example.org/a: http://example.org/b: …{'x' * 50}one → …{'x' * 50}two"


def test_a_missing_file_is_told(run: Run, tmp_path: Path) -> None:
    outcome = run("diff", tmp_path / "none.ttl")
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
