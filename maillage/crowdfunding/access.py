"""Who may do what to a campaign: one table, read by the pages and enforced by the actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from maillage.accounts.access import has_role
from maillage.accounts.models import Person, Role
from maillage.catalogue.access import YES, Answer
from maillage.crowdfunding.models import Campaign, CampaignStatus

DRAFT, PUBLISHED, WITHDRAWN = CampaignStatus.DRAFT, CampaignStatus.PUBLISHED, CampaignStatus.WITHDRAWN


class CampaignAct(models.TextChoices):
    """What a person may do to a campaign, besides editing it."""

    PUBLISH = "publier", _("Publier")
    WITHDRAW = "retirer", _("Retirer")
    REOPEN = "rouvrir", _("Rouvrir en brouillon")


@dataclass(frozen=True, slots=True)
class Rule:
    """From which statuses, to which one, and the verb of the journal."""

    states: frozenset[str]
    to: CampaignStatus
    verb: str


POLICY: Mapping[str, Rule] = {
    CampaignAct.PUBLISH: Rule(frozenset({DRAFT}), PUBLISHED, "published"),
    CampaignAct.WITHDRAW: Rule(frozenset({DRAFT, PUBLISHED}), WITHDRAWN, "withdrawn"),
    CampaignAct.REOPEN: Rule(frozenset({WITHDRAWN}), DRAFT, "reopened"),
}


def may(person: Person, act: str, campaign: Campaign) -> Answer:
    """May this person do this act to this campaign, as it is now? Publishing belongs to the animation, as for sheets."""
    if not has_role(person, Role.ANIMATION):
        return Answer(False, _("Cet acte revient à l’animation du réseau."))
    if campaign.status not in POLICY[act].states:
        return Answer(False, _("L’état actuel de la campagne ne le permet pas. Rechargez la page pour voir où elle en est."))
    return YES


def may_edit(person: Person, campaign: Campaign | None) -> Answer:
    """May this person write it? Drafts are written by the whole office, published ones by those who may publish."""
    if campaign is not None and campaign.status == WITHDRAWN:
        return Answer(False, _("Cette campagne est retirée\u202f: rouvrez-la pour la modifier."))
    needed = Role.REDACTION if campaign is None or campaign.status == DRAFT else Role.ANIMATION
    if has_role(person, needed):
        return YES
    return Answer(False, _("Cette campagne n’est plus un brouillon\u202f: l’animation du réseau peut la modifier."))


def acts_for(person: Person, campaign: Campaign) -> list[CampaignAct]:
    """The acts this person may do now, in the order of the buttons."""
    return [act for act in CampaignAct if may(person, act, campaign).allowed]


def campaign_for(person: Person, uid: str) -> Campaign:
    """The campaign, for somebody of the office; Http404 for anybody else and when it does not exist."""
    if not has_role(person, Role.REDACTION):
        raise Http404
    found = Campaign.objects.filter(uid=uid).select_related("structure", "image").defer("image__content").first()
    if found is None:
        raise Http404
    return found
