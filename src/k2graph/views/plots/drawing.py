"""A picture as texts, lines and shapes at measured places, and its forms: SVG for pages, PNG and PDF for print.

The same picture gives the same bytes. Texts are measured by the font that matplotlib brings, DejaVu Sans, and never read as mathematics.
Places are in pixels of a page, from the top left. SVG is written here and not by matplotlib, which takes ten times as long; PNG and PDF
are matplotlib's.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from ... import palette
from ...errors import needing
from ...text import html_text, one_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: A colour on light ground, and its like on dark ground.
Tone: TypeAlias = tuple[str, str]
INK: Tone = (palette.INK, palette.ON_DARK[palette.INK])
SOFT: Tone = (palette.SOFT, palette.ON_DARK[palette.SOFT])
BAND: Tone = ("#eceff2", "#262c33")
ON_LIGHT: Tone = (palette.GROUND, palette.ON_DARK[palette.GROUND])

#: Sizes of letters in pixels, of what is read and of what explains it.
SIZE, SMALL = 12.0, 11.0
#: From one line of text to the next.
LEADING = 15.0
#: As wide as DejaVu Sans is Verdana, which stands in for it where it is not installed.
_FONTS = "'DejaVu Sans',Verdana,sans-serif"
#: Pixels of a page in an inch, and dots in an inch of a picture for print.
_PIXELS, _DOTS = 96, 300
_DOTS_IN_DOCUMENTS = 200
_NEARLY_WHITE = 248
#: Screens that set letters on whole pixels make a line so much longer at the most.
_LOOSE = 1.025
#: No text is looked at beyond this.
_LONGEST = 600


@dataclass(frozen=True)
class Words:
    """A text at its place: `x` is where it begins, ends or has its middle, as `anchor` says, `y` the line on which it stands."""

    x: float
    y: float
    text: str
    tone: Tone = INK
    anchor: str = "start"
    size: float = SIZE
    bold: bool = False

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.x - measured(self.text, self.size, self.bold) * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]


@dataclass(frozen=True)
class Shape:
    """A line through points, or the polygon between them where it is closed; filled by its tone unless it is hollow."""

    points: tuple[tuple[float, float], ...]
    tone: Tone = INK
    closed: bool = False
    hollow: bool = False
    width: float = 1.0
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True)
class Disc:
    """A disc around its middle."""

    x: float
    y: float
    radius: float
    tone: Tone = INK
    hollow: bool = False


@dataclass
class Picture:
    """What is drawn, in the order in which it is laid one upon the other, and how large it is."""

    title: str
    width: float = 0.0
    height: float = 0.0
    items: list[Words | Shape | Disc] = field(default_factory=list)

    def line(self, *points: tuple[float, float], tone: Tone = INK, width: float = 1.0, dashes: tuple[float, ...] = ()) -> None:
        """Draw a line through points."""
        self.items.append(Shape(points, tone, width=width, dashes=dashes))

    def polygon(self, *points: tuple[float, float], tone: Tone = INK, hollow: bool = False) -> None:
        """Draw the area between points, or its edge alone."""
        self.items.append(Shape(points, tone, closed=True, hollow=hollow, width=1.4))

    def words(self, x: float, y: float, text: str, **look: Any) -> None:
        """Put a text at its place; nothing where it is empty."""
        if text:
            self.items.append(Words(x, y, shown(text), **look))

    def paragraph(self, x: float, y: float, text: str, room: float, most: int = 4, tone: Tone = SOFT) -> float:
        """Put a text that explains into lines below each other, from a height on; the height beneath it."""
        for line in wrapped(text, room, most, SMALL):
            self.words(x, y + SMALL, line, size=SMALL, tone=tone)
            y += LEADING
        return y

    def svg(self) -> bytes:
        """The picture for a page, which turns with the reader's light or dark screen."""
        return "".join(_svg(self)).encode()

    def png(self) -> bytes:
        """The picture with 300 dots an inch, on white."""
        # What says by which program and when it was made would change the bytes.
        return _saved(self.figure(), "png", dpi=_DOTS, metadata={"Software": None})

    def small_png(self) -> bytes:
        """The picture with 200 dots an inch, on white, in no more colours than it needs: for documents that hold many."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from numpy import asarray
        from PIL import Image

        figure = self.figure()
        figure.set_dpi(_DOTS_IN_DOCUMENTS)
        canvas: Any = FigureCanvasAgg(figure)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            canvas.draw()
        drawn = Image.fromarray(asarray(canvas.buffer_rgba())).convert("RGB")
        few = drawn.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        # Colours are taken together in boxes, of which that around white is not quite white.
        colours = few.getpalette() or []
        whites = {place for place in range(0, len(colours), 3) if min(colours[place : place + 3]) > _NEARLY_WHITE}
        few.putpalette([255 if place - place % 3 in whites else colour for place, colour in enumerate(colours)])
        out = io.BytesIO()
        few.save(out, "png", dpi=(_DOTS_IN_DOCUMENTS,) * 2)
        return out.getvalue()

    def pdf(self) -> bytes:
        """The picture as PDF, with its font in it."""
        return _saved(self.figure(), "pdf", metadata={"Creator": None, "Producer": None, "CreationDate": None})

    def figure(self) -> Figure:
        """The picture as a figure of matplotlib, in which everything stands at the same place."""
        with needing("a plot", "plots"):
            from matplotlib.figure import Figure
            from matplotlib.lines import Line2D
            from matplotlib.patches import Circle, Polygon
            from matplotlib.transforms import Affine2D
        figure = Figure(figsize=(self.width / _PIXELS, self.height / _PIXELS), dpi=_DOTS, facecolor="white")
        place = Affine2D().scale(1 / _PIXELS, -1 / _PIXELS).translate(0, self.height / _PIXELS) + figure.dpi_scale_trans
        for order, item in enumerate(self.items):
            tone = item.tone[0]
            if isinstance(item, Words):
                weight = "bold" if item.bold else "normal"
                drawn = figure.text(item.x, item.y, item.text, transform=place, color=tone, ha=_SIDES[item.anchor], va="baseline")
                drawn.set(fontsize=item.size * 72 / _PIXELS, fontfamily=["DejaVu Sans"], fontweight=weight, parse_math=False, zorder=order)
                continue
            look: dict[str, Any] = {
                "transform": place,
                "zorder": order,
                "linewidth": 72 / _PIXELS * (item.width if isinstance(item, Shape) else 1.4),
            }
            filled = {"facecolor": "none" if item.hollow else tone, "edgecolor": tone if item.hollow else "none"}
            if isinstance(item, Disc):
                figure.add_artist(Circle((item.x, item.y), item.radius, **look, **filled))
            elif item.closed:
                figure.add_artist(Polygon(item.points, closed=True, **look, **filled))
            else:
                xs, ys = zip(*item.points, strict=True)
                dashes: Any = (0, [part / item.width for part in item.dashes]) if item.dashes else "-"
                figure.add_artist(Line2D(xs, ys, color=tone, linestyle=dashes, solid_capstyle="butt", **look))
        return figure


_SIDES = {"start": "left", "middle": "center", "end": "right"}


def shown(text: str) -> str:
    """A text on one line, of which nothing steers whoever reads it, and no longer than anybody reads in a picture."""
    return one_line(text[:_LONGEST])


def measured(text: str, size: float = SIZE, bold: bool = False) -> float:
    """How wide a text is, in pixels.

    Raises:
        InputError: where matplotlib is not installed.
    """
    return sum(_advance(letter, bold) for letter in text) * size * _LOOSE


@cache
def _font(bold: bool) -> Any:
    with needing("a plot", "plots"):
        from matplotlib.font_manager import FontProperties, findfont, get_font
    return get_font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")))


@cache
def _advance(letter: str, bold: bool) -> float:
    """How far a letter takes the text on, of a size of 1."""
    font = _font(bold)
    # What the font does not have, another font has, mostly as wide as it is high.
    if not font.get_char_index(ord(letter)):
        return 1.0
    font.set_size(64, 72)
    return float(font.load_char(ord(letter)).linearHoriAdvance) / 65536 / 64


def wrapped(text: str, room: float, most: int = 3, size: float = SIZE, bold: bool = False) -> list[str]:
    """A text in lines that are no wider than there is room, the last with a mark where more of it was left out."""
    lines: list[str] = []
    for word in shown(text).split():
        rest = word
        while rest:
            longer = f"{lines[-1]} {rest}" if lines and rest is word else rest
            if lines and rest is word and measured(longer, size, bold) <= room:
                lines[-1], rest = longer, ""
            elif measured(rest, size, bold) <= room:
                lines, rest = [*lines, rest], ""
            else:
                # A word wider than the room is broken where the room ends.
                fits = next(length for length in range(len(rest), 0, -1) if length == 1 or measured(rest[:length], size, bold) <= room)
                lines, rest = [*lines, rest[:fits]], rest[fits:]
    if len(lines) > most:
        last = lines[most - 1]
        while last and measured(f"{last}…", size, bold) > room:
            last = last[:-1]
        lines = [*lines[: most - 1], f"{last.rstrip()}…"]
    return lines


def _saved(figure: Figure, form: str, **options: Any) -> bytes:
    import matplotlib

    out = io.BytesIO()
    # Fonts of TrueType, which publishers take and readers can select. A letter that the font lacks is drawn as a box, which is no fault.
    with matplotlib.rc_context({"pdf.fonttype": 42, "text.parse_math": False}), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        figure.savefig(out, format=form, facecolor="white", **options)
    return out.getvalue()


def _svg(picture: Picture) -> Iterator[str]:
    width, height = f"{picture.width:.0f}", f"{picture.height:.0f}"
    tones = {tone: f"t{number}" for number, tone in enumerate(dict.fromkeys(item.tone for item in picture.items))}
    yield f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    yield f"<title>{html_text(shown(picture.title))}</title><style>text{{font-family:{_FONTS};font-size:{SIZE:g}px}}"
    yield f".s{{font-size:{SMALL:g}px}}.b{{font-weight:700}}.m{{text-anchor:middle}}.e{{text-anchor:end}}.l{{fill:none}}"
    for place, before, after in ((0, "", ""), (1, "@media (prefers-color-scheme:dark){", "}")):
        rules = (f".{name}{{fill:{tone[place]}}}.l.{name}{{fill:none;stroke:{tone[place]}}}" for tone, name in tones.items())
        yield f"{before}{''.join(rules)}{after}"
    yield "</style>\n"
    for item in picture.items:
        name = tones[item.tone]
        if isinstance(item, Words):
            marks = [name, *("s" * (item.size == SMALL)), *("b" * item.bold), *{"middle": "m", "end": "e"}.get(item.anchor, "")]
            yield f'<text x="{item.x:.1f}" y="{item.y:.1f}" class="{" ".join(marks)}">{html_text(item.text)}</text>\n'
        elif isinstance(item, Disc):
            look = f"l {name}" if item.hollow else name
            yield f'<circle cx="{item.x:.1f}" cy="{item.y:.1f}" r="{item.radius:.1f}" class="{look}"/>\n'
        else:
            yield _svg_shape(item, name)
    yield "</svg>\n"


def _svg_shape(shape: Shape, name: str) -> str:
    path = f"M{_path(shape.points)}{'Z' if shape.closed else ''}"
    if shape.closed and not shape.hollow:
        return f'<path d="{path}" class="{name}"/>\n'
    dashes = f' stroke-dasharray="{" ".join(f"{part:g}" for part in shape.dashes)}"' if shape.dashes else ""
    return f'<path d="{path}" class="l {name}" stroke-width="{shape.width:g}"{dashes}/>\n'


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
