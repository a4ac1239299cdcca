"""The profile drawn: a radar of the three families and three bars, as SVG. The table beside them says the same in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from maillage.diagnosis.scoring import FamilyProfile

#: How the parts of a drawing are painted: on a page, by the classes of the stylesheet.
PAGE: Mapping[str, str] = {name: f'class="{name}"' for name in ("ring", "band", "done", "word")}


def paper(accent: str) -> Mapping[str, str]:
    """How they are painted in a PDF, where there is no stylesheet."""
    text = 'font-family="Libertinus Serif" font-size="13" fill="#2b241d"'
    return {
        "ring": 'fill="none" stroke="#857560" stroke-width="0.7"',
        "band": f'fill="#f4ece0" stroke="{accent}" stroke-width="1.2" stroke-dasharray="4 3"',
        "done": f'fill="{accent}" fill-opacity="0.75" stroke="{accent}"',
        "word": text,
    }


@dataclass(frozen=True, slots=True)
class Spoke:
    """A family in a drawing: its short name, what is established and what is possible (0 to 1)."""

    name: str
    done: float
    possible: float


def spokes(families: Sequence[FamilyProfile], names: Sequence[str]) -> list[Spoke]:
    """The families as they are drawn; one that is not relevant is drawn empty."""
    return [
        Spoke(
            name, family.points / family.out_of if family.out_of else 0, family.possible / family.out_of if family.out_of else 0
        )
        for family, name in zip(families, names, strict=True)
    ]


_CENTRE, _RADIUS = (160.0, 122.0), 88.0


def radar(drawn: Sequence[Spoke], paint: Mapping[str, str]) -> str:
    """The inside of an SVG of 320 × 205: rings at one third, two thirds and the whole, the possible shape, the established one, the names."""
    angles = [math.radians(360 * rank / len(drawn) - 90) for rank in range(len(drawn))]

    def shape(ratios: Sequence[float]) -> str:
        return " ".join(
            f"{x:.1f},{y:.1f}" for x, y in (_point(angle, ratio) for angle, ratio in zip(angles, ratios, strict=True))
        )

    parts = [f'<polygon {paint["ring"]} points="{shape([ring] * len(drawn))}"/>' for ring in (1 / 3, 2 / 3, 1)]
    parts += [
        f'<path {paint["ring"]} d="M{_CENTRE[0]:.0f} {_CENTRE[1]:.0f}L{x:.1f} {y:.1f}"/>'
        for x, y in (_point(a, 1) for a in angles)
    ]
    parts.append(f'<polygon {paint["band"]} points="{shape([each.possible for each in drawn])}"/>')
    parts.append(f'<polygon {paint["done"]} points="{shape([each.done for each in drawn])}"/>')
    for angle, each in zip(angles, drawn, strict=True):
        x, y = _point(angle, 1.14)
        anchor = "middle" if abs(math.cos(angle)) < 0.1 else "start" if math.cos(angle) > 0 else "end"
        x = min(max(x, 6), 314)
        parts.append(f'<text {paint["word"]} x="{x:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}">{escape(each.name)}</text>')
    return "".join(parts)


def bars(drawn: Sequence[Spoke], paint: Mapping[str, str]) -> str:
    """The inside of an SVG of 320 × 46 per family: the name, then a bar with what is established and what is possible, ticks at the thirds."""
    parts = []
    for rank, each in enumerate(drawn):
        top = 46 * rank
        parts.append(f'<text {paint["word"]} x="1" y="{top + 14}">{escape(each.name)}</text>')
        parts.append(f'<rect {paint["ring"]} x="1" y="{top + 20}" width="318" height="16"/>')
        for ratio, kind in ((each.possible, "band"), (each.done, "done")):
            if ratio:
                parts.append(f'<rect {paint[kind]} x="1" y="{top + 20}" width="{318 * ratio:.1f}" height="16"/>')
        parts.append(f'<path {paint["ring"]} d="M107 {top + 18}v20M213 {top + 18}v20"/>')
    return "".join(parts)


def whole(drawn: Sequence[Spoke], paint: Mapping[str, str]) -> str:
    """Radar and bars as one SVG document, for a PDF."""
    high = 46 * len(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 205" width="660" height="205"><g>{radar(drawn, paint)}</g>'
        f'<g transform="translate(335 {max(0, (205 - high) // 2)})">{bars(drawn, paint)}</g></svg>'
    )


def _point(angle: float, ratio: float) -> tuple[float, float]:
    return _CENTRE[0] + _RADIUS * ratio * math.cos(angle), _CENTRE[1] + _RADIUS * ratio * math.sin(angle)
