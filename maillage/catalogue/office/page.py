"""What the pages of the office share: the team only, the menu, the breadcrumb, tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from maillage.accounts.access import has_role, role_required
from maillage.accounts.models import Person, Role
from maillage.catalogue.access import AnySheet
from maillage.catalogue.enums import Status
from maillage.catalogue.models import Structure
from maillage.catalogue.office import extensions
from maillage.catalogue.office.kinds import KINDS

#: Decorates the views of the office: 404 for those who have no role in it.
team_only: Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]] = role_required(Role.REDACTION)

Trail = Sequence[tuple[str | Promise, str]]


def person_of(request: HttpRequest) -> Person:
    """The person signed in (the decorators have checked that there is one)."""
    assert isinstance(request.user, Person)
    return request.user


def office_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, part: str = "", trail: Trail = (), status: int = 200
) -> HttpResponse:
    """Render a page of the office. `part` marks the entry of the menu; `trail` follows « Gestion »."""
    person = person_of(request)
    shared = {
        "part": part,
        "kinds": KINDS.values(),
        "menu": extensions.MENU,
        "administers": has_role(person, Role.ADMINISTRATION),
        "animates": has_role(person, Role.ANIMATION),
        "trail": [(_("Gestion"), reverse("office") if trail else ""), *trail],
    }
    return render(request, f"office/{template}", {**shared, **context}, status=status)


def sheet_url(sheet: AnySheet) -> str:
    """The page of a sheet in the office."""
    return reverse("office-sheet", args=(sheet.KIND, sheet.uid))


def sheet_trail(sheet: AnySheet, *rest: tuple[str | Promise, str]) -> list[tuple[str | Promise, str]]:
    """List › (structure ›) sheet › rest."""
    trail: list[tuple[str | Promise, str]] = [(capfirst(str(KINDS[sheet.KIND].many)), reverse("office-list", args=(sheet.KIND,)))]
    if not isinstance(sheet, Structure):
        trail.append((sheet.structure.name, sheet_url(sheet.structure)))
    return [*trail, (sheet.name, sheet_url(sheet) if rest else ""), *rest]


def link(url: str, text: str | Promise) -> SafeString:
    """A link for a cell of a table."""
    return format_html('<a href="{}">{}</a>', url, text)


_BADGES = {Status.PUBLISHED: "badge-ok", Status.REVIEW: "badge-warn", Status.SUSPENDED: "badge-alarm"}


def status_badge(sheet: AnySheet) -> SafeString:
    """The state of a sheet, in a word; and what the source did."""
    badge = format_html('<span class="badge {}">{}</span>', _BADGES.get(Status(sheet.status), ""), sheet.get_status_display())
    if sheet.withdrawn_on:
        badge += format_html(' <span class="badge badge-alarm">{}</span>', _("Retirée par sa source"))
    return badge
