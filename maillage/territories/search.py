"""Finds communes from what people type: search as you type, and resolution of a whole text to one commune.

How it works is told in docs/algorithms/territories.md. In short: every name, from each of its words on, is folded to one
spelling and kept in one sorted list, so that what a person typed is a range of that list; the best of the range are
picked by a number made beforehand (kind of match, then population).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.territories import invented
from maillage.territories.names import ARTICLES, fold
from maillage.territories.search_index import AFTER, FORMER, START, STEP, WORD, search_index
from maillage.territories.table import commune_at, table
from maillage.territories.values import Commune

#: What is read of a typed text. The longest name has 45 letters.
LONGEST = 80
#: How many names are looked at when digits typed beside the name choose among them (« Saint-Martin 47 »).
MANY = 500

_INSEE_CODE = re.compile(r"[0-9]{5}|2[ABab][0-9]{3}")
_DIGITS = re.compile(r"\b[0-9]+(?: [0-9]+)*\b")
_CORSE = re.compile(r"(?<=[a-z] )2[ab]\b")
_CEDEX = re.compile(r"\bcedex( [0-9]+)?\b")


@dataclass(frozen=True, slots=True)
class Found:
    """A commune found, and the former name by which it was found (« Château-Gontier », now part of another) or ""."""

    commune: Commune
    former_name: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a whole text names. `reason` is one of:

    "exact" (`commune` is set; `others` are the other readings of the same digits), "homonyms" (several communes bear the name
    or the postal code: `others` are the choice), "partial" (a beginning of names: `others`, best first), "typo" (names one
    letter away: `others`), "unknown" (nothing near) or "empty" (nothing was typed).
    """

    reason: str
    commune: Commune | None = None
    others: tuple[Found, ...] = ()


def search(text: str, limit: int = 8, near_region: str | None = None) -> tuple[Found, ...]:
    """The communes that a person may be typing, best first: whole names, then starts of names, then words inside, then former names.

    Understands names with or without accents, hyphens, articles and « St/Ste/s/ », words in any order, names run together, « name
    + postal code » or département, the start of a postal code, an INSEE code; failing all, names one letter away. Among equals
    the most populated comes first, those of `near_region` (INSEE code of a région) before the others.
    """
    name, digits = _name_and_digits(text)
    if not name:
        return _by_digits(digits, limit, near_region)
    found = _named(name, digits, limit, near_region)
    if not found and digits:  # « Paris 11 »: the digits belong to the name
        found = _by_name(f"{name} {digits.lower()}", limit, near_region)
    return found or _one_letter_away(name, digits, limit)


def resolve(text: str, *, codes_first: bool = True) -> Resolution:
    """The commune that a whole text names, or a choice, or the nearest names. See `Resolution`.

    Five digits may be both an INSEE code and a postal code (53200 is Saint-Baudelle by the first, Château-Gontier by the second). By
    default the INSEE code wins, for addresses and command lines, which carry codes, and `others` holds the postal reading; with
    `codes_first=False`, for what a person typed, both readings are offered.
    """
    name, digits = _name_and_digits(text)
    if not name:
        return _resolve_digits(digits, codes_first) if digits else Resolution("empty")
    exact = _exactly(name, digits) or (_exactly(f"{name} {digits.lower()}", "") if digits else ())
    if len(exact) == 1:
        return Resolution("exact", exact[0].commune)
    if exact:
        return Resolution("homonyms", others=exact)
    near = _named(name, digits, 8, None)
    if near:
        return Resolution("partial", others=near)
    near = _one_letter_away(name, digits, 8)
    return Resolution("typo", others=near) if near else Resolution("unknown")


def _name_and_digits(text: str) -> tuple[str, str]:
    """Splits « Laval 53000 », « 53 000 Laval », « Laval (53) », « Bastia (2B) » into a folded name and a code without spaces."""
    text = text[:LONGEST].strip()
    if _INSEE_CODE.fullmatch(text) or text.upper() in invented.codes():
        return "", text.upper()
    folded = _CEDEX.sub(" ", fold(text))
    code = _CORSE.search(folded) or _DIGITS.search(folded)
    if not code:
        return folded.strip(), ""
    name = " ".join((folded[: code.start()] + " " + folded[code.end() :]).split())
    return name, code[0].replace(" ", "").upper()


