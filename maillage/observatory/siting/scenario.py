"""The scenario of an address: ouvrir=INSEE, fermer=uid of a relay, etendre=uid of an offer@territory, retirer=uid of an offer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from maillage.catalogue.index import Snapshot
from maillage.catalogue.models import Offer
from maillage.observatory.access.indicators import KM, MINUTES
from maillage.observatory.access.wording import unit_words
from maillage.observatory.siting.what_if import CHANGES_AT_MOST, Scenario
from maillage.observatory.supply.asked import Problem
from maillage.observatory.typed import READ
from maillage.orientation.forms import read as read_situation
from maillage.territories import queries as territories
from maillage.territories.queries import Commune, parse_key
from maillage.territories.values import Place

#: How near is near enough, when the address does not say: km, or minutes when a travel-time table is loaded. The most one may ask.
DEFAULTS, AT_MOST = {KM: 20, MINUTES: 30}, 100
Found = TypeVar("Found")


@dataclass
class Read:
    """A scenario, its threshold in km or minutes (`unit`), what was not understood, and the communes to choose from when a name is shared."""

    place: Place
    scenario: Scenario
    threshold: int
    unit: str = KM
    in_km: bool = False  # asked in km although a travel-time table is loaded
    problems: list[Problem] = field(default_factory=list)
    commune_error: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)  # (label, INSEE code)

    def pairs(self) -> list[tuple[str, str]]:
        """The canonical parameters of the scenario."""
        pairs = [("territoire", self.place.key)]
        if self.in_km:
            pairs.append(("mesure", "distance"))
        if self.threshold != DEFAULTS[self.unit]:
            pairs.append(("seuil", str(self.threshold)))
        pairs += [("ouvrir", commune.code) for commune in self.scenario.opened]
        pairs += [("fermer", entry.uid) for entry in self.scenario.closed]
        for offer, extended in self.scenario.offers:
            pairs.append(("etendre", f"{offer.uid}@{extended.key}") if extended else ("retirer", offer.uid))
        return pairs

    def query(self, *, without: tuple[str, str] | None = None, also: tuple[str, str] | None = None) -> str:
        """The canonical query string, one pair taken out or added."""
        return urlencode([pair for pair in self.pairs() if pair != without] + ([also] if also else []))


def read(parameters: QueryDict, place: Place, index: Snapshot, *, has_times: bool = False) -> Read:
    """Read the scenario of an address. `has_times`: a travel-time table is loaded, so it is in minutes unless the address says `mesure=distance`. What makes no sense becomes a sentence; the rest is computed."""
    problems: list[Problem] = []
    opened = list(_known(parameters.getlist("ouvrir"), territories.commune, "commune", _("Cette commune n’existe pas"), problems))
    error, choices = _typed(parameters, opened)
    relays = {entry.uid: entry for entry in index.relays}
    closed = _known(parameters.getlist("fermer"), relays.get, "fermer", _("Ce relais n’est pas dans le catalogue"), problems)
    scenario = Scenario(
        tuple(dict.fromkeys(opened))[:CHANGES_AT_MOST], tuple(closed)[:CHANGES_AT_MOST], tuple(_offers(parameters, problems))
    )
    in_km = has_times and parameters.get("mesure") == "distance"
    unit = MINUTES if has_times and not in_km else KM
    return Read(place, scenario, _threshold(parameters, unit, problems), unit, in_km, problems, error, choices)


def _typed(parameters: QueryDict, opened: list[Commune]) -> tuple[str, list[tuple[str, str]]]:
    """The commune that a person typed joins those opened; or a sentence, and the communes it may be."""
    if not parameters.get("commune", "").strip():
        return "", []
    reading = read_situation(parameters)
    if reading.situation.commune:
        opened.append(reading.situation.commune)
        return "", []
    problem = reading.problem("commune")
    return (problem.sentence, [(choice.label, choice.value) for choice in problem.choices]) if problem else ("", [])


def _threshold(parameters: QueryDict, unit: str, problems: list[Problem]) -> int:
    raw = parameters.get("seuil", "").strip()[:READ]
    if not raw:
        return DEFAULTS[unit]
    if raw.isascii() and raw.isdigit() and 1 <= int(raw[:6]) <= AT_MOST:
        return int(raw)
    sentence = _("Le seuil doit être un nombre entier de 1 à %(most)s %(unit)s\u202f: nous avons pris %(default)s %(unit)s.")
    problems.append(Problem(sentence % {"most": AT_MOST, "default": DEFAULTS[unit], "unit": unit_words(unit)}, "seuil"))
    return DEFAULTS[unit]


def _offers(parameters: QueryDict, problems: list[Problem]) -> Iterable[tuple[Offer, Place | None]]:
    asked: list[tuple[str, Place | None]] = []
    for raw in [*parameters.getlist("etendre"), *_two_fields(parameters)][:CHANGES_AT_MOST]:
        uid, _at, key = raw[:READ].partition("@")
        if (place := _place(key)) is None:
            problems.append(Problem(_("Le territoire «\u202f%(value)s\u202f» n’existe pas.") % {"value": key}, "vers"))
        elif uid:
            asked.append((uid, place))
    asked += [(uid[:READ], None) for uid in parameters.getlist("retirer")[:CHANGES_AT_MOST] if uid]
    found = {offer.uid: offer for offer in Offer.objects.visible().filter(uid__in=[uid for uid, _place in asked]).order_by("pk")}
    for uid, place in dict.fromkeys(asked):
        if uid in found:
            yield found[uid], place
        else:
            problems.append(
                Problem(_("Cette offre n’est pas dans le catalogue\u202f: «\u202f%(value)s\u202f».") % {"value": uid}, "offre")
            )


def _two_fields(parameters: QueryDict) -> list[str]:
    """What the form of the page says: an offer, and the territory to extend it to (none: nothing was chosen yet)."""
    offer, to = parameters.get("offre", ""), parameters.get("vers", "")
    return [f"{offer}@{to}"] if offer and to else []


def _place(key: str) -> Place | None:
    try:
        level, code = parse_key(key)
    except ValueError:
        return None
    return territories.place(level, code.upper())


def _known(
    values: list[str], find: Callable[[str], Found | None], anchor: str, sentence: str, problems: list[Problem]
) -> Iterable[Found]:
    for value in dict.fromkeys(raw[:READ] for raw in values[:CHANGES_AT_MOST] if raw):
        found = find(value)
        if found is not None:
            yield found
        else:
            problems.append(
                Problem(_("%(sentence)s\u202f: «\u202f%(value)s\u202f».") % {"sentence": sentence, "value": value}, anchor)
            )
