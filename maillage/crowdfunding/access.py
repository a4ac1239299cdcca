"""Who may do what to a campaign: one table, read by the pages and enforced by the actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from maillage.accounts.access import has_role
from maillage.accounts.models import Person, Role
from maillage.accounts.policy import Action, Relation, allowed
from maillage.catalogue.access import YES, Answer
from maillage.catalogue.models import Structure
from maillage.catalogue.personas import in_structure
from maillage.catalogue.upkeep import portal_of
from maillage.crowdfunding.models import Campaign, CampaignStatus

DRAFT, PROPOSED, PUBLISHED, WITHDRAWN = CampaignStatus


class CampaignAct(models.TextChoices):
    """What a person may do to a campaign, besides editing it."""

    PROPOSE = "proposer", _("Proposer à la publication")
    PUBLISH = "publier", _("Publier")
    WITHDRAW = "retirer", _("Retirer")
    REOPEN = "rouvrir", _("Rouvrir en brouillon")


@dataclass(frozen=True, slots=True)
class Rule:
    """From which statuses, to which one, the verb of the journal, and may its structure do it (`own`), or the animation only?"""

    states: frozenset[str]
    to: CampaignStatus
    verb: str
    own: bool = True


POLICY: Mapping[str, Rule] = {
    CampaignAct.PROPOSE: Rule(frozenset({DRAFT}), PROPOSED, "submitted"),
    CampaignAct.PUBLISH: Rule(frozenset({DRAFT, PROPOSED}), PUBLISHED, "published", own=False),
    CampaignAct.WITHDRAW: Rule(frozenset({DRAFT, PROPOSED, PUBLISHED}), WITHDRAWN, "withdrawn"),
    CampaignAct.REOPEN: Rule(frozenset({PROPOSED, WITHDRAWN}), DRAFT, "reopened"),
}
#: What a structure says of its published campaign without anybody reading it first: the figures of a day.
FIGURES = frozenset({"collected", "contributors", "as_of"})


def keeps(person: Person, structure: Structure | None) -> bool:
    """Does this person keep the sheets of this structure, as one of its members?"""
    if structure is None:
        return False
    here, relation = in_structure(person, structure)
    return relation == Relation.SAME and allowed(here, relation, Action.STRUCTURE_EDIT)


def may(person: Person, act: str, campaign: Campaign) -> Answer:
    """May this person do this act to this campaign, as it is now? Publishing belongs to the animation, as for sheets."""
    if not has_role(person, Role.ANIMATION) and not (POLICY[act].own and keeps(person, campaign.structure)):
        return Answer(False, _("Cet acte revient à l’animation du réseau."))
    if campaign.status not in POLICY[act].states:
        return Answer(False, _("L’état actuel de la campagne ne le permet pas. Rechargez la page pour voir où elle en est."))
    return YES


def may_create(person: Person, structure: Structure | None) -> Answer:
    """May this person write a new campaign for this structure (None: for a project that has none)?"""
    if has_role(person, Role.REDACTION) or keeps(person, structure):
        return YES
    return Answer(False, _("Une campagne s’écrit pour une structure dont vous tenez la fiche."))


def may_edit(person: Person, campaign: Campaign) -> Answer:
    """May this person write it? Its structure may until it is published, the office while it is a draft, the animation always.

    Once published, the structure gives its figures (`may_tell_figures`), and writes the rest where its portal lets edits go live.
    """
    if campaign.status == WITHDRAWN:
        return Answer(False, _("Cette campagne est retirée\u202f: rouvrez-la pour la modifier."))
    if has_role(person, Role.REDACTION if campaign.status == DRAFT else Role.ANIMATION):
        return YES
    if campaign.structure is not None and keeps(person, campaign.structure):
        if campaign.status != PUBLISHED or portal_of(campaign.structure).upkeep.edits == "live":
            return YES
        return Answer(
            False,
            _(
                "Cette campagne est publiée\u202f: vous pouvez en mettre à jour les chiffres. Pour le reste, demandez à l’animation."
            ),
        )
    return Answer(False, _("Cette campagne n’est plus un brouillon\u202f: l’animation du réseau peut la modifier."))


def may_tell_figures(person: Person, campaign: Campaign) -> Answer:
    """May this person write what a published campaign has collected?"""
    if campaign.status == PUBLISHED and keeps(person, campaign.structure):
        return YES
    return may_edit(person, campaign)


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


def campaign_of(structure: Structure, uid: str) -> Campaign:
    """A campaign of this structure, or Http404. Who may be in the space of the structure is asked before."""
    found = Campaign.objects.filter(uid=uid, structure=structure).select_related("image").defer("image__content").first()
    if found is None:
        raise Http404
    found.structure = structure
    return found
