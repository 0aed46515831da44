"""Build the graph: records → triples → rules → data/k2.ttl, byte for byte the same each time.

The tables say what was read; the rules, SPARQL CONSTRUCT files in ontology/rules that run in the order of their names, say
what follows. The file carries both, and the ontology and the questions, so that any engine that loads it can answer.
"""

import difflib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store

from .. import iris, resources
from ..curation.dataset_description import dataset_triples
from ..curation.origins import faults_of, in_order
from ..curation.reader import read_tables
from ..curation.tables import Tables
from ..errors import Fault, TableFaults
from ..ontology import Vocabulary
from ..shacl.queries import failures
from ..sparql.questions import read_questions
from ..sparql.rules import Rule, read_rules
from ..sparql.store import EmbeddedStore
from .computed_estimates import computed_estimates
from .following import follow
from .sample_size import planned_sizes
from .sensitivity import deciding_rules, had_they_counted, scenarios
from .triples import asserted_triples
from .turning_points import turning_points
from .turtle import turtle

#: What pools and sizes of trials are computed with: packages that take longer to load than the rules to run.
_NUMBERS = ("scipy.stats", "statsmodels.regression.linear_model", "statsmodels.stats.power")

#: Hears of the steps of a build, in a word, and of what in the tables may be a slip.
Progress = Callable[[str | Fault], None]


def build(
    folders: Path | Sequence[Path] = resources.TABLES,
    vocabulary: Vocabulary | None = None,
    rules: Iterable[Rule] | None = None,
    progress: Progress = lambda _: None,
) -> Store:
    """Tables, ontology and questions with all that follows from them by rule.

    What is asserted is held against the shapes, while what follows from it is made, and the whole graph when that is done.

    `folders` are those of tables, of one pack or of several, whose things stand in one graph; what they extend is read too. `progress`
    hears of each step before it is done, and of each warning about the tables.

    Raises:
        TableFaults: where the tables are not in order; nothing is built then.

    """
    store, check = _unchecked(folders, vocabulary, rules, progress)
    for warning in check():
        progress(warning)
    return store


def text(
    folders: Path | Sequence[Path] = resources.TABLES,
    vocabulary: Vocabulary | None = None,
    rules: Iterable[Rule] | None = None,
    progress: Progress = lambda _: None,
) -> bytes:
    """The same as a file for people, which is written while the whole graph is held against the shapes.

    Raises:
        TableFaults: where the tables are not in order.
    """
    store, check = _unchecked(folders, vocabulary, rules, progress)
    with ThreadPoolExecutor(1) as beside:
        checking = beside.submit(check)
        content = turtle(triples_of(store))
        for warning in checking.result():
            progress(warning)
    return content


def _unchecked(
    folders: Path | Sequence[Path], vocabulary: Vocabulary | None, rules: Iterable[Rule] | None, progress: Progress
) -> tuple[Store, Callable[[], list[Fault]]]:
    """The whole graph of tables that are in order, and how the shapes are held against it."""
    vocabulary = vocabulary or Vocabulary()
    rules = read_rules() if rules is None else list(rules)
    progress("tables")
    tables = read_tables(folders, vocabulary)
    store = _asserted(tables, vocabulary, rules)
    unfollowed = Store()
    unfollowed.bulk_extend(store)
    with ThreadPoolExecutor(1) as beside:
        # One query at a time: another processor is for the rules.
        checking = beside.submit(_consistent, unfollowed, tables, vocabulary, rules, tables.warnings, at_once=1)

        def unless_faulty(step: str | Fault) -> None:
            if checking.done():
                checking.result()
            progress(step)

        try:
            add_what_follows(store, vocabulary, rules, unless_faulty)
        finally:
            # What is wrong with the tables is the reason for whatever went wrong with what follows from them.
            warnings = checking.result()
    progress("shapes")
    return store, partial(_consistent, store, tables, vocabulary, rules, warnings, have_run=True, passed=unfollowed)


