"""What the office and the space of a structure share: a campaign as it is shown before it is public, and the form that changes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from maillage.accounts.models import Person
from maillage.catalogue.access import NotAllowed
from maillage.catalogue.office import sentences
from maillage.crowdfunding import access, actions
from maillage.crowdfunding.access import CampaignAct
from maillage.crowdfunding.actions import Conflict
from maillage.crowdfunding.forms import CampaignForm, FiguresForm
from maillage.crowdfunding.models import Campaign, CampaignStatus
from maillage.crowdfunding.states import day_in_paris
from maillage.crowdfunding.views.campaigns import sheet_context
from maillage.crowdfunding.views.page import said
from maillage.journal.models import Entry
from maillage.kit.http import SeeOther

#: How many lines of its history a page shows.
HISTORY = 20
_BADGES = {
    CampaignStatus.PROPOSED: "badge-warn",
    CampaignStatus.PUBLISHED: "badge-ok",
    CampaignStatus.WITHDRAWN: "badge-alarm",
}
_DONE = {
    CampaignAct.PROPOSE: lazy("La campagne est envoyée\u202f: l’animation du réseau la relit, puis la publie."),
    CampaignAct.PUBLISH: lazy("La campagne est publiée."),
    CampaignAct.WITHDRAW: lazy("La campagne est retirée."),
    CampaignAct.REOPEN: lazy("La campagne est rouverte en brouillon."),
}


def badge(campaign: Campaign) -> SafeString:
    """Who sees it, as a badge."""
    return format_html(
        '<span class="badge {}">{}</span>', _BADGES.get(CampaignStatus(campaign.status), ""), campaign.get_status_display()
    )


def shown(request: HttpRequest, campaign: Campaign, person: Person, *, names: bool = True) -> dict[str, Any]:
    """A campaign as visitors (will) see it, what this person may do with it, and its history (without `names`, not who)."""
    sheet = {**sheet_context(campaign, day_in_paris(timezone.now())), "said": said, "portal": getattr(request, "portal", None)}
    history = Entry.objects.filter(subject_kind=Campaign.KIND, subject_uid=campaign.uid)[:HISTORY]
    return {
        "campaign": campaign,
        "badge": badge(campaign),
        "acts": access.acts_for(person, campaign),
        "seen": actions.version(campaign),
        "preview": mark_safe(render_to_string("crowdfunding/campaign_preview.jinja", sheet, using="jinja")),  # noqa: S308  # escaped by Jinja
        "lines": [sentences.line(entry, names=names) for entry in history],
        "public_url": campaign.get_absolute_url() if campaign.status == CampaignStatus.PUBLISHED else "",
    }


def picture_of(form: CampaignForm | FiguresForm) -> tuple[str, bytes] | None:
    """The kind and the bytes of the picture that came with a form."""
    return (form.picture.kind, form.picture_bytes) if form.picture else None


def save_form(
    request: HttpRequest,
    campaign: Campaign,
    form: CampaignForm | FiguresForm,
    person: Person,
    *,
    page: Callable[[str, int], HttpResponse],
    back: str,
) -> HttpResponse:
    """Save what a form says of a campaign; `page` shows the form again (version seen, status). What was typed is kept when it is refused."""
    seen, status = request.POST.get("seen", ""), 200
    if form.is_valid():
        try:
            actions.edit(campaign, form.values(), person=person, seen=seen, picture=picture_of(form))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
            status = 403
        except Conflict:
            form.add_error(
                None,
                _(
                    "Quelqu’un a changé cette campagne depuis que vous l’avez ouverte. Votre texte est gardé ci-dessous\u202f: relisez la fiche dans un autre onglet, puis enregistrez de nouveau."
                ),
            )
            seen, status = actions.version(Campaign.objects.get(pk=campaign.pk)), 409
        else:
            messages.success(request, _("La campagne est enregistrée."))
            return SeeOther(back)
    return page(seen, status)


def do_act(request: HttpRequest, campaign: Campaign, act: str, person: Person, back: str) -> HttpResponse:
    """Propose, publish, withdraw or reopen, then say what came of it."""
    try:
        actions.move(campaign, act, person=person, seen=request.POST.get("seen", ""))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    except Conflict:
        messages.error(request, _("La campagne a changé depuis que vous avez ouvert cette page. Relisez-la, puis recommencez."))
    else:
        messages.success(request, str(_DONE[CampaignAct(act)]))
    return SeeOther(back)
