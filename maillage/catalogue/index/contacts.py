"""People to call and places to visit: local networks and relays, ready to be sorted by coverage and by distance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import nan
from typing import Any

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray
from pyroaring import BitMap

from maillage.catalogue.enums import Status
from maillage.catalogue.index.bitmaps import Bitmaps, Gatherer
from maillage.catalogue.index.reach import current_key
from maillage.catalogue.models import Relay, Structure
from maillage.territories import queries
from maillage.vocabulary.words import vocabulary

NETWORK, RELAY = "network", "relay"


@dataclass(frozen=True, slots=True)
class Entry:
    """One contact: a role of a structure, or a relay. `coverage` holds territory keys; empty means whoever comes.

    `since` and `until` bound the role of a structure, or the mark of a relay (which still welcomes people afterwards).
    `lon` and `lat` are the sheet's own point, else the point of its commune; None when neither is known.
    """

    kind: str  # "network" or "relay"
    sheet: str  # "structure" or "relay": whose primary key `pk` is
    pk: int
    uid: str
    name: str
    role: str  # vocabulary `role`; a relay may have none
    level: str  # vocabulary `level`
    structure: int  # primary key
    structure_name: str
    structure_handle: str  # what the address of the structure ends with
    coverage: tuple[str, ...]
    lon: float | None
    lat: float | None
    since: date | None
    until: date | None
    phone: str
    email: str
    website: str
    address: str
    postcode: str
    commune: str  # INSEE code
    opening_hours: str
    by_appointment: bool
    accessibility: str
    languages: tuple[str, ...]
    specialities: tuple[str, ...]  # vocabulary `need` and `sector`
    verified_on: date | None

    def is_valid_on(self, day: date) -> bool:
        """Does its role or its mark hold that day?"""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def is_shown_on(self, day: date) -> bool:
        """May it be shown that day? The role of a structure ends; a relay stays open when its mark has ended."""
        return self.sheet == RELAY or self.is_valid_on(day)


class Contacts:
    """The contacts of one kind, in a fixed order (structure, then sheet), with arrays to measure distances in one go."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries: tuple[Entry, ...] = tuple(entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __getitem__(self, rank: int) -> Entry:
        return self.entries[rank]

    @cached_property
    def lon(self) -> NDArray[np.float64]:
        """Longitude of each entry in degrees, nan when unknown."""
        return np.array([nan if each.lon is None else each.lon for each in self.entries], dtype=np.float64)

    @cached_property
    def lat(self) -> NDArray[np.float64]:
        """Latitude of each entry in degrees, nan when unknown."""
        return np.array([nan if each.lat is None else each.lat for each in self.entries], dtype=np.float64)

    def serving(self, territory_keys: Iterable[str]) -> BitMap:
        """Ranks of the entries whose coverage holds at least one of these keys (an empty coverage holds none)."""
        return self._by_key.union(territory_keys)

    @cached_property
    def _by_key(self) -> Bitmaps[str]:
        gatherer: Gatherer[str] = Gatherer()
        for rank, entry in enumerate(self.entries):
            gatherer.add(rank, entry.coverage)
        return gatherer.table()


def contact_entries(structures: Collection[int] | None = None) -> dict[int, tuple[Entry, ...]]:
    """The contacts that each visible structure gives, by its primary key: of all structures, or of these only."""
    among = Q() if structures is None else Q(structure__in=structures)
    relays: defaultdict[int, list[Relay]] = defaultdict(list)
    open_ones = Relay.objects.answering().filter(structure__status=Status.PUBLISHED, structure__withdrawn_on__isnull=True)
    for relay in open_ones.filter(among).select_related("structure").order_by("structure_id", "pk"):
        relays[relay.structure_id].append(relay)
    found = {pk: [_of_relay(relay) for relay in its] for pk, its in relays.items()}

    among = Q() if structures is None else Q(pk__in=structures)
    for structure in Structure.objects.visible().exclude(roles=[]).filter(among).order_by("pk"):
        entries = list(_of_roles(structure, has_relays=structure.pk in relays))
        if entries:
            found[structure.pk] = entries + found.get(structure.pk, [])
    return {pk: tuple(entries) for pk, entries in found.items()}


def split(by_structure: Mapping[int, tuple[Entry, ...]]) -> tuple[Contacts, Contacts]:
    """The networks and the relays among the entries of all structures, in a fixed order."""
    everyone = [entry for _, entries in sorted(by_structure.items()) for entry in entries]
    networks = Contacts(entry for entry in everyone if entry.kind == NETWORK)
    return networks, Contacts(entry for entry in everyone if entry.kind == RELAY)


def _of_roles(structure: Structure, has_relays: bool) -> Iterator[Entry]:
    """One entry for each contact role. A relay role without a place, or of a structure whose relays are sheets, gives none."""
    terms = vocabulary().terms("role")
    for held in structure.roles:
        term = terms.get(held.get("role", ""))
        kind = term.extra.get("contact") if term else None
        has_place = structure.lon is not None or bool(structure.commune)
        if not term or kind not in (NETWORK, RELAY) or (kind == RELAY and (has_relays or not has_place)):
            continue
        yield Entry(
            **_shared(structure),
            kind=kind,
            sheet="structure",
            role=term.code,
            level=term.extra.get("level", ""),
            structure=structure.pk,
            structure_name=structure.name,
            structure_handle=structure.handle,
            coverage=_role_coverage(held.get("territory")),
            since=_day(held.get("since")),
            until=_day(held.get("until")),
            website=structure.website,
            by_appointment=False,
            specialities=(),
        )


def _of_relay(relay: Relay) -> Entry:
    own = _shared(relay)
    return Entry(
        **own,
        kind=RELAY,
        sheet=RELAY,
        role=relay.network,
        level=relay.level,
        structure=relay.structure_id,
        structure_name=relay.structure.name,
        structure_handle=relay.structure.handle,
        coverage=tuple(current_key(key) for key in relay.coverage),
        since=None,
        until=relay.mark_until,
        website=relay.structure.website,
        by_appointment=relay.by_appointment,
        specialities=tuple(relay.specialities),
    )


def _shared(sheet: Structure | Relay) -> dict[str, Any]:
    """What structures and relays tell the same way."""
    lon, lat = sheet.lon, sheet.lat
    if lon is None or lat is None:
        commune = queries.commune(sheet.commune) if sheet.commune else None
        lon, lat = (commune.lon, commune.lat) if commune else (None, None)
    return {
        "pk": sheet.pk,
        "uid": sheet.uid,
        "name": sheet.name,
        "lon": lon,
        "lat": lat,
        "phone": sheet.phone,
        "email": sheet.email,
        "address": sheet.address,
        "postcode": sheet.postcode,
        "commune": sheet.commune,
        "opening_hours": sheet.opening_hours,
        "accessibility": sheet.accessibility,
        "languages": tuple(sheet.languages),
        "verified_on": sheet.verified_on,
    }


def _role_coverage(territory: Mapping[str, str] | None) -> tuple[str, ...]:
    if not territory:
        return ()
    level, code = territory.get("level", ""), territory.get("code", "")
    return (
        current_key(queries.Territory(level, "" if level == "france" else code).key),
    )  # files may write france as its own code


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
