"""Campaigns in the office: list, one campaign, write, publish, import a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.accounts.access import has_role
from maillage.accounts.models import Role
from maillage.catalogue.office.page import link, office_page, person_of, team_only
from maillage.crowdfunding import access, actions
from maillage.crowdfunding.editing import badge, do_act, picture_of, save_form, shown
from maillage.crowdfunding.forms import CampaignForm, initial
from maillage.crowdfunding.imports.files import UnreadableFile, read_rows
from maillage.crowdfunding.imports.load import COLUMNS, load
from maillage.crowdfunding.models import Campaign, CampaignStatus
from maillage.crowdfunding.states import day_in_paris
from maillage.crowdfunding.wording import STATE_LABELS, progress
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther
from maillage.kit.typography import typographic

PER_PAGE = 50


def _url(campaign: Campaign) -> str:
    return reverse("office-campaign", args=(campaign.uid,))


def _trail(*rest: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Campagnes"), reverse("office-campaigns") if rest else ""), *rest]


@require_safe
@team_only
def campaigns(request: HttpRequest) -> HttpResponse:
    """Every campaign, latest changes first."""
    status = request.GET.get("etat", "")
    found = Campaign.objects.order_by("-modified_at", "-pk").defer("description")
    if status in CampaignStatus.values:
        found = found.filter(status=status)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    today = day_in_paris(timezone.now())
    rows = [
        [link(_url(each), typographic(each.name)), badge(each), STATE_LABELS[each.state(today)], progress(each), each.source]
        for each in page
    ]
    context = {
        "caption": _("Campagnes de financement participatif"),
        "columns": [_("Projet"), _("Publication"), _("Collecte"), _("Chiffres"), _("Source")],
        "rows": rows,
        "pager": page,
        "pager_query": urlencode({"etat": status}) if status in CampaignStatus.values else "",
        "statuses": CampaignStatus.choices,
        "status": status,
    }
    return office_page(request, "campaigns.html", context, part="campaigns", trail=_trail())


@require_safe
@team_only
def campaign(request: HttpRequest, uid: str) -> HttpResponse:
    """One campaign as visitors see it, what can be done with it, and its history."""
    person = person_of(request)
    found = access.campaign_for(person, uid)
    answer = access.may_edit(person, found)
    context = {**shown(request, found, person), "may_edit": answer.allowed, "edit_refused": answer.reason}
    return office_page(request, "campaign.html", context, part="campaigns", trail=_trail((typographic(found.name), "")))


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def new(request: HttpRequest) -> HttpResponse:
    """Write a new campaign: a draft."""
    form = CampaignForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = actions.create(form.values(), person=person_of(request), picture=picture_of(form))
        messages.success(request, _("La campagne est enregistrée\u202f: c’est un brouillon."))
        return SeeOther(_url(made))
    return _edit_page(request, form, _("Nouvelle campagne"), reverse("office-campaigns"))


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def edit(request: HttpRequest, uid: str) -> HttpResponse:
    """Change a campaign. What was typed is kept when it is refused."""
    person = person_of(request)
    found = access.campaign_for(person, uid)
    answer = access.may_edit(person, found)
    if not answer.allowed:
        return office_page(
            request,
            "campaign_refused.html",
            {"reason": answer.reason, "back": _url(found)},
            part="campaigns",
            trail=_trail((found.name, _url(found))),
            status=403,
        )
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = CampaignForm(data, files, campaign=found, initial=initial(found))

    def page(seen: str, status: int) -> HttpResponse:
        return _edit_page(request, form, typographic(found.name), _url(found), seen=seen, status=status)

    if data is None:
        return page(actions.version(found), 200)
    return save_form(request, found, form, person, page=page, back=_url(found))


def _edit_page(
    request: HttpRequest, form: CampaignForm, title: str, back: str, *, seen: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "back": back,
        "seen": seen,
        "problems": problems_of(form, named=True),
        "frame": "office/base.html",
    }
    return office_page(request, "campaign_edit.html", context, part="campaigns", trail=_trail((title, "")), status=status)


@require_POST
@team_only
def act(request: HttpRequest, uid: str, act: str) -> HttpResponse:
    """Publish, withdraw or reopen."""
    person = person_of(request)
    found = access.campaign_for(person, uid)
    return do_act(request, found, act, person, _url(found))


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def import_file(request: HttpRequest) -> HttpResponse:
    """Import a file: what was done, and a sentence for each line that was refused."""
    person = person_of(request)
    animates = has_role(person, Role.ANIMATION)
    context: dict[str, Any] = {
        "columns": COLUMNS,
        "source": "",
        "report": None,
        "problem": "",
        "animates": animates,
        "publish": False,
    }
    if request.method == "POST":
        file, source = request.FILES.get("fichier"), request.POST.get("source", "").strip()[:60]
        publish = animates and request.POST.get("publier") == "oui"
        context |= {"source": source, "publish": publish}
        if not source or file is None:
            context["problem"] = _("Dites d’où vient ce fichier, et choisissez-le.")
        elif source == actions.OFFICE:
            context["problem"] = _("Cette source est celle des campagnes écrites ici\u202f: donnez-en une autre.")
        else:
            try:
                rows = read_rows(file.name or "", file.read())
                context["report"] = load(rows, source, person=person, publish=publish)
            except UnreadableFile as refusal:
                context["problem"] = str(refusal)
    return office_page(request, "campaigns_import.html", context, part="campaigns", trail=_trail((_("Importer un fichier"), "")))