def add_what_follows(store: Store, vocabulary: Vocabulary, rules: list[Rule], progress: Progress = lambda _: None) -> None:
    """All that rules and numbers make of what is asserted."""
    select = partial(store.query, prefixes=iris.PREFIXES)
    Thread(target=_load_numbers).start()  # beside the first rules, in which the engine leaves Python to others
    progress("computed estimates")
    store.extend([*computed_estimates(select)])
    follow(store, vocabulary, rules, progress)
    progress("turning points, and had they counted")
    deciding, later = deciding_rules(vocabulary, rules)
    with ThreadPoolExecutor(1) as beside:  # both only read the store, and the engine leaves Python to the other while it works
        turning = beside.submit(lambda: [*turning_points(select, rules)])
        alternatives = [quad for each in scenarios(vocabulary) for quad in had_they_counted(store, vocabulary, deciding, later, each)]
        store.extend([*alternatives, *turning.result()])
    progress("planned sizes")
    store.extend([*planned_sizes(select)])


def asserted(
    folders: Path | Sequence[Path] = resources.TABLES,
    vocabulary: Vocabulary | None = None,
    rules: Iterable[Rule] | None = None,
    progress: Progress = lambda _: None,
) -> Store:
    """What tables, ontology and questions say, without what follows from them. `progress` hears of each warning about the tables.

    Raises:
        TableFaults: where the tables are not in order.
    """
    vocabulary, rules = vocabulary or Vocabulary(), read_rules() if rules is None else list(rules)
    tables = read_tables(folders, vocabulary)
    store = _asserted(tables, vocabulary, rules)
    for warning in _consistent(store, tables, vocabulary, rules, tables.warnings):
        progress(warning)
    return store


def _load_numbers() -> None:
    with suppress(ImportError):  # what needs it says what is missing
        for module in _NUMBERS:
            import_module(module)


def _asserted(tables: Tables, vocabulary: Vocabulary, rules: list[Rule]) -> Store:
    """What tables, ontology and questions say, unchecked."""
    store = Store()
    for pack in tables.packs:
        extended = (other.description.address for other in pack.extends)
        store.bulk_extend(Quad(*triple) for triple in dataset_triples(pack.description, vocabulary.language, extended))
    store.bulk_extend(Quad(*triple) for triple in asserted_triples(tables, vocabulary, rules, read_questions()))
    return store


def _consistent(
    store: Store,
    tables: Tables,
    vocabulary: Vocabulary,
    rules: list[Rule],
    warnings: Iterable[Fault],
    *,
    have_run: bool = False,
    at_once: int | None = None,
    passed: Store | None = None,
) -> list[Fault]:
    """The warnings there are already, and those of the shapes.

    Shapes that need what rules write that did not run are not asked; nor is a rule missed that was left out on purpose.

    Raises:
        TableFaults: where the graph violates a shape.
    """
    known, given = ({iris.ours("rule", rule.name) for rule in some} for some in (read_rules(), rules))
    failed = failures(
        resources.SHAPES, EmbeddedStore.of(store), given if have_run else (), at_once, None if passed is None else EmbeddedStore.of(passed)
    )
    left_out = known - given
    found = in_order([*warnings, *faults_of((failure for failure in failed if failure.focus not in left_out), tables, vocabulary)])
    warnings = [fault for fault in found if fault.is_warning]
    if len(warnings) < len(found):
        raise TableFaults([fault for fault in found if not fault.is_warning], warnings)
    return warnings


def triples_of(store: Store) -> bytes:
    """The triples of a store as N-Triples, in no settled order."""
    return store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b""


def drift(content: bytes, old: bytes, name: str, most: int = 40) -> str:
    """What differs between the graph as it would be built and as it stands in a file of a name, as a unified diff; empty if nothing."""
    if old == content:
        return ""
    differences = difflib.unified_diff(
        old.decode(errors="replace").splitlines(), content.decode().splitlines(), name, "as the tables say", lineterm="", n=0
    )
    lines = list(differences)
    more = [f"… and {len(lines) - most} lines more"] if len(lines) > most else []
    return "\n".join(lines[:most] + more)
