"""Reports as references, for those who write: BibTeX by pybtex and pylatexenc, RIS by rispy, CSL-JSON.

In: reports of the graph. Out: text. A reference is called by the last part of its report's address, so that it keeps its name whatever
else comes and goes, and `k2graph explain report:…` tells more. The graph holds the first author alone, and behind it stands in each form
what its readers have for all others, so that no list of references makes one author of twelve.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from ..addresses import parts
from ..curation.authors import Author, read_author
from ..errors import needing
from ..evidence.model import Report
from ..iris import BASE, slug
from ..text import one_line
from .latex import as_latex, needs_unicode_fonts


@dataclass(frozen=True)
class Reference:
    """What of a report is a reference."""

    report: Report

    @cached_property
    def key(self) -> str:
        """Its name, as no other report is called."""
        base, _, local = parts(self.report.id)
        # Two packs may have a report of one key each.
        if base in ("", BASE) and re.fullmatch(r"[a-z0-9.-]+", local):
            return local
        import hashlib

        return f"{slug(local)}-{hashlib.sha256(self.report.id.encode()).hexdigest()[:8]}"

    @property
    def kind(self) -> str:
        """`article` in a journal, `page` for a registration or what was only read on the web, `work` for what names no journal."""
        if self.report.journal:
            return "article"
        return "work" if self.report.doi or self.report.pmid else "page"

    @property
    def title(self) -> str:
        """The title, led by RETRACTED as publishers do, since few styles print a note."""
        marked = self.retracted and not self.report.title.lower().startswith("retracted")
        return f"RETRACTED: {self.report.title}" if marked else self.report.title

    @property
    def retracted(self) -> bool:
        """Whether the work is retracted; a concern is none."""
        return self.report.retracted

    @property
    def note(self) -> str:
        """What must not be lost of it: a retraction or concern, or how far a registered trial is."""
        report = self.report
        doubt = f"{report.retraction.label}: {report.retraction_note}".removesuffix(": ") if report.retraction else ""
        return "; ".join(filter(None, (doubt, report.registration_status)))

    @property
    def url(self) -> str:
        """Where it is on the web, as the graph cites it; what has a DOI needs no other address."""
        return "" if self.report.doi else self.report.address

    @property
    def author(self) -> Author:
        """The first author's name in its parts; whole, where the graph does not have them."""
        report = self.report
        try:
            return (
                read_author(one_line(report.first_author_name))
                if report.first_author_name
                else Author(one_line(report.first_author), whole=True)
            )
        except ValueError:
            return Author(one_line(report.first_author), whole=True)

    @property
    def has_others(self) -> bool:
        """Whether authors may be missing, of whom the graph does not tell; a body of many stands for them all."""
        return bool(self.author.family) and not self.author.whole


def bibtex(reports: Iterable[Report]) -> str:
    """BibTeX, whose entries end in `and others`."""
    from pybtex.database import BibliographyData, Entry, Person
    from pybtex.database.output.bibtex import Writer

    class Escaped(Writer):  # type: ignore[misc]
        def _encode(self, text: str) -> str:
            # pybtex takes text for LaTeX and leaves braces and backslashes in it; ours is plain, and escaped already.
            return text

    entries = {}
    for each in map(Reference, reports):
        report = each.report
        fields = {
            "title": f"{{{as_latex(each.title)}}}",  # in braces of its own, or styles would lower its capitals
            "journal": as_latex(report.journal),
            "year": str(report.year),
            "volume": as_latex(report.volume),
            "number": as_latex(report.issue),
            "pages": as_latex(report.pages),
            "doi": _verbatim(report.doi),
            "pmid": as_latex(report.pmid),
            "pmcid": as_latex(report.pmcid),
            "url": _verbatim(each.url),
            "note": as_latex(each.note),
        }
        entry = Entry("article" if each.kind == "article" else "misc", [(name, text) for name, text in fields.items() if text])
        author = each.author
        if family := _name(author.family, whole=author.whole):
            entry.persons["author"] = [Person(last=family, first=_name(author.given), lineage=_name(author.suffix))]
            entry.persons["author"] += [Person(last="others")] if each.has_others else []
        entries[each.key] = entry
    text = str(Escaped().to_string(BibliographyData(entries)))
    # What stands outside of entries BibTeX passes over.
    return (
        f"% Holds letters that pdfLaTeX has no fonts for: set it with XeLaTeX or LuaLaTeX.\n\n{text}" if needs_unicode_fonts(text) else text
    )


