"""Which sheets an HSDS address asks for: pages of keys, and the sheet behind a UUID."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

import numpy as np
from django.db.models import TextField
from django.db.models.functions import Cast

from maillage.catalogue import described, revision
from maillage.catalogue.index import Snapshot, current_index
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.catalogue.queries import accent_blind
from maillage.catalogue.rows import Row, rows, visible
from maillage.interop.hsds import records
from maillage.interop.hsds.taxonomies import term_records
from maillage.territories import queries as territories
from maillage.territories.distance import distance_km

Key = tuple[str, int]  # kind of sheet, primary key
MODELS: dict[str, type[Structure] | type[Offer] | type[Relay]] = {model.KIND: model for model in (Structure, Offer, Relay)}
#: Taxonomies that the index knows, and the facet of each.
_FACETS = frozenset({"stage", "need", "kind", "instrument", "sector", "legal_form", "audience", "mode"})
_TABLES = {"zoning": "zoning"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is narrowed to; empty restricts nothing. Terms are (taxonomy, code); `organization` is a primary key."""

    text: str = ""
    term: tuple[str, str] | None = None
    taxonomy: str = ""
    organization: int | None = None
    modified_after: datetime | None = None


def services(asked: Asked) -> list[Key]:
    """The services asked for: offers by key, then relays."""
    snapshot = current_index()
    offers = [(Offer.KIND, pk) for pk in _offers(snapshot, asked)]
    return offers + [(Relay.KIND, pk) for pk in _relays(asked)]


def _offers(snapshot: Snapshot, asked: Asked) -> list[int]:
    positions = snapshot.alive
    found_words = snapshot.text(asked.text) if asked.text else None  # None: words that say nothing, such as « de la »
    if found_words is not None:
        positions = positions & found_words
    if asked.term:
        positions = positions & _stating(snapshot, *asked.term)
    if asked.taxonomy:
        codes = [code for taxonomy, code in term_records() if taxonomy == asked.taxonomy]
        stated = [_stating(snapshot, asked.taxonomy, code) for code in codes]
        positions = positions & (stated[0].union(*stated) if stated else type(positions)())
    found = np.sort(snapshot.columns.pk[np.array(positions, dtype=np.int64)])
    if asked.organization is not None or asked.modified_after is not None:
        kept = visible(Offer)
        if asked.organization is not None:
            kept = kept.filter(structure_id=asked.organization)
        if asked.modified_after is not None:
            kept = kept.filter(modified_at__gte=asked.modified_after)
        found = np.intersect1d(found, np.array(kept.order_by("pk").values_list("pk", flat=True), dtype=np.int64))
    keys: list[int] = found.tolist()
    return keys


def _stating(snapshot: Snapshot, taxonomy: str, code: str) -> Any:
    if taxonomy in _FACETS:
        return snapshot.stating(taxonomy, code)
    if taxonomy in _TABLES:
        return snapshot.tables[_TABLES[taxonomy]].get(code)
    return snapshot.alive - snapshot.alive


def _relays(asked: Asked) -> list[int]:
    found = visible(Relay)
    for word in asked.text.split():
        found = found.filter(name__iregex=accent_blind(word))
    if asked.term:
        taxonomy, code = asked.term
        if taxonomy == "level":
            found = found.filter(level=code)
        elif taxonomy in ("role", "label"):
            found = found.filter(network=code)
        elif taxonomy in ("need", "sector"):
            found = found.annotate(said=Cast("specialities", TextField())).filter(said__contains=f'"{code}"')
        else:
            return []
    if asked.taxonomy == "label":
        found = found.filter(network__in=[code for taxonomy, code in term_records() if taxonomy == "label"])
    elif asked.taxonomy == "role":
        found = found.filter(network__in=[code for taxonomy, code in term_records() if taxonomy == "role"])
    elif asked.taxonomy in ("need", "sector"):
        found = found.exclude(specialities=[])
    elif asked.taxonomy not in ("", "level"):
        return []
    if asked.organization is not None:
        found = found.filter(structure_id=asked.organization)
    if asked.modified_after is not None:
        found = found.filter(modified_at__gte=asked.modified_after)
    return list(found.order_by("pk").values_list("pk", flat=True))


