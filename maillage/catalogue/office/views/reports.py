"""Error reports: the list, one report, and asking colleagues for a correction."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.catalogue import access, queries
from maillage.catalogue.access import MODELS
from maillage.catalogue.actions import reports as actions
from maillage.catalogue.models import ErrorReport
from maillage.catalogue.office.forms import AnswerForm, AskForm
from maillage.catalogue.office.page import link, office_page, person_of, sheet_trail, sheet_url, team_only
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther

PER_PAGE = 25


@require_safe
@team_only
def reports(request: HttpRequest) -> HttpResponse:
    """The reports that wait, or those handled."""
    handled = request.GET.get("traites") == "oui"
    page = Paginator(queries.reports(handled), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        [
            link(reverse("office-report", args=(report.pk,)), report.sheet_name),
            report.get_reason_display(),
            date_format(report.created_at, "j F Y"),
            report.handled_by or "—",
        ]
        for report in page
    ]
    context = {
        "handled": handled,
        "pager": page,
        "pager_query": "traites=oui" if handled else "",
        "caption": _("Signalements traités") if handled else _("Signalements à traiter"),
        "columns": [_("Fiche"), _("Ce qui ne va pas"), _("Reçu le"), _("Traité par")],
        "rows": rows,
    }
    return office_page(request, "reports.html", context, part="reports", trail=[(_("Signalements"), "")])


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report, and what was done about it."""
    person = person_of(request)
    found = ErrorReport.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.handle(found, form.cleaned_data["answer"], person=person)
        messages.success(request, _("Le signalement est traité."))
        return SeeOther(reverse("office-reports"))
    sheet = MODELS[found.sheet_kind]._default_manager.filter(uid=found.sheet_uid).first()
    context = {
        "report": found,
        "sheet": sheet,
        "sheet_url": sheet_url(sheet) if sheet else "",
        "form": form,
        "problems": problems_of(form),
    }
    trail = [(_("Signalements"), reverse("office-reports")), (found.sheet_name, "")]
    return office_page(request, "report.html", context, part="reports", trail=trail)


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def ask(request: HttpRequest, kind: str, uid: str) -> HttpResponse:
    """Ask for a correction of a sheet that one may not edit."""
    person = person_of(request)
    sheet = access.sheet_for(person, kind, uid)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        portal: str = request.portal.code  # type: ignore[attr-defined]  # set by portal_middleware
        actions.ask_correction(sheet, form.cleaned_data["message"], person=person, portal=portal)
        messages.success(request, _("Votre demande est dans les signalements à traiter."))
        return SeeOther(sheet_url(sheet))
    context = {
        "sheet": sheet,
        "form": form,
        "problems": problems_of(form),
    }
    return office_page(request, "ask.html", context, part=kind, trail=sheet_trail(sheet, (_("Demander une correction"), "")))
