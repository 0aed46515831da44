"""How each step of a build, each rule and each question grows: `python benchmarks/growth.py --claims 1000 10000 100000`.

Synthetic tables of each size go down the real pipeline, each in a process of its own; an exponent is the slope of log time over log
claims, by least squares. Seconds of steps and questions are of the processor, since what else a machine does would bend a slope; those
of the whole build are of the clock. What takes less than `FLOOR` seconds at a size says nothing there and is left out.
"""

import argparse
import json
import math
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

# What a build computes with is imported before it is measured.
import scipy.optimize  # noqa: F401
import statsmodels.stats.power  # noqa: F401
from pyoxigraph import RdfFormat, Store
from synthetic import key, write_tables

from k2graph import iris, resources
from k2graph.building import build
from k2graph.building.turtle import turtle
from k2graph.errors import Fault
from k2graph.ontology import Vocabulary
from k2graph.shacl.queries import failures
from k2graph.sparql import rules as rule_files
from k2graph.sparql.questions import Question, read_questions
from k2graph.sparql.store import EmbeddedStore

#: Seconds below which a time says nothing of how it grows.
FLOOR = 0.01
RUNS = 3
#: Seconds after which a question is not asked again.
LONG = 5.0
#: Claims of a lean graph that come from tables.
BLOCK = 10_000


@dataclass
class Measured:
    """One size: seconds of each step of the build (rules among them) and of each question, and gigabytes at most."""

    claims: int = 0
    triples: int = 0
    steps: dict[str, float] = field(default_factory=dict)
    questions: dict[str, float] = field(default_factory=dict)
    build_seconds: float = 0.0
    build_gigabytes: float = 0.0
    ask_gigabytes: float = 0.0


def measure(claims: int, *, folder: Path | None = None, tables: Path = resources.TABLES) -> Measured:
    """Build a graph of synthetic claims, made after real `tables`, and ask it everything, in processes of their own."""
    with tempfile.TemporaryDirectory(dir=folder) as made:
        write_tables(Path(made) / "tables", claims, tables=tables)
        measured = Measured(**_in_a_process("build", Path(made)))
        asked = Measured(**_in_a_process("ask", Path(made)))
    measured.questions, measured.ask_gigabytes = asked.questions, asked.ask_gigabytes
    measured.steps.update(asked.steps)
    return measured


def measure_lean(claims: int, *, folder: Path | None = None) -> Measured:
    """The same of a lean graph, in one process: what is asserted of some claims, and that again under other names, and then the rules."""
    with tempfile.TemporaryDirectory(dir=folder) as made:
        _write_lean(Path(made), claims)
        return Measured(**_in_a_process("lean", Path(made)))


