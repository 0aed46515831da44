"""The command `summary`: a summary of findings as a document."""

from __future__ import annotations

import argparse
from pathlib import Path

from .options import Commands, add_source, command, form_of, hand_over, open_graph, utf8

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
    form = form_of(chosen, _ENDINGS, {"docx": "a Word document"})
    document = open_graph(chosen).summary(chosen.thing)
    content = document.to_word() if form == "docx" else (document.to_html() if form == "html" else document.to_markdown()).encode()
    hand_over(content, chosen.output)
    return 0
