"""The addresses under /hsds/: no token, any site, ETag. What they answer is described by the profile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from maillage.catalogue import revision
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.catalogue.rows import Row
from maillage.interop.addresses import Addresses
from maillage.interop.hsds import queries, records
from maillage.interop.hsds.ids import parsed
from maillage.interop.hsds.queries import Asked, Key
from maillage.interop.hsds.taxonomies import TAXONOMIES, taxonomy_id, taxonomy_records, term_records, with_terms
from maillage.kit.absolute import absolute_url
from maillage.kit.open_data import open_data
from maillage.vocabulary.middleware import PortalRequest

VERSION = "HSDS 3.0"
OPENAPI = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/openapi.json"
PER_PAGE, PER_PAGE_AT_MOST, MINIMAL_AT_MOST = 50, 500, 10_000
#: Services at a location are found around a postal code, or around a point of the address.
KM_AT_MOST = 200.0


class Refused(ValueError):
    """A parameter says nothing that can be understood: the parameter, and a sentence."""

    def __init__(self, parameter: str, sentence: str) -> None:
        super().__init__(sentence)
        self.parameter = parameter


def catalogue_stamp() -> str:
    """Changes when the catalogue moves, and at midnight (what is open today changes)."""
    return f"{revision.current()} {timezone.localdate()}"


def hsds(view: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
    """A view of the family: what it gives becomes JSON, a parameter that is not understood a 400 that says which (RFC 9457)."""

    @open_data(catalogue_stamp)
    def answering(request: PortalRequest, **kwargs: str) -> HttpResponseBase:
        try:
            if request.GET.get("format", "json") != "json":
                raise Refused("format", "Le seul format est « json ».")
            found = view(request, **kwargs)
        except Refused as refused:
            return _problem(400, str(refused), refused.parameter)
        if found is None:
            return _problem(404, "Rien ne porte cet identifiant.")
        return JsonResponse(found, json_dumps_params={"ensure_ascii": False})

    answering.__doc__ = view.__doc__
    return answering


def _problem(status: int, detail: str, parameter: str = "") -> JsonResponse:
    problem = {"type": "about:blank", "title": {400: "Bad Request", 404: "Not Found"}[status], "status": status, "detail": detail}
    response = JsonResponse(problem | ({"parameter": parameter} if parameter else {}), status=status)
    response["Content-Type"] = "application/problem+json"
    return response


def addresses_for(request: PortalRequest) -> Addresses:
    """The addresses of sheets as this request would write them."""
    return Addresses(absolute_url(request, "/", request.portal.hosts).rstrip("/"))


@hsds
def root(request: PortalRequest) -> dict[str, Any]:
    """Which HSDS this is, and where its profile is."""
    return {
        "version": VERSION,
        "profile": absolute_url(request, reverse("hsds-profile"), request.portal.hosts),
        "openapi_url": OPENAPI,
        "description": f"{request.portal.name} : {request.portal.tagline}",
        "publisher": {"name": request.portal.legal.publisher or request.portal.organiser_name},
    }


@hsds
def services(request: PortalRequest) -> dict[str, Any]:
    """Offers, then relays: search, taxonomy_term_id, taxonomy_id, organization_id, modified_after, page, per_page, minimal, full."""
    found, full = queries.services(_asked(request)), _flag(request, "full")
    today, addresses = timezone.localdate(), addresses_for(request)

    def as_service(kind: str, row: Row) -> dict[str, Any]:
        found = with_terms(records.service_of(row, kind, today, addresses, full=full))
        return found | {"organization": records.short_organization(row)} if full else found

    return _paged(request, found, as_service)


@hsds
def service(request: PortalRequest, uuid: str) -> dict[str, Any] | None:
    """One service, with everything nested under it."""
    found = queries.row_with(parsed(uuid) or "", Offer.KIND, Relay.KIND)
    if found is None:
        return None
    kind, row = found
    whole = with_terms(records.service_of(row, kind, timezone.localdate(), addresses_for(request)))
    return whole | {"organization": records.short_organization(row)}


@hsds
def organizations(request: PortalRequest) -> dict[str, Any]:
    """The structures: search, modified_after, page, per_page, minimal, full."""
    asked = _asked(request)
    addresses, full = addresses_for(request), _flag(request, "full")

    def as_organization(kind: str, row: Row) -> dict[str, Any]:
        found = with_terms(records.organization(row, addresses))
        return found if full else {name: value for name, value in found.items() if not isinstance(value, list)}

    return _paged(request, queries.organizations(asked), as_organization)


@hsds
def organization(request: PortalRequest, uuid: str) -> dict[str, Any] | None:
    """One structure, with its services in short."""
    found = queries.row_with(parsed(uuid) or "", Structure.KIND)
    if found is None:
        return None
    _, row = found
    addresses, today = addresses_for(request), timezone.localdate()
    mine = queries.rows_of(queries.services(Asked(organization=row["id"])))
    return with_terms(records.organization(row, addresses)) | {
        "services": [records.service_of(each, kind, today, addresses, full=False) for kind, each in mine]
    }


@hsds
def taxonomies(request: PortalRequest) -> dict[str, Any]:
    """The taxonomies of the profile."""
    text = request.GET.get("search", "").lower()
    return _page(request, [one for one in taxonomy_records() if text in one["name"].lower()])


@hsds
def taxonomy_terms(request: PortalRequest) -> dict[str, Any]:
    """The terms: search, taxonomy_id, top_only (all are), parent_id (none has one)."""
    text, wanted = request.GET.get("search", "").lower(), _uuid(request, "taxonomy_id")
    found = [] if request.GET.get("parent_id") else list(term_records().values())
    kept = [one for one in found if text in one["name"].lower() and wanted in ("", one["taxonomy_id"])]
    return _page(request, kept)


@hsds
def service_at_locations(request: PortalRequest) -> dict[str, Any]:
    """Services that have a place: postcode; or proximity=lon,lat with km; and what /services takes."""
    today, addresses, asked = timezone.localdate(), addresses_for(request), _asked(request)
    postcode, around = request.GET.get("postcode", ""), _around(request)
    placed = queries.placed(queries.services(asked), postcode, around)

    def at_location(kind: str, row: Row) -> dict[str, Any]:
        whole = records.service_of(row, kind, today, addresses)
        place = whole["service_at_locations"][0]
        short = {name: whole[name] for name in records.ONE_TO_ONE if name in whole}
        at: dict[str, Any] = place | {"service_id": whole["id"], "service": short}
        return at

    return _paged(request, placed, at_location)


def _around(request: HttpRequest) -> tuple[float, float, float] | None:
    """(lon, lat, km) of `proximity` and `km`."""
    text = request.GET.get("proximity", "")
    if not text:
        return None
    try:
        lon, lat = (float(part) for part in text.split(","))
        km = float(request.GET.get("km", "20"))
    except ValueError as error:
        raise Refused("proximity", "Écrivez proximity=longitude,latitude en degrés, et km en kilomètres.") from error
    if not (-180 <= lon <= 180 and -90 <= lat <= 90 and 0 < km <= KM_AT_MOST):
        raise Refused("proximity", f"La longitude, la latitude ou la distance (au plus {KM_AT_MOST:.0f} km) sort de ses bornes.")
    return lon, lat, km


def _asked(request: HttpRequest) -> Asked:
    term_uuid, taxonomy_uuid = _uuid(request, "taxonomy_term_id"), _uuid(request, "taxonomy_id")
    term = next((key for key, record in term_records().items() if record["id"] == term_uuid), None)
    if term_uuid and term is None:
        raise Refused("taxonomy_term_id", "Aucun terme ne porte cet identifiant : voyez /hsds/taxonomy_terms.")
    taxonomy = next((code for code in TAXONOMIES if taxonomy_id(code) == taxonomy_uuid), "")
    if taxonomy_uuid and not taxonomy:
        raise Refused("taxonomy_id", "Aucune taxonomie ne porte cet identifiant : voyez /hsds/taxonomies.")
    organization_uuid = _uuid(request, "organization_id")
    structure = queries.directory.key(organization_uuid) if organization_uuid else None
    if organization_uuid and (structure is None or structure[0] != Structure.KIND):
        raise Refused("organization_id", "Aucune structure ne porte cet identifiant.")
    return Asked(
        text=request.GET.get("search", "")[:200].strip(),
        term=term,
        taxonomy=taxonomy,
        organization=structure[1] if structure else None,
        modified_after=_moment(request, "modified_after"),
    )


def _uuid(request: HttpRequest, name: str) -> str:
    text = request.GET.get(name, "")
    found = parsed(text)
    if text and found is None:
        raise Refused(name, "Il faut un identifiant UUID.")
    return found or ""


def _moment(request: HttpRequest, name: str) -> datetime | None:
    text = request.GET.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        moment = parse_datetime(text)
        day: date | None = None if moment else parse_date(text)
    except ValueError:
        moment = day = None
    if moment is None and day is None:
        raise Refused(name, "Écrivez une date (2026-11-23) ou un instant (2026-11-23T08:00:00Z).")
    found = moment or datetime.combine(day or date.min, time())
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _flag(request: HttpRequest, name: str) -> bool:
    text = request.GET.get(name, "false").lower()
    if text not in {"true", "false", "1", "0"}:
        raise Refused(name, "Écrivez true ou false.")
    return text in {"true", "1"}


def _number(request: HttpRequest, name: str, default: int, at_most: int) -> int:
    text = request.GET.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= at_most):
        raise Refused(name, f"Écrivez un nombre entier de 1 à {at_most}.")
    return int(text)


def _paged(request: HttpRequest, keys: Sequence[Key], record: Callable[[str, Row], dict[str, Any]]) -> dict[str, Any]:
    """One page of these sheets, as `record` writes them; `minimal` keeps ids and dates."""
    minimal = _flag(request, "minimal")
    page, envelope = _cut(request, keys, MINIMAL_AT_MOST if minimal else PER_PAGE_AT_MOST)
    contents = [record(kind, row) for kind, row in queries.rows_of(page)]
    if minimal:
        contents = [{name: each[name] for name in records.MINIMAL if name in each} for each in contents]
    return envelope | {"contents": contents}


def _page(request: HttpRequest, found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    page, envelope = _cut(request, found, PER_PAGE_AT_MOST)
    return envelope | {"contents": list(page)}


def _cut(request: HttpRequest, found: Sequence[Any], at_most: int) -> tuple[Sequence[Any], dict[str, Any]]:
    """The items of the page asked for, and the envelope that HSDS wants around them."""
    size = _number(request, "per_page", PER_PAGE, at_most)
    number = _number(request, "page", 1, 10**7)
    pages = max(1, -(-len(found) // size))
    page = found[(number - 1) * size : number * size]
    return page, {
        "total_items": len(found),
        "total_pages": pages,
        "page_number": number,
        "size": len(page),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not page,
    }
