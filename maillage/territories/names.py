"""Place names as people type them, brought to one spelling."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "lez": "les"}
_UNDER = re.compile(r"\bs/s\b")
_ON = re.compile(r"\bs/\s*")
_APART = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """One spelling for all the ways to type a name: no accent, no capital, one space for hyphens, apostrophes and the rest.

    « ST-Denis d'Orques », « Saint-Denis-d’Orques » and « saint denis d orques » fold to the same text. « St », « Ste » become
    « saint », « sainte »; « s/ » becomes « sur »; « lès » and « lez » become « les ». Letters of other alphabets are dropped.
    """
    text = unicodedata.normalize("NFKC", text).lower()
    if "/" in text:
        text = _ON.sub("sur ", _UNDER.sub("sous", text))
    text = _APART.sub(" ", text)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).encode("ascii", "ignore").decode()
    return " ".join([_SHORT.get(word, word) for word in text.split()])


#: Articles that people leave out or put elsewhere: « Mans » for « Le Mans ».
ARTICLES = ("le ", "la ", "les ", "l ", "los ", "aux ")


def from_each_word(name: str) -> list[tuple[str, bool]]:
    """A folded name from each of its words on, and whether that is a natural start of it: the first word, or after its article.

    « le mans » gives (« le mans », True) and (« mans », True); « aix les bains » gives its start, then « les bains » and « bains ».
    """
    found = [(name, True)]
    natural = name.startswith(ARTICLES)
    rest = name.partition(" ")[2]
    while rest:
        found.append((rest, natural))
        natural, rest = False, rest.partition(" ")[2]
    return found
