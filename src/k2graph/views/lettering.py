"""How wide text is, and how it is folded into lines, where a picture is drawn without a browser or a font at hand.

The widths are those of DejaVu Sans, in thousandths of the size of the letters. It is wider than Arial, Helvetica and most others that a
reader may have, so what fits here fits there. Letters that are not in the table count as wide as the widest of other alphabets.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Where a word may end on a line: after a hyphen, but not one after a few letters, as in a short name with its number.
_HYPHEN = re.compile(r"(?<=\w{4}-)")
#: From the space to the tilde.
_PLAIN = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337,
    337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732,
    684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635,
    635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
)  # fmt: skip
_BOLD = (
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696, 696, 696, 696, 696, 696, 400,
    400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995, 837, 850, 733, 850, 770, 720, 682, 812,
    774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716,
    716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838,
)  # fmt: skip
_OTHER, _OTHER_BOLD = 1000, 1040
#: The widest of what is no letter of one cell: ligatures, ideographs, pictures.
_WIDE = 1560


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line of text is where letters have a size, in the unit of the size.

    >>> round(width_of("MK-7", 10), 2), round(width_of("MK-7", 10, bold=True), 2)
    (25.16, 28.81)
    """
    table, other = (_BOLD, _OTHER_BOLD) if bold else (_PLAIN, _OTHER)
    units = sum(table[ord(letter) - 32] if " " <= letter <= "~" else _unknown(letter, other) for letter in text)
    return units * size / 1000


@lru_cache(maxsize=4096)
def _unknown(letter: str, other: int) -> int:
    if unicodedata.combining(letter):
        return 0
    return _WIDE if unicodedata.east_asian_width(letter) in "FW" or unicodedata.name(letter, "").startswith("ARABIC LIGATURE") else other


def folded(text: str, width: float, size: float, *, bold: bool = False, most: int = 0) -> list[str]:
    """Text as lines of at most a width; of at most so many lines, if asked, the last with an ellipsis where some is left out.

    A word that is wider than a line is broken, after a hyphen if it has one.
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if width_of(longer, size, bold=bold) <= width:
            lines[-1:] = [longer]
        else:
            lines += _broken(word, width, size, bold)
        if most and len(lines) > most:
            return [*lines[: most - 1], _ended(lines[most - 1], width, size, bold)]
    return lines


def _broken(word: str, width: float, size: float, bold: bool) -> list[str]:
    lines = [""]
    for part in _HYPHEN.split(word):
        if lines[-1] and width_of(lines[-1] + part, size, bold=bold) > width:
            lines.append("")
        for letter in part:
            if lines[-1] and width_of(lines[-1] + letter, size, bold=bold) > width:
                lines.append("")
            lines[-1] += letter
    return lines


def _ended(line: str, width: float, size: float, bold: bool) -> str:
    while line and width_of(line + "…", size, bold=bold) > width:
        line = line[:-1]
    return line.rstrip() + "…"


def widest_word(text: str, size: float, *, bold: bool = False) -> float:
    """How wide the widest of what `folded` need not break is."""
    parts = (part for word in text.split() for part in _HYPHEN.split(word))
    return max((width_of(part, size, bold=bold) for part in parts), default=0.0)
