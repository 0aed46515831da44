"""The name of a first author: which part of it is the family name, and how people read it.

A name is written as BibTeX does: `Knapen, Marjo H J` (family name, comma, given names), `Knapen` alone where no given name is known,
`Van Steenbergen,` where it is of several words. What is in braces is not divided: `{World Health Organization}`, or a person of whose name
it is not known which part is which.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Author:
    """A name in its parts; of a name that is not divided `whole` is true, and all of it is the family name."""

    family: str
    given: str = ""
    suffix: str = ""
    whole: bool = False

    def __str__(self) -> str:
        """The name as people read it, given names first."""
        return " ".join(filter(None, (self.given, self.family, self.suffix)))


def read_author(written: str) -> Author:
    """The parts of a name as BibTeX has it; without a comma the given names come first.

    Raises:
        ValueError: where it is no such name.

    >>> read_author("{World Health Organization}")
    Author(family='World Health Organization', given='', suffix='', whole=True)
    """
    text = " ".join(written.split())
    if text.startswith("{") and text.endswith("}") and not set("{}") & set(text[1:-1]):
        return Author(text[1:-1].strip(), whole=True)
    from pybtex.database import Person
    from pybtex.exceptions import PybtexError

    try:
        person = Person(text)
    except PybtexError as error:
        raise ValueError(f"{written!r} is no name: {error}") from error
    family, given = person.prelast_names + person.last_names, person.first_names + person.middle_names
    return Author(" ".join(family), " ".join(given), " ".join(person.lineage_names))
