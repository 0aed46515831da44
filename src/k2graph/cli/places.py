"""Where a command may write: nowhere where something that is read here would be lost."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from ..atomic import check_not_installed
from ..errors import InputError

#: What folders of tables, of the ontology, of rules and of questions hold.
_CURATED = {".tsv", ".toml", ".ttl", ".rq", ".ru"}


def check_place(output: Path, *sources: Path, writes_graphs: bool = False) -> None:
    """Refuse to write over what is read: a graph, tables, an ontology, questions; and into the installed package.

    `sources` are files of graphs or folders of tables. Who `writes_graphs` reads none, and may renew the one that comes with k2graph.

    Raises:
        InputError: which names the place.
    """
    from .. import resources

    check_not_installed(output)
    if resources.is_own_code(output) or any(
        _would_be_lost(each, output)
        for each in (*_read(sources, writes_graphs=writes_graphs), *_of_a_project(output, writes_graphs=writes_graphs))
    ):
        what, other = ("holds", "folder") if output.is_dir() else ("is", "file")
        raise InputError(f"{output}: {what} what is read here, and would be lost; name another {other}")


def _read(sources: Sequence[Path], *, writes_graphs: bool) -> Iterator[Path]:
    """The files and folders that are read here: those that were named, this folder's own, and those of a checkout."""
    from .. import resources

    # A release has the licences.
    files = [resources.ROOT / "LICENSE", resources.GRAPH.with_name("LICENSE"), *([] if writes_graphs else [resources.GRAPH])]
    curated = [resources.ONTOLOGY.parent, resources.QUESTIONS]
    within = [each for folder in curated for each in folder.rglob("*") if each.is_dir()]
    beside = [source.parent / "tables" for source in sources]
    for each in (*sources, *beside, resources.tables_here(), resources.TABLES, *files, *curated, *within):
        if each is not None and each.exists():
            yield each


def _of_a_project(output: Path, *, writes_graphs: bool) -> Iterator[Path]:
    """The tables, graphs and descriptions of what is somebody's own and in which a place lies, at any depth."""
    from .. import resources

    for pack in resources.packs_around(Path(os.path.realpath(output)).parent):
        yield from (pack / "tables", pack / resources.PACK.name)
        with suppress(InputError):  # which graph would be its own is not said
            graph = resources.graph_of(pack)
            yield from (graph,) if graph.exists() and not writes_graphs else ()
    for data in resources.data_around(Path(os.path.realpath(output))):
        yield data / "tables"
        yield from () if writes_graphs else data.glob("*.ttl")


def _would_be_lost(kept: Path, output: Path) -> bool:
    """Whether what is read is `output`, or lies in it; whichever of the two is a link, to the other or into its folder."""
    if output.is_dir():
        return kept.resolve().is_relative_to(output.resolve())
    if not kept.is_dir():
        return output.exists() and output.samefile(kept)
    curated = [each for each in kept.iterdir() if each.suffix in _CURATED and each.is_file()]
    if output.exists():
        return any(output.samefile(each) for each in curated)
    target = output.resolve()
    return (bool(curated) and target.parent == kept.resolve() and target.suffix.lower() in _CURATED) or target in {
        Path(os.path.realpath(each))
        for each in kept.iterdir()
        if each.is_symlink()  # `resolve` would raise where one leads in a circle
    }
