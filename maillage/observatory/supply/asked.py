"""What the address of an observatory page asks. What is not understood becomes a sentence, and the page answers without it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from maillage.observatory.supply.criteria import Criteria
from maillage.observatory.supply.supports import support_label, supports
from maillage.observatory.typed import READ, place_typed
from maillage.territories import queries as territories
from maillage.territories.queries import LEVELS
from maillage.territories.values import Place
from maillage.vocabulary.labels import label
from maillage.vocabulary.portals import Portal
from maillage.vocabulary.words import vocabulary

#: The rows of a territory, by its level, when the address does not say; and those one may ask for.
ROWS = {"france": "region", "region": "departement", "departement": "epci", "epci": "commune", "commune": "commune"}


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of the address that was not understood, and the field that corrects it."""

    message: str
    anchor: str = ""


@dataclass
class Asked:
    """A territory, the level of its rows, a stage and a kind (empty = all), what restricts the offers, and what was not understood."""

    place: Place
    level: str
    stage: str = ""
    kind: str = ""
    criteria: Criteria = field(default_factory=Criteria)
    problems: list[Problem] = field(default_factory=list)

    def query(self, **changed: str) -> str:
        """The canonical query string, some values changed (an empty one is left out)."""
        values: dict[str, str | tuple[str, ...]] = {
            "territoire": self.place.key,
            "maille": self.level if self.level != ROWS[self.place.level] else "",
            "etape": self.stage,
            "nature": self.kind,
            "besoin": self.criteria.needs,
            "portee": "locale" if self.criteria.local else "",
            "cout": "gratuit" if self.criteria.free else "",
            "fraicheur": "recente" if self.criteria.fresh else "",
        }
        return urlencode({name: value for name, value in (values | changed).items() if value}, doseq=True)


def read(parameters: QueryDict, portal: Portal) -> Asked:
    """Read an address. Nothing said: the first région of the portal."""
    problems: list[Problem] = []
    place = _place(parameters, portal, problems)
    level = _one(parameters, "maille", rows_of(place), _("Cette maille n’existe pas pour ce territoire"), problems)
    needs = tuple(
        code
        for code in dict.fromkeys(value[:READ] for value in parameters.getlist("besoin")[:12] if value)
        if _known(code, vocabulary().codes("need"), "besoin", problems)
    )
    criteria = Criteria(
        needs,
        local=parameters.get("portee") == "locale",
        free=parameters.get("cout") == "gratuit",
        fresh=parameters.get("fraicheur") == "recente",
    )
    kinds = (*vocabulary().codes("kind"), *(support.code for support in supports()))
    stage = _one(parameters, "etape", vocabulary().codes("stage"), _("Cette étape n’existe pas"), problems)
    kind = _one(parameters, "nature", kinds, _("Cette nature d’offre n’existe pas"), problems)
    return Asked(place, level or ROWS[place.level], stage, kind, criteria, problems)


def rows_of(place: Place) -> tuple[str, ...]:
    """The levels into which a territory may be cut, widest first."""
    if place.level == "commune":
        return ("commune",)
    return tuple(reversed(LEVELS[: LEVELS.index(place.level)]))


def members(place: Place, level: str) -> list[Place]:
    """The territories of a level that have a commune in a place, in order of name. An EPCI astride a border is whole in its row."""
    if level == place.level:
        return [place]
    if level == "commune":
        found: Iterable[Place | None] = (
            territories.place("commune", code) for code in territories.commune_codes_of(*place.territory)
        )
        return sorted((each for each in found if each), key=lambda each: (each.name, each.code))
    if place.level == "france":
        return sorted(territories.places(level), key=lambda each: (each.name, each.code))
    codes = {commune.epci if level == "epci" else commune.departement for commune in territories.communes_of(*place.territory)}
    found = (territories.place(level, code) for code in codes if code)
    return sorted((each for each in found if each), key=lambda each: (each.name, each.code))


def _place(parameters: QueryDict, portal: Portal, problems: list[Problem]) -> Place:
    raw = parameters.get("territoire", "")[:READ].strip()
    if raw:
        typed = place_typed(raw)
        if typed.place:
            if typed.sentence:
                problems.append(Problem(typed.sentence, "territoire"))
            return typed.place
        problems.append(Problem(_("%(sentence)s Voici le territoire du portail.") % {"sentence": typed.sentence}, "territoire"))
    regions = (territories.place("region", code) for code in portal.regions)
    return next((place for place in regions if place), None) or territories.places("france")[0]


def _one(parameters: QueryDict, name: str, known: Iterable[str], sentence: str, problems: list[Problem]) -> str:
    value = parameters.get(name, "")[:READ].strip()
    if not value or value in known:
        return value
    problems.append(Problem(_("%(sentence)s\u202f: «\u202f%(value)s\u202f».") % {"sentence": sentence, "value": value}, name))
    return ""


def _known(code: str, known: Iterable[str], name: str, problems: list[Problem]) -> bool:
    if code in known:
        return True
    problems.append(Problem(_("Ce besoin n’existe pas\u202f: «\u202f%(value)s\u202f».") % {"value": code}, name))
    return False


def kind_label(code: str) -> str:
    """The name of a column: a kind, a support, or all kinds."""
    if not code:
        return _("Toutes les offres")
    return label("kind", code) if vocabulary().knows("kind", code) else support_label(code)