def _write_lean(folder: Path, claims: int) -> None:
    """What is asserted of lean synthetic claims, as `graph.nt` in a folder."""
    blocks = max(1, claims // BLOCK)
    write_tables(folder / "tables", claims // blocks, lean=True)
    lines = build.triples_of(build.asserted(folder / "tables"))
    # Whatever is named in the tables, its label, and the address by which a report is known; what ontology, rules and questions are called
    # is the same for all.
    things = "|".join(sorted({*iris.KINDS} - {"rule", "question"}))
    marked = re.sub(rf'(<{iris.BASE}(?:{things})/|"synthetic \w+ \d+ of |"URL:https://example\.org/synthetic/)'.encode(), rb"\1\0", lines)
    again = b"".join(line for line in marked.splitlines(keepends=True) if b"/\0" in line.partition(b" ")[0])
    with (folder / "graph.nt").open("wb") as file:
        file.write(lines)
        for block in range(1, blocks):
            file.write(again.replace(b"\0", b"%d-" % block))


def exponents(times: Iterable[tuple[int, Mapping[str, float]]]) -> dict[str, float]:
    """The exponent of each name that is long enough to measure at two sizes or more."""
    points: dict[str, list[tuple[float, float]]] = {}
    for claims, seconds in times:
        for name, value in seconds.items():
            if value >= FLOOR:
                points.setdefault(name, []).append((math.log(claims), math.log(value)))
    return {name: statistics.linear_regression(*zip(*found, strict=True)).slope for name, found in points.items() if len(found) > 1}


def _in_a_process(task: str, folder: Path) -> dict[str, Any]:
    done = subprocess.run([sys.executable, __file__, "--task", task, "--folder", folder], stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _build(folder: Path) -> Measured:
    measured = Measured()
    clock, start = _Clock(measured.steps), time.perf_counter()
    # As `build.text` does it, but one thing after the other, so that the time of each is its own.
    vocabulary, rules = Vocabulary(), rule_files.read_rules()
    clock("tables")
    store = build.asserted(folder / "tables", vocabulary, rules, progress=clock)
    build.add_what_follows(store, vocabulary, rules, clock)
    clock("shapes")
    ran = {iris.ours("rule", rule.name) for rule in rules}
    assert not [failure for failure in failures(resources.SHAPES, EmbeddedStore.of(store), ran) if failure.severity == "violation"]
    clock("write")
    (folder / "graph.nt").write_bytes(content := build.triples_of(store))
    (folder / "graph.ttl").write_bytes(turtle(content))
    clock("")
    measured.build_seconds = time.perf_counter() - start
    _count(store, measured)
    return measured


def _ask(folder: Path) -> Measured:
    measured = Measured()
    clock = _Clock(measured.steps)
    clock("load")
    store = Store()
    store.bulk_load(path=str(folder / "graph.nt"), format=RdfFormat.N_TRIPLES)
    clock("")
    _ask_all(store, measured)
    return measured


def _lean(folder: Path) -> Measured:
    measured = Measured()
    clock, start = _Clock(measured.steps), time.perf_counter()
    clock("load")
    store = Store()
    store.bulk_load(path=str(folder / "graph.nt"), format=RdfFormat.N_TRIPLES)
    build.add_what_follows(store, Vocabulary(), rule_files.read_rules(), clock)
    clock("")
    measured.build_seconds = time.perf_counter() - start
    _count(store, measured)
    _ask_all(store, measured)
    return measured


_TASKS: dict[str, Callable[[Path], Measured]] = {"build": _build, "ask": _ask, "lean": _lean}


def _count(store: Store, measured: Measured) -> None:
    found: Any = store.query("SELECT (COUNT(*) AS ?n) WHERE { ?claim a <https://w3id.org/k2graph/ontology#Claim> }")
    measured.claims, measured.triples = int(next(iter(found))[0].value), len(store)
    measured.build_gigabytes = _peak()


def _ask_all(store: Store, measured: Measured) -> None:
    for question in read_questions():
        seconds: list[float] = []
        while len(seconds) < RUNS and sum(seconds) < LONG:
            seconds.append(_seconds(partial(_answer, store, bound(question))))
        measured.questions[question.name] = min(seconds)
    measured.ask_gigabytes = _peak()


def _answer(store: Store, query: str) -> int:
    found: Any = store.query(query)
    return sum(1 for _ in found)


def bound(question: Question) -> str:
    """The question of the first copy of the thing that it has for an example."""
    things = {
        parameter.name: iris.ours(parameter.type, key(parameter.example))
        for parameter in question.parameters.values()
        if parameter.required and parameter.type in iris.KINDS
    }
    return question.bound(things)


class _Clock:
    """Told of each step as it begins, adds up the seconds of the one before."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds, self.name, self.began = seconds, "", 0.0

    def __call__(self, name: str | Fault) -> None:
        if isinstance(name, Fault):
            return
        now = _worked()
        if self.name:
            self.seconds[self.name] = self.seconds.get(self.name, 0.0) + now - self.began
        self.name, self.began = name, now


def _seconds(work: Callable[[], object]) -> float:
    start = _worked()
    work()
    return _worked() - start


def _worked() -> float:
    """Seconds of the processors, by this process and by those that it started and that have ended."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def table(found: list[Measured]) -> list[str]:
    """The figures of all sizes as lines of Markdown."""
    heads = [f"{each.claims:,}" for each in found]
    lines = [
        f"| claims | {' | '.join(heads)} | exponent |",
        f"| --- |{' --- |' * (len(found) + 1)}",
        f"| triples | {' | '.join(f'{each.triples:,}' for each in found)} | |",
        f"| build, seconds | {' | '.join(f'{each.build_seconds:.1f}' for each in found)} | {_slope(found)} |",
        f"| GB at most, to build | {' | '.join(f'{each.build_gigabytes:.1f}' for each in found)} | |",
        f"| GB at most, to ask | {' | '.join(f'{each.ask_gigabytes:.1f}' for each in found)} | |",
    ]
    for title, times in (("step", [each.steps for each in found]), ("question", [each.questions for each in found])):
        slopes = exponents((each.claims, seconds) for each, seconds in zip(found, times, strict=True))
        lines += ["", f"| {title}, seconds | {' | '.join(heads)} | exponent |", f"| --- |{' --- |' * (len(found) + 1)}"]
        for name in times[-1]:
            slope = f"{slopes[name]:.2f}" if name in slopes else "too short"
            lines.append(f"| {name} | {' | '.join(f'{seconds[name]:.3f}' for seconds in times)} | {slope} |")
    return lines


def _slope(found: list[Measured]) -> str:
    return f"{exponents((each.claims, {'build': each.build_seconds}) for each in found).get('build', 0):.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--lean", action="store_true", help="as mined from the literature: see synthetic.py")
    parser.add_argument("--task", choices=tuple(_TASKS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help="where the graphs are made; the largest takes gigabytes")
    given = parser.parse_args()
    if given.task:
        print(json.dumps(asdict(_TASKS[given.task](given.folder))))
        return
    work = measure_lean if given.lean else measure
    print("\n".join(table([work(claims, folder=given.folder) for claims in given.claims])))


if __name__ == "__main__":
    main()
