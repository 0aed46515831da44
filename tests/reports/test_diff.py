"""What `k2graph diff` says of changes made by hand to the real tables."""

import json
import shutil
import time
from pathlib import Path

import pytest
from project import Folder, Run, write_built, write_part

from k2graph import atomic, resources
from k2graph.building import build
from k2graph.building.turtle import turtle
from k2graph.ontology import Vocabulary


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
    tables = Folder(Path(shutil.copytree(some_of_all.parent / "tables", folder / "tables")), Vocabulary())
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
    return Folder(Path(shutil.copytree(unchanged, tmp_path / "tables")), vocabulary)


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


def test_too_many_alike_to_tell_are_one_error(run: Run, tmp_path: Path) -> None:
    for name, shift in (("old", 0), ("new", 7)):
        circle = " ".join(f"_:{(n * 3 + shift) % 400} e:p _:{(n * 3 + 3 + shift) % 400} ." for n in range(400))
        (tmp_path / f"{name}.ttl").write_text(E + ("_:x e:q 1 ." if shift else "") + circle, encoding="utf-8")
    code, out, err = run("diff", tmp_path / "old.ttl", tmp_path / "new.ttl")
    assert (code, out) == (2, "")
    assert (
        err == "k2graph: 400 nodes without a name hang together and are all alike: it takes too long to tell whether both have the same\n"
    )


def test_of_a_long_text_the_part_that_differs_is_shown(run: Run, tmp_path: Path) -> None:
    k2 = "@prefix k2g: <https://w3id.org/k2graph/ontology#> . @prefix r: <http://www.w3.org/2000/01/rdf-schema#> . "
    k2 += "k2g:Study a <http://www.w3.org/2002/07/owl#Class> ; r:label 'study' . "
    (line,) = _told(run, tmp_path, f"{k2}{E}e:a a k2g:Study ; e:b '{'x' * 500}one' .", f"{k2}{E}e:a a k2g:Study ; e:b '{'x' * 500}two' .")
    assert line == f"~ http://example.org/a: http://example.org/b: …{'x' * 50}one → …{'x' * 50}two"


def test_a_missing_file_is_told(run: Run, tmp_path: Path) -> None:
    outcome = run("diff", tmp_path / "none.ttl")
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
