"""The words of reasons: plain sentences in the reader's language, short enough for a card.

The same few hundred sentences come back on every page: `Words` keeps, for a language, those that codes alone decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from maillage.catalogue.index import Condition
from maillage.orientation.situation import LIST_OF
from maillage.territories import queries as territories
from maillage.territories.queries import parse_key
from maillage.territories.wording import forms
from maillage.vocabulary.labels import label, labels
from maillage.vocabulary.words import vocabulary

#: How many values a sentence lists before « et N autres ».
LISTED = 3


def match(field: str, codes: Sequence[str]) -> str:
    """What is shared between the situation and the offer: « Pour l’étape Création », « Répond au besoin Juridique et statuts »."""
    values = {"values": listed(labels(LIST_OF[field], codes))}
    count = len(codes)
    if field == "stage":
        return _("Pour l’étape %(values)s") % values
    if field == "needs":
        return ngettext("Répond au besoin %(values)s", "Répond aux besoins %(values)s", count) % values
    if field == "sectors":
        return ngettext("Pour le secteur %(values)s", "Pour les secteurs %(values)s", count) % values
    if field == "legal_form":
        return _("Pour la forme juridique %(values)s") % values
    if field == "audiences":
        return _("Pour ce public\u202f: %(values)s") % values
    return listed(labels(LIST_OF[field], codes))


def limit(field: str, codes: Sequence[str]) -> str:
    """What the offer is limited to: « Réservé à l’étape Création », « Sur place seulement »."""
    values = {"values": listed(labels(LIST_OF[field], codes))}
    count = len(codes)
    if field == "stage":
        return ngettext("Réservé à l’étape %(values)s", "Réservé aux étapes %(values)s", count) % values
    if field == "needs":
        return (
            ngettext("Répond à un autre besoin\u202f: %(values)s", "Répond à d’autres besoins\u202f: %(values)s", count) % values
        )
    if field == "sectors":
        return ngettext("Réservé au secteur %(values)s", "Réservé aux secteurs %(values)s", count) % values
    if field == "legal_form":
        return (
            ngettext("Réservé à la forme juridique\u202f: %(values)s", "Réservé aux formes juridiques\u202f: %(values)s", count)
            % values
        )
    if field == "audiences":
        return ngettext("Réservé à ce public\u202f: %(values)s", "Réservé à ces publics\u202f: %(values)s", count) % values
    if field == "modes":
        return _("Accueil\u202f: %(values)s") % values
    return _("Coût\u202f: %(values)s") % values


def every_stage() -> str:
    """An offer that names no stage."""
    return _("Pour toutes les étapes")


def needs_unstated() -> str:
    """An offer that names no need, when the situation does."""
    return _("L’offre ne précise pas à quels besoins elle répond")


def covers(key: str) -> str:
    """« Couvre la Sarthe », « Couvre toute la France »."""
    return _("Couvre %(place)s") % {"place": place_name(key)}


def covers_only(coverage: Sequence[str], excluded: Sequence[str]) -> str:
    """« Couvre seulement la Sarthe et la Mayenne », « Couvre toute la France sauf la Corse »."""
    places = listed([place_name(key) for key in coverage])
    if excluded:
        return _("Couvre %(places)s, sauf %(excluded)s") % {
            "places": places,
            "excluded": listed([place_name(key) for key in excluded]),
        }
    return (_("Couvre %(places)s") if "france" in coverage else _("Couvre seulement %(places)s")) % {"places": places}


def excludes(key: str) -> str:
    """« Ne couvre pas la Corse »."""
    return _("Ne couvre pas %(place)s") % {"place": place_name(key)}


def zonings(codes: Sequence[str]) -> str:
    """The zonings required: one of them is enough."""
    return _("Réservé aux communes classées\u202f: %(values)s") % {"values": listed(labels("zoning", codes))}


def condition(stated: Condition, *, met: bool) -> str:
    """A free condition in its own words (they are data), or the fact compared when it has none."""
    words = _(stated.label) if stated.label else label("fact", stated.field)
    return _("Condition remplie\u202f: %(words)s") % {"words": lower_first(words)} if met else words


def cost(code: str) -> str:
    """« Gratuit »."""
    return label("cost", code)


def distance(km: float) -> str:
    """« À 12 km », « À moins de 1 km »."""
    if km < 1:
        return _("À moins de 1\u202fkm")
    return _("À %(km)d\u202fkm") % {"km": round(km)}


def closing(day: date, today: date) -> str:
    """« Ferme dans 9 jours (2 décembre) »."""
    left = (day - today).days
    if left <= 0:
        return _("Ferme aujourd’hui")
    if left == 1:
        return _("Ferme demain (%(day)s)") % {"day": day_and_month(day)}
    return ngettext("Ferme dans %(count)d\u202fjour (%(day)s)", "Ferme dans %(count)d\u202fjours (%(day)s)", left) % {
        "count": left,
        "day": day_and_month(day),
    }


def text(words: str) -> str:
    """The words searched are in the offer."""
    return _("Contient «\u202f%(words)s\u202f»") % {"words": words if len(words) <= 60 else words[:59] + "…"}


def said(field: str, code: str = "") -> str:
    """A value that somebody said, inside a sentence: « le besoin Juridique et statuts », « les mots cherchés »."""
    fact = vocabulary().terms("fact").get(field)
    if fact:
        return _("la réponse «\u202f%(fact)s\u202f»") % {"fact": _(fact.label)}
    if field == "text":
        return _("les mots cherchés")
    one = {
        "stage": _("l’étape %(value)s"),
        "needs": _("le besoin %(value)s"),
        "sectors": _("le secteur %(value)s"),
        "legal_form": _("la forme juridique %(value)s"),
        "audiences": _("le public %(value)s"),
        "modes": _("l’accueil %(value)s"),
        "costs": _("le coût %(value)s"),
        "kinds": _("la nature %(value)s"),
    }
    every = {
        "needs": _("les besoins"),
        "sectors": _("les secteurs"),
        "audiences": _("les publics"),
        "modes": _("la façon d’être accueilli"),
        "costs": _("les coûts"),
        "kinds": _("les natures"),
    }
    return one[field] % {"value": label(LIST_OF[field], code)} if code else every[field]


def day_and_month(day: date) -> str:
    """« 2 décembre », « 1er décembre », « 2 December »."""
    if day.day == 1 and (get_language() or "fr").startswith("fr"):
        return "1er\u202f" + date_format(day, "F")
    return date_format(day, "j\u202fF")


def place_name(key: str) -> str:
    """A territory after a verb: « la Sarthe », « Laval »; its code when it no longer exists."""
    try:
        territory = parse_key(key)
    except ValueError:
        return key
    place = territories.place(*territory)
    return _("toute la France") if territory.level == "france" else forms(place).the if place else territory.code


def listed(values: Sequence[str]) -> str:
    """« Culture », « Culture et Sport », « Culture, Sport, Énergie et 4 autres »."""
    if len(values) > LISTED + 1:
        others = len(values) - LISTED
        return _("%(values)s et %(count)d autres") % {"values": ", ".join(values[:LISTED]), "count": others}
    if len(values) < 2:
        return "".join(values)
    return _("%(values)s et %(last)s") % {"values": ", ".join(values[:-1]), "last": values[-1]}


def lower_first(words: str) -> str:
    """A label inside a sentence: « Avoir un emploi » gives « avoir un emploi », « ESUS » stays."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


class Words:
    """The sentences of one language, each made once. Only used while that language is active (`words`)."""

    def __init__(self) -> None:
        self.match = lru_cache(maxsize=4096)(match)
        self.limit = lru_cache(maxsize=4096)(limit)
        self.covers = lru_cache(maxsize=4096)(covers)
        self.covers_only = lru_cache(maxsize=4096)(covers_only)
        self.condition = lru_cache(maxsize=4096)(condition)
        self.every_stage = cache(every_stage)
        self.needs_unstated = cache(needs_unstated)
        self.cost = cache(cost)
        self.whole_km = lru_cache(maxsize=1024)(distance)
        self.closing = lru_cache(maxsize=1024)(closing)

    def distance(self, km: float) -> str:
        """`distance`, made once for each whole number of kilometres."""
        return self.whole_km(round(km) if km >= 1 else 0)


def words() -> Words:
    """The sentences of the language that is active now."""
    return _words(get_language() or "fr")


@cache
def _words(language: str) -> Words:
    return Words()
