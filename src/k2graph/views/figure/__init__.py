"""One mechanism as a figure for a page, a slide or a paper: its links, how far its exposure reaches, where that ends, and end to end.

In: evidence and a mechanism. Out: SVG, made without a plotting library, wide (170 mm, as two columns of a journal) or narrow (80 mm, as one
column). Letters are never smaller than 7 points at that width. Every text of the graph is text in it, and the same graph gives the same
bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ...atomic import write
from ...evidence.model import Evidence
from .narrow import draw_narrow
from .parts import Chain, chain_of
from .wide import draw_wide

#: The widths in which a figure is drawn, in millimetres: two columns of a journal, and one.
WIDTHS = (170, 80)


@dataclass(frozen=True)
class Figure:
    """The figure of a mechanism; shows itself in a notebook."""

    evidence: Evidence
    mechanism: str

    @cached_property
    def chain(self) -> Chain:
        """What is drawn, in words."""
        return chain_of(self.evidence, self.mechanism)

    def svg(self, width: int = WIDTHS[0], *, for_paper: bool = False) -> str:
        """The figure for one of `WIDTHS`: boxes side by side, or one below the other; `for_paper`: it stays light on a dark screen."""
        return (draw_wide if width == WIDTHS[0] else draw_narrow)(self.chain, for_paper=for_paper)

    def save(self, path: Path | str, width: int = WIDTHS[0]) -> None:
        """Write it as a file.

        Raises:
            InputError: where it cannot be written.
        """
        write(self.svg(width).encode(), Path(path))

    def _repr_svg_(self) -> str:
        return self.svg()
