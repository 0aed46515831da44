"""The command line. Results go to standard output, all else to standard error.

Exit codes: 0 done; 1 the answer is no (violations, nothing to check, drift, an ASK that is false); 2 wrong use or wrong input.
Nothing heavy is imported until a command needs it.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from ..errors import InputError, NothingToShow, TableFaults
from ..terminal import give_up_standard_output, stand_in_for_closed_streams, write_utf8
from ..text import clean
from . import cache, curate, draw, pack_trial, publish, read, search, sum_up, tables
from .parsing import Parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    # A graph that was read stays to the end: to look through it at every 700 objects for what nobody needs takes a quarter of the time.
    gc.set_threshold(50_000, 10, 10)
    stand_in_for_closed_streams()
    write_utf8()
    try:
        chosen, rest = _parser().parse_known_args(arguments)
        if rest and chosen.command is not read.answer_question:
            _parser().error(f"unrecognised arguments: {' '.join(rest)}")
        chosen.rest = rest
        code: int = chosen.command(chosen)
        sys.stdout.flush()
        return code
    except InputError as error:
        # File names and addresses come from outside: what they hold must not steer the terminal.
        # Faults, each on a line of its own, begin with file and line, so that an editor can go there.
        lines = str(error).split("\n") if isinstance(error, TableFaults) else [f"k2graph: {error}"]
        print("\n".join(map(clean, lines)), file=sys.stderr)
        return 1 if isinstance(error, NothingToShow) else 2
    except BrokenPipeError:
        # The reader of the pipe has seen enough, as `head` does; Python would complain when it closes standard output.
        sys.stderr.close()
        return 0
    except OSError as error:
        # What is read or written by name says its name itself, as InputError.
        give_up_standard_output()
        print(clean(f"k2graph: {error.filename or 'standard output'}: cannot be written: {error.strerror or error}"), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> Parser:
    parser = Parser(
        prog="k2graph",
        description="A knowledge graph of nutrient mechanisms, with the evidence for every step.",
        epilog="example: k2graph ask mechanisms-lacking-human-rct-support",
    )
    parser.add_argument("--version", action="version", version=f"k2graph {_version()}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in (
        read.add_ask,
        read.add_explain,
        read.add_path,
        search.add_search,
        sum_up.add_summary,
        read.add_query,
        curate.add_init,
        curate.add_validate,
        curate.add_build,
        pack_trial.add_test_pack,
        tables.add_tables,
        read.add_diff,
        publish.add_view,
        draw.add_plot,
        publish.add_figure,
        publish.add_site,
        publish.add_export,
        publish.add_push,
        publish.add_derive,
        publish.add_mcp,
        publish.add_serve,
        read.add_stats,
        cache.add_cache,
    ):
        add(commands)
    return parser


def _version() -> str:
    from .. import __version__

    return __version__
