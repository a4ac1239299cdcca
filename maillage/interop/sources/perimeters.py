"""A place as a producer names it, with its scale if it says one → territories of ours. Pure: reads the shipped territories only.

Producers give names, not codes. A name is taken when exactly one territory bears it; otherwise nobody guesses: the candidates
are told to the person who reviews the sheet.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from maillage.interop.sources.texts import folded
from maillage.kit.remembered import remembered
from maillage.territories import queries
from maillage.territories.names import fold
from maillage.territories.values import FRANCE, Place

_OVERSEAS = ("region:01", "region:02", "region:03", "region:04", "region:06")
_CORSE = "region:94"
_WIDEST_FIRST = ("region", "departement", "epci")
#: « regions_11_24 »: how Aides-territoires names a set of régions.
_REGION_CODES = re.compile(r"regions?((?:_\d\d)+)")
_KINDS_OF_EPCI = ("communaute de communes", "communaute d agglomeration", "communaute urbaine", "metropole", "cc", "ca", "cu")
_LINKS = ("de la ", "de l ", "du ", "des ", "de ", "d ", "le ", "la ", "les ", "l ")
#: Names less alike than this (out of 100) are not worth a reviewer's time.
_ALIKE = 85


@dataclass(frozen=True, slots=True)
class Found:
    """What a name means. `key` is set when one territory says it all; `coverage` and `excluded` say it in every case found.

    « Outre-mer » is five régions and « France continentale » is France less six: `coverage` holds them, `key` is None. When
    nothing is found `coverage` is empty, and `candidates` are the keys of the territories that the name may mean.
    """

    key: str | None = None
    candidates: tuple[str, ...] = ()
    coverage: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


@remembered(4_096)  # the same perimeters come again and again, and an unknown one is compared with thousands
def territory(name: str, scale: str = "") -> Found:
    """The territory that a name means, at a scale when the producer says one (its word: « Région », "department", « EPCI »…)."""
    plain = fold(name)
    if not plain:
        return Found()
    codes = _REGION_CODES.fullmatch(name.strip().lower())
    if codes:
        return _several(f"region:{code}" for code in codes[1].strip("_").split("_"))
    words = _words()
    level = words["scales"].get(folded(scale)) if scale else None
    if level in ("outre-mer", "metropole") and plain not in words["names"]:
        level = None  # « Guadeloupe (Outre-mer) » is a place, not the whole
    special = words["names"].get(folded(name)) or (level if level in ("outre-mer", "metropole", "france") else None)
    if special:
        return _special(special)
    for start, said in words["institutions"].items():
        if plain.startswith(start + " "):
            exact = _at_level(_without_link(plain[len(start) + 1 :]), said)
            return exact if exact.coverage else Found(None, exact.candidates)
    if level:
        return _at_level(plain, level)
    if level == "":
        return _unsure(plain, _WIDEST_FIRST)
    return _at_any_level(plain)


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "perimeters.toml").read_text(encoding="utf-8"))


def _one(key: str) -> Found:
    return Found(key, coverage=(key,))


def _several(keys: Iterable[str]) -> Found:
    kept = tuple(keys)
    if not all(queries.exists(queries.parse_key(key)) for key in kept):
        return Found()
    return _one(kept[0]) if len(kept) == 1 else Found(coverage=kept)


def _special(word: str) -> Found:
    if word == "outre-mer":
        return Found(coverage=_OVERSEAS)
    if word == "metropole":
        return Found(coverage=(FRANCE.key,), excluded=_OVERSEAS)
    if word == "continent":
        return Found(coverage=(FRANCE.key,), excluded=(*_OVERSEAS, _CORSE))
    return _one(FRANCE.key)


def _at_level(plain: str, level: str) -> Found:
    if level == "commune":
        return _commune(plain)
    keys = _by_name(level).get(plain, ())
    if level == "region" and not keys and folded(plain) in _words()["former_regions"]:
        return _several(f"departement:{code}" for code in _words()["former_regions"][folded(plain)])
    if level == "departement" and not keys and queries.place(level, plain.upper()):
        keys = (f"departement:{plain.upper()}",)
    if len(keys) == 1:
        return _one(keys[0])
    return Found(None, keys) if keys else _unsure(plain, (level,))


def _commune(plain: str) -> Found:
    found = queries.resolve(plain)
    if found.reason == "exact" and found.commune:
        return _one(f"commune:{found.commune.code}")
    return Found(None, tuple(f"commune:{other.commune.code}" for other in found.others[:5]))


def _at_any_level(plain: str) -> Found:
    """Without a scale. One level must bear the name; « Paris » or « La Réunion », the same place twice, are the wider one."""
    keys = [key for level in _WIDEST_FIRST for key in _by_name(level).get(plain, ())]
    commune = _commune(plain)
    if not keys and not commune.key and folded(plain) in _words()["former_regions"]:
        return _at_level(plain, "region")
    if keys and keys[0].startswith("region:"):
        return _one(keys[0])  # « Bretagne » is also a village of the Indre: a producer who meant it would have said so
    namesakes = (commune.key,) if commune.key else commune.candidates if _are_homonyms(plain) else ()
    keys += [key for key in namesakes if not keys or _bears(key, plain)]
    if not keys:
        return _unsure(plain, _WIDEST_FIRST, commune.candidates)
    extents = {queries.commune_codes_of(*queries.parse_key(key)) for key in keys}
    return _one(keys[0]) if len(extents) == 1 else Found(None, tuple(keys[:5]))


def _are_homonyms(plain: str) -> bool:
    return queries.resolve(plain).reason == "homonyms"


def _bears(key: str, plain: str) -> bool:
    """Is this the commune's whole name, article included?"""
    commune = queries.commune(queries.parse_key(key).code)
    return commune is not None and fold(commune.name) == plain


def _unsure(plain: str, levels: Iterable[str], more: tuple[str, ...] = ()) -> Found:
    from rapidfuzz import fuzz, process  # not above: a process that compares no names does without its memory

    alike: list[str] = []
    for level in levels:
        names = _by_name(level)
        near = process.extract(plain, list(names), scorer=fuzz.WRatio, score_cutoff=_ALIKE, limit=3)
        alike += [key for name, _, _ in near for key in names[name] if key not in alike]
    return Found(None, (*alike[:5], *more)[:5])


def _without_link(plain: str) -> str:
    for link in _LINKS:
        if plain.startswith(link):
            return plain[len(link) :]
    return plain


@cache
def _by_name(level: str) -> dict[str, tuple[str, ...]]:
    """Folded name → keys, for every way to write the places of a level."""
    found: dict[str, list[str]] = {}
    for place in queries.places(level):
        for spelling in _spellings(place):
            keys = found.setdefault(spelling, [])
            if place.key not in keys:
                keys.append(place.key)
    return {name: tuple(keys) for name, keys in found.items()}


def _spellings(place: Place) -> set[str]:
    whole = {fold(place.name), fold(place.long_name), fold(place.the)}
    whole |= {_without_link(name) for name in whole}
    if place.level == "epci":
        without_acronym = {fold(re.sub(r"\([^)]*\)", "", name)) for name in (place.name, place.long_name)}
        bare = {
            _without_link(name[len(kind) + 1 :]) for name in whole | without_acronym for kind in _KINDS_OF_EPCI
            if name.startswith(kind + " ")
        }  # fmt: skip
        whole |= without_acronym | bare
        whole |= {
            f"{kind} {name}" for name in bare for kind in ("cc", "communaute de communes") if fold(place.name).startswith("cc ")
        }
    return whole
