"""What the widget shows on a partner's page, and in which colours: what is asked in its address, made readable whatever is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

import numpy as np

from maillage.catalogue.index import Entry, current_index
from maillage.catalogue.models import Offer
from maillage.kit.contrast import contrast_ratio, mix
from maillage.orientation.fetch import offers_by_key
from maillage.orientation.matching.selection import Selection
from maillage.orientation.ranking import ranked
from maillage.orientation.situation import Situation
from maillage.orientation.territory import networks_of, reaching
from maillage.territories import queries as territories
from maillage.territories.values import Place

#: Offers shown, by default and at most.
OFFERS, OFFERS_AT_MOST = 5, 10
THEMES = ("auto", "clair", "sombre")
_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
#: Surfaces and texts of the dark theme; those of the light one are the site's.
DARK = {
    "paper": "#1d1a16",
    "sand": "#27221c",
    "line": "#4a4237",
    "edge": "#9c8d78",
    "ink": "#f4ede2",
    "soft": "#c9bda9",
    "ok": "#a9d8ae",
    "ok-soft": "#22311f",
    "warn": "#f0c67a",
    "warn-soft": "#3a2c12",
    "alarm": "#f3a7a0",
    "alarm-soft": "#402020",
}
LIGHT_PAPER, WHITE = "#fffdf8", "#ffffff"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the widget says: how many offers there are, the first ones, and who to call."""

    total: int
    offers: Sequence[Offer]
    contact: Entry | None
    reason: str


def shown(situation: Situation, place: Place | None, regions: Sequence[str], today: date, count: int) -> Shown:
    """The best placed offers of a situation that reach a place, and its network of reference. Two statements."""
    snapshot = current_index()
    selection = Selection(snapshot, situation, today)
    found = selection.results if place is None else selection.results & reaching(snapshot, place)
    order = ranked(selection, found, regions)
    if place is not None and situation.commune is None:  # nobody said where: what is closest to the place of the page first
        order = order[np.argsort(snapshot.columns.scale[order], kind="stable")]
    keys = [int(snapshot.columns.pk[at]) for at in order[:count]]
    by_key = {offer.pk: offer for offer in offers_by_key(keys)}
    where = territories.place("commune", situation.commune.code) if situation.commune else place
    networks = networks_of(snapshot, where, today) if where and where.level != "france" else []
    contact, reason = networks[0] if networks else (None, "")
    return Shown(len(found), [by_key[key] for key in keys if key in by_key], contact, reason)


def colour(text: str) -> str:
    """A colour written as six hexadecimal figures, as #rrggbb; empty for anything else."""
    match = _COLOUR.fullmatch(text.strip())
    return f"#{match[1].lower()}" if match else ""


def parent_origin(text: str, allowed: Sequence[str]) -> str:
    """The origin of the page that embeds us, when it is one of those allowed ("*": any); else empty."""
    origin = text.strip().lower().rstrip("/")
    if not _ORIGIN.fullmatch(origin):
        return ""
    return origin if "*" in allowed or origin in {each.lower().rstrip("/") for each in allowed} else ""


def is_origin(text: str) -> bool:
    """Is this an origin (scheme, host, port) and nothing more?"""
    return bool(_ORIGIN.fullmatch(text.lower())) and bool(urlsplit(text).hostname)


def stylesheet(accent: str, theme: str) -> str:
    """The rules that give the widget its colours: `accent` made darker or lighter until it can be read, light or dark surfaces."""
    light = f"html[data-portal]{{{_tokens(_accents(accent, dark=False))}}}"
    dark = f"html[data-portal]{{{_tokens({**DARK, **_accents(accent, dark=True)})}}}.card{{background:var(--sand)}}.button{{color:{DARK['paper']}}}"
    shape = "body{display:block;min-height:0}main{padding-block:1rem}h1{font-size:1.3rem}.card h2{margin:0 0 .1rem;font:600 1.17rem/1.25 var(--display)}.button-quiet{color:var(--accent-deep)}"
    if theme == "clair":
        return light + shape
    if theme == "sombre":
        return dark + shape + "html{color-scheme:dark}"
    return f"{light}@media(prefers-color-scheme:dark){{{dark}html{{color-scheme:dark}}}}{shape}"


def _tokens(values: dict[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in values.items())


def _accents(accent: str, *, dark: bool) -> dict[str, str]:
    """The accent, one for texts and one for surfaces. Texts on paper and on the soft surface have a contrast of 4.5 at least (WCAG 1.4.3)."""
    paper = DARK["paper"] if dark else LIGHT_PAPER
    soft = mix(accent, paper, 0.15 if dark else 0.09)
    far = WHITE if dark else "#000000"
    # the text of a button is the dark paper, or white
    readable = _until_readable(accent, far, (paper, soft, DARK["paper"] if dark else WHITE))
    return {"accent": readable, "accent-deep": mix(readable, far, 0.8), "accent-soft": soft}


def _until_readable(accent: str, far: str, surfaces: Sequence[str]) -> str:
    found = accent
    for step in range(1, 41):
        if all(contrast_ratio(found, surface) >= 4.5 for surface in surfaces):
            break
        found = mix(accent, far, 1 - step / 40)
    return found
