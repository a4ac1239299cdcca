"""Who to call and where to go: the local networks that cover the commune, and the nearest relays.

A network is chosen by coverage first (commune, EPCI, département, région, France), then by distance, so that every commune has
somebody: the closest level that somebody covers. Relays are chosen by distance among those that receive people of the commune.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from maillage.catalogue.index import Contacts, Entry, Snapshot
from maillage.catalogue.index.reach import scale
from maillage.catalogue.models.sheet import address_of
from maillage.orientation.answer import Contact
from maillage.orientation.matching import wording
from maillage.orientation.matching.whereabouts import Whereabouts, whereabouts
from maillage.orientation.opening import PARIS, opening
from maillage.orientation.ranking import distances
from maillage.orientation.situation import Situation
from maillage.territories.queries import LEVELS
from maillage.vocabulary.portals import Portal

#: How many of each a page shows; a relay further than FAR_KM (as the crow flies) is of no help.
NETWORKS_SHOWN, RELAYS_SHOWN, FAR_KM = 3, 5, 100.0


def contacts_for(
    snapshot: Snapshot, situation: Situation, portal: Portal | None, now: datetime
) -> tuple[tuple[Contact, ...], tuple[Contact, ...]]:
    """The networks and the relays of a situation, closest first; in difficulties, those with a telephone first.

    Without a commune: the networks of the portal's région and of France, and no relay (nobody knows what is near).
    """
    place = whereabouts(situation.commune) if situation.commune else None
    networks = _networks(snapshot.networks, place, portal, now, situation.is_distress)
    relays = _relays(snapshot.relays, situation, place, now, {entry.structure for entry, *_ in networks})
    return (
        tuple(_contact(entry, reason, km, now) for entry, reason, km in networks),
        tuple(_contact(entry, reason, km, now) for entry, reason, km in relays),
    )


Chosen = tuple[Entry, str, float | None]


def _networks(
    contacts: Contacts, place: Whereabouts | None, portal: Portal | None, now: datetime, distress: bool
) -> list[Chosen]:
    keys = place.keys if place else (*(f"region:{code}" for code in (portal.regions if portal else ())), "france")
    km = _distances(contacts, place)
    today = now.astimezone(PARIS).date()
    closest: dict[int, tuple[int, int]] = {}  # rank → (level, rank)
    for level, key in enumerate(keys):
        for rank in contacts.serving((key,)):
            if contacts[rank].is_shown_on(today):
                closest.setdefault(rank, (level, rank))
    ranks = sorted(
        closest, key=lambda rank: (_no_phone(contacts, rank, distress), closest[rank][0], _last_if_unknown(km, rank), rank)
    )
    chosen = [(contacts[rank], wording.covers(keys[closest[rank][0]]), _known(km, rank)) for rank in ranks]
    if not chosen and place:  # nobody covers the commune: the nearest network elsewhere is still somebody
        near = sorted(
            (rank for rank in range(len(contacts)) if contacts[rank].is_shown_on(today)),
            key=lambda rank: _last_if_unknown(km, rank),
        )
        chosen = [
            (contacts[rank], "" if np.isnan(km[rank]) else wording.distance(km[rank]), _known(km, rank)) for rank in near[:1]
        ]
    return _one_per_structure(chosen)[:NETWORKS_SHOWN]


def _relays(
    contacts: Contacts, situation: Situation, place: Whereabouts | None, now: datetime, shown: Iterable[int]
) -> list[Chosen]:
    if place is None:
        return []
    already, distress = set(shown), situation.is_distress
    km = _distances(contacts, place)
    serving = contacts.serving(place.keys)
    chosen: list[tuple[bool, float, int]] = []
    today = now.astimezone(PARIS).date()
    for rank in _near_first(km):
        entry = contacts[rank]
        far = not km[rank] <= FAR_KM
        if (far and rank not in serving) or (entry.coverage and rank not in serving) or not entry.is_shown_on(today):
            continue
        if np.isnan(km[rank]) and (entry.structure in already or not _is_about(entry, situation)):
            continue  # a telephone line: of people shown as a network already, or about something else
        chosen.append((_no_phone(contacts, rank, distress), _last_if_unknown(km, rank), rank))
        if len(chosen) >= (8 if distress else 1) * RELAYS_SHOWN:
            break
    return [
        (contacts[rank], _near_or_covers(contacts[rank], place, km[rank]), _known(km, rank))
        for _, _, rank in sorted(chosen)[:RELAYS_SHOWN]
    ]


def _is_about(entry: Entry, situation: Situation) -> bool:
    """Is a contact without a place (a telephone line) for what the person said?

    In difficulties everyone is; otherwise a local line (up to the département) without speciality, or one of the needs or sectors said:
    a national helpline is not shown to somebody who is about to start.
    """
    if situation.is_distress:
        return True
    if entry.specialities:
        return not {*situation.needs, *situation.sectors}.isdisjoint(entry.specialities)
    return any(scale(key) <= LEVELS.index("departement") for key in entry.coverage)


def _near_or_covers(entry: Entry, place: Whereabouts, km: float) -> str:
    """Why a relay is shown: how far it is, or, without a place, the closest territory it serves."""
    if not np.isnan(km):
        return wording.distance(km)
    return next((wording.covers(key) for key in place.keys if key in entry.coverage), "")


def _contact(entry: Entry, reason: str, km: float | None, now: datetime) -> Contact:
    state = opening(entry.opening_hours, entry.commune, now)
    return Contact(
        kind=entry.kind,
        name=entry.name,
        role=entry.role,
        level=entry.level,
        structure_name=entry.structure_name,
        url=address_of("structure", entry.structure_handle),
        reason=reason,
        distance_km=km,
        phone=entry.phone,
        email=entry.email,
        website=entry.website,
        address=entry.address,
        commune=entry.commune,
        lon=entry.lon,
        lat=entry.lat,
        opening_hours=entry.opening_hours,
        open_now=state.open_now,
        next_opening=state.next_opening,
        opening=state.words,
        by_appointment=entry.by_appointment,
        accessibility=entry.accessibility,
        languages=entry.languages,
        confirmed=entry.verified_on is not None,
    )


def _distances(contacts: Contacts, place: Whereabouts | None) -> NDArray[np.float64]:
    if place is None:
        return np.full(len(contacts), np.nan)
    return distances(contacts.lon, contacts.lat, place.commune.lon, place.commune.lat)


def _near_first(km: NDArray[np.float64]) -> list[int]:
    """Ranks by distance; those whose place is unknown last, in their order."""
    return [int(rank) for rank in np.argsort(km, kind="stable")]  # numpy sorts nan last


def _known(km: NDArray[np.float64], rank: int) -> float | None:
    return None if np.isnan(km[rank]) else float(km[rank])


def _last_if_unknown(km: NDArray[np.float64], rank: int) -> float:
    return float("inf") if np.isnan(km[rank]) else float(km[rank])


def _no_phone(contacts: Contacts, rank: int, distress: bool) -> bool:
    return distress and not contacts[rank].phone


def _one_per_structure(chosen: list[Chosen]) -> list[Chosen]:
    """A structure with two roles is one contact: the closest of them."""
    kept: dict[int, Chosen] = {}
    for one in chosen:
        kept.setdefault(one[0].structure, one)
    return list(kept.values())
