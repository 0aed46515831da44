"""The command `search`: things by words of what they are called."""

from __future__ import annotations

import argparse

from .options import Commands, add_block_format, add_source, command, open_graph, utf8, write_block
from .parsing import whole


def add_search(commands: Commands) -> None:
    """The command `search`."""
    about = "find things by words of what they are called, however they are spelt"
    search = command(commands, "search", _search, about, "k2graph search bone density")
    search.add_argument(
        "words", nargs="+", type=utf8, metavar="WORDS", help="of labels, synonyms, titles; initials, identifiers, numbers, keys of tables"
    )
    search.add_argument(
        "--type",
        default="",
        type=utf8,
        metavar="T",
        help="only entity, claim, mechanism, study, report, interaction, or a type of entities: outcome",
    )
    search.add_argument("--most", type=whole("--most"), default=8, metavar="N", help="how many of each kind at the most (default: 8)")
    add_block_format(search)
    add_source(search)


def _search(chosen: argparse.Namespace) -> int:
    from ..evidence.lookup import Lookup
    from ..reports.found import describe_found

    words = " ".join(chosen.words)
    found = Lookup(open_graph(chosen, stored=True)).find(words, chosen.type)
    return write_block(describe_found(words, found, chosen.most), chosen.format)