def _name(text: str, whole: bool = False) -> str:
    """A part of a name; in braces, BibTeX does not look for parts within it."""
    whole = whole or bool(re.search(r",|\band\b", text, re.I))
    return f"{{{as_latex(text)}}}" if whole and one_line(text) else as_latex(text)


def _verbatim(text: str) -> str:
    """An address as the fields `doi` and `url` take it: as it is, but for what would end the field or what no address holds as such."""
    kept = (character if character.isascii() and character not in '{}\\" ' else quote(character, safe="") for character in one_line(text))
    return "".join(kept)


def ris(reports: Iterable[Report]) -> str:
    """RIS, as reference managers and screening tools read it."""
    import rispy
    from rispy.writer import RisWriter

    class Plain(RisWriter):  # type: ignore[misc]
        def set_header(self, count: int) -> str:
            return ""

    kinds = {"article": "JOUR", "work": "GEN", "page": "ELEC"}
    found = []
    for each in map(Reference, reports):
        report = each.report
        first, last = _first_and_last(report.pages)
        fields = {
            "id": each.key,
            "title": each.title,
            "secondary_title": report.journal,
            "year": str(report.year),
            "volume": report.volume,
            "number": report.issue,
            "start_page": first,
            "end_page": last,
            "doi": report.doi,
            "accession_number": report.pmid,
            "name_of_database": "PubMed" if report.pmid else "",
            "custom2": report.pmcid,
        }
        record: dict[str, Any] = {name: one_line(text) for name, text in fields.items() if one_line(text)}
        author = each.author
        lists = {
            # One word, which no reader takes for a family name and initials.
            "authors": [", ".join(filter(None, (author.family, author.given, author.suffix))), *(["others"] if each.has_others else [])],
            "urls": [each.url],
            "notes": [each.note],
        }
        record |= {name: lines for name, texts in lists.items() if (lines := [one_line(text) for text in texts if one_line(text)])}
        found.append({"type_of_reference": kinds[each.kind], **record})
    return str(rispy.dumps(found, implementation=Plain))


def _first_and_last(pages: str) -> tuple[str, str]:
    """The two ends of a range of pages, the second in full; what is no range of two has no end.

    >>> _first_and_last("358-361"), _first_and_last("1523-8"), _first_and_last("S12–S19"), _first_and_last("e0234")
    (('358', '361'), ('1523', '1528'), ('S12', 'S19'), ('e0234', ''))
    """
    ends = re.fullmatch(r"([A-Za-z]*\d+[A-Za-z]*)\s*[-\u2010-\u2015\u2212]\s*([A-Za-z]*\d+[A-Za-z]*)", pages.strip(), re.ASCII)
    if not ends:
        return pages, ""
    first, last = ends[1], ends[2]
    # Of 1523-8 the end is 1528.
    return first, first[: len(first) - len(last)] + last if first.isdecimal() and last.isdecimal() and len(last) < len(first) else last


def csl(reports: Iterable[Report]) -> str:
    """CSL-JSON, as Zotero, pandoc and citation processors read it."""
    kinds = {"article": "article-journal", "work": "article", "page": "webpage"}
    found = []
    for each in map(Reference, reports):
        report, name = each.report, each.author
        parts = {"literal": name.family} if name.whole else {"family": name.family, "given": name.given, "suffix": name.suffix}
        author = {part: text for part, text in parts.items() if text}
        fields: dict[str, Any] = {
            "title": each.title,
            # Pandoc prints it as et al., others as it stands.
            "author": [author, *([{"literal": "others"}] if each.has_others else [])] if author else [],
            "issued": {"date-parts": [[report.year]]},
            "container-title": report.journal,
            "volume": report.volume,
            "issue": report.issue,
            "page": report.pages,
            "DOI": report.doi,
            "PMID": report.pmid,
            "PMCID": report.pmcid,
            "URL": each.url,
            "note": each.note,
        }
        found.append({"id": each.key, "type": kinds[each.kind], **{name: value for name, value in fields.items() if value}})
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


#: The forms of references, by the names that the command line has for them.
FORMS: Mapping[str, Callable[[Iterable[Report]], str]] = {"bibtex": bibtex, "ris": ris, "csl-json": csl}


def write_references(form: str, reports: Iterable[Report]) -> str:
    """References in a form.

    Raises:
        InputError: where the package that writes it is not there.
    """
    with needing(form, "references"):
        return FORMS[form](reports)
