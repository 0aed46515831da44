"""The whole graph as a folder of static pages that open from a disk, without a server or a network.

In: a graph. Out: pages with relative links only: an overview, the map, mechanisms as chains, the gap map, a page for each claim, study,
report and thing, the questions with their answers, each of several nutrients, studies and reports over the years, and what was looked
for; and pages that lead on where a page was once. The same graph gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ...atomic import replaced_folder
from ...errors import require
from .. import asset, embedded_json, style
from . import nutrients, overview, questions, recount, searches, studies, things
from .site import Site

if TYPE_CHECKING:
    from ...sparql.readable_graph import ReadableGraph


def write_site(graph: ReadableGraph, folder: Path, progress: Callable[[str], None] = lambda _: None) -> int:
    """Fill a folder with the site, in the place of a site that is there already; the number of files.

    Raises:
        InputError: where something else is in the folder, it cannot be written, or a package is missing.
    """
    require("the site", "site", "matplotlib", "pybtex", "pylatexenc", "rispy")
    with replaced_folder(folder, "k2graph site") as made:
        count = 0
        for name, content in site_files(Site(graph), progress):
            path = made / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            count += 1
    return count


def site_files(site: Site, progress: Callable[[str], None] = lambda _: None) -> Iterator[tuple[str, bytes]]:
    """Each file's name within the folder, and its content."""
    yield "assets/style.css", style().encode()
    for name in ("search.js", "site.js", "take.js", "cites.js", "tables.js", "laid.js", "routed.js", "gaps.js", "figure.js"):
        yield f"assets/{name}", asset(name).encode()
    yield "assets/index.js", f"window.k2graphIndex={embedded_json(list(site.index()))};\n".encode()
    yield "assets/references.js", f"window.k2graphReferences={embedded_json(site.references)};\n".encode()
    for part in (
        recount.files,
        overview.front,
        overview.mechanisms,
        overview.gap_map,
        things.claims,
        studies.studies,
        studies.findings,
        studies.reports,
        studies.moved,
        things.entities,
        questions.questions,
        nutrients.nutrients,
        overview.timeline,
        searches.searches,
    ):
        progress(part.__name__.replace("_", " "))
        yield from part(site)