def _fits(commune: Commune, digits: str) -> bool:
    """Do digits typed beside a name fit: start of a postal code, INSEE code, or code of the département? No digits always fit."""
    return (
        not digits
        or digits in (commune.departement, commune.code)
        or any(postcode.startswith(digits) for postcode in commune.postcodes)
    )


def _exactly(name: str, digits: str) -> tuple[Found, ...]:
    """The communes that bear exactly this name (with or without its article); failing that, those that bore it."""
    index = search_index()
    low, high = index.equal(name)
    scored = sorted((score, i) for i, score in enumerate(index.scores[low:high].tolist(), start=low))
    found = [(score // STEP, Found(index.commune(score), index.former.get(i, ""))) for score, i in scored]
    current = [item for kind, item in found if kind == START]
    former = [item for kind, item in found if kind == FORMER and fold(item.former_name).startswith(name)]
    return _distinct(item for item in current or former if _fits(item.commune, digits))


def _named(name: str, digits: str, limit: int, near_region: str | None) -> tuple[Found, ...]:
    if not digits:
        return _by_name(name, limit, near_region)
    return tuple(item for item in _by_name(name, MANY, near_region) if _fits(item.commune, digits))[:limit]


def _by_name(name: str, limit: int, near_region: str | None) -> tuple[Found, ...]:
    found = _distinct(_starting(name, limit, near_region), limit)
    if len(found) < limit and " " in name:
        found = _distinct((*found, *_words_in_any_order(name, 2 * limit, near_region)), limit)
    if not found and len(name) >= 4:
        found = _distinct(_run_together(name), limit)
    return found


def _starting(name: str, limit: int, near_region: str | None) -> Iterator[Found]:
    """Names from one of their words on that are `name`, then those that start with it, best first."""
    index = search_index()
    low, high = index.starting(name)
    kinds = index.scores[low:high] // STEP
    whole = (np.arange(low, high) < index.equal(name)[1]) & (kinds != WORD)
    scores = _region_first(index.scores[low:high], near_region) + np.where(whole, 0, 3 * STEP).astype(np.int32)
    # a commune may have several entries in the range: take more than asked
    wanted = min(len(scores), 4 * limit)
    best = np.argpartition(scores, wanted - 1)[:wanted] if wanted < len(scores) else np.arange(wanted)
    for i in best[np.argsort(scores[best], kind="stable")].tolist():
        yield Found(index.commune(int(index.scores[low + i])), index.former.get(low + i, ""))


def _region_first(scores: NDArray[np.int32], near_region: str | None) -> NDArray[np.int32]:
    """The scores where, inside each kind of match, the communes of a région come before the others."""
    if near_region is None or not near_region.isdecimal():
        return scores
    outside = search_index().regions[scores % STEP] != int(near_region)
    return np.where(outside, scores + np.int32(STEP // 2), scores)


def _words_in_any_order(name: str, limit: int, near_region: str | None) -> list[Found]:
    """Names where every typed word starts a word: « gontier chateau », « la roche yon »."""
    index = search_index()
    ranks: NDArray[np.int32] | None = None
    for word in sorted(set(name.split()), key=len, reverse=True):
        if word + " " in ARTICLES:
            continue
        low, high = index.starting(word)
        having = np.unique(index.scores[low:high] % STEP)
        ranks = having if ranks is None else np.intersect1d(ranks, having, assume_unique=True)
        if not len(ranks):
            return []
    return [] if ranks is None else [Found(index.commune(rank)) for rank in _first(ranks, limit, near_region)]


def _first(ranks: NDArray[np.int32], limit: int, near_region: str | None) -> list[int]:
    """The first of ranks in rising order, those of a région before the others."""
    if near_region is not None and near_region.isdecimal():
        outside = search_index().regions[ranks] != int(near_region)
        ranks = ranks[np.argsort(outside, kind="stable")]
    return [int(rank) for rank in ranks[:limit]]


def _run_together(name: str) -> list[Found]:
    """Names that start with the typed letters, spaces left out on both sides: « larochesuryon »."""
    index = search_index()
    ranks = {rank for _, rank in _range(index.joined, name.replace(" ", ""))}
    return [Found(index.commune(rank)) for rank in sorted(ranks)]


def _by_digits(digits: str, limit: int, near_region: str | None) -> tuple[Found, ...]:
    """Communes whose postal code starts with the digits; the one whose INSEE code they are keeps a place among them."""
    if not digits:
        return ()
    index = search_index()
    posted = [Found(index.commune(rank)) for rank in _first(index.postcode_ranks(digits), limit, near_region)]
    coded = _coded(digits, former=not posted)
    return _distinct((*posted[: limit - 1], Found(coded), *posted[limit - 1 :]) if coded else posted, limit)


def _resolve_digits(digits: str, codes_first: bool) -> Resolution:
    index = search_index()
    posted = tuple(Found(index.commune(int(rank))) for rank in index.postcode_ranks(digits, whole=True))
    coded = _coded(digits, former=not posted)
    if coded and (codes_first or not posted):
        return Resolution("exact", coded, tuple(item for item in posted if item.commune.code != coded.code))
    choice = _distinct((*posted, Found(coded)) if coded else posted)
    if choice:
        return Resolution("exact", choice[0].commune) if len(choice) == 1 else Resolution("homonyms", others=choice)
    near = _by_digits(digits, 8, None)
    return Resolution("partial", others=near) if near else Resolution("unknown")


def _coded(code: str, former: bool) -> Commune | None:
    """The commune of an INSEE code; of a former code too if `former` (a postal code in use says more than a code out of use)."""
    known = table()
    if code in known.lines:
        return commune_at(code)
    return commune_at(known.successor[code]) if former and code in known.successor else None


def _one_letter_away(name: str, digits: str, limit: int) -> tuple[Found, ...]:
    """Current names one letter away (added, missing, replaced, or two neighbours swapped), most populated first.

    One slip leaves the start or the end of the name untouched: candidates are those that share a half with it.
    """
    if len(name) < 4:
        return ()
    index = search_index()
    start, end = name[: (len(name) - 1) // 2], name[(len(name) + 1) // 2 + 1 :]
    ranks = {rank for other, rank in _range(index.whole_names, start) if within_one_letter(other, name)}
    backwards = name[::-1]
    ranks |= {rank for other, rank in _range(index.backwards, end[::-1]) if within_one_letter(other, backwards)}
    found = (Found(index.commune(rank)) for rank in sorted(ranks))
    return _distinct((item for item in found if _fits(item.commune, digits)), limit)


def within_one_letter(one: str, other: str) -> bool:
    """Are two texts equal, or one letter apart (added, missing, replaced, or two neighbours swapped)?"""
    if abs(len(one) - len(other)) > 1:
        return False
    if len(one) > len(other):
        one, other = other, one
    start = 0
    while start < len(one) and one[start] == other[start]:
        start += 1
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    rest, other_rest = one[start:], other[start:]
    return rest[1:] == other_rest[1:] or (rest[2:] == other_rest[2:] and rest[:2] == other_rest[1::-1])


def _range(pairs: list[tuple[str, int]], start: str) -> list[tuple[str, int]]:
    return pairs[bisect_left(pairs, (start,)) : bisect_left(pairs, (start + AFTER,))]


def _distinct(found: Iterable[Found], limit: int | None = None) -> tuple[Found, ...]:
    """The first `limit` communes, each once."""
    kept: dict[str, Found] = {}
    for item in found:
        if limit is not None and len(kept) >= limit:
            break
        kept.setdefault(item.commune.code, item)
    return tuple(kept.values())
