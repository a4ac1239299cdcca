"""What an orientation answers: plain values that the page, the command line and the API show, each in its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from maillage.catalogue.models import Offer
from maillage.orientation.situation import Situation


class Reason(NamedTuple):
    """Why an offer is shown, what is still to check, or what blocks it: a stable code and a sentence for the reader."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Match:
    """One offer against the situation. `verdict` is "oui", "a-verifier", or "non" for near misses, which have `blocking` reasons."""

    offer: Offer
    verdict: str
    reasons: tuple[Reason, ...] = ()
    to_check: tuple[Reason, ...] = ()
    blocking: tuple[Reason, ...] = ()
    distance_km: float | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call or to visit: a local network (`kind` network) or a place (`kind` relay)."""

    kind: str
    name: str
    role: str  # vocabulary `role` code
    level: str  # vocabulary `level` code
    structure_name: str
    url: str
    reason: str  # « couvre la Mayenne », « à 12 km »
    distance_km: float | None = None
    phone: str = ""
    email: str = ""
    website: str = ""
    address: str = ""
    commune: str = ""  # INSEE code
    lon: float | None = None
    lat: float | None = None
    opening_hours: str = ""
    open_now: bool | None = None
    next_opening: datetime | None = None  # in the place's own time zone
    opening: str = ""  # « Ouvert jusqu’à 17 h », « Ouvre demain à 9 h », in the reader's language
    by_appointment: bool = False
    accessibility: str = ""
    languages: tuple[str, ...] = ()
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """The one question whose answer would settle the most results: its field (or fact) and how many results it settles."""

    field: str
    settles: int
    label: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything the results page says. `total` counts all results, whatever the page or limit."""

    situation: Situation
    total: int
    results: tuple[Match, ...]
    by_kind: Mapping[str, int]
    facets: Mapping[str, Mapping[str, int]]
    near_misses: tuple[Match, ...]
    near_total: int
    networks: tuple[Contact, ...]
    relays: tuple[Contact, ...]
    question: Question | None
    # on zero result, most results first: which value to drop (empty code: the whole field, or the fact), and the total without it
    relaxations: tuple[tuple[str, str, int], ...] = field(default=())  # (field, code, total)

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """People to call before anything else: local networks, then relays; in difficulties, whoever has a telephone first."""
        everyone = (*self.networks, *self.relays)
        return tuple(sorted(everyone, key=lambda contact: not contact.phone)) if self.situation.is_distress else everyone

    @property
    def groups(self) -> tuple[tuple[str, int, tuple[Match, ...]], ...]:
        """The results shown, by kind in the order of the vocabulary: (kind, how many results it has in all, those shown)."""
        shown: dict[str, list[Match]] = {kind: [] for kind in self.by_kind}
        for match in self.results:
            shown.setdefault(match.offer.kind, []).append(match)
        return tuple((kind, self.by_kind.get(kind, len(matches)), tuple(matches)) for kind, matches in shown.items())
