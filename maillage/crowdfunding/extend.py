"""Lend the apps below the way to campaigns: what waits on the office's board, the space of a structure, the words of the journal."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext

from maillage.accounts.models import Person
from maillage.accounts.policy import Action
from maillage.catalogue.models import Structure
from maillage.catalogue.office import extensions
from maillage.catalogue.personas import may_in_structure
from maillage.catalogue.space import extensions as space
from maillage.crowdfunding.models import Campaign, CampaignStatus
from maillage.crowdfunding.wording import VERBS


def extend() -> None:
    """Called once, when the apps are ready."""
    extensions.WAITING.append(_waiting)
    extensions.TOLD[Campaign.KIND] = extensions.Told(Campaign, VERBS)
    space.PARTS.append(_of_structure)


def _waiting() -> list[extensions.Waits]:
    count = Campaign.objects.filter(status=CampaignStatus.PROPOSED).count()
    url = f"{reverse('office-campaigns')}?etat={CampaignStatus.PROPOSED}"
    return [extensions.Waits(count, gettext("campagnes à relire"), url)]


def _of_structure(person: Person, structure: Structure) -> list[space.Part]:
    """The campaigns of a structure, for those who write them."""
    if not may_in_structure(person, structure, Action.STRUCTURE_EDIT):
        return []
    return [space.Part(reverse("space-campaigns", args=(structure.uid,)), gettext("Campagnes"))]
