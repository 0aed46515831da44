"""Draws a plan as SVG. Colours stand as attributes, for every program that reads SVG; pages and files turn them on dark screens by rules.

Every text and address is escaped. Boxes and lines are links, so that a keyboard reaches them and a screen reader reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from ... import palette
from ...evidence.model import Claim, Evidence
from ...palette import DARK_SCREEN, FAINT, FONTS, GROUND, INK, SOFT, dark_rules
from .. import harmless
from ..shown import drawn_as
from .key import WIDTH, key
from .plan import HEAD, MARGIN, SIZE, Box, Plan, Route

_HEAD = 7.0
_LEADING = 15.0


def drawing(
    evidence: Evidence,
    plan: Plan,
    claims: Mapping[str, Claim],
    lanes: Sequence[str],
    pages: Callable[[str], str],
    *,
    more: Plan | None = None,
) -> str:
    """The map: as a file of its own, with a key, a ground and rules for dark screens; or for a page, with `more`.

    `more` is a plan with more in it, which the page's script may bring in and lay out: it is there, and not seen.
    """
    meaning, high = key(evidence)
    alone = more is None
    width, height = size_alone(evidence, plan) if alone else (plan.width, plan.height)
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    label = "Map of things and the claims between them"
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONTS}" role="group" aria-label={quoteattr(label)}>']
    if alone:
        parts.append(f"<style>{DARK_SCREEN}{{{dark_rules()}}}</style>")
        parts.append(f'<rect width="{width:.0f}" height="{height:.0f}" fill="{GROUND}"/>')
    for lane, (left, right) in plan.lanes.items():
        parts.append(_lane(lane, lanes[lane], left, right, plan.height))
    # Where the script draws what is chosen: beneath the heads of lines, and above all.
    parts.append('<g class="chosen rings"></g>')
    drawn = {route.link.id for route in plan.routes}
    hidden = [route for route in more.routes if route.link.id not in drawn] if more else []
    # What is thin lies below, and boxes above all lines.
    parts += [_join(route) for route in plan.routes if route.link.id not in claims]
    parts += [_join(route, " off") for route in hidden if route.link.id not in claims]
    parts += [_line(route, claims[route.link.id], evidence, pages) for route in plan.routes if route.link.id in claims]
    parts += [_line(route, claims[route.link.id], evidence, pages, " whole off") for route in hidden if route.link.id in claims]
    parts += [_box(box, evidence, pages) for box in plan.boxes.values()]
    parts += [_box(box, evidence, pages, " off") for name, box in more.boxes.items() if name not in plan.boxes] if more else []
    # The script lays the key beneath what is taken away.
    shown = f'transform="translate(0 {plan.height:.0f})"' if alone else 'display="none"'
    size = f'data-width="{WIDTH:g}" data-height="{high:g}"'
    parts.append(f'<g class="chosen marks"></g><g class="map-key" {size} {shown}>{meaning}</g></svg>')
    return "".join(parts)


def size_alone(evidence: Evidence, plan: Plan) -> tuple[float, float]:
    """How wide and high a map is as a file of its own, with its key."""
    return max(plan.width, WIDTH), plan.height + key(evidence)[1]


def _lane(lane: int, name: str, left: float, right: float, height: float) -> str:
    size = f'x="{left - 10:.1f}" y="{MARGIN / 2:g}" width="{right - left + 20:.1f}" height="{height - MARGIN:.1f}"'
    return (
        f'<g class="lane" data-lane="{lane}"><rect {size} fill="none" stroke="{FAINT}" stroke-dasharray="2 4"/>'
        f'<text x="{left:.1f}" y="{HEAD - 8:g}" font-size="{SIZE:g}" fill="{SOFT}">{escape(name)}</text></g>'
    )


def path_of(route: Route, short: float = 0.0) -> str:
    """The way of a line: straight through columns, bent between them; `short` leaves out so much at its end."""
    first, *others = route.stretches
    x, y = first[1], first[2]
    parts = [f"M{first[0]:.1f} {y:.1f}", f"H{x:.1f}"]
    for place, (begins, until, height) in enumerate(others, 1):
        if begins == x:
            # Out of a column and back into it.
            parts.append(f"C{x + 22:.1f} {y:.1f} {x + 22:.1f} {height:.1f} {begins:.1f} {height:.1f}")
        else:
            middle = (x + begins) / 2
            parts.append(f"C{middle:.1f} {y:.1f} {middle:.1f} {height:.1f} {begins:.1f} {height:.1f}")
        way = 1 if until >= begins else -1
        ends = until - way * short * (place == len(others))
        parts.append(f"H{ends:.1f}")
        x, y = ends, height
    return "".join(parts)


def _join(route: Route, more: str = "") -> str:
    ends = f" data-line={quoteattr(route.link.id)} data-from={quoteattr(route.link.start)} data-to={quoteattr(route.link.end)}"
    return f'<path class="join{more}"{ends} d="{path_of(route)}" fill="none" stroke="{SOFT}" stroke-width="1" opacity="0.45"/>'


def _line(route: Route, claim: Claim, evidence: Evidence, pages: Callable[[str], str], more: str = "") -> str:
    standing = claim.standing
    look = palette.of_result(standing.result.notation)
    increases = evidence.is_increase(claim)
    thick = 0.6 * palette.thickness(standing.investigations)
    begins, x, y = route.stretches[-1]
    way = 1 if x >= begins else -1
    dashes = f' stroke-dasharray="{" ".join(f"{dash * 0.75:g}" for dash in look.dashes)}"' if look.dashes else ""
    label = f"{harmless(claim.label)}: {standing.label}"
    if increases:
        head = f'<path class="head" d="M{x:.1f} {y:.1f}L{x - way * _HEAD:.1f} {y - 3.6:.1f}V{y + 3.6:.1f}Z" fill="{look.light}"/>'
    else:
        head = f'<path class="head bar" d="M{x - way * 3:.1f} {y - 5:.1f}V{y + 5:.1f}" stroke="{look.light}" stroke-width="3"/>'
    path = path_of(route, _HEAD - 1 if increases else 4.0)
    core = ""
    if more:
        # What runs over a whole mechanism is hollow.
        core = f'<path class="core" d="{path}" fill="none" stroke="{GROUND}" stroke-width="{thick + 0.6:.2f}"/>'
        thick += 3
    return (
        f'<a href={quoteattr(pages(claim.id))} class="line{more}" data-claim={quoteattr(claim.id)} data-from={quoteattr(claim.subject)}'
        f" data-to={quoteattr(claim.object)} data-result={quoteattr(standing.result.notation)}"
        f" data-tier={quoteattr(standing.tier.notation)} aria-label={quoteattr(label)}><title>{escape(label)}</title>"
        # A line is too thin to be hit: one that is not seen lies around it.
        f'<path class="hit" d="{path}" fill="none" stroke="{GROUND}" stroke-opacity="0" stroke-width="9"/>'
        f'<path class="way" d="{path}" fill="none" stroke="{look.light}" stroke-width="{thick:.2f}"{dashes}/>{core}{head}</a>'
    )


def _box(box: Box, evidence: Evidence, pages: Callable[[str], str], more: str = "") -> str:
    shape = palette.SHAPES[drawn_as(evidence, box.id)]
    fill, stroke = shape.light
    rounded = box.height / 2 if shape.shape == "ellipse" else min(shape.radius, 10)
    dashes = ' stroke-dasharray="4 3"' if shape.dashed else ""
    first = box.y + box.height / 2 - (len(box.lines) - 1) * _LEADING / 2 + SIZE * 0.36
    lines = "".join(
        f'<tspan x="{box.x + box.width / 2:.1f}" y="{first + number * _LEADING:.1f}">{escape(line)}</tspan>'
        for number, line in enumerate(box.lines)
    )
    # Read aloud, or searched for, the lines of a name would be one word.
    name = f" aria-label={quoteattr(' '.join(box.lines))}" if len(box.lines) > 1 else ""
    return (
        f'<a href={quoteattr(pages(box.id))} class="thing{more}" data-thing={quoteattr(box.id)}{name}>'
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="{rounded:.1f}" fill="{fill}"'
        f' stroke="{stroke}" stroke-width="1.4"{dashes}/><text font-size="{SIZE:g}" text-anchor="middle" fill="{INK}">{lines}</text></a>'
    )
