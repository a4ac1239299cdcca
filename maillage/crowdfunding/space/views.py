"""The campaigns of a structure, in its own space: write one, propose it, keep its figures true."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.accounts.policy import Action, Field
from maillage.catalogue.models import Structure
from maillage.catalogue.personas import may_in_structure
from maillage.catalogue.space.access import person_of, structure_of
from maillage.catalogue.space.page import space_page
from maillage.crowdfunding import access, actions
from maillage.crowdfunding.editing import badge, do_act, picture_of, save_form, shown
from maillage.crowdfunding.forms import CampaignForm, FiguresForm, OwnCampaignForm, initial
from maillage.crowdfunding.models import Campaign
from maillage.crowdfunding.states import day_in_paris
from maillage.crowdfunding.wording import STATE_LABELS, progress
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther
from maillage.kit.typography import typographic


def _url(structure: Structure, campaign: Campaign) -> str:
    return reverse("space-campaign", args=(structure.uid, campaign.uid))


def _trail(structure: Structure, *rest: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Campagnes"), reverse("space-campaigns", args=(structure.uid,)) if rest else ""), *rest]


@require_safe
def campaigns(request: HttpRequest, uid: str) -> HttpResponse:
    """The campaigns of the structure, latest changes first."""
    structure = structure_of(request, uid, Action.STRUCTURE_EDIT)
    today = day_in_paris(timezone.now())
    found = Campaign.objects.filter(structure=structure).order_by("-modified_at", "-pk").defer("description")
    lines = [
        {
            "url": _url(structure, each),
            "name": typographic(each.name),
            "badge": badge(each),
            "state": STATE_LABELS[each.state(today)],
            "progress": progress(each),
        }
        for each in found
    ]
    return space_page(request, "campaigns.html", {"lines": lines}, structure=structure, trail=_trail(structure))


@require_safe
def campaign(request: HttpRequest, uid: str, campaign_uid: str) -> HttpResponse:
    """One campaign as visitors see it, what can be done with it, and its history."""
    person = person_of(request)
    structure = structure_of(request, uid, Action.STRUCTURE_EDIT)
    found = access.campaign_of(structure, campaign_uid)
    whole = access.may_edit(person, found)
    names = may_in_structure(person, structure, Action.STRUCTURE_HISTORY, Field.PEOPLE)
    context = {
        **shown(request, found, person, names=names),
        "may_edit": whole.allowed,
        "may_tell": access.may_tell_figures(person, found).allowed,
        "refused": whole.reason,
    }
    return space_page(
        request, "campaign.html", context, structure=structure, trail=_trail(structure, (typographic(found.name), ""))
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, uid: str) -> HttpResponse:
    """Write a new campaign of the structure: a draft."""
    person = person_of(request)
    structure = structure_of(request, uid, Action.STRUCTURE_EDIT)
    form = OwnCampaignForm(request.POST or None, request.FILES or None, structure=structure)
    if request.method == "POST" and form.is_valid():
        made = actions.create(form.values(), person=person, picture=picture_of(form))
        messages.success(
            request, _("La campagne est enregistrée, en brouillon. Proposez-la à la publication quand elle est prête.")
        )
        return SeeOther(_url(structure, made))
    return _form_page(request, structure, form, _("Nouvelle campagne"), reverse("space-campaigns", args=(structure.uid,)))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uid: str, campaign_uid: str) -> HttpResponse:
    """Change a campaign; once it is published, its figures only, unless the portal lets edits go live."""
    person = person_of(request)
    structure = structure_of(request, uid, Action.STRUCTURE_EDIT)
    found = access.campaign_of(structure, campaign_uid)
    back = _url(structure, found)
    whole = access.may_edit(person, found)
    if not whole.allowed and not access.may_tell_figures(person, found).allowed:
        messages.error(request, str(whole.reason))
        return SeeOther(back)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form: CampaignForm | FiguresForm
    if whole.allowed:
        title = _("Modifier la campagne")
        form = OwnCampaignForm(data, files, campaign=found, structure=structure, initial=initial(found))
    else:
        title, form = _("Mettre à jour les chiffres"), FiguresForm(data, initial=initial(found))

    def page(seen: str, status: int) -> HttpResponse:
        return _form_page(request, structure, form, title, back, seen=seen, status=status)

    if data is None:
        return page(actions.version(found), 200)
    return save_form(request, found, form, person, page=page, back=back)


def _form_page(
    request: HttpRequest,
    structure: Structure,
    form: CampaignForm | FiguresForm,
    title: str,
    back: str,
    *,
    seen: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "back": back,
        "seen": seen,
        "problems": problems_of(form, named=True),
        "frame": "space/base.html",
    }
    return space_page(
        request,
        "campaign_edit.html",
        context,
        structure=structure,
        trail=_trail(structure, (title, "")),
        status=status,
        folder="office",
    )


@require_POST
def act(request: HttpRequest, uid: str, campaign_uid: str, act: str) -> HttpResponse:
    """Propose a campaign, take it back, withdraw it."""
    person = person_of(request)
    structure = structure_of(request, uid, Action.STRUCTURE_EDIT)
    found = access.campaign_of(structure, campaign_uid)
    return do_act(request, found, act, person, _url(structure, found))
