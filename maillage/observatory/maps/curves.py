"""A curve from 0 to 100 % against 0 to 100 %, with the diagonal: the drawing of a Lorenz curve. Its table is beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

#: Side of the square, and white space for the words of the axes, in units of the drawing.
SIDE, LEFT, TOP = 260, 44, 12


@dataclass(frozen=True, slots=True)
class Curve:
    """Points (x, y) from 0 to 1, and what the curve is."""

    name: str
    points: Sequence[tuple[float, float]]


def curves(every: Sequence[Curve], *, title: str, x: str, y: str, diagonal: str) -> SafeString:
    """The drawing as safe HTML. `x` and `y` name the axes, `diagonal` says what the straight line means."""
    lines = [
        (curve.name, rank, " ".join(f"{LEFT + SIDE * px:.0f},{TOP + SIDE * (1 - py):.0f}" for px, py in curve.points))
        for rank, curve in enumerate(every, start=1)
    ]
    ticks = [(f"{share}", LEFT + SIDE * share / 100, TOP + SIDE * (1 - share / 100)) for share in (0, 50, 100)]
    context = {
        "title": title, "x": x, "y": y, "diagonal": diagonal, "lines": lines, "ticks": ticks, "left": LEFT, "top": TOP,
        "right": LEFT + SIDE, "bottom": TOP + SIDE, "width": LEFT + SIDE + 14, "height": TOP + SIDE + 44,
    }  # fmt: skip
    return render_to_string("observatory/curves.html", context)
