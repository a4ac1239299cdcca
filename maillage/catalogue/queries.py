"""Reads of the office: the board, the lists with their filters, the sheets of a structure, the history."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from maillage.catalogue.access import MODELS, AnySheet
from maillage.catalogue.enums import Status
from maillage.catalogue.models import ErrorReport, Offer, Relay, Structure
from maillage.catalogue.places import find
from maillage.journal.models import Entry
from maillage.territories import queries as territories
from maillage.territories.values import Place, parse_key

#: An offer whose calendar ends within this many days « ferme bientôt ».
CLOSING_SOON = timedelta(days=30)

#: The letters that an accent may hide: « prevot » finds « Prévôt » on both databases.
_ACCENTS = {
    "a": "aàâäAÀÂÄ", "c": "cçCÇ", "e": "eéèêëEÉÈÊË", "i": "iîïIÎÏ", "o": "oôöOÔÖ", "u": "uùûüUÙÛÜ", "y": "yÿYŸ",
    "'": "'’", "’": "'’",
}  # fmt: skip
_PLAIN = {letter: base for base, letters in _ACCENTS.items() for letter in letters}


def accent_blind(text: str) -> str:
    """A regular expression that finds a text whatever its accents."""
    return "".join(f"[{_ACCENTS[_PLAIN[letter]]}]" if letter in _PLAIN else re.escape(letter) for letter in text)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of the office is narrowed to. Everything is optional."""

    text: str = ""
    status: str = ""
    nature: str = ""  # kind of an offer, or level of a relay
    place: Place | None = None
    freshness: str = ""  # "jamais": never verified; "ancienne": verified more than a year ago
    closing: bool = False


def sheets(kind: str, filters: Filters, today: date) -> QuerySet[Any]:
    """The sheets of a kind that pass the filters, in order of name, each with its structure."""
    found: QuerySet[Any] = MODELS[kind]._default_manager.all()
    if kind == Structure.KIND:
        found = found.annotate(offer_count=Count("offers", distinct=True), relay_count=Count("relays", distinct=True))
    else:
        found = found.select_related("structure")
    for word in filters.text.split():
        pattern = accent_blind(word)
        places = Q(name__iregex=pattern) | Q(uid=word.lower()) | Q(ref__iexact=word)
        if kind != Structure.KIND:
            places |= Q(structure__in=Structure.objects.filter(name__iregex=pattern).order_by().values("pk"))
        found = found.filter(places)
    if filters.status:
        found = found.filter(status=filters.status)
    if filters.nature and kind == Offer.KIND:
        found = found.filter(kind=filters.nature)
    if filters.nature and kind == Relay.KIND:
        found = found.filter(level=filters.nature)
    if filters.freshness == "jamais":
        found = found.filter(verified_on__isnull=True)
    elif filters.freshness == "ancienne":
        found = found.filter(verified_on__lt=today - timedelta(days=365))
    if filters.closing and kind == Offer.KIND:
        found = found.filter(closes__gte=today, closes__lte=today + CLOSING_SOON)
    if filters.place:
        found = _touching(found, kind, filters.place)
    return found.order_by("name", "pk")


def _touching(found: QuerySet[Any], kind: str, place: Place) -> QuerySet[Any]:
    """Sheets that concern a place: covered by, covering, or standing in it. Exclusions are left aside: the sheet shows them."""
    standing = standing_in(place)
    if kind == Structure.KIND:
        covering = Q()
        for level, code in sorted(parse_key(key) for key in _keys_of_interest(place)):
            # PostgreSQL writes the keys of an object in its own order
            covering |= Q(written_roles__contains=f'"level": "{level}", "code": "{code}"')
            covering |= Q(written_roles__contains=f'"code": "{code}", "level": "{level}"')
        found = found.annotate(written_roles=Cast("roles", TextField()))
        return found.filter(standing | covering)
    written = [Q(written_coverage__contains=f'"{key}"') for key in sorted(_keys_of_interest(place))]
    if place.level in ("departement", "region"):
        written += [Q(written_coverage__contains=f'"commune:{code}') for code in place.departements]
    found = found.annotate(written_coverage=Cast("coverage", TextField()))
    covering = reduce(or_, written)
    return found.filter(covering | standing if kind == Relay.KIND else covering)


def standing_in(place: Place) -> Q:
    """Sheets whose own address is in a place."""
    if place.level == "commune":
        return Q(commune=place.code)
    if place.level == "france":
        return ~Q(commune="")
    if place.level == "epci":
        return Q(commune__in=territories.commune_codes_of("epci", place.code))
    return reduce(or_, (Q(commune__startswith=code) for code in place.departements))


