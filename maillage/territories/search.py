"""Finds communes from what people type: search as you type, and resolution of a whole text to one commune.

How it works is told in docs/algorithms/territories.md. In short: every name, from each of its words on, is folded to one
spelling and kept in one sorted list, so that what a person typed is a range of that list; the best of the range are
picked by a number made beforehand (kind of match, then population).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from maillage.territories.names import fold
from maillage.territories.table import table
from maillage.territories.values import Commune

#: Kinds of match, from best to worst; a whole name (« laval ») beats the start of one (« laval sur vologne »).
WHOLE, WHOLE_FORMER, START, WORD, FORMER = range(5)
#: One step between kinds of match; larger than the number of communes, which are numbered by population.
STEP = 100_000
#: Articles that people leave out or put elsewhere: « Mans » for « Le Mans ».
ARTICLES = ("le ", "la ", "les ", "l ", "los ", "aux ")
#: What is read of a typed text. The longest name has 45 letters.
LONGEST = 80

_DIGITS = re.compile(r"[0-9][0-9 ]*")
_CODE = re.compile(r"[0-9]{5}|2[ABab][0-9]{3}")
_CEDEX = re.compile(r"\bcedex( [0-9]+)?\b")


@dataclass(frozen=True, slots=True)
class Found:
    """A commune found, and the former name by which it was found (« Bazouges », now in Château-Gontier-sur-Mayenne) or ""."""

    commune: Commune
    former_name: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a whole text names. `reason` is one of:

    "exact" (`commune` is set; `others` are other readings of the same digits), "homonyms" (several communes bear the name,
    or the postal code: `others` are the choice), "partial" (a beginning of names: `others`, best first), "typo" (names one
    letter away: `others`), "unknown" (nothing near) or "empty" (nothing was typed).
    """

    reason: str
    commune: Commune | None = None
    others: tuple[Found, ...] = ()


class _Index:
    """The sorted lists. Built once, at the first search."""

    def __init__(self) -> None:
        known = table()
        self.communes = sorted(known.communes.values(), key=lambda commune: (-commune.population, commune.code))
        rank = {commune.code: position for position, commune in enumerate(self.communes)}
        entries: list[tuple[str, int, str]] = []  # folded name from a word on, kind of match and rank as one number, former name
        self.whole: dict[str, list[int]] = {}  # folded name, with and without its article → ranks
        self.whole_former: dict[str, list[tuple[int, str]]] = {}
        for position, commune in enumerate(self.communes):
            name = fold(commune.name)
            for form in {name, without_article(name)}:
                self.whole.setdefault(form, []).append(position)
            entries += [(rest, kind * STEP + position, "") for rest, kind in _from_each_word(name)]
        for _, former_name, code in known.former_names:
            name, position = fold(former_name), rank[code]
            if name != fold(self.communes[position].name):
                for form in {name, without_article(name)}:
                    self.whole_former.setdefault(form, []).append((position, former_name))
                entries += [(rest, FORMER * STEP + position, former_name) for rest, _ in _from_each_word(name)]
        entries.sort()
        self.names = [name for name, _, _ in entries]
        self.scores: NDArray[np.int32] = np.array([score for _, score, _ in entries], dtype=np.int32)
        self.former = {i: former for i, (_, _, former) in enumerate(entries) if former}
        self.region = np.array([int(commune.region) for commune in self.communes], dtype=np.int16)
        self.backwards = sorted((name[::-1], position) for name, positions in self.whole.items() for position in positions)
        joined = ((name.replace(" ", ""), position) for name, positions in self.whole.items() for position in positions)
        self.joined = sorted(joined)
        self.postcodes = sorted((postcode, rank[commune.code]) for commune in self.communes for postcode in commune.postcodes)
        self.codes = sorted((commune.code, position) for position, commune in enumerate(self.communes))


@cache
def _index() -> _Index:
    return _Index()


def search(text: str, limit: int = 8, near_region: str | None = None) -> tuple[Found, ...]:
    """The communes that a person may be typing, best first: whole names, then starts of names, then words inside, then former names.

    Understands names with or without accents, hyphens, articles and « St/Ste/s/ », words in any order, names run together, « name
    + postal code », the start of a postal code, an INSEE code; failing all, names one letter away. Among equals the
    most populated comes first, those of `near_region` (INSEE code of a région) before the others.
    """
    name, digits = _name_and_digits(text)
    if not name:
        return _by_digits(digits, limit, near_region)
    found = _by_name(name, limit if not digits else 500, near_region)
    if digits:
        found = tuple(item for item in found if _has_digits(item.commune, digits))[:limit]
    return found or _one_letter_away(name, limit)


