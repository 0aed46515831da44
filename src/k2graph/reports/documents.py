"""A document of headings, paragraphs, lists, tables and pictures, written as Markdown, HTML or Word: the same words in each.

Whatever a text holds, it is text there: nothing in it is obeyed as markup, and no character that steers is left in it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..errors import require
from ..text import html_text, markdown_text
from .elements import (
    Contents, Element, Figure, Heading, Link, Paragraph, Points, Strong, Table, Text, Turn, listed, plain, spans, widths,
)  # fmt: skip
from .word import word

__all__ = [
    "Contents", "Document", "Element", "Figure", "Heading", "Link", "Paragraph", "Points", "Strong", "Table", "Text", "Turn", "markdown",
    "page", "plain", "word",
]  # fmt: skip


@dataclass(frozen=True)
class Document:
    """The elements of a document, which shows itself in a notebook; `newest` is the year that a Word file says it is of."""

    elements: Sequence[Element]
    newest: int = 2000

    def to_markdown(self) -> str:
        """GitHub-flavoured Markdown."""
        return markdown(self.elements)

    def to_html(self) -> str:
        """One HTML page, without scripts and without anything from elsewhere."""
        return page(self.elements)

    def to_word(self) -> bytes:
        """A Word document.

        Raises:
            InputError: where python-docx is not installed.
        """
        require("writing Word", "review", "docx")
        return word(self.elements, self.newest)

    def _repr_html_(self) -> str:
        return "\n".join(_html(element, self.elements) for element in self.elements)


def markdown(elements: Iterable[Element]) -> str:
    """GitHub-flavoured Markdown; its pictures are files beside it."""
    everything = list(elements)
    return "\n".join(filter(None, (_markdown(element, everything) for element in everything)))


def _markdown(element: Element, everything: Sequence[Element]) -> str:
    match element:
        case Heading():
            return f"{_place(element.name)}{'#' * element.level} {markdown_text(element.text)}\n"
        case Paragraph():
            return f"{_place(element.name)}{_markdown_spans(element.text)}\n"
        case Points():
            named = zip(element.texts, _names(element.names, element.texts), strict=True)
            return "".join(f"- {_anchor(name)}{_markdown_spans(text)}\n" for text, name in named)
        case Figure():
            return f"![{markdown_text(element.alt)}]({element.file})\n"
        case Contents():
            headings = listed(element, everything)
            entries = (f"{'  ' * (each.level - 2)}- [{markdown_text(each.text)}](#{each.name})\n" for each in headings)
            return f"## {markdown_text(element.text)}\n\n{''.join(entries)}"
        case Turn():
            return ""
    head = [[*map(markdown_text, element.columns)], ["---"] * len(element.columns)]
    rows = [*head, *([*map(_markdown_spans, row)] for row in element.rows)]
    names = ["", "", *_names(element.names, element.rows)]
    return "".join(f"| {_anchor(name)}{' | '.join(row)} |\n" for row, name in zip(rows, names, strict=True))


def _names(names: Sequence[str], things: Sequence[object]) -> list[str]:
    """The names of places of things of which some or all may have none."""
    return [*names, *[""] * (len(things) - len(names))]


def _place(name: str) -> str:
    return f"{_anchor(name)}\n\n" if name else ""


def _anchor(name: str) -> str:
    """The place of a name; GitHub makes names of headings by itself, which change with their words."""
    return f'<a id="{name}"></a>' if name else ""


def _markdown_spans(text: Text) -> str:
    shown, begins = [], True
    for part in spans(text):
        if isinstance(part, str):
            ends = (" " * part[:1].isspace(), " " * (len(part) > 1 and part[-1:].isspace()))
            shown.append(ends[0] + markdown_text(part, begins_block=begins) + ends[1])
        elif isinstance(part, Strong):
            shown.append(f"**{markdown_text(part.text)}**")
        else:
            target = f"#{part.place}" if part.place else f"<{part.address}>" if part.address else ""
            shown.append(f"[{markdown_text(part.text)}]({target})" if target else markdown_text(part.text))
        begins = False
    return "".join(shown)


_STYLE = (
    ":root{color-scheme:light dark;--line:light-dark(#ccd2d8,#3c444d);--head:light-dark(#eef1f4,#20262d);--link:light-dark(#0550ae,#79b8ff)}"
    "body{font:15px/1.5 system-ui,sans-serif;margin:0;background:light-dark(#fff,#14181d);color:light-dark(#1b1f24,#e3e7eb)}"
    "main{margin:0 auto;max-width:90rem;padding:1rem 1rem 4rem}h2,h3,h4{line-height:1.25;scroll-margin-top:1rem}"
    "h2{margin-top:3rem;border-bottom:2px solid var(--line);padding-bottom:.2rem}h3{margin-top:2.2rem}h4{margin:1.6rem 0 .4rem}"
    "p,li{max-width:75ch;overflow-wrap:break-word}a{color:var(--link)}nav{columns:20rem;column-gap:2rem}nav ul{margin:0;padding-left:1.2rem}"
    "nav>ul{padding-left:0;list-style:none}nav>ul>li{font-weight:600;margin-top:.6rem}nav li li{font-weight:400;break-inside:avoid}"
    "table{border-collapse:collapse;table-layout:fixed;width:100%;margin:.8rem 0;font-size:.86rem;line-height:1.4}"
    "td,th{border-bottom:1px solid var(--line);padding:.35rem .5rem;text-align:left;vertical-align:top;overflow-wrap:break-word}"
    "th{background:var(--head);position:sticky;top:0}figure{margin:1rem 0;overflow-x:auto}img{max-width:none;display:block}"
    ":target{outline:2px solid var(--link);outline-offset:3px}"
    "@media(max-width:50rem){table{table-layout:auto}thead{position:absolute;clip-path:inset(50%);height:1px;width:1px;overflow:hidden}"
    "colgroup{display:none}tbody,tr,td{display:block}tr{border:1px solid var(--line);border-radius:4px;margin:.6rem 0}"
    "td{display:grid;grid-template-columns:7rem 1fr;gap:.5rem;border:0}td>span{min-width:0;overflow-wrap:anywhere}td:has(>span:empty){display:none}"
    "td::before{content:attr(data-column);font-weight:600}}"
    "@media print{body{font-size:9pt}tr,figure{break-inside:avoid}h2,h3,h4{break-after:avoid}th{position:static}}"
)


def page(elements: Sequence[Element]) -> str:
    """One HTML page, without scripts and without anything from elsewhere; its policy forbids all that is not in it."""
    title = next((element.text for element in elements if isinstance(element, Heading)), "")
    shares = sorted({share for element in elements if isinstance(element, Table) for share in widths(element)})
    style = _STYLE + "".join(f".w{share}{{width:{share}%}}" for share in shares)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{_escaped(title)}</title><style>{style}</style>'
    )
    body = "\n".join(filter(None, (_html(element, elements) for element in elements)))
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body><main>\n{body}\n</main></body></html>\n'


def _html(element: Element, everything: Sequence[Element]) -> str:
    match element:
        case Heading():
            return f"<h{element.level}{_id(element.name)}>{_escaped(element.text)}</h{element.level}>"
        case Paragraph():
            return f"<p{_id(element.name)}>{_html_spans(element.text)}</p>"
        case Points():
            named = zip(element.texts, _names(element.names, element.texts), strict=True)
            return "<ul>" + "".join(f"<li{_id(name)}>{_html_spans(text)}</li>\n" for text, name in named) + "</ul>"
        case Figure():
            data = base64.b64encode(element.svg).decode()
            # What is wider than the page is scrolled, by keys too.
            source = f'src="data:image/svg+xml;base64,{data}" alt="{_escaped(element.alt)}" width="{element.width:.0f}"'
            return f'<figure tabindex="0"><img {source}></figure>'
        case Contents():
            listing = "".join(_nested(listed(element, everything), 2))
            return f"<h2>{_escaped(element.text)}</h2>\n<nav aria-label=\"{_escaped(element.text)}\">{listing}</nav>"
        case Turn():
            return ""
    shares = "".join(f'<col class="w{share}">' for share in widths(element))
    head = "".join(f'<th scope="col">{_escaped(column)}</th>' for column in element.columns)
    columns = [_escaped(column) for column in element.columns]
    label = f' aria-label="{_escaped(element.title)}"' if element.title else ""
    lines = (
        "".join(f'<td data-column="{column}"><span>{_html_spans(cell)}</span></td>' for column, cell in zip(columns, row, strict=True))
        for row in element.rows
    )
    body = "".join(f"<tr{_id(name)}>{line}</tr>\n" for line, name in zip(lines, _names(element.names, element.rows), strict=True))
    return f"<table{label}><colgroup>{shares}</colgroup><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>"


def _nested(headings: Sequence[Heading], level: int) -> Iterator[str]:
    """Headings as lists within lists, by their levels."""
    starts = [place for place, each in enumerate(headings) if each.level <= level]
    if not headings:
        return
    yield "<ul>"
    for start, end in zip(starts, [*starts[1:], len(headings)], strict=True):
        yield f'<li><a href="#{headings[start].name}">{_escaped(headings[start].text)}</a>'
        yield from _nested(headings[start + 1 : end], level + 1)
        yield "</li>\n"
    yield "</ul>"


def _id(name: str) -> str:
    return f' id="{name}"' if name else ""


def _html_spans(text: Text) -> str:
    shown = []
    for part in spans(text):
        if isinstance(part, str):
            shown.append(html_text(part))
        elif isinstance(part, Strong):
            shown.append(f"<strong>{html_text(part.text)}</strong>")
        else:
            target = f"#{part.place}" if part.place else part.address
            shown.append(f'<a href="{html_text(target)}">{html_text(part.text)}</a>' if target else html_text(part.text))
    return "".join(shown)


def _escaped(text: str) -> str:
    return html_text(plain(text))
