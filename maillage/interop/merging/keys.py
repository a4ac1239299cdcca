"""What two sheets of the same thing have in common: numbers, web page, words of the name. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from maillage.territories import queries as territories
from maillage.territories.names import fold

#: Words that say nothing of which one it is.
_EMPTY = frozenset(
    {
        "a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "par", "pour", "sur", "un", "une",
    }
)  # fmt: skip
_WORD = re.compile(r"[a-z0-9]+")
#: Parameters of an address that do not change the page.
_TRACKING = re.compile(r"utm_\w+|gclid|fbclid|mtm_\w+|pk_\w+|at_\w+|xtor")


@dataclass(frozen=True, slots=True)
class Face:
    """What is compared of a sheet. `reach` are codes of départements, empty when it is everywhere or unknown."""

    uid: str
    source: str
    name: str  # words in order of the alphabet
    words: tuple[str, ...]
    nature: str = ""  # kind of an offer, level of a relay
    reach: frozenset[str] = frozenset()
    siret: str = ""
    siren: str = ""
    page: str = ""
    commune: str = ""


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name that tell it from others, each once, in order of the alphabet."""
    return tuple(sorted({word for word in _WORD.findall(fold(name)) if word not in _EMPTY}))


def page_of(address: str) -> str:
    """A web address in one form: no scheme, no www., no fragment, no tracking; empty for a whole site and for what is not an address."""
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    query = urlencode(sorted((key, value) for key, value in parse_qsl(parts.query) if not _TRACKING.fullmatch(key.lower())))
    if not host or not (path or query):
        return ""
    return host + path + (f"?{query}" if query else "")


@lru_cache(maxsize=65_536)
def departements_of(keys: tuple[str, ...]) -> frozenset[str]:
    """The départements that a coverage touches; empty when it is all of France, or unknown."""
    found: set[str] = set()
    for key in keys:
        level, _, code = key.partition(":")
        place = territories.place(level, code)
        if level == "france" or place is None:
            return frozenset()
        found.update(place.departements)
    return frozenset(found)


def compatible(one: Face, other: Face) -> bool:
    """May they be the same thing? Not from the same source; same nature; territories that meet."""
    if one.source == other.source or one.uid == other.uid or one.nature != other.nature:
        return False
    return not one.reach or not other.reach or bool(one.reach & other.reach)
