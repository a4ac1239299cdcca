"""Place names as people type them, brought to one spelling."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae"})
_SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "lez": "les"}
_UNDER = re.compile(r"\bs/s\b")
_ON = re.compile(r"\bs/\s*")
_APART = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """One spelling for all the ways to type a name: no accent, no capital, one space for hyphens, apostrophes and the rest.

    « ST-Denis d'Orques », « Saint-Denis-d’Orques » and « saint denis d orques » fold to the same text. « St », « Ste » become
    « saint », « sainte »; « s/ » becomes « sur »; « lès » and « lez » become « les ».
    """
    text = unicodedata.normalize("NFKD", text.translate(_LIGATURES).lower())
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = _ON.sub("sur ", _UNDER.sub("sous", text))
    return " ".join(_SHORT.get(word, word) for word in _APART.sub(" ", text).split())
