"""BibTeX, RIS and CSL-JSON: the reports as references, for a manuscript or a screening tool."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from ..evidence.model import Report
from ..reports.references import bibtex, csl, ris
from . import Format, Part

_CARRIES = (
    "of each report the first author, title, journal, year, volume, issue, pages, DOI, PMID, PMCID and address; retractions and concerns; "
    "how far registered trials are"
)
_LOSES = (
    "all authors but the first, whom alone the graph holds, and behind whom stands that there may be others; claims, findings and all "
    "that they say, whatever their standing"
)


def _writer(references: Callable[[Iterable[Report]], str]) -> Callable[[Part, Path], Mapping[str, int]]:
    def write(part: Part, path: Path) -> Mapping[str, int]:
        path.write_text(references(part.evidence.reports.values()), encoding="utf-8", newline="\n")
        return {}

    return write


_EXTRA = "references"
BIBTEX = Format(
    "bibtex",
    "BibTeX references",
    "LaTeX, JabRef, Zotero",
    _CARRIES,
    f"{_LOSES}; control characters and line ends",
    ".bib",
    _writer(bibtex),
    extra=_EXTRA,
    has=lambda part: bool(part.evidence.reports),
)
RIS = Format(
    "ris",
    "RIS references",
    "EndNote, Zotero, Rayyan, Covidence",
    _CARRIES,
    f"{_LOSES}; control characters and line ends",
    ".ris",
    _writer(ris),
    extra=_EXTRA,
    has=lambda part: bool(part.evidence.reports),
)
CSL_JSON = Format(
    "csl-json",
    "CSL-JSON references",
    "Zotero, pandoc, citeproc",
    _CARRIES,
    _LOSES,
    ".json",
    _writer(csl),
    extra=_EXTRA,
    has=lambda part: bool(part.evidence.reports),
)
