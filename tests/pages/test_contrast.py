"""Every pair of colours that the stylesheet puts together is readable (WCAG 1.4.3 and 1.4.11), whatever the portal's accent."""

from __future__ import annotations

import re

import pytest

from maillage.kit.contrast import contrast_ratio
from maillage.pages.stylesheet import SOURCE, accents, stylesheet
from maillage.vocabulary.portals import portals

TOKENS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", SOURCE.read_text(encoding="utf-8")))
#: (text, surface): 4.5:1
TEXT = [
    *((text, surface) for text in ("ink", "soft", "accent-deep") for surface in ("paper", "sand", "white", "accent-soft")),
    *((text, surface) for text in ("ok", "warn", "alarm") for surface in ("paper", "white")),
    ("ok", "ok-soft"),
    ("warn", "warn-soft"),
    ("alarm", "alarm-soft"),
    ("ink", "ok-soft"),
    ("ink", "warn-soft"),
    ("ink", "alarm-soft"),
    ("soft", "alarm-soft"),
    ("accent-deep", "alarm-soft"),
    ("accent-deep", "warn-soft"),
    ("warn", "accent-soft"),
    ("ok", "accent-soft"),
    ("white", "accent"),
    ("white", "accent-deep"),
    ("white", "alarm"),
    ("paper", "ink"),
    ("accent", "paper"),
]
#: (border, icon or focus ring; surface): 3:1
SHAPES = [
    *(("edge", surface) for surface in ("paper", "sand", "white", "accent-soft")),
    *(("accent", surface) for surface in ("paper", "sand", "white", "accent-soft")),
    *(("ink", surface) for surface in ("paper", "sand", "white", "accent-soft", "alarm-soft")),
    ("alarm", "paper"),
    ("alarm", "alarm-soft"),
]


def _palette(code: str) -> dict[str, str]:
    return {**TOKENS, **accents(portals()[code].accent), "white": "#ffffff"}


@pytest.mark.parametrize("code", list(portals()))
@pytest.mark.parametrize(("text", "surface"), TEXT)
def test_text_is_readable(code: str, text: str, surface: str) -> None:
    palette = _palette(code)
    assert contrast_ratio(palette[text], palette[surface]) >= 4.5


@pytest.mark.parametrize("code", list(portals()))
@pytest.mark.parametrize(("shape", "surface"), SHAPES)
def test_shapes_of_controls_can_be_seen(code: str, shape: str, surface: str) -> None:
    palette = _palette(code)
    assert contrast_ratio(palette[shape], palette[surface]) >= 3


def test_no_colour_of_text_escapes_the_table() -> None:
    used = set(re.findall(r"[{; ]color: var\(--([a-z-]+)\)", SOURCE.read_text(encoding="utf-8")))
    assert used <= {text for text, _ in TEXT}


def test_each_portal_has_its_accent_in_the_stylesheet() -> None:
    css = stylesheet().plain.decode()
    for code, portal in portals().items():
        assert f'[data-portal="{code}"]{{--accent:{portal.accent};' in css
