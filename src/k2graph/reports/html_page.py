"""A document as one HTML page: linked, light and dark, readable on a phone, and without anything from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..text import html_text
from .elements import (
    Contents,
    Element,
    Figure,
    Heading,
    Paragraph,
    Points,
    Strong,
    Table,
    Text,
    Turn,
    listed,
    names_of,
    plain,
    spans,
    widths,
)

_STYLE = Path(__file__).parent / "document.css"


def page(elements: Sequence[Element]) -> str:
    """One HTML page, without scripts and without anything from elsewhere; its policy forbids all that is not in it."""
    title = next((element.text for element in elements if isinstance(element, Heading)), "")
    shares = sorted({share for element in elements if isinstance(element, Table) for share in widths(element)})
    style = " ".join(_STYLE.read_text(encoding="utf-8").split()) + "".join(f".w{share}{{width:{share}%}}" for share in shares)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{_escaped(title)}</title><style>{style}</style>'
    )
    body = "\n".join(filter(None, (element_html(element, elements) for element in elements)))
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body><main>\n{body}\n</main></body></html>\n'


def element_html(element: Element, everything: Sequence[Element]) -> str:
    """One element; `everything` is what a list of contents is of."""
    match element:
        case Heading():
            return f"<h{element.level}{_id(element.name)}>{_escaped(element.text)}</h{element.level}>"
        case Paragraph():
            return f"<p{_id(element.name)}>{_html_spans(element.text)}</p>"
        case Points():
            named = zip(element.texts, names_of(element.names, element.texts), strict=True)
            return "<ul>" + "".join(f"<li{_id(name)}>{_html_spans(text)}</li>\n" for text, name in named) + "</ul>"
        case Figure():
            data = base64.b64encode(element.svg).decode()
            # What is wider than the page is scrolled, by keys too.
            source = f'src="data:image/svg+xml;base64,{data}" alt="{_escaped(element.alt)}" width="{element.width:.0f}"'
            return f'<figure tabindex="0"><img {source}></figure>'
        case Contents():
            listing = "".join(_nested(listed(element, everything), 2))
            return f'<h2>{_escaped(element.text)}</h2>\n<nav aria-label="{_escaped(element.text)}">{listing}</nav>'
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
    body = "".join(f"<tr{_id(name)}>{line}</tr>\n" for line, name in zip(lines, names_of(element.names, element.rows), strict=True))
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
