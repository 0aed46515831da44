"""Which packs a build reads: those that were named, and what they extend, with what is wrong between them.

In: folders of tables. Out: `Pack`s, each behind those that it extends. A pack names another by a folder, as seen from its own, or by the
name under which a package brings it (entry points of the group `k2graph.packs`, whose value is the package that is the pack's folder).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from .. import iris
from ..errors import Fault, InputError, TableFaults
from ..resources import EXAMPLE, NAME, PACK
from ..text import did_you_mean
from .dataset_description import DatasetDescription, line_of, read_dataset

GROUP = "k2graph.packs"


@dataclass(frozen=True)
class Pack:
    """A folder of tables with what it says of itself, and the packs that it extends, in the order in which it names them."""

    tables: Path
    description: DatasetDescription
    extends: tuple[Pack, ...] = ()

    @property
    def base(self) -> str:
        """With what the addresses of its things begin."""
        return self.description.base or iris.BASE

    @property
    def file(self) -> Path:
        """Its description."""
        return self.tables.parent / PACK.name

    def within_reach(self) -> list[Pack]:
        """All that it extends, also by others, the nearest first."""
        found = dict.fromkeys(self.extends)
        for pack in self.extends:
            found |= dict.fromkeys(pack.within_reach())
        return list(found)


def shown(path: Path) -> str:
    """A file as seen from where one stands, so that an editor can go there."""
    whole = Path(os.path.abspath(path)).as_posix()
    try:
        return min(Path(os.path.relpath(path)).as_posix(), whole, key=len)
    except ValueError:  # Windows: on another drive
        return whole


def installed(name: str) -> Path | None:
    """The folder of a pack that a package brings; nothing of the package runs.

    Raises:
        InputError: where two packages bring one of that name, or the one brings no folder.
    """
    found = sorted({point.value for point in entry_points(group=GROUP, name=name)})
    if not found:
        return None
    if len(found) > 1:
        raise InputError(f"{name}: {', '.join(found)} bring a pack of this name each; name the folder of the one that is meant")
    spec = find_spec(found[0].partition(".")[0])
    folders = [Path(place, *found[0].split(".")[1:]) for place in (spec.submodule_search_locations or () if spec else ())]
    folder = next((folder for folder in folders if (folder / PACK.name).is_file()), None)
    if folder is None:
        raise InputError(f"{name}: the package {found[0]} that shall bring it has no {PACK.name}; install it again, or ask who made it")
    return folder


def brought() -> dict[str, Path]:
    """The packs that come with k2graph, by name."""
    folders = (folder for folder in sorted(PACK.parent.iterdir()) if folder != EXAMPLE and (folder / PACK.name).is_file())
    return {read_dataset(PACK.parent / "tables").name: PACK.parent, **{folder.name: folder for folder in folders}}


def named(name: str, seen_from: Path = Path()) -> Path:
    """The folder of a pack that is named: a folder, else an installed pack, else one that comes with k2graph.

    Raises:
        InputError: where it is neither, or no pack.
    """
    folder = seen_from / name
    if not folder.is_dir():
        found = (installed(name) or brought().get(name)) if NAME.fullmatch(name) else None
        if found is None:
            known = sorted({*brought(), *(point.name for point in entry_points(group=GROUP))})
            raise InputError(f"{name}: there is no such folder, nor an installed pack of that name{did_you_mean(name, known, 1)}")
        folder = found
    if not (folder / PACK.name).is_file() or not (folder / "tables").is_dir():
        raise InputError(f"{name}: is no pack: it has to hold {PACK.name} and a folder tables")
    return folder


def gathered(tables: Path | Sequence[Path]) -> list[Pack]:
    """The packs of some folders of tables and all that they extend, each behind what it extends.

    Raises:
        TableFaults: where a description is not in order, a pack extends what is not there or itself, or two are called alike.
    """
    given = [tables] if isinstance(tables, Path) else list(tables)
    found: dict[str, Pack] = {}
    alone = len(given) == 1
    packs = [_gathered(folder, found, (), alone=alone) for folder in given]
    in_order = list(found.values())
    if faults := list(_alike(in_order)):
        raise TableFaults(faults)
    twice = {pack.file for pack in packs if packs.count(pack) > 1}
    if twice:
        raise InputError(f"{shown(min(twice))}: this pack is named twice; name it once")
    return in_order


def _gathered(folder: Path, found: dict[str, Pack], way: tuple[str, ...], *, alone: bool) -> Pack:
    """A pack, which is put behind what it extends."""
    place = os.path.realpath(folder)
    if place in found:
        return found[place]
    description = _description(folder, alone=alone and not way)
    file, extended, faults = folder.parent / PACK.name, list[Pack](), list[Fault]()
    for name in description.extends:
        where = Fault(shown(file), line_of(file, "extends", name), "extends", "")
        try:
            other = named(name, folder.parent) / "tables"
        except InputError as error:
            faults.append(replace(where, message=f"{error}; mend the name, or take it out"))
            continue
        there = os.path.realpath(other)
        if there in (*way, place):
            circle = [*(*way, place)[(*way, place).index(there) :], there]
            called = " → ".join(shown(Path(each).parent) for each in circle)
            faults.append(replace(where, message=f"{name}: the packs extend each other in a circle ({called}); take one of these out"))
            continue
        extended.append(_gathered(other, found, (*way, place), alone=alone))
    if faults:
        raise TableFaults(faults)
    return found.setdefault(place, Pack(folder, description, tuple(dict.fromkeys(extended))))


def _description(folder: Path, *, alone: bool) -> DatasetDescription:
    """What a pack says of itself. What is wrong with one of several names its file as seen from here."""
    try:
        return read_dataset(folder)
    except TableFaults as error:
        if alone:
            raise
        raise TableFaults([replace(fault, file=shown(folder.parent / fault.file)) for fault in error.faults]) from error


#: What tells a pack from every other.
_TELLING = {"name": "the name", "address": "the address"}


def _alike(packs: Iterable[Pack]) -> Iterator[Fault]:
    """Packs that are called as another is, or are said to be at its address: no graph could tell which of them a thing is of."""
    for key, what in _TELLING.items():
        first: dict[str, Pack] = {}
        for pack in packs:
            value = getattr(pack.description, key)
            other = first.setdefault(value, pack)
            if value and other is not pack:
                line = line_of(other.file, key)
                message = f"{value!r} is {what} of the pack in {shown(other.file)}, line {line}, too; give one of them another"
                yield Fault(shown(pack.file), line_of(pack.file, key), key, message)
