"""The API as ninja knows it: one operation per address, with its documentation. `urlpatterns` puts each behind the door."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from pydantic import BaseModel

from maillage.interop.api import openapi, schemas
from maillage.interop.api.answers import AN_HOUR, Refused, answer
from maillage.interop.api.door import open_door
from maillage.interop.api.parameters import LANGUAGE, SITUATION, Parameter
from maillage.interop.api.records import OfferRecord, RelayRecord, StructureRecord
from maillage.interop.api.views import observatory, orientation, reference, sheets

PREFIX = "api/v1/"

api = NinjaAPI(
    title=gettext_noop("Maillage\u202f: l’interface publique"),
    version="1",
    description=gettext_noop(
        "Tout ce qui est public sur ce site, pour des programmes. Lecture seule, sans clé, sans cookie. Chaque fiche dit sa source et sa licence."
    ),
    openapi_url=None,
    docs_url=None,
    urls_namespace="api-v1",
)


def _page_of(record: type[BaseModel]) -> Any:
    """The page whose items are these records."""
    return schemas.Page[record]  # type: ignore[valid-type]  # made from the format's own table, when the process starts


def _operation(
    address: str,
    name: str,
    view: Callable[..., HttpResponse],
    response: Any,
    summary: str,
    description: str,
    parameters: Iterable[Parameter] = (),
) -> None:
    documented = [one.documented() for one in (*parameters, LANGUAGE)]
    api.get(
        address,
        response={200: response},
        url_name=name,
        operation_id=name.removeprefix("api-"),
        summary=summary,
        description=description,
        openapi_extra={"parameters": documented},
    )(view)


_operation(
    "orientation",
    "api-orientation",
    orientation.orientation,
    schemas.Orientation,
    gettext_noop("L’orientation\u202f: une situation devient des offres expliquées et des personnes à qui parler"),
    gettext_noop(
        "Les paramètres sont ceux de la page des résultats, et la réponse est celle de la commande «\u202fmaillage orienter --format json\u202f». "
        "Tout est facultatif. Ce qui n’est pas compris est dit dans «\u202fproblems\u202f», et le reste reçoit sa réponse."
    ),
    (
        *SITUATION,
        Parameter(
            "limite", gettext_noop("Nombre de résultats\u202f: 20 si rien n’est dit, 200 au plus."), {"type": "string"}, "20"
        ),
        Parameter("debut", gettext_noop("Premier résultat, à partir de 0."), {"type": "string"}, "0"),
    ),
)
_operation(
    "communes",
    "api-communes",
    orientation.communes,
    schemas.Communes,
    gettext_noop("Les communes que quelqu’un est peut-être en train d’écrire"),
    gettext_noop("Pour proposer des communes pendant la frappe\u202f: nom, ancien nom ou code postal, fautes comprises."),
    (Parameter("q", gettext_noop("Ce qui est écrit."), {"type": "string"}, "laval"),),
)
_operation(
    "offers",
    "api-offers",
    sheets.offers,
    _page_of(OfferRecord),
    gettext_noop("Les offres"),
    gettext_noop(
        "Dans un ordre stable, page par page\u202f: suivez «\u202fnext\u202f» jusqu’à null. Les paramètres d’une situation filtrent comme sur la page "
        "des résultats\u202f; le calendrier ne filtre que si «\u202fouvertes\u202f» vaut oui."
    ),
    sheets.OFFERS,
)
_operation(
    "offers/{uid}", "api-offer", sheets.offer, OfferRecord, gettext_noop("Une offre"), gettext_noop("Par son identifiant public.")
)
_operation(
    "structures",
    "api-structures",
    sheets.structures,
    _page_of(StructureRecord),
    gettext_noop("Les structures"),
    gettext_noop("Dans un ordre stable, page par page. «\u202fterritoire\u202f» garde celles dont l’adresse y est."),
    sheets.STRUCTURES,
)
_operation(
    "structures/{uid}",
    "api-structure",
    sheets.structure,
    StructureRecord,
    gettext_noop("Une structure"),
    gettext_noop("Par son identifiant public."),
)
_operation(
    "relays",
    "api-relays",
    sheets.relays,
    _page_of(RelayRecord),
    gettext_noop("Les relais\u202f: les lieux qui accueillent"),
    gettext_noop("Dans un ordre stable, page par page. «\u202fterritoire\u202f» garde ceux dont l’adresse y est."),
    sheets.RELAYS,
)
_operation(
    "relays/{uid}", "api-relay", sheets.relay, RelayRecord, gettext_noop("Un relais"), gettext_noop("Par son identifiant public.")
)
_operation(
    "territories",
    "api-territories",
    reference.territories,
    schemas.Page[schemas.Territory],
    gettext_noop("Les territoires d’un niveau"),
    gettext_noop("Communes, intercommunalités, départements, régions, dans l’ordre de leur code."),
    reference.TERRITORIES,
)
_operation(
    "territories/{level}/{code}",
    "api-territory",
    reference.territory,
    schemas.TerritoryInFull,
    gettext_noop("Un territoire"),
    gettext_noop("Avec ce qui le compose. Un ancien code de commune donne la commune d’aujourd’hui."),
)
_operation(
    "vocabularies",
    "api-vocabularies",
    reference.vocabularies,
    schemas.Vocabularies,
    gettext_noop("Toutes les listes de codes"),
    gettext_noop("Étapes, natures, besoins, secteurs… avec leurs libellés dans la langue demandée."),
)
_operation(
    "vocabularies/{name}",
    "api-vocabulary",
    reference.vocabulary,
    schemas.TermList,
    gettext_noop("Une liste de codes"),
    gettext_noop("Par son nom\u202f: stage, kind, need, sector…"),
)
_operation(
    "statistics/coverage",
    "api-coverage",
    reference.coverage,
    schemas.CoverageStatistics,
    gettext_noop("Combien d’offres par étape et par nature, sur un territoire"),
    gettext_noop(
        "Offres distinctes ouvertes aujourd’hui, comptées comme sur les pages des territoires\u202f; «\u202fgaps\u202f» dit ce qui manque. Sans territoire\u202f: la France."
    ),
    reference.COVERAGE,
)
_operation(
    "observatory/matrix",
    "api-observatory-matrix",
    observatory.matrix,
    schemas.ObservatoryMatrix,
    gettext_noop("L’observatoire\u202f: ce qui est déclaré, étape par étape et nature par nature"),
    gettext_noop("Sans territoire\u202f: la région du portail. Avec «\u202fmembres=oui\u202f»\u202f: aussi ce qui la compose."),
    observatory.MATRIX,
)
_operation(
    "observatory/gaps",
    "api-observatory-gaps",
    observatory.gap_list,
    schemas.ObservatoryGaps,
    gettext_noop("L’observatoire\u202f: ce qui manque, en phrases"),
    gettext_noop("Conseil, argent, formation, incubation. Sans territoire\u202f: la région du portail."),
    observatory.GAPS,
)
_operation(
    "observatory/demand",
    "api-observatory-demand",
    observatory.demand,
    schemas.ObservatoryDemand,
    gettext_noop("L’observatoire\u202f: les recherches d’une année"),
    gettext_noop(
        "Les nombres de 1 à 4 sont masqués (null), et ceux qui les rendraient. Une année en cours s’arrête au dernier trimestre clos."
    ),
    observatory.DEMAND,
)


def document(request: HttpRequest) -> HttpResponse:
    """This API described in OpenAPI 3.1, in the language asked."""
    return answer(request, described(), cache=AN_HOUR)


_operation(
    "openapi.json",
    "api-openapi",
    document,
    schemas.Document,
    gettext_noop("Cette description, en OpenAPI 3.1"),
    gettext_noop("En français ou en anglais (lang=en)."),
)


@cache
def _in_french() -> dict[str, Any]:
    return openapi.completed(api.get_openapi_schema(path_prefix="/" + PREFIX))


def described() -> dict[str, Any]:
    """The OpenAPI document in the reader's language."""
    document: dict[str, Any] = openapi.translated(_in_french())
    return document


def _unknown(request: HttpRequest, rest: str) -> HttpResponse:
    raise Refused(
        404, _("L’interface publique n’a pas cette adresse. Elles sont toutes dans /%(prefix)sopenapi.json.") % {"prefix": PREFIX}
    )


def _patterns() -> list[URLPattern]:
    found = []
    for pattern in api.urls[0]:
        name = getattr(pattern, "name", None)
        if isinstance(pattern, URLPattern) and name and name != "api-root":  # ninja's own root page says nothing
            address = PREFIX + str(pattern.pattern)
            found.append(path(address, open_door(pattern.callback, name), name=name))
    return [*found, path(f"{PREFIX}<path:rest>", open_door(_unknown, "api-unknown"), name="api-unknown")]


urlpatterns = _patterns()
