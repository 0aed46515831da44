"""A graph in each format, written once for all tests that read it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from shared import Shared

import k2graph
from k2graph.exports import choose, export, find_format


class Exported(NamedTuple):
    """Where a graph stands in a format, and what was left out of it."""

    path: Path
    left_out: dict[str, int]


Export = Callable[[str], Exported]


def exports_of(graph: k2graph.Graph, shared: Shared, called: str = "export") -> Export:
    """A graph in a format, by its name, written when it is first asked for. It is there to be read, never to be written to.

    `called` tells it from other graphs.
    """

    def of(name: str) -> Exported:
        form = find_format(name)
        path = f"k2graph{form.suffix}"

        def make(folder: Path) -> None:
            with pytest.MonkeyPatch.context() as patch:
                patch.delenv("SOURCE_DATE_EPOCH", raising=False)
                left_out = export(choose(graph), form, folder / path).left_out
            (folder / "left_out.json").write_text(json.dumps(dict(left_out)))

        folder = shared.once(f"{called}-{name}", make)
        return Exported(folder / path, json.loads((folder / "left_out.json").read_text()))

    return of
