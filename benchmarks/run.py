"""Measure what the project promises and write benchmarks/results.md: `python benchmarks/run.py`, which takes about half an hour and needs
`pip install -e '.[bench,serve]'` besides what the exports need. The server is measured by endpoint.py, which has a file of its own.

Each figure is a ratio to its peer in the same run; seconds are of this machine. `python benchmarks/run.py real peers` measures those
sections anew and leaves the others; `lean` is measured only when named, since it takes most of the memory there is.
"""

import argparse
import datetime
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import growth
import peers

import k2graph
from k2graph.exports import choose, export, find_format, formats

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results.md"
RUNS = 15
MISSION = "mechanisms-lacking-human-rct-support"
COMMAND = [sys.executable, "-m", "k2graph"]
BARE = f"""
from pyoxigraph import RdfFormat, Store
store = Store()
store.bulk_load(path={str(ROOT / "data/k2.ttl")!r}, format=RdfFormat.TURTLE)
for row in store.query(open({str(ROOT / f"queries/{MISSION}.rq")!r}).read()):
    print("\\t".join(term.value if term else "" for term in row))
"""


def whole(command: list[str]) -> tuple[float, float]:
    """Seconds and megabytes at most of a process from its start to its end."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - start, used.ru_maxrss / 1024


def alternating(commands: dict[str, list[str]], runs: int) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(whole(command))
    return found


def real() -> list[str]:
    """Every command on the real graph as a whole process, `ask` beside the bare engine; and every export."""
    cold = alternating({"bare pyoxigraph script": [sys.executable, "-c", BARE], **_commands({"ask": [MISSION]})}, RUNS)
    with tempfile.TemporaryDirectory() as folder:
        work = _commands(
            {
                "query": ["ASK { ?claim a k2g:Claim }"],
                "explain": ["mgp-calcification-events"],
                "path": ["vitamin K2", "muscle strength"],
                "stats": [],
                "validate": [],
                "build": ["--output", f"{folder}/k2.ttl"],
                "diff": [str(ROOT / "data/k2.ttl")],
                "view": ["--output", f"{folder}/map.html"],
                "site": [f"{folder}/pages"],
            }
        )
        cold.update(alternating(work, 3))
    bare = statistics.median(seconds for seconds, _ in cold["bare pyoxigraph script"])
    promised = {"k2graph ask": "at most 1.5", "k2graph site": "at most 10 s"}
    return [
        f"Whole processes, cold: medians of {RUNS} (the bare script and `ask`, alternating) and of 3.",
        "",
        "| command | seconds | fastest and slowest | to the bare script | MB at most | promised |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_row(name, runs, bare, promised.get(name, "")) for name, runs in cold.items()),
        "",
        "Each export of the whole graph, once, without reading the graph.",
        "",
        "| format | seconds | bytes |",
        "| --- | --- | --- |",
        *exports(),
    ]


def _commands(arguments: dict[str, list[str]]) -> dict[str, list[str]]:
    return {f"k2graph {name}": [*COMMAND, name, *rest] for name, rest in arguments.items()}


def _row(name: str, runs: list[tuple[float, float]], bare: float, promised: str) -> str:
    seconds = sorted(seconds for seconds, _ in runs)
    middle = statistics.median(seconds)
    megabytes = max(megabytes for _, megabytes in runs)
    return f"| {name} | {middle:.3f} | {seconds[0]:.3f} to {seconds[-1]:.3f} | {middle / bare:.2f} | {megabytes:.0f} | {promised} |"


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


def grown() -> list[str]:
    """Synthetic claims with the real graph's shapes, at three sizes."""
    return growth.table([growth.measure(claims) for claims in (1_000, 10_000, 100_000)])


def lean() -> list[str]:
    """Lean synthetic claims, as mined from the literature, at three sizes up to a million."""
    return growth.table([growth.measure_lean(claims) for claims in (10_000, 100_000, 1_000_000)])


SECTIONS: dict[str, tuple[str, Callable[[], list[str]]]] = {
    "real": ("The real graph", real),
    "peers": ("Beside its peers", peers.lines),
    "growth": ("Growth: synthetic claims with the real graph's shapes", grown),
    "lean": ("Growth to a million: lean synthetic claims", lean),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    usual = ["real", "peers", "growth", "endpoint"]
    parser.add_argument("sections", nargs="*", default=usual, help=f"of {', '.join(SECTIONS)}, endpoint (default: {' '.join(usual)})")
    chosen = parser.parse_args().sections
    for name in chosen:
        if name == "endpoint":
            subprocess.run([sys.executable, ROOT / "benchmarks" / "endpoint.py"], check=True)
            continue
        title, measure = SECTIONS[name]
        lines = measure()
        kept = _kept()
        kept[name] = "\n".join([f"## {title}", "", f"`python benchmarks/run.py {name}`, {_machine()}", "", *lines])
        # After each, so that what was measured is not lost with what was not.
        RESULTS.write_text("# Measured\n\n" + "\n\n".join(kept[each] for each in SECTIONS if each in kept) + "\n", encoding="utf-8")


def _kept() -> dict[str, str]:
    """The sections that are there."""
    found = {}
    for part in RESULTS.read_text(encoding="utf-8").split("\n## ")[1:]:
        names = [name for name, (title, _) in SECTIONS.items() if part.startswith(f"{title}\n")]
        found.update({name: f"## {part.rstrip()}" for name in names})
    return found


def _machine() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "rdflib", "oxrdflib", "pyshacl"))
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{datetime.datetime.now(tz=datetime.UTC).date()}: {platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
        f"{gigabytes:.0f} GiB, Python {platform.python_version()}, {versions}."
    )


if __name__ == "__main__":
    main()