def _keys_of_interest(place: Place) -> set[str]:
    """The keys of a place, of what contains it, and of the EPCI and départements inside it (communes inside go by prefix)."""
    keys = {place.key, "france"}
    if place.level == "commune":
        commune = territories.commune(place.code)
        assert commune is not None, "the place was found"
        return keys | {territory.key for territory in territories.territories_of(commune)}
    if place.level == "epci":
        keys |= {commune.territory.key for commune in territories.communes_of("epci", place.code)}
    if place.level in ("departement", "region"):
        keys |= {epci.key for code in place.departements for epci in territories.epci_of_departement(code)}
    keys |= {f"departement:{code}" for code in place.departements}
    return keys | {f"region:{code}" for code in place.regions}


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in the office, by kind of sheet, and the reports."""

    review: dict[str, int]
    suspended: dict[str, int]
    drafts: dict[str, int]
    published: dict[str, int]
    unverified: dict[str, int]
    closing: int
    reports: int


def waiting(today: date) -> Waiting:
    """Count what waits: one query per kind, one for the reports."""
    counts: dict[str, dict[str, int]] = {}
    for kind, model in MODELS.items():
        counts[kind] = model._default_manager.order_by().aggregate(
            review=Count("pk", filter=Q(status=Status.REVIEW)),
            suspended=Count("pk", filter=Q(status=Status.SUSPENDED)),
            drafts=Count("pk", filter=Q(status=Status.DRAFT)),
            published=Count("pk", filter=Q(status=Status.PUBLISHED)),
            unverified=Count("pk", filter=Q(status=Status.PUBLISHED, verified_on__isnull=True)),
        )
    closing = Offer.objects.filter(status=Status.PUBLISHED, closes__gte=today, closes__lte=today + CLOSING_SOON).count()

    def by_kind(name: str) -> dict[str, int]:
        return {kind: counts[kind][name] for kind in MODELS}

    return Waiting(
        review=by_kind("review"),
        suspended=by_kind("suspended"),
        drafts=by_kind("drafts"),
        published=by_kind("published"),
        unverified=by_kind("unverified"),
        closing=closing,
        reports=ErrorReport.objects.filter(handled_at__isnull=True).count(),
    )


def in_review(limit: int = 8) -> list[AnySheet]:
    """The sheets in review, the one that has waited longest first."""
    found: list[AnySheet] = []
    for model in MODELS.values():
        found += model._default_manager.filter(status=Status.REVIEW).order_by("modified_at", "pk")[:limit]
    return sorted(found, key=lambda sheet: (sheet.modified_at, sheet.pk))[:limit]


def closing_soon(today: date, limit: int = 8) -> QuerySet[Offer]:
    """Published offers whose calendar ends soon, the first to close first."""
    return (
        Offer.objects.filter(status=Status.PUBLISHED, closes__gte=today, closes__lte=today + CLOSING_SOON)
        .select_related("structure")
        .order_by("closes", "name", "pk")[:limit]
    )


def history(sheet: AnySheet) -> QuerySet[Entry]:
    """The journal lines of a sheet, latest first."""
    return Entry.objects.filter(subject_kind=sheet.KIND, subject_uid=sheet.uid).order_by("-at", "-pk")


def recent_entries(limit: int = 10) -> QuerySet[Entry]:
    """What people did lately in the office (imports are left aside)."""
    return Entry.objects.filter(actor__isnull=False).order_by("-at", "-pk")[:limit]


def reports(handled: bool) -> QuerySet[ErrorReport]:
    """Error reports: those that wait, oldest first; or those handled, latest first."""
    if handled:
        return ErrorReport.objects.filter(handled_at__isnull=False).order_by("-handled_at", "-pk")
    return ErrorReport.objects.filter(handled_at__isnull=True).order_by("created_at", "pk")


def sheets_of(structure: Structure) -> tuple[list[Offer], list[Relay]]:
    """The offers and relays of a structure, whatever their state."""
    return list(structure.offers.order_by("name", "pk")), list(structure.relays.order_by("name", "pk"))


def place_named(text: str) -> Place | None:
    """The place that a key or a typed name means, best first; None if nothing does."""
    if not text.strip():
        return None
    if ":" in text or text == "france":
        try:
            return territories.place(*parse_key(text))
        except ValueError:
            return None
    return next(iter(find(text, limit=1)), None)


def open_reports_of(sheet: AnySheet) -> QuerySet[ErrorReport]:
    """The reports on a sheet that nobody has handled yet, oldest first."""
    return ErrorReport.objects.filter(sheet_kind=sheet.KIND, sheet_uid=sheet.uid, handled_at__isnull=True).order_by(
        "created_at", "pk"
    )


def today() -> date:
    """The day in Paris."""
    return timezone.localdate()
