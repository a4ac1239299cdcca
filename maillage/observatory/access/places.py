"""The places whose distance is measured: relays, generalists, incubators, and relays that open enough or after work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import nan

import numpy as np

from maillage.catalogue.index import Entry, Snapshot
from maillage.catalogue.models import Structure
from maillage.observatory.access.ground import Floats
from maillage.observatory.access.hours import Week, week_of
from maillage.observatory.supply.supports import INCUBATION, offers_of
from maillage.territories import queries as territories

RELAY, GENERALIST, INCUBATOR, OPEN, LATE = "relais", "generaliste", "incubateur", "ouvert", "soir"
#: In the order in which pages show them.
KINDS = (RELAY, OPEN, LATE, GENERALIST, INCUBATOR)
_GENERALIST_LEVEL = "accompagnement-generaliste"


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Places of one kind: their points (nan when unknown), their communes, and the hours they open a week (nan when unknown)."""

    lon: Floats
    lat: Floats
    communes: tuple[str, ...]
    hours: Floats

    def __len__(self) -> int:
        return len(self.communes)

    @property
    def located(self) -> int:
        """How many have a point."""
        return int((~np.isnan(self.lon)).sum())

    def and_at(self, points: Iterable[tuple[float, float, str]]) -> Places:
        """The same with places added at these points (lon, lat, commune), hours unknown."""
        more = list(points)
        return Places(
            np.concatenate((self.lon, [lon for lon, _lat, _code in more])),
            np.concatenate((self.lat, [lat for _lon, lat, _code in more])),
            (*self.communes, *(code for _lon, _lat, code in more)),
            np.concatenate((self.hours, [nan] * len(more))),
        )


def places(index: Snapshot, kind: str, today: date, closed: frozenset[str] = frozenset()) -> Places:
    """The places of a kind that are shown today, those of `closed` (uid of their sheet) left out. Raises ValueError for another kind."""
    if kind == INCUBATOR:
        return _incubators(index, today)
    relays = [each for each in index.relays if each.is_shown_on(today) and each.uid not in closed]
    if kind == RELAY:
        return _of(relays, today)
    if kind == OPEN:
        return _of([each for each in relays if (week := _week(each, today)) and week.is_enough], today)
    if kind == LATE:
        return _of([each for each in relays if (week := _week(each, today)) and week.evening_or_saturday], today)
    if kind == GENERALIST:
        networks = [each for each in index.networks if each.is_shown_on(today)]
        return _of([each for each in (*relays, *networks) if each.level == _GENERALIST_LEVEL], today)
    raise ValueError(f"« {kind} » n’est pas un lieu mesuré ({', '.join(KINDS)}).")


def _week(entry: Entry, today: date) -> Week | None:
    return week_of(entry.opening_hours, today)


def _of(entries: Iterable[Entry], today: date) -> Places:
    kept = list(entries)
    weeks = [_week(each, today) for each in kept]
    return Places(
        np.array([nan if each.lon is None else each.lon for each in kept], dtype=np.float64),
        np.array([nan if each.lat is None else each.lat for each in kept], dtype=np.float64),
        tuple(each.commune for each in kept),
        np.array([week.hours if week else nan for week in weeks], dtype=np.float64),
    )


def _incubators(index: Snapshot, today: date) -> Places:
    """One place per structure that has an incubation offer open today: its own point, else that of its commune."""
    offers = offers_of(index)[INCUBATION] & index.open_on(today)
    structures = {int(pk) for pk in index.columns.structure[np.array(offers, dtype=np.int64)]}
    points: list[tuple[float, float]] = []
    communes: list[str] = []
    rows = Structure.objects.filter(pk__in=structures).order_by("pk").values_list("lon", "lat", "commune")
    for lon, lat, code in rows:
        commune = territories.commune(code) if code else None
        if lon is None or lat is None:
            lon, lat = (commune.lon, commune.lat) if commune else (nan, nan)
        points.append((lon, lat))
        communes.append(code)
    lons, lats = (np.array([point[axis] for point in points], dtype=np.float64) for axis in (0, 1))
    return Places(lons, lats, tuple(communes), np.full(len(communes), nan))
