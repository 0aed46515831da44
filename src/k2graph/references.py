"""References of studies as people's reference managers take them."""

from __future__ import annotations

from collections.abc import Iterable

from .evidence import Study


def bibtex(studies: Iterable[Study]) -> str:
    """BibTeX entries."""
    return "\n".join(study.key for study in studies)
