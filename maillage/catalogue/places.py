"""Finds territories of every level from what a person types, for the forms of the office."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from maillage.territories import queries as territories
from maillage.territories.names import fold
from maillage.territories.values import Place

#: The wide ones first: somebody who types « mayenne » means the département more often than the commune.
_WIDE = ("region", "departement", "epci")


@cache
def _wide_places() -> tuple[tuple[str, Place], ...]:
    return tuple((fold(place.long_name), place) for level in _WIDE for place in territories.places(level))


def find(text: str, limit: int = 12) -> list[Place]:
    """Régions, départements, EPCI then communes whose name holds every word typed, or whose code it is; best first."""
    wanted = fold(text)
    if not wanted:
        return []
    if wanted == "france":
        whole_country = territories.place("france")
        return [whole_country] if whole_country else []
    words = wanted.split()
    whole: list[Place] = []
    partial: list[Place] = []
    for name, place in _wide_places():
        if name == wanted or place.code.lower() == text.strip().lower():
            whole.append(place)
        elif all(any(part.startswith(word) for part in name.split()) for word in words):
            partial.append(place)
    named = (territories.place("commune", item.commune.code) for item in territories.search(text, limit))
    communes = [place for place in named if place]
    exact = [place for place in communes if fold(place.name) == wanted]
    rest = [place for place in communes if place not in exact]
    return _each_once([*whole, *exact, *partial[: limit // 2], *rest, *partial[limit // 2 :]])[:limit]


def _each_once(places: Iterable[Place]) -> list[Place]:
    return list({place.key: place for place in places}.values())
