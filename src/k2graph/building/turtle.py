"""The graph as a file for people: sections, one thing a paragraph, in an order that hangs on nothing but the triples.

In: N-Triples. Out: Turtle, of the same triples the same bytes. Where there is much, sections are made in processes of their own, as many
at a time as there are processors.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from pyoxigraph import NamedNode, RdfFormat, parse, serialize

from .. import iris
from ..errors import InputError

#: The file's sections, in order: a heading and the classes whose things stand under it. What is in no other stands first.
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Rules and questions", ("k2g:Rule", "sh:SPARQLSelectExecutable")),
    ("Entities", ("k2g:Entity",)),
    ("Organisms", ("k2g:Organism",)),
    ("Identifiers", ("k2g:IdentifierMatch",)),
    ("Reports", ("k2g:Report",)),
    ("Studies", ("k2g:Study",)),
    ("Arms, groups and spreads", ("k2g:Arm", "k2g:ResearchGroup", "k2g:Spread")),
    ("Findings", ("k2g:Finding",)),
    ("Claims", ("k2g:Claim",)),
    ("Mechanisms", ("k2g:Mechanism", "k2g:Step")),
    ("Interactions", ("k2g:Interaction",)),
    ("Reference intakes, foods, pharmacokinetics", ("k2g:ReferenceIntake", "k2g:FoodContent", "k2g:PharmacokineticParameter")),
    ("Who is low", ("k2g:StatusFigure",)),
    ("Citations checked", ("k2g:CitationCheck",)),
    ("Searches, and what they left out", ("k2g:Search", "k2g:LeftOutRecord")),
    ("Derived: what each finding says of each claim", ("k2g:Bearing",)),
    ("Derived: estimates that sources do not give", ("k2g:ComputedEstimate",)),
    ("Derived: votes", ("k2g:Vote",)),
    ("Derived: standings", ("k2g:Standing", "k2g:Tally", "k2g:AlternativeStanding")),
    ("Derived: pools", ("k2g:PooledEstimate", "k2g:PooledResult")),
    ("Derived: what would turn a standing", ("k2g:TurningPoint",)),
    ("Derived: support of mechanisms", ("k2g:MechanismSupport",)),
)
#: The line with which a graph begins that was built from tables.
BUILT = b"# Built by `k2graph build` from data/tables, ontology and queries. Edit those, not this file.\n"
#: Bytes of N-Triples from which on processes repay their start, and with it the handing over.
MUCH = 200_000_000


def turtle(triples: bytes, head: bytes = BUILT) -> bytes:
    """N-Triples as Turtle for people, after a first line. Without that, a heading stands only over what is of the classes that it names.

    Raises:
        InputError: where a process that helps is ended from outside, as for want of memory.
    """
    sections = _sections(triples)
    texts = _in_processes(sections) if len(triples) >= MUCH else [_text_of(section) for section in sections]
    prefixes, parts = b"", []
    for (heading, _), text in zip((("Ontology", ()), *SECTIONS), texts, strict=True):
        begins = _PREFIXES.match(text).end()  # type: ignore[union-attr]  # it matches nothing at all too
        # A section without a thing begins with none.
        prefixes = prefixes or text[:begins]
        # What was built here has every section, and what is in none is the ontology; of another graph nobody knows what it is.
        if head or (heading != "Ontology" and text[begins:]):
            parts.append(f"\n\n# {heading}\n".encode())
        parts.append(text[begins:])
    return b"".join([head, prefixes, *parts])


def _sections(triples: bytes) -> list[bytes]:
    """The lines of each section, in no settled order."""
    lines = triples.splitlines(keepends=True)
    section_of = {_text(iris.name(name)): number for number, (_, classes) in enumerate(SECTIONS, 1) for name in classes}
    place: dict[bytes, int] = {}
    for line in lines:
        if _IS_A in line:
            subject, property_, value = line.split(b" ", 2)
            number = section_of.get(value.removesuffix(b" .\n"))
            if number and property_ == _A:
                # A thing of two classes stands under the first section that has one of them.
                place[subject] = min(number, place.get(subject, number))
    sections: list[list[bytes]] = [[] for _ in range(len(SECTIONS) + 1)]
    for line in lines:
        sections[place.get(line[: line.index(b" ")], 0)].append(line)
    return [b"".join(section) for section in sections]


def _text_of(section: bytes) -> bytes:
    """One section's N-Triples as Turtle, with the prefixes before it."""
    lines = section.splitlines(keepends=True)
    lines.sort(key=_place)
    ordered = parse(b"".join(lines), RdfFormat.N_TRIPLES)
    return _STATEMENT.sub(b"\n", serialize(ordered, format=RdfFormat.TURTLE, prefixes=iris.PREFIXES) or b"")


def _in_processes(sections: list[bytes]) -> list[bytes]:
    """The text of each section, by this module run as a program."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as helpers:
        # The longest first, so that none is left working alone at the end.
        longest = sorted(range(len(sections)), key=lambda number: len(sections[number]), reverse=True)
        begun = {number: helpers.submit(_in_a_process, sections[number]) for number in longest}
        return [begun[number].result() for number in range(len(sections))]


def _in_a_process(section: bytes) -> bytes:
    # -P: what lies in the folder from which k2graph was started is no part of it.
    with subprocess.Popen([sys.executable, "-P", "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603
        # Not `communicate`, which hands over 512 bytes at a time: the other side reads all before it writes.
        with contextlib.suppress(BrokenPipeError), process.stdin as given:  # type: ignore[union-attr]
            given.write(section)
        text = process.stdout.read()  # type: ignore[union-attr]
    if process.returncode:
        raise InputError(f"the graph cannot be written: a process that made a part of it ended with {process.returncode}; is memory short?")
    return text


#: The prefixes with which the library begins, and where a statement of triples does: its further lines begin with a tab.
_PREFIXES = re.compile(rb"(?:@prefix [^\n]*\n)*")
_STATEMENT = re.compile(rb"^(?=[^\t\n@])", re.MULTILINE)


def _text(node: NamedNode) -> bytes:
    return str(node).encode()


_A, _CALLED = (_text(iris.name(name)) for name in ("rdf:type", "rdfs:label"))
_IS_A, _IS_CALLED = (b" " + property_ + b" " for property_ in (_A, _CALLED))


def _place(line: bytes) -> bytes:
    """Where a line of N-Triples stands: by subject, then its class, its label and its properties by name, then by object.

    The ends of addresses are cut off, so that one which goes on where another ends comes after it.
    """
    first = line.replace(_IS_A, b" !1 ", 1).replace(_IS_CALLED, b" !2 ", 1)
    return first.replace(b"> ", b" ", 2)


if __name__ == "__main__":
    sys.stdout.buffer.write(_text_of(sys.stdin.buffer.read()))
