"""« Mes données »: what is kept about me, who looked at it, what I agreed to; take it away, or have it erased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.accounts.models import Person
from maillage.journal.models import Access, Consent
from maillage.journal.privacy.erasure import LastAdministrator, erase
from maillage.journal.privacy.export import as_zip, sections
from maillage.kit.http import SeeOther
from maillage.kit.personal import Fate

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of data, how much of it there is, and what an erasure does to it."""

    title: str
    count: int
    fate: str


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def _lines(person: Person) -> list[Line]:
    found = []
    for section in sections(person, files=False):
        declaration = section.declaration
        fate = {
            Fate.ERASE: _("effacé"),
            Fate.ANONYMISE: _("gardé sans votre nom\u202f: %(reason)s") % {"reason": declaration.reason},
            Fate.KEEP: _("gardé\u202f: %(reason)s") % {"reason": declaration.reason},
        }[declaration.fate]
        found.append(Line(str(declaration.title), len(section.rows), fate))
    return found


def _trail(*rest: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Mon compte"), reverse("account")), (_("Mes données"), reverse("my-data") if rest else ""), *rest]


@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """What is kept, who looked, what was agreed."""
    person = _person(request)
    page = Paginator(Access.objects.filter(person=person), PER_PAGE).get_page(request.GET.get("page"))
    consents = Consent.objects.filter(person=person).order_by("-given_at", "-pk")
    context: dict[str, Any] = {
        "kept": {
            "caption": _("Ce que nous gardons sur vous"),
            "columns": [_("Quoi"), _("Combien"), _("Si vous effacez votre compte")],
            "rows": [[line.title, line.count, line.fate] for line in _lines(person)],
        },
        "accesses": {
            "caption": _("Qui a consulté vos données"),
            "columns": [_("Quand"), _("Qui"), _("Quoi")],
            "rows": [[_day(access.at), access.organisation, access.get_category_display()] for access in page],
        },
        "consents": {
            "caption": _("Ce que vous avez accepté de partager"),
            "columns": [_("Avec qui"), _("Quoi"), _("Depuis"), _("Retiré")],
            "rows": [
                [
                    one.recipient_name,
                    one.get_category_display(),
                    _day(one.given_at),
                    _day(one.revoked_at) if one.revoked_at else _("non"),
                ]
                for one in consents
            ],
        },
        "pager": page,
        "pager_query": "",
        "trail": _trail(),
    }
    return render(request, "journal/my_data.html", context)


def _day(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i")


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Everything that is kept about me, in one archive."""
    response = HttpResponse(as_zip(_person(request)), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="mes-donnees-{timezone.localdate():%Y-%m-%d}.zip"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def erase_me(request: HttpRequest) -> HttpResponse:
    """What is lost, then the word to write, then nothing is left."""
    person = _person(request)
    problems, typed = [], ""
    if request.method == "POST":
        typed = request.POST.get("word", "")
        if typed.strip().lower() != _("effacer"):
            problems = [{"message": _("Écrivez le mot «\u202feffacer\u202f» pour confirmer."), "anchor": "id_word"}]
        else:
            try:
                erase(person)
            except LastAdministrator as error:
                problems = [{"message": str(error), "anchor": ""}]
            else:
                logout(request)
                return SeeOther(reverse("erased"))
    context = {"lines": _lines(person), "problems": problems, "typed": typed, "trail": _trail((_("Effacer"), ""))}
    return render(request, "journal/erase.html", context)


@login_not_required
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """It is done."""
    return render(request, "journal/erased.html")