def organizations(asked: Asked) -> list[Key]:
    """The organizations asked for, by key."""
    found = visible(Structure)
    for word in asked.text.split():
        found = found.filter(name__iregex=accent_blind(word))
    if asked.modified_after is not None:
        found = found.filter(modified_at__gte=asked.modified_after)
    return [(Structure.KIND, pk) for pk in found.order_by("pk").values_list("pk", flat=True)]


def rows_of(keys: Iterable[Key]) -> list[tuple[str, Row]]:
    """The rows of these sheets, in order, each with its kind; a statement per kind."""
    wanted = list(keys)
    found: list[tuple[str, Row]] = []
    for kind, model in MODELS.items():
        mine = [pk for each, pk in wanted if each == kind]
        if mine:
            found += [(kind, row) for row in rows(model, mine)]
    return found


class _Directory:
    """UUID → sheet. A UUID never changes its sheet, so the directory is read again only when one is not found in it."""

    def __init__(self) -> None:
        self._revision = -1
        self._found: dict[str, Key] = {}
        self._lock = Lock()

    def key(self, uuid: str) -> Key | None:
        """The sheet with this UUID among all that ever were visible since the process began; None when there is none."""
        found = self._found.get(uuid)
        if found is None:
            now = revision.current()
            with self._lock:
                if now != self._revision:
                    self._found, self._revision = self._read(), now
            found = self._found.get(uuid)
        return found

    def _read(self) -> dict[str, Key]:
        found: dict[str, Key] = {}
        for model in (Structure, Offer, Relay):
            make = records.organization_id if model is Structure else records.service_id
            for pk, uid in visible(model).order_by("pk").values_list("pk", "uid"):
                found[make(uid)] = (model.KIND, pk)
        return found

    def forget(self) -> None:
        """Start from nothing (tests roll the catalogue back)."""
        self._revision, self._found = -1, {}


directory = _Directory()


def row_with(uuid: str, *kinds: str) -> tuple[str, Row] | None:
    """The kind and row of the visible sheet of one of these kinds with this UUID."""
    key = directory.key(uuid)
    if key is None or key[0] not in kinds:
        return None
    return next(iter(rows_of([key])), None)


def placed(keys: list[Key], postcode: str = "", around: tuple[float, float, float] | None = None) -> list[Key]:
    """Those that have a place; with a postal code, there; with (lon, lat, km), at most so far, nearest first."""
    found: list[tuple[float, Key]] = []
    for model in (Offer, Relay):
        wanted = {pk for kind, pk in keys if kind == model.KIND}
        columns = ["pk", *(f"{start}{name}" for start in ("", "structure__") for name in _PLACE)]
        if model is Offer:
            columns.append("modes")
        for row in visible(model).order_by("pk").values(*columns):
            if row["pk"] in wanted:
                km = _distance(row, postcode, around)
                if km is not None:
                    found.append((km, (model.KIND, row["pk"])))
    if around is not None:
        found.sort(key=lambda each: each[0])
    return [key for _, key in found]


_PLACE = ("address", "commune", "postcode", "lon", "lat")


def _distance(row: dict[str, Any], postcode: str, around: tuple[float, float, float] | None) -> float | None:
    """How far the place of a row is (0 when nobody asked); None when it has none, or when it is elsewhere."""
    if row.get("modes") is not None and not ("presentiel" in row["modes"] or row["commune"] or row["address"]):
        return None
    place = described.place_of(row)
    commune = territories.commune(place["commune"]) if place["commune"] else None
    if commune is None and place["lon"] is None:
        return None
    if postcode and postcode != place["postcode"] and (commune is None or postcode not in commune.postcodes):
        return None
    if around is None:
        return 0.0
    lon, lat = (place["lon"], place["lat"]) if place["lon"] is not None else (commune.lon, commune.lat)  # type: ignore[union-attr]
    km = distance_km(around[0], around[1], lon, lat)
    return km if km <= around[2] else None
