"""Where the graph, the ontology, the rules and the questions are, in a checkout, in an installed package and in a folder of one's own."""

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from .errors import InputError

_PACKAGED = Path(__file__).parent / "resources"
ROOT = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).parents[2]

GRAPH = ROOT / "data" / "k2.ttl"
TABLES = ROOT / "data" / "tables"
PACK = ROOT / "data" / "pack.toml"
EXAMPLE = ROOT / "data" / "example"
ONTOLOGY = ROOT / "ontology" / "k2graph.ttl"
MAPPINGS = ROOT / "ontology" / "mappings.sssom.tsv"
PREFIXES = ROOT / "ontology" / "prefixes.tsv"
TABLE_SCHEMA = ROOT / "ontology" / "tables.toml"
LOOKS = ROOT / "ontology" / "looks.toml"
SHAPES = ROOT / "ontology" / "shapes.ttl"
RULES = ROOT / "ontology" / "rules"
SCENARIOS = ROOT / "ontology" / "scenarios"
QUESTIONS = ROOT / "queries"


def is_installed(path: Path) -> bool:
    """Whether a place belongs to an installed package, this or another: nothing here ever writes there. A checkout is its owner's."""
    ours = ROOT == _PACKAGED and path.is_relative_to(Path(__file__).parent.resolve())
    return ours or not {"site-packages", "dist-packages"}.isdisjoint(path.parts)


def is_own_code(path: Path) -> bool:
    """Whether a path leads to a file of the package: its code, and the templates and styles of pages."""
    return path.is_file() and Path(os.path.realpath(path)).is_relative_to(os.path.realpath(Path(__file__).parent))


def packs_around(place: Path) -> Iterator[Path]:
    """The packs in which a folder lies, the nearest first: folders with `pack.toml` and `tables`, or whose `data` has both.

    Other programs have a `pack.toml` too.
    """
    packs = (pack for folder in (place, *place.parents) for pack in (folder, folder / "data"))
    return (pack for pack in packs if (pack / PACK.name).is_file() and (pack / "tables").is_dir())


def pack_here() -> Path | None:
    """The nearest pack in which one stands, as a path from here."""
    pack = next(packs_around(Path.cwd()), None)
    return None if pack is None else Path(os.path.relpath(pack))


def graph_of(pack: Path) -> Path:
    """The graph of a pack: the file of its name beside its tables.

    Raises:
        InputError: where its description has no name that is one.
    """
    file = pack / PACK.name
    try:
        name = tomllib.loads(file.read_text(encoding="utf-8")).get("name")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{file}: cannot be read: {error}") from error
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise InputError(f'{file}: name: has to be a slug, of which the graph is called, such as name = "creatine"')
    return pack / f"{name}.ttl"


#: What a pack may be called: its graph is the file of that name, which leads nowhere else.
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


def tables_here() -> Path | None:
    """The tables of the pack in which one stands; else `data/tables` of the folder one stands in, if it holds k2graph's tables."""
    pack = pack_here()
    tables = Path("data") / "tables" if pack is None else pack / "tables"
    return tables if pack is not None or (tables / "entities.tsv").is_file() else None


def graph_to_build() -> Path | None:
    """The graph that the tables here make, whether it is there yet or not; None where there are no tables here.

    Raises:
        InputError: where it is not clear which it is.
    """
    pack = pack_here()
    return graph_of(pack) if pack is not None else _graph_beside_tables()


def graph_here() -> Path | None:
    """The graph of the tables here; None where there are no tables here.

    Raises:
        InputError: where there are tables but no graph, or it is not clear which it is.
    """
    graph = graph_to_build()
    if graph is not None and not os.path.lexists(graph):
        raise InputError(f"{graph}: is not built yet; run `k2graph build`")
    return graph


def _graph_beside_tables() -> Path | None:
    """The one graph beside tables that are no pack."""
    tables = tables_here()
    if tables is None:
        return None
    graphs = sorted(tables.parent.glob("*.ttl"))
    if len(graphs) == 1:
        return graphs[0]
    if not graphs:
        raise InputError(f"{tables}: no graph stands beside them yet; name its file, such as --output {tables.parent / 'graph.ttl'}")
    raise InputError(f"{tables}: beside them stand {', '.join(path.name for path in graphs)}; name the one that is meant")


def graphs_passed_over() -> list[Path]:
    """Graphs that somebody here may think are asked, where `graph_here` knows none: beside no tables, or of a folder further up."""
    without_tables = sorted(Path("data").glob("*.ttl"))
    if without_tables:
        return without_tables
    above = next(data_around(Path.cwd()), None)
    return [path for path in sorted(above.glob("*.ttl")) if not is_own_graph(path)] if above else []


def data_around(place: Path) -> Iterator[Path]:
    """The `data` folders, with k2graph's tables in them, of the folders in which a place lies, the nearest first."""
    return (folder / "data" for folder in place.parents if (folder / "data" / "tables" / "entities.tsv").is_file())


def is_own_graph(path: Path) -> bool:
    """Whether a path leads to the graph that comes with k2graph; links that lead in a circle lead nowhere."""
    # Not `Path.resolve`, which before Python 3.13 raises RuntimeError at such links.
    return os.path.realpath(path) == os.path.realpath(GRAPH)
