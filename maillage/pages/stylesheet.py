"""The stylesheet of the site: one file, plus the accent colours of each portal, so that adding a region touches data only.

Served by a view of ours rather than as a static file, because a portal's colours are known only when the regions are read, and
because a separate file would cost a request on each first visit.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from maillage.kit.contrast import mix
from maillage.vocabulary.portals import PAPER, portals

SOURCE = Path(__file__).resolve().parent.parent / "ui" / "static" / "maillage.css"


def accents(accent: str) -> dict[str, str]:
    """The three tokens that come from a portal's accent: itself, a deeper one for text, a soft one for surfaces."""
    return {"accent": accent, "accent-deep": mix(accent, "#000000", 0.75), "accent-soft": mix(accent, PAPER, 0.09)}


def minified(css: str) -> str:
    """The same rules without comments and without the white space that only helps those who write them."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r"\s*([{};,])\s*", r"\1", css).replace(";}", "}").strip()


@dataclass(frozen=True)
class Stylesheet:
    """The bytes to send, plain and compressed, and the digest that makes their address unique for ever."""

    plain: bytes
    compressed: bytes
    digest: str


def stylesheet() -> Stylesheet:
    """The stylesheet of this installation. Made once per process (and again if the portals change, as they do in tests)."""
    return _made(tuple((portal.code, portal.accent) for portal in portals().values()))


@cache
def _made(brands: tuple[tuple[str, str], ...]) -> Stylesheet:
    rules = [SOURCE.read_text(encoding="utf-8")]
    for code, accent in brands:
        tokens = ";".join(f"--{name}:{value}" for name, value in accents(accent).items())
        rules.append(f'[data-portal="{code}"]{{{tokens}}}')
    plain = minified("".join(rules)).encode()
    return Stylesheet(plain, gzip.compress(plain, 9, mtime=0), hashlib.sha256(plain).hexdigest()[:12])
