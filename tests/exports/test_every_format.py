"""What holds of every format alike: the same graph is the same bytes, a part can be written, and an empty one too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run, ours, rows

from k2graph.exports import formats

_SCRIPT = """
import sys
from pathlib import Path
import k2graph
from k2graph.exports import choose, export, find_format, formats
part = choose(k2graph.open())
for name in formats():
    export(part, find_format(name), Path(sys.argv[1]) / name)
"""


def contents(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in files}


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All formats of the whole graph, written by two processes whose sets have other orders and whose days are others."""
    folder = tmp_path_factory.mktemp("twice")
    for seed, zone in (("1", "Pacific/Kiritimati"), ("2", "Pacific/Niue")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        done = subprocess.run([sys.executable, "-c", _SCRIPT, folder / seed], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("name", formats())
def test_same_graph_same_bytes(name: str, twice: Path) -> None:
    one, other = contents(twice / "1" / name), contents(twice / "2" / name)
    assert one
    assert sorted(one) == sorted(other)
    assert [file for file in one if one[file] != other[file]] == []


@pytest.mark.parametrize("name", formats())
def test_a_part_is_smaller_than_the_whole(name: str, twice: Path, tmp_path: Path, run: Run) -> None:
    done = run("export", name, "--mechanism", "mgp-calcification-events", "--output", tmp_path / "part")
    assert done.code == 0, done.err
    whole, part = (sum(map(len, contents(path).values())) for path in (twice / "1" / name, tmp_path / "part"))
    assert 0 < part < whole


#: Formats that name claims in plain bytes, so that what is there can be seen without a reader.
_NAMING = ("csv", "cx2", "gexf", "graphml", "jsonld", "neo4j", "ntriples", "owl", "rdfxml", "trig", "turtle", "turtle-star")


@pytest.mark.parametrize("name", _NAMING)
def test_a_part_has_its_own_claims_and_no_others(name: str, tmp_path: Path, run: Run) -> None:
    assert run("export", name, "--mechanism", "mgp-calcification-events", "--output", tmp_path / "part").code == 0
    part = b"".join(contents(tmp_path / "part").values())
    steps = {row["claim"] for row in rows("mechanism_steps") if row["mechanism"] == "mgp-calcification-events"}
    assert [step for step in steps if step.encode() not in part] == []
    # Written down in no step of it.
    assert b"mk-7-level-dp-ucmgp" not in part


@pytest.mark.parametrize("name", formats())
def test_a_claim_that_nobody_tested_can_be_written_alone(name: str, tmp_path: Path, run: Run) -> None:
    claim = "bmp2-level-vascular-calcification"
    assert claim in {row["claim"] for row in rows("claims")}
    done = run("export", name, "--about", ours("claim", claim), "--output", tmp_path / "part")
    assert done.code == 0, done.err
    assert contents(tmp_path / "part")
