"""Measure what the project promises and write benchmarks/results.md: `python benchmarks/run.py`.

Each figure is a ratio to its peer in the same run, the two alternating, with medians; seconds are of this machine.
"""

import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import k2graph
from k2graph.exports import choose, export, find_format, formats

ROOT = Path(__file__).parents[1]
RUNS = 15
MISSION = "mechanisms-lacking-human-rct-support"
COMMAND = [sys.executable, "-m", "k2graph.cli"]
BARE = f"""
from pyoxigraph import RdfFormat, Store
store = Store()
store.bulk_load(path={str(ROOT / "data/k2.ttl")!r}, format=RdfFormat.TURTLE)
for row in store.query(open({str(ROOT / f"queries/{MISSION}.rq")!r}).read()):
    print("\\t".join(term.value if term else "" for term in row))
"""


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, cwd=ROOT)
    return time.perf_counter() - start


def alternating(commands: dict[str, list[str]], runs: int) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            times[name].append(seconds(command))
    return {name: statistics.median(values) for name, values in times.items()}


def questions() -> list[str]:
    """Each question on the open graph: the best of five, so that a pause of the machine does not speak."""
    graph = k2graph.open()
    best = {question.name: min(timed(graph, question.name) for _ in range(5)) for question in graph.questions}
    return [f"| {name} | {value:.4f} |" for name, value in sorted(best.items(), key=lambda pair: -pair[1])]


def timed(graph: k2graph.Graph, question: str) -> float:
    start = time.perf_counter()
    graph.ask(question)
    return time.perf_counter() - start


def exports() -> list[str]:
    """Each format of the whole graph, written once in this process: seconds with reading the graph left out, and bytes."""
    part = choose(k2graph.open())
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for name in formats():
            start = time.perf_counter()
            written = export(part, find_format(name), Path(folder) / name)
            lines.append(f"| {name} | {time.perf_counter() - start:.2f} | {written.size:,} |")
    return lines


def main() -> None:
    cold = alternating(
        {
            "bare pyoxigraph script": [sys.executable, "-c", BARE],
            f"k2graph ask {MISSION}": [*COMMAND, "ask", MISSION],
            f"k2graph ask {MISSION} --format csv": [*COMMAND, "ask", MISSION, "--format", "csv"],
        },
        RUNS,
    )
    with tempfile.TemporaryDirectory() as folder:
        work = alternating(
            {
                "k2graph build": [*COMMAND, "build", "--output", f"{folder}/k2.ttl"],
                "k2graph validate": [*COMMAND, "validate"],
                "k2graph view": [*COMMAND, "view", "--output", f"{folder}/map.html"],
                "k2graph site": [*COMMAND, "site", f"{folder}/pages"],
            },
            3,
        )
    bare = cold["bare pyoxigraph script"]
    lines = [
        "# Measured",
        "",
        f"`python benchmarks/run.py`, medians of {RUNS} (ask) and 3 (others) whole processes, alternating.",
        f"Python {platform.python_version()}, pyoxigraph {version('pyoxigraph')}, pyshacl {version('pyshacl')}, "
        f"{platform.system()} {platform.machine()}.",
        "",
        "| command | seconds | to the bare script | promised |",
        "| --- | --- | --- | --- |",
        *(f"| {name} | {value:.3f} | {value / bare:.2f} | {'at most 1.5' if 'ask' in name else ''} |" for name, value in cold.items()),
        f"| k2graph build | {work['k2graph build']:.2f} | | under 10 s |",
        f"| k2graph validate | {work['k2graph validate']:.2f} | | under 15 s |",
        f"| k2graph view | {work['k2graph view']:.2f} | | |",
        f"| k2graph site | {work['k2graph site']:.2f} | | under 10 s |",
        "",
        "Each question on the open graph, best of five; promised: under 0.1 s.",
        "",
        "| question | seconds |",
        "| --- | --- |",
        *questions(),
        "",
        "Each export of the whole graph, once, without reading the graph.",
        "",
        "| format | seconds | bytes |",
        "| --- | --- | --- |",
        *exports(),
    ]
    (ROOT / "benchmarks" / "results.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
