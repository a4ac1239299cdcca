"""From the last part of an address (a handle) to the sheet it names, or to what must be said instead.

Visitors see published sheets. A sheet that was public and no longer is answers 410 with a page that says so and proposes
something else; a draft, a sheet in review or a suspended one does not exist for visitors (404).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.utils.translation import gettext as _

from maillage.catalogue.enums import Status
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.catalogue.models.sheet import UID_LENGTH, Sheet, SheetQuerySet, uid_of_handle
from maillage.journal.models import Entry

AnySheet = TypeVar("AnySheet", bound=Sheet)

#: Verbs of the journal after which a sheet has been seen by visitors.
_MADE_PUBLIC = ("published", "imported")


@dataclass(frozen=True, slots=True)
class Found(Generic[AnySheet]):
    """The sheet of an address. `gone` is true when it was public and is not any more; `merged` when another sheet answers for it."""

    sheet: AnySheet
    gone: bool
    merged: bool = False


def find(sheets: SheetQuerySet[AnySheet], handle: str) -> Found[AnySheet]:
    """The sheet that a handle names, among `sheets`. Raises Http404 when visitors may not know that it exists.

    An offer or a relay whose structure is gone is gone too. A sheet merged into another gives that one.
    """
    sheet = sheets.filter(uid=uid_of_handle(handle)).first() if len(handle) >= UID_LENGTH else None
    merged = False
    while sheet is not None and sheet.merged_into:
        merged = True
        sheet = sheets.filter(uid=sheet.merged_into).first()
    if sheet is None:
        raise Http404(_("Cette fiche n’existe pas."))
    parts: list[Sheet] = [sheet, sheet.structure] if isinstance(sheet, Offer | Relay) else [sheet]
    gone = False
    for part in parts:
        if not part.is_visible:
            if not _was_public(part):
                raise Http404(_("Cette fiche n’existe pas."))
            gone = True
    return Found(sheet, gone, merged)


def canonical(
    request: HttpRequest, handle: str, found: Found[Offer] | Found[Structure]
) -> HttpResponsePermanentRedirect | HttpResponseRedirect | None:
    """The redirection to the sheet's own address when `handle` is not it (other words, or a merged sheet); else None.

    A merge can be undone: browsers must not remember where it led.
    """
    sheet = found.sheet
    if handle == sheet.handle:
        return None
    query = request.META.get("QUERY_STRING", "")
    kind = HttpResponseRedirect if found.merged else HttpResponsePermanentRedirect
    return kind(sheet.get_absolute_url() + (f"?{query}" if query else ""))


def _was_public(sheet: Sheet) -> bool:
    if sheet.status == Status.PUBLISHED:
        return True  # withdrawn by its source
    if sheet.status != Status.ARCHIVED:
        return False
    return Entry.objects.filter(subject_kind=sheet.KIND, subject_uid=sheet.uid, verb__in=_MADE_PUBLIC).exists()
