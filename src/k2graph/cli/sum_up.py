"""The command `summary`: a summary of findings as a document."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import InputError
from ..terminal import write_data
from .options import Commands, add_source, check_place, command, open_graph, source_of, utf8

_ENDINGS = {"md": ".md", "html": ".html", "docx": ".docx"}


def add_summary(commands: Commands) -> None:
    """The command `summary`."""
    summary = command(
        commands,
        "summary",
        _summary,
        "sum up what was found in people, as guideline panels read it",
        "k2graph summary 'arterial stiffness'",
    )
    summary.add_argument(
        "thing", type=utf8, metavar="THING", help="a mechanism, an entity (an outcome or an exposure) or a claim, called in any way"
    )
    summary.add_argument("--format", choices=tuple(_ENDINGS), help="form (default: that of the file's ending, else md)")
    summary.add_argument("--output", type=Path, metavar="F", help="the file to write (default: standard output)")
    add_source(summary)


def _summary(chosen: argparse.Namespace) -> int:
    from ..atomic import write
    from ..sparql.rdf_syntax import check_ending

    output: Path | None = chosen.output
    by_ending = {ending: form for form, ending in _ENDINGS.items()}
    form = chosen.format or (by_ending.get(output.suffix.lower(), "md") if output else "md")
    if output is None:
        if form == "docx":
            raise InputError("a Word document goes into a file: name it with --output")
    elif by_ending.get(output.suffix.lower(), form) != form:
        raise InputError(f"{output}: the ending says {by_ending[output.suffix.lower()]}, and {form} was asked for; leave one of them out")
    else:
        check_ending(output, _ENDINGS[form])
        check_place(output, source_of(chosen))
    document = open_graph(chosen).summary(chosen.thing)
    content = document.to_word() if form == "docx" else (document.to_html() if form == "html" else document.to_markdown()).encode()
    if output is None:
        write_data(content)
    else:
        write(content, output)
        print(f"{output}: {len(content):,} bytes", file=sys.stderr)
    return 0