def resolve(text: str, *, codes_first: bool = True) -> Resolution:
    """The commune that a whole text names, or a choice, or the nearest names. See `Resolution`.

    Five digits may be both an INSEE code and a postal code. By default the INSEE code wins and `others` holds the other reading (addresses
    and command lines carry codes); with `codes_first=False`, for what a person typed, the postal code wins.
    """
    name, digits = _name_and_digits(text)
    if not name:
        return _resolve_digits(text, digits, codes_first) if digits else Resolution("empty")
    index = _index()
    exact = [Found(index.communes[position]) for position in index.whole.get(name, ())]
    if not exact:
        exact = [Found(index.communes[position], former) for position, former in index.whole_former.get(name, ())]
    if digits:
        exact = [found for found in exact if _has_digits(found.commune, digits)]
    distinct = {found.commune.code: found for found in exact}
    if len(distinct) == 1:
        return Resolution("exact", next(iter(distinct.values())).commune)
    if distinct:
        return Resolution("homonyms", others=tuple(distinct.values()))
    near = tuple(found for found in _by_name(name, 200, None) if not digits or _has_digits(found.commune, digits))
    if near:
        return Resolution("partial", others=near[:8])
    near = _one_letter_away(name, 8)
    return Resolution("typo", others=near) if near else Resolution("unknown")


def without_article(name: str) -> str:
    """A folded name without its first article: « le mans » gives « mans »."""
    for article in ARTICLES:
        if name.startswith(article):
            return name[len(article) :]
    return name


def _name_and_digits(text: str) -> tuple[str, str]:
    """Splits « Laval 53000 », « 53000 Laval », « Laval (53) » into a folded name and digits; an INSEE code of Corse is digits."""
    text = text[:LONGEST]
    if _CODE.fullmatch(text.strip()):
        return "", text.strip().upper()
    folded = _CEDEX.sub(" ", fold(text))
    digits = _DIGITS.findall(folded)
    if not digits:
        corse = re.search(r"\b2[ab]\b", folded)
        if corse and corse.start():
            return " ".join(folded.replace(corse[0], " ").split()), corse[0].upper()
        return " ".join(folded.split()), ""
    longest = max(digits, key=len)
    compact = longest.replace(" ", "")
    rest = " ".join(folded.replace(longest, " ", 1).split())
    if rest and len(compact) < 2 or re.search(r"\d(er|e|eme)\b", folded):
        return " ".join(folded.split()), ""  # « Paris 3 », « Lyon 7e » : a former name (arrondissement), not a code
    return rest, compact


def _has_digits(commune: Commune, digits: str) -> bool:
    """Do digits typed beside a name fit: start of a postal code, INSEE code, or code of the département?"""
    return (
        commune.departement == digits or commune.code == digits or any(postcode.startswith(digits) for postcode in commune.postcodes)
    )


def _by_name(name: str, limit: int, near_region: str | None) -> tuple[Found, ...]:
    found = _take(_matches(name, limit, near_region), limit)
    if len(found) < limit and " " in name:
        found = _take((*found, *_words_in_any_order(name, near_region)), limit)
    if not found and len(name) >= 4:
        found = _take(_run_together(name), limit)
    return found


def _matches(name: str, limit: int, near_region: str | None) -> Iterator[Found]:
    """Names from one of their words on that start with `name`, best first."""
    index = _index()
    for position in index.whole.get(name, ()) if near_region is None else _region_first(index.whole.get(name, ()), near_region):
        yield Found(index.communes[position])
    for position, former in index.whole_former.get(name, ()):
        yield Found(index.communes[position], former)
    low, high = bisect_left(index.names, name), bisect_left(index.names, name + "\x7f")
    scores = _with_region(index.scores[low:high], near_region)
    # two words of one name may both match (« Saint-Saint… »): take some more than asked
    wanted = min(len(scores), 4 * limit)
    best = np.argpartition(scores, wanted - 1)[:wanted] if 0 < wanted < len(scores) else np.arange(len(scores))
    for i in best[np.argsort(scores[best], kind="stable")].tolist():
        yield Found(index.communes[int(index.scores[low + i]) % STEP], index.former.get(low + i, ""))


