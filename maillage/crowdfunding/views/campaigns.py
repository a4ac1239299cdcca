"""The campaigns: the list, one campaign, its picture. Outgoing links only: no money passes here."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.crowdfunding.images import MIME
from maillage.crowdfunding.models import UID_LENGTH, Campaign, CampaignImage, CampaignStatus
from maillage.crowdfunding.queries import STATES, Filters, listed, published
from maillage.crowdfunding.reading import Reader
from maillage.crowdfunding.rules import Platform, TopUpRule, rules
from maillage.crowdfunding.states import CampaignState, day_in_paris
from maillage.crowdfunding.topup import applies
from maillage.crowdfunding.views.page import Written, content, kept_page, said
from maillage.crowdfunding.wording import RISK, STATE_BADGES, STATE_CHOICES, STATE_LABELS, progress, rule_in_words, when
from maillage.kit.typography import distance, typographic
from maillage.territories import queries as territories
from maillage.vocabulary.labels import choices, label
from maillage.vocabulary.middleware import PortalRequest
from maillage.vocabulary.portals import Portal
from maillage.vocabulary.words import vocabulary

#: What a page shows: the structure has forty columns of which it takes four, and the picture has its own address.
_ON_A_SHEET = (
    *(field.name for field in Campaign._meta.concrete_fields),
    "structure__name", "structure__uid", "structure__status", "structure__withdrawn_on", "image__digest", "image__kind",
)  # fmt: skip


def image_url(campaign: Campaign) -> str:
    """The address of the picture: holds its digest, so that it may be kept for ever. Empty without a picture."""
    image = getattr(campaign, "image", None)
    return reverse("campaign-image", args=(campaign.uid, image.digest[:12], image.kind)) if image else ""


def place_name(campaign: Campaign) -> str:
    """The commune and its département."""
    commune = territories.commune(campaign.commune)
    place = territories.place("departement", campaign.departement)
    return ", ".join(part for part in (commune.name if commune else "", place.name if place else "") if part)


def card(campaign: Campaign, today: date, km: float | None = None) -> dict[str, Any]:
    """What a card shows, ready to be written."""
    state, language = campaign.state(today), get_language()
    return {
        "url": campaign.get_absolute_url(),
        "name": typographic(campaign.name),
        "summary": typographic(campaign.summary),
        "who": typographic(campaign.structure.name if campaign.structure else campaign.holder),
        "place": place_name(campaign),
        "distance": "" if km is None else distance(km),
        "form": rules().form_name(campaign.form, language),
        "theme": label("sector", campaign.sector) if campaign.sector else "",
        "state": STATE_LABELS[state],
        "badge": STATE_BADGES[state],
        "when": when(campaign, today),
        "progress": progress(campaign),
        "percent": min(campaign.percent, 100) if campaign.as_of else None,
        "risky": campaign.is_risky,
        "image": image_url(campaign),
        "image_alt": typographic(campaign.image_alt),
    }


@require_safe
@login_not_required
def campaigns(request: PortalRequest) -> HttpResponse:
    """The campaigns of the portal's territory, filtered; those near a commune first when one is said."""
    return kept_page(request, lambda: _list(request))


def _list(request: PortalRequest) -> Written:
    reader, today = Reader(request.GET), day_in_paris(timezone.now())
    known = rules()
    filters = Filters(
        state=reader.code("etat", STATES),
        form=reader.code("forme", known.forms),
        sector=reader.code("theme", vocabulary().codes("sector")),
        commune=reader.commune(),
    )
    page, found, far = listed(request.portal.regions, filters, today, request.GET.get("page", "1"))
    chosen = {
        "etat": filters.state,
        "forme": filters.form,
        "theme": filters.sector,
        "commune": filters.commune.code if filters.commune else "",
    }
    query = urlencode({name: value for name, value in chosen.items() if value})
    here = reverse("crowdfunding")
    context = {
        "reader": reader,
        "cards": [card(each, today, far.get(each.pk)) for each in found],
        "page": page,
        "here": here,
        "query": query,
        "states": STATE_CHOICES,
        "forms": [(code, said(form.name)) for code, form in known.forms.items()],
        "sectors": choices("sector"),
        "commune_said": filters.commune.name if filters.commune else reader.typed("commune"),
        "chosen_url": lambda name, code: (
            f"{here}?{urlencode({**{key: value for key, value in chosen.items() if value}, name: code})}"
        ),
        "near": filters.commune,
        "links": {name: reverse(name) for name in ("crowdfunding-forms", "royalties", "topup", "crowdfunding-figures", "relays")},
    }
    return content(
        request.portal,
        "campaigns.jinja",
        context,
        title=_("Financement participatif"),
        problems=bool(reader.problems),
        suggests=True,
    )


def matching_rules(campaign: Campaign) -> list[TopUpRule]:
    """The rules of the Région that may add to this campaign."""
    place = territories.place("departement", campaign.departement)
    region = place.regions[0] if place and place.regions else ""
    return [
        rule
        for rule in rules().topups.values()
        if applies(rule, region=region, form=campaign.form, sector=campaign.sector, opens=campaign.opens, closes=campaign.closes)
    ]


def sheet_context(campaign: Campaign, today: date) -> dict[str, Any]:
    """Everything the page of a campaign shows (the preview of the office too)."""
    platform: Platform | None = rules().platforms.get(campaign.platform)
    state = campaign.state(today)
    return {
        "campaign": campaign,
        "card": card(campaign, today),
        "description": [typographic(part) for part in campaign.description.split("\n") if part.strip()],
        "platform": platform,
        "platform_name": platform.name if platform else campaign.platform,
        "structure_url": campaign.structure.get_absolute_url() if campaign.structure and campaign.structure.is_visible else "",
        "territory_url": reverse("territory", args=("commune", campaign.commune)),
        "open": state == CampaignState.OPEN,
        "risk": RISK if campaign.is_risky else "",
        "topups": [
            (said(rule.name), rule_in_words(rule), said(rule.note), rule.source, rule.code) for rule in matching_rules(campaign)
        ],
        "links": {name: reverse(name) for name in ("crowdfunding", "crowdfunding-forms", "topup")},
    }


@require_safe
@login_not_required
def campaign(request: PortalRequest, handle: str) -> HttpResponse:
    """One campaign. 404 unless it is published."""
    return kept_page(request, lambda: _campaign(request.portal, handle))


def _campaign(portal: Portal, handle: str) -> Written:
    found = published().filter(uid=handle[-UID_LENGTH:].lower()).select_related("structure", "image").only(*_ON_A_SHEET).first()
    if found is None:
        raise Http404
    return content(portal, "campaign.jinja", sheet_context(found, day_in_paris(timezone.now())), title=typographic(found.name))


@require_safe
@login_not_required
def image(request: PortalRequest, uid: str, digest: str, kind: str) -> HttpResponse:
    """The picture, with the type we found in it and headers that let a browser do nothing else with it."""
    found = CampaignImage.objects.filter(
        campaign__uid=uid, kind=kind, digest__startswith=digest, campaign__status=CampaignStatus.PUBLISHED
    ).first()
    if found is None:
        raise Http404
    return HttpResponse(
        bytes(found.content),
        content_type=MIME[found.kind],
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            "Content-Disposition": f'inline; filename="campagne.{found.kind}"',
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )
