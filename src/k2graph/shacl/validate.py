"""Hold a graph against the SHACL shapes.

In: a store and ontology/shapes.ttl. Out: a `Report`. What a record must be is said in the shapes; this module has them asked as queries
(`queries`), or judged by pySHACL (`by_pyshacl`). Nothing is fetched, whatever the graph says: no imports, no scripts, and no shapes but
those of the file named.
"""

from __future__ import annotations

from pathlib import Path

from .. import resources
from ..errors import InputError
from ..ontology import has_anything_of_ours
from ..sparql.store import EmbeddedStore, Store
from .by_pyshacl import found_by_pyshacl, quiet
from .queries import failures
from .report import Report, report_of
from .scope import of_ours, with_ontology

#: How the shapes are held against the graph, the usual way first.
ENGINES = ("queries", "pyshacl")


def validate(store: Store, shapes: Path = resources.SHAPES, engine: str = "queries") -> Report:
    """Hold a graph against shapes.

    What a file, such as somebody's own findings, lacks of the ontology and of the rules that it names is added before it is checked.

    Args:
        store: The graph, in a file or behind an endpoint.
        shapes: The file of shapes.
        engine: `queries` asks the store for what fails, by queries made from the shapes; `pyshacl` lets pySHACL judge, which needs the
            graph in this process and many times as long. Both give the same report.

    Where the file does not carry the ontology, only what it says of things of ours, or in our words, is judged; where that is nothing, the
    report says that nothing was checked.

    Raises:
        InputError: where the shapes cannot be read or are not known to the engine, or the graph holds what SHACL has no word for.
    """
    if engine not in ENGINES:
        raise InputError(f"{engine!r} is no engine for shapes; use one of {', '.join(ENGINES)}")
    whole = with_ontology(store)
    # A server without the ontology was refused.
    checked = not isinstance(store, EmbeddedStore) or has_anything_of_ours(store)
    if engine == "queries":
        with quiet():
            return report_of(of_ours(failures(shapes, whole), store), checked=checked)
    if not isinstance(whole, EmbeddedStore):
        raise InputError("pySHACL needs the graph as a file, not an endpoint")
    return report_of(of_ours(found_by_pyshacl(whole.engine, shapes), store), checked=checked)
