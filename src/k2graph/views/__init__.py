"""What is looked at: the mechanism map, and the site of static pages. Here is what both need: templates, and text made harmless.

Nothing that a graph holds is trusted. Templates escape by themselves; characters that steer a terminal or turn the direction of text
are taken out; only web addresses become links; each page forbids by its policy what it does not itself bring.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import palette
from ..text import clean

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

ASSETS = Path(__file__).parent / "assets"
TEMPLATES = Path(__file__).parent / "templates"
_WEB = re.compile(r"https?://[^\s<>\"'\\^`{|}]+", re.IGNORECASE)


def harmless(text: object) -> str:
    """Text without control characters, line ends apart, and without those that turn its direction.

    >>> harmless("MK-7" + chr(0x202E))
    'MK-7 '
    """
    return "\n".join(map(clean, str(text).split("\n")))


def web_address(text: str) -> str:
    """The text where it is a web address, else nothing: no other kind of address becomes a link.

    >>> web_address("https://doi.org/10.1000/1"), web_address("javascript:alert(1)")
    ('https://doi.org/10.1000/1', '')
    """
    return text if _WEB.fullmatch(text) else ""


def embedded_json(data: Any) -> str:
    """JSON for a script element of type application/json: no part of it can end that element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    return (
        text.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def own(text: str) -> Markup:
    """Text of our own files, or of `embedded_json`, that a template puts in as it is. Never a word of a graph."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  # that is its purpose


def policy(
    scripts: Iterable[str] = (),
    styles: Iterable[str] = (),
    *,
    own_files: bool = False,
    own_forms: bool = False,
    own_programs: bool = False,
) -> str:
    """A Content-Security-Policy that allows these scripts and styles by their digests, and nothing else but what is asked for.

    That is own files, own forms, and programs in WebAssembly that own scripts bring; text is never run as a script.
    """
    own = ["'self'"] if own_files else []
    programs = " 'wasm-unsafe-eval'" if own_programs else ""

    def sources(texts: Iterable[str]) -> str:
        return " ".join([*own, *map(_digest, texts)]) or "'none'"

    forms = "'self'" if own_forms else "'none'"
    return (
        f"default-src 'none'; script-src {sources(scripts)}{programs}; style-src {sources(styles)}; "
        f"img-src {' '.join([*own, 'data:', 'blob:'])}; base-uri 'none'; form-action {forms}"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def asset(name: str) -> str:
    """One of the files that pages bring with them."""
    return (ASSETS / name).read_text(encoding="utf-8")


def style() -> str:
    """The style sheet, with the palette of `k2graph.palette` as its variables."""
    return _palette() + asset("style.css")


def _palette() -> str:
    known = palette.looks()
    looks = {
        f"{of}-{name}": each
        for of, words in (("result", known.results), ("stance", known.stances), ("risk", known.risks))
        for name, each in words.items()
    }
    looks = {"neutral": palette.NEUTRAL, **looks}
    light = "".join(f"--{name}:{each.light};" for name, each in looks.items())
    dark = "".join(f"--{name}:{each.dark};" for name, each in looks.items())
    light += "".join(f"--fill-{name}:{each.light[0]};--edge-{name}:{each.light[1]};" for name, each in palette.SHAPES.items())
    dark += "".join(f"--fill-{name}:{each.dark[0]};--edge-{name}:{each.dark[1]};" for name, each in palette.SHAPES.items())
    # A word without a look has the neutral one, by which the others stand.
    classes = '[class*="result-"],[class*="stance-"],[class*="risk-"]{--tone:var(--neutral)}[class^="wedge-"]{stroke:var(--neutral)}'
    classes += "".join(f".{name}{{--tone:var(--{name})}}" for name in looks)
    classes += "".join(f".result-{name}.standing{{border-left-style:{each.border}}}" for name, each in known.results.items())
    classes += "".join(f".wedge-{name}{{stroke:var(--stance-{name})}}" for name in known.stances)
    classes += "".join(f".shape-{name}{{fill:var(--fill-{name});stroke:var(--edge-{name})}}" for name in palette.SHAPES)
    drawn = f"{palette.DARK_SCREEN}{{{palette.dark_rules('.routed ')}}}"
    return f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}{classes}{drawn}\n"


@cache
def environment() -> Environment:
    """Templates that escape, and clean, whatever is put into them."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    def finalised(value: Any) -> Any:
        if value is None:
            return ""
        return value if isinstance(value, (Markup, int, float)) else harmless(value)

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalised,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["web"] = web_address
    made.globals["look"] = palette
    return made
