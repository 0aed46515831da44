r"""Text as LaTeX prints it, in its own letters and commands: no package has to be loaded.

In: plain text. Out: LaTeX that pdfTeX sets with `\usepackage[T1]{fontenc}`, and any later one. A character for which LaTeX has no command
stays as it is, for XeLaTeX, LuaLaTeX and biber.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from ..text import one_line

if TYPE_CHECKING:
    from pylatexenc.latexencode import UnicodeToLatexEncoder

#: Characters that LaTeX would obey, or prints as others in its oldest encoding. Braces are counted by BibTeX even after a backslash.
_OBEYED = {
    "\\": r"\textbackslash",
    "{": r"\textbraceleft",
    "}": r"\textbraceright",
    "^": r"\textasciicircum",
    "~": r"\textasciitilde",
    "|": r"\ensuremath{|}",
    '"': '"',
}
#: Where pylatexenc has another letter or sign, or a macro that LaTeX does not know. What is here itself has no command in LaTeX.
_BETTER = {
    "Ű": r"\H{U}",
    "ű": r"\H{u}",
    "ŉ": "'n",
    "ΐ": r"\ensuremath{\acute{\ddot{\iota}}}",
    "ϒ": r"\ensuremath{\Upsilon}",
    "\N{HYPHEN}": "-",
    "\N{NON-BREAKING HYPHEN}": r"\mbox{-}",
    "′": r"\ensuremath{\prime}",
    "″": r"\ensuremath{\prime\prime}",
    "≦": r"\ensuremath{\leq}",
    "≧": r"\ensuremath{\geq}",
    "≒": r"\ensuremath{\approx}",
    "∅": r"\ensuremath{\emptyset}",
    "◊": r"\ensuremath{\diamond}",
    **{
        each[0]: rf"\ensuremath{{\frac{{{each[1]}}}{{{each[2]}}}}}"
        for each in ("⅓13", "⅔23", "⅕15", "⅖25", "⅗35", "⅘45", "⅙16", "⅚56", "⅛18", "⅜38", "⅝58", "⅞78")
    },
    **{letter: letter for letter in "ĦħĸĿŀŦŧ"},
}
#: Cyrillic letters have commands in encodings (T2A) that are not loaded here.
_CYRILLIC = "".join(map(chr, range(0x400, 0x530)))
#: For these pylatexenc has commands of packages (amssymb, mathrsfs, tipa).
_OF_PACKAGES = (
    "∎∬∭ƕƞ϶ϰℶℷℸℂℋℌℍℐℑℒℕℙℚℛℜℝℤℨℬℭℰℱℳ‵↚↛↜↝↞↠↢↣↫↬↭↮↰↱↶↷↺↻↾↿⇂⇃⇄⇅⇆⇇⇈⇉⇊⇋⇍⇎⇏⇚⇛⇝⇵∁∄∔∖∟∡∢∤∦∯∰∱∴∵∻∽∾≆≊≋≌≎≏≑≓≖≗≙≛≜≨≩≬≮≯"
    "≰≱≲≳≴≵≶≷≸≹≾≿⊀⊁⊈⊉⊊⊋⊏⊐⊚⊛⊝⊞⊟⊠⊡⊧⊨⊩⊪⊫⊬⊭⊮⊯⊲⊳⊴⊵⊶⊷⊸⊹⊺⊻⊾⋇⋉⋊⋋⋌⋍⋎⋏⋐⋑⋒⋓⋔⋖⋗⋘⋙⋚⋛⋞⋟⋦⋧⋨⋩⋪⋫⋬⋭⋰■□▪▴▵▸▾▿◂"
)
#: The marks that LaTeX sets over or under any letter.
_MARKS = {
    "\N{COMBINING GRAVE ACCENT}": r"\`",
    "\N{COMBINING ACUTE ACCENT}": r"\'",
    "\N{COMBINING CIRCUMFLEX ACCENT}": r"\^",
    "\N{COMBINING TILDE}": r"\~",
    "\N{COMBINING MACRON}": r"\=",
    "\N{COMBINING BREVE}": r"\u",
    "\N{COMBINING DOT ABOVE}": r"\.",
    "\N{COMBINING DIAERESIS}": r"\"",
    "\N{COMBINING RING ABOVE}": r"\r",
    "\N{COMBINING DOUBLE ACUTE ACCENT}": r"\H",
    "\N{COMBINING CARON}": r"\v",
    "\N{COMBINING DOT BELOW}": r"\d",
    "\N{COMBINING COMMA BELOW}": r"\textcommabelow",
    "\N{COMBINING CEDILLA}": r"\c",
    "\N{COMBINING OGONEK}": r"\k",
    "\N{COMBINING MACRON BELOW}": r"\b",
}


def as_latex(text: str) -> str:
    """A text on one line, as LaTeX prints it."""
    # A letter and its accent as one character have one command. Between two of these LaTeX would make one character of both: a dash.
    plain = "".join(map(_plain, unicodedata.normalize("NFC", one_line(text))))
    encoded = _encoder().unicode_to_latex(plain)
    return re.sub(r"(?<=[-'`,!?])(?=[-'`,])", "{}", encoded)


def needs_unicode_fonts(latex: str) -> bool:
    """Whether `as_latex` left letters of other scripts, or signs of packages, in a text: XeLaTeX and LuaLaTeX set it, pdfLaTeX does not."""
    return any(character > "ž" for character in latex)


def _plain(character: str) -> str:
    """A letter of a mathematical alphabet as the letter it is; nothing of what has no width."""
    if character in "\u200b\u2060\ufeff":
        return ""
    return unicodedata.normalize("NFKC", character) if "\U0001d400" <= character <= "\U0001d7ff" else character


@cache
def _encoder() -> UnicodeToLatexEncoder:
    from pylatexenc.latexencode import RULE_CALLABLE, RULE_DICT, UnicodeToLatexConversionRule, UnicodeToLatexEncoder

    own = {**_OBEYED, **_BETTER, **{character: character for character in _OF_PACKAGES + _CYRILLIC}}
    return UnicodeToLatexEncoder(
        conversion_rules=[
            UnicodeToLatexConversionRule(RULE_DICT, {ord(character): command for character, command in own.items()}),
            "defaults",
            UnicodeToLatexConversionRule(RULE_CALLABLE, _marked),
            UnicodeToLatexConversionRule(RULE_CALLABLE, _in_one),
        ],
        replacement_latex_protection="braces-all",
        unknown_char_policy="keep",
        unknown_char_warning=False,
    )


def _marked(text: str, place: int) -> tuple[int, str] | None:
    """A letter with marks as commands around a letter, for the encoder: how many characters that is, and what stands for them."""
    letter, *marks = list(unicodedata.normalize("NFD", text[place]))
    if not (marks and letter.isascii() and letter.isalpha() and all(mark in _MARKS for mark in marks)):
        return None
    # Over a mark the dot of i and j goes.
    marked = {"i": r"\i", "j": r"\j"}.get(letter, letter) if unicodedata.combining(marks[-1]) == 230 else letter
    for mark in marks:
        marked = f"{_MARKS[mark]}{{{marked}}}"
    return 1, marked


def _in_one(text: str, place: int) -> tuple[int, str] | None:
    """Letters that fonts have as one character (Ⅱ, ﬁ, ㎎, Ａ), apart, and those that stand high or low (ᵃ, ₐ) as commands."""
    character = text[place]
    letters = unicodedata.normalize("NFKC", character)
    for mark, command in (("<super>", "textsuperscript"), ("<sub>", "textsubscript")):
        if unicodedata.decomposition(character).startswith(mark) and letters.isascii() and letters.isalpha():
            return 1, rf"\{command}{{{letters}}}"
    # A long s is one letter, and no s.
    apart = len(letters) > 1 or unicodedata.category(character) == "Nl" or unicodedata.decomposition(character).startswith("<wide>")
    return (1, letters) if apart and letters.isascii() and letters.isalnum() else None
