"""Studies as references, for those who write: BibTeX by pybtex, RIS by rispy, CSL-JSON.

In: studies of the graph. Out: text. A reference is called by the last part of its study's address, so that it keeps its name whatever
else comes and goes, and `k2graph explain study:…` tells more. The graph holds the first author alone, and so do these.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .evidence import Study
from .faults import InputError
from .names import slug
from .terminal import clean

_PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"
#: Words by which an author is known not to be a person.
_BODIES = re.compile(r"\b(university|hospital|institute|cent(er|re)|panel|committee|society|ltd|inc|group|authority|board|council)\b", re.I)
_INITIALS = re.compile(r"[A-Z]{1,4}")


@dataclass(frozen=True)
class Reference:
    """What of a study is a reference."""

    study: Study

    @cached_property
    def key(self) -> str:
        """Its name, as no other study is called."""
        local = self.study.id.removeprefix("study:")
        if re.fullmatch(r"[a-z0-9.-]+", local):
            return local
        import hashlib

        return f"{slug(local)}-{hashlib.sha256(self.study.id.encode()).hexdigest()[:8]}"

    @property
    def kind(self) -> str:
        """`article` in a journal, `page` for a registration or what was only read on the web, `work` for what names no journal."""
        if self.study.journal:
            return "article"
        return "work" if self.study.doi or self.study.pmid else "page"

    @property
    def title(self) -> str:
        """The title, led by RETRACTED as publishers do, since few styles print a note."""
        marked = self.retracted and not self.study.title.lower().startswith("retracted")
        return f"RETRACTED: {self.study.title}" if marked else self.study.title

    @property
    def retracted(self) -> bool:
        """Whether the work is retracted; a concern is none."""
        return self.study.retracted

    @property
    def note(self) -> str:
        """What must not be lost of it: a retraction or concern, or how far a registered trial is."""
        study = self.study
        doubt = f"{study.retraction.label}: {study.retraction_note}".removesuffix(": ") if study.retraction else ""
        return "; ".join(filter(None, (doubt, study.registration_status)))

    @property
    def url(self) -> str:
        """Where it is on the web; what has a DOI needs no other address."""
        study = self.study
        if study.doi:
            return ""
        if study.pmid:
            return _PUBMED + study.pmid
        return study.key.removeprefix("URL:") if study.key.startswith("URL:") else next(iter(study.sources), "")

    @property
    def author(self) -> tuple[str, str]:
        """Family and given names of the first author; a body has no given name.

        `Schurgers LJ` and `Leon J Schurgers` are both in the graph. A name is divided before its last word, or before the first
        word in small letters, as BibTeX does it.
        """
        words = _line(self.study.first_author).split()
        if len(words) < 2 or self.is_body:
            return " ".join(words), ""
        if _INITIALS.fullmatch(words[-1]):
            return " ".join(words[:-1]), words[-1]
        last = next((place for place, word in enumerate(words[1:-1], 1) if word[0].islower()), len(words) - 1)
        return " ".join(words[last:]), " ".join(words[:last])

    @property
    def is_body(self) -> bool:
        """Whether its author is a body rather than a person."""
        return bool(_BODIES.search(self.study.first_author))


def bibtex(studies: Iterable[Study]) -> str:
    """BibTeX, whose entries end in `and others`."""
    from pybtex.database import BibliographyData, Entry, Person
    from pybtex.database.output.bibtex import Writer

    class Escaped(Writer):  # type: ignore[misc]
        def _encode(self, text: str) -> str:
            # pybtex takes text for LaTeX and leaves braces and backslashes in it; ours is plain, and escaped already.
            return text

    entries = {}
    for each in map(Reference, studies):
        study = each.study
        fields = {
            "title": f"{{{_latex(each.title)}}}",  # in braces of its own, or styles would lower its capitals
            "journal": _latex(study.journal),
            "year": str(study.year),
            "volume": _latex(study.volume),
            "number": _latex(study.issue),
            "pages": _latex(study.pages),
            "doi": _verbatim(study.doi),
            "pmid": _latex(study.pmid),
            "pmcid": _latex(study.pmcid),
            "url": _verbatim(each.url),
            "note": _latex(each.note),
        }
        entry = Entry("article" if each.kind == "article" else "misc", [(name, text) for name, text in fields.items() if text])
        if family := _name(each.author[0], whole=each.is_body):
            entry.persons["author"] = [Person(last=family, first=_name(each.author[1]))]
            # A body of many stands for them all.
            entry.persons["author"] += [] if each.is_body else [Person(last="others")]
        entries[each.key] = entry
    return str(Escaped().to_string(BibliographyData(entries)))


def _name(text: str, whole: bool = False) -> str:
    """A part of a name; in braces, BibTeX does not look for parts within it."""
    whole = whole or bool(re.search(r",|\band\b", text, re.I))
    return f"{{{_latex(text)}}}" if whole and _line(text) else _latex(text)


#: Characters that LaTeX would obey.
_LATEX = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "^": r"{\textasciicircum}",
        "~": r"{\textasciitilde}",
        **{character: f"\\{character}" for character in "$%#_&"},
    }
)


def _latex(text: str) -> str:
    # Between two of these LaTeX would make one character of both: a dash, a quotation mark.
    return re.sub(r"(?<=[-'`,<>!?])(?=[-'`,<>])", "{}", _line(text).translate(_LATEX))


def _verbatim(text: str) -> str:
    """An address as the fields `doi` and `url` take it: as it is, but for what would end the field."""
    return "".join(f"%{ord(character):02X}" if character in '{}\\" ' else character for character in _line(text))


def _line(text: str) -> str:
    """Text on one line, without characters that steer."""
    return " ".join(clean(text).split())


def ris(studies: Iterable[Study]) -> str:
    """RIS, as reference managers and screening tools read it."""
    import rispy
    from rispy.writer import RisWriter

    class Plain(RisWriter):  # type: ignore[misc]
        def set_header(self, count: int) -> str:
            return ""

    kinds = {"article": "JOUR", "work": "GEN", "page": "ELEC"}
    found = []
    for each in map(Reference, studies):
        study = each.study
        fields = {
            "id": each.key,
            "title": each.title,
            "journal_name": study.journal,
            "year": str(study.year),
            "volume": study.volume,
            "number": study.issue,
            "start_page": study.pages,
            "doi": study.doi,
            "accession_number": study.pmid,
            "custom2": study.pmcid,
        }
        record: dict[str, Any] = {name: _line(text) for name, text in fields.items() if _line(text)}
        lists = {"authors": [", ".join(filter(None, each.author))], "urls": [each.url], "notes": [each.note]}
        record |= {name: lines for name, texts in lists.items() if (lines := [_line(text) for text in texts if _line(text)])}
        found.append({"type_of_reference": kinds[each.kind], **record})
    return str(rispy.dumps(found, implementation=Plain))


def csl(studies: Iterable[Study]) -> str:
    """CSL-JSON, as Zotero, pandoc and citation processors read it."""
    kinds = {"article": "article-journal", "work": "article", "page": "webpage"}
    found = []
    for each in map(Reference, studies):
        study, (family, given) = each.study, each.author
        author = {"literal": family} if each.is_body else {"family": family, **({"given": given} if given else {})}
        fields: dict[str, Any] = {
            "title": each.title,
            "author": [author] if family else [],
            "issued": {"date-parts": [[study.year]]},
            "container-title": study.journal,
            "volume": study.volume,
            "issue": study.issue,
            "page": study.pages,
            "DOI": study.doi,
            "PMID": study.pmid,
            "PMCID": study.pmcid,
            "URL": each.url,
            "note": each.note,
        }
        found.append({"id": each.key, "type": kinds[each.kind], **{name: value for name, value in fields.items() if value}})
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


#: The forms of references, by the names that the command line has for them.
FORMS: Mapping[str, Callable[[Iterable[Study]], str]] = {"bibtex": bibtex, "ris": ris, "csl-json": csl}


def write_references(form: str, studies: Iterable[Study]) -> str:
    """References in a form.

    Raises:
        InputError: where the package that writes it is not there.
    """
    try:
        return FORMS[form](studies)
    except ModuleNotFoundError as error:
        raise InputError(f"{form} needs {error.name}: pip install 'k2graph[references]'") from error
