"""A place's commune, from what its producer gave: an INSEE code of any year, or a name with a postal code or a département."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from maillage.territories import queries
from maillage.territories.names import ARTICLES, fold
from maillage.territories.queries import Commune

_CEDEX = re.compile(r"\bcedex\b.*$")
_DISTRICT = re.compile(r" \d{1,2}(?: ?(?:e|er|eme|ieme))?(?: arrondissement)?$")


@dataclass(frozen=True, slots=True)
class Located:
    """The commune of today, and a French sentence when what was given does not quite agree: a person should look."""

    commune: Commune
    doubt: str = ""


def find(code: str = "", name: str = "", postcode: str = "", departement: str = "") -> Located | None:
    """The commune that a record names, or None when it names none, or several.

    A known INSEE code gives it; a former one, its successor. When name and postal code together name another commune, they win
    (two facts against one) with a doubt. Without code, the name decides among the communes of the postal code, then of the
    département (a CEDEX code belongs to no commune); then the only commune of the département whose name starts so.
    """
    coded = queries.commune(code) if code else None
    named = _named(name, postcode, departement)
    if coded and named and named.commune != coded and not named.doubt and postcode in named.commune.postcodes:
        return Located(
            named.commune,
            f"Le code INSEE {code} est celui de {coded.name}, mais le nom et le code postal sont ceux de {named.commune.name} : "
            f"{named.commune.name} a été retenue.",
        )
    if coded:
        return Located(coded)
    return named


def _named(name: str, postcode: str, departement: str) -> Located | None:
    wanted = _plain(name)
    if not wanted:
        return None
    same = [commune for commune in _by_postcode().get(postcode, ()) if _plain(commune.name) == wanted]
    if len(same) == 1:
        return Located(same[0])
    where = departement.zfill(2) if departement else _departement(postcode)
    same = [commune for commune in _by_name().get(wanted, ()) if commune.departement == where]
    if len(same) == 1:
        return Located(same[0])
    resolved = queries.resolve(f"{_readable(name)} {where}")
    if resolved.reason == "exact" and resolved.commune and resolved.commune.departement == where:
        return Located(resolved.commune)
    if resolved.reason in ("partial", "typo"):
        near = [found.commune for found in resolved.others if found.commune.departement == where]
        served = [commune for commune in near if postcode in commune.postcodes] or near
        if len(served) == 1:
            return Located(
                served[0],
                "" if postcode in served[0].postcodes else f"« {name} » a été lu comme la commune de {served[0].name} ({where}).",
            )
    return None


def _readable(name: str) -> str:
    return _DISTRICT.sub("", _CEDEX.sub("", name.strip().lower()).strip())


def _plain(name: str) -> str:
    """A name to compare: no CEDEX, no district number, no article."""
    folded = _DISTRICT.sub("", _CEDEX.sub("", fold(name)).strip())
    for article in ARTICLES:
        if folded.startswith(article):
            return folded[len(article) :]
    return folded


def _departement(postcode: str) -> str:
    """The département of a postal code by its first digits: right but for a few communes, and Corsica (20), which has two."""
    if postcode.startswith(("97", "98")):
        return postcode[:3]
    return postcode[:2]


@cache
def _by_postcode() -> dict[str, tuple[Commune, ...]]:
    found: dict[str, list[Commune]] = {}
    for commune in queries.all_communes():
        for postcode in commune.postcodes:
            found.setdefault(postcode, []).append(commune)
    return {postcode: tuple(communes) for postcode, communes in found.items()}


@cache
def _by_name() -> dict[str, tuple[Commune, ...]]:
    found: dict[str, list[Commune]] = {}
    for commune in queries.all_communes():
        found.setdefault(_plain(commune.name), []).append(commune)
    return {name: tuple(communes) for name, communes in found.items()}