def _with_region(scores: NDArray[np.int32], near_region: str | None) -> NDArray[np.int32]:
    """Inside each kind of match, the communes of a région before the others."""
    if near_region is None or not near_region.isdigit():
        return scores
    outside = _index().region[scores % STEP] != int(near_region)
    return scores + (outside * (STEP // 2)).astype(np.int32)


def _region_first(positions: Iterable[int], near_region: str) -> list[int]:
    communes = _index().communes
    return sorted(positions, key=lambda position: (communes[position].region != near_region, position))


def _words_in_any_order(name: str, near_region: str | None) -> list[Found]:
    """Names where every typed word starts a word: « gontier chateau », « la roche yon »."""
    index = _index()
    positions: set[int] | None = None
    for word in sorted(name.split(), key=len, reverse=True):
        if word + " " in ARTICLES:
            continue
        low, high = bisect_left(index.names, word), bisect_left(index.names, word + "\x7f")
        having = {score % STEP for score in index.scores[low:high].tolist()}
        positions = having if positions is None else positions & having
        if not positions:
            return []
    ordered = sorted(positions or ())
    return [Found(index.communes[position]) for position in (_region_first(ordered, near_region) if near_region else ordered)]


def _run_together(name: str) -> list[Found]:
    """Names that start with the typed letters, spaces left out on both sides: « larochesuryon »."""
    index = _index()
    joined = name.replace(" ", "")
    low, high = bisect_left(index.joined, (joined,)), bisect_left(index.joined, (joined + "\x7f",))
    return [Found(index.communes[position]) for position in sorted(position for _, position in index.joined[low:high])]


def _by_digits(digits: str, limit: int, near_region: str | None) -> tuple[Found, ...]:
    """Postal codes that start with the digits, then the INSEE code; a former INSEE code gives its successor."""
    if not digits:
        return ()
    index = _index()
    low, high = bisect_left(index.postcodes, (digits,)), bisect_right(index.postcodes, (digits + "\x7f",))
    positions: Iterable[int] = sorted({position for _, position in index.postcodes[low:high]})
    if near_region:
        positions = _region_first(positions, near_region)
    found = [Found(index.communes[position]) for position in positions]
    known = table()
    coded = known.communes.get(digits) or known.communes.get(known.successor.get(digits, ""))
    # the INSEE code has its place even when a postal code names many communes
    return _take((*found[: limit - 1], Found(coded), *found[limit - 1 :]) if coded else found, limit)


def _resolve_digits(text: str, digits: str, codes_first: bool) -> Resolution:
    known = table()
    coded = known.communes.get(digits) or known.communes.get(known.successor.get(digits, ""))
    index = _index()
    low, high = bisect_left(index.postcodes, (digits,)), bisect_left(index.postcodes, (digits + "\x00",))
    posted = tuple(Found(index.communes[position]) for _, position in index.postcodes[low:high])
    if coded and (codes_first or not posted):
        return Resolution("exact", coded, tuple(found for found in posted if found.commune is not coded))
    if posted:
        others = _take((*posted, *((Found(coded),) if coded else ())), len(posted) + 1)
        return Resolution("exact", posted[0].commune) if len(others) == 1 else Resolution("homonyms", others=others)
    near = search(text)
    return Resolution("partial", others=near) if near else Resolution("unknown")


def _one_letter_away(name: str, limit: int) -> tuple[Found, ...]:
    """Names one letter away (added, missing, replaced, or two neighbours swapped), most populated first.

    One slip leaves the start or the end of the name untouched: candidates are those that share a half with it.
    """
    if len(name) < 4:
        return ()
    index = _index()
    start, end = name[: (len(name) - 1) // 2], name[(len(name) + 1) // 2 + 1 :][::-1]
    positions: set[int] = set()
    low, high = bisect_left(index.names, start), bisect_left(index.names, start + "\x7f")
    for i in range(low, high):
        if abs(len(index.names[i]) - len(name)) <= 1 and within_one_letter(index.names[i], name):
            positions.add(int(index.scores[i]) % STEP)
    low, high = bisect_left(index.backwards, (end,)), bisect_left(index.backwards, (end + "\x7f",))
    for backwards, position in index.backwards[low:high]:
        if abs(len(backwards) - len(name)) <= 1 and within_one_letter(backwards[::-1], name):
            positions.add(position)
    return _take((Found(index.communes[position]) for position in sorted(positions)), limit)


def within_one_letter(one: str, other: str) -> bool:
    """Are two texts equal, or one letter apart (added, missing, replaced, or two neighbours swapped)?"""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    start = 0
    while start < len(one) and one[start] == other[start]:
        start += 1
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    rest, other_rest = one[start:], other[start:]
    return rest[1:] == other_rest[1:] or (rest[2:] == other_rest[2:] and rest[:2] == other_rest[1::-1])


def _take(found: Iterable[Found], limit: int) -> tuple[Found, ...]:
    """The first `limit` communes, each once."""
    kept: dict[str, Found] = {}
    for item in found:
        if len(kept) >= limit:
            break
        kept.setdefault(item.commune.code, item)
    return tuple(kept.values())


def _from_each_word(name: str) -> Iterator[tuple[str, int]]:
    """« le mans » gives (« le mans », START) and (« mans », START); later words give WORD."""
    yield name, START
    article = len(name) - len(without_article(name))
    for i, letter in enumerate(name):
        if letter == " ":
            yield name[i + 1 :], START if i + 1 == article else WORD
