"""Text that the embedded fonts can draw: PDF/UA-1 refuses a document in which one character has no shape."""

from __future__ import annotations

import unicodedata
from itertools import chain

#: Ranges drawn in full by Libertinus Serif or DejaVu Sans Mono, the fonts embedded in typst (a test draws every one of them).
_RANGES = (
    (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x2FF), (0x370, 0x377), (0x37A, 0x37F), (0x384, 0x38A), (0x38E, 0x3A1), (0x3A3, 0x482),
    (0x48A, 0x4FF), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x202F, 0x2040), (0x20A0, 0x20C0), (0x2100, 0x211E), (0x2190, 0x22FF),
    (0x25A0, 0x25FF), (0xFB00, 0xFB06),
)  # fmt: skip
#: Drawn in the place of a character that no embedded font has.
UNKNOWN = "□"

DRAWABLE = frozenset(map(chr, chain.from_iterable(range(first, last + 1) for first, last in _RANGES)))


def drawable(text: str) -> str:
    """The same text with drawable characters only: white space made plain, invisible signs left out, the others shown as □."""
    if all(map(DRAWABLE.__contains__, text)):
        return text
    return "".join(map(_drawn, unicodedata.normalize("NFC", text)))


def _drawn(character: str) -> str:
    if character in DRAWABLE:
        return character
    if character.isspace():
        return " "
    # controls, direction marks, joiners, variation selectors, accents that found no letter
    return "" if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Mn", "Me"} else UNKNOWN
