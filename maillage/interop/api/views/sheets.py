"""Offers, structures and relays: lists by pages, and one sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from maillage.interop.api import lists, paging, parameters
from maillage.interop.api.answers import Refused, answer
from maillage.interop.api.paging import Page
from maillage.interop.api.parameters import (
    CURSOR,
    LIMIT,
    OPEN,
    SINCE,
    SIREN,
    SITUATION,
    SOURCE,
    TERRITORY,
    Parameter,
)
from maillage.interop.api.records import offer_record, relay_record, structure_record

Sheet = TypeVar("Sheet")

PAGED = (TERRITORY, SINCE, LIMIT, CURSOR)
LEVEL = Parameter("niveau", gettext_noop("Niveau d’aide (liste «\u202flevel\u202f»)."))
NETWORK = Parameter("reseau", gettext_noop("Réseau (liste «\u202frole\u202f»)."))
OFFERS = (*SITUATION, OPEN, *PAGED)
STRUCTURES = (SIREN, SOURCE, *PAGED)
RELAYS = (LEVEL, NETWORK, SOURCE, *PAGED)

_UID = re.compile(r"[a-z2-7]{12}")


def offers(request: HttpRequest) -> HttpResponse:
    """Published offers, whatever their calendar unless `ouvertes=oui`; the parameters of a situation filter them."""
    parameters.known_only(request, OFFERS)
    page = lists.offers_page(
        parameters.situation(request),
        timezone.localdate(),
        place=parameters.territory(request),
        open_only=parameters.yes_or_no(request, OPEN),
        since=parameters.since(request),
        after=paging.number_of("offer", parameters.cursor(request)),
        limit=parameters.limit(request),
        record=offer_record,
    )
    return _paged(request, "offer", page)


def offer(request: HttpRequest, uid: str) -> HttpResponse:
    """One offer."""
    return _one(request, uid, lists.one_offer, offer_record)


def structures(request: HttpRequest) -> HttpResponse:
    """Published structures; `territoire` keeps those whose address is there."""
    parameters.known_only(request, STRUCTURES)
    page = lists.structures_page(
        place=parameters.territory(request),
        source=request.GET.get(SOURCE.name, ""),
        siren=parameters.siren(request),
        since=parameters.since(request),
        after=paging.number_of("structure", parameters.cursor(request)),
        limit=parameters.limit(request),
        record=structure_record,
    )
    return _paged(request, "structure", page)


def structure(request: HttpRequest, uid: str) -> HttpResponse:
    """One structure."""
    return _one(request, uid, lists.one_structure, structure_record)


def relays(request: HttpRequest) -> HttpResponse:
    """Published places that welcome people; `territoire` keeps those whose address is there."""
    parameters.known_only(request, RELAYS)
    page = lists.relays_page(
        place=parameters.territory(request),
        source=request.GET.get(SOURCE.name, ""),
        level=parameters.code(request, LEVEL.name, "level"),
        network=parameters.code(request, NETWORK.name, "role"),
        since=parameters.since(request),
        after=paging.number_of("relay", parameters.cursor(request)),
        limit=parameters.limit(request),
        record=relay_record,
    )
    return _paged(request, "relay", page)


def relay(request: HttpRequest, uid: str) -> HttpResponse:
    """One relay."""
    return _one(request, uid, lists.one_relay, relay_record)


def _one(
    request: HttpRequest, uid: str, found_by: Callable[[str], Sheet | None], record: Callable[[Sheet], dict[str, Any]]
) -> HttpResponse:
    """The sheet of a public id."""
    parameters.known_only(request)
    found = found_by(_uid(uid))
    if found is None:
        raise _unknown()
    return answer(request, record(found))


def _paged(request: HttpRequest, kind: str, page: Page[dict[str, Any]]) -> HttpResponse:
    """A page of a list, and the address of the next one."""
    content, following = paging.page_content(request, kind, page)
    return answer(request, content, following=following)


def _uid(text: str) -> str:
    """A public id, in small letters. Raises Refused for what cannot be one: nothing has that address."""
    uid = text.lower()
    if not _UID.fullmatch(uid):
        raise _unknown()
    return uid


def _unknown() -> Refused:
    return Refused(404, _("Aucune fiche publiée n’a cet identifiant. Elle a pu être retirée\u202f: relisez la liste."))
