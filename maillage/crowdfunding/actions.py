"""Write campaigns: each act is one transaction with its line of the journal. Campaigns are not in the index: no revision moves."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse

from maillage.accounts.models import Person
from maillage.catalogue.access import NotAllowed
from maillage.catalogue.upkeep import managers_of
from maillage.crowdfunding.access import FIGURES, POLICY, CampaignAct, may, may_create, may_edit, may_tell_figures
from maillage.crowdfunding.models import Campaign, CampaignImage
from maillage.journal.actions import record
from maillage.journal.messages import site_address, tell

#: Source of the campaigns that are born in the office.
OFFICE = "gestion"


class Conflict(Exception):
    """Somebody saved the campaign since the person opened it: nothing was written."""


def version(campaign: Campaign) -> str:
    """What identifies the state of a campaign: moves at each save."""
    return campaign.modified_at.isoformat()


def plain(value: Any) -> Any:
    """A value as the journal keeps it."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return getattr(value, "uid", value)


def differences(campaign: Campaign, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What these values would change: attribute → [before, after], as the journal keeps them."""
    found = {name: [plain(getattr(campaign, name)), plain(value)] for name, value in values.items()}
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


def _locked(campaign: Campaign, seen: str) -> Campaign:
    current = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if version(current) != seen:
        raise Conflict
    return current


def _keep_picture(campaign: Campaign, kind: str, content: bytes) -> None:
    CampaignImage.objects.update_or_create(
        campaign=campaign, defaults={"kind": kind, "content": content, "digest": hashlib.sha256(content).hexdigest()}
    )


def create(values: Mapping[str, Any], *, person: Person, picture: tuple[str, bytes] | None = None) -> Campaign:
    """A new draft. `picture` is its kind and its bytes. Raises NotAllowed."""
    if not (answer := may_create(person, values.get("structure"))).allowed:
        raise NotAllowed(str(answer.reason))
    with transaction.atomic():
        campaign = Campaign(source=OFFICE, **values)
        campaign.ref = campaign.uid
        campaign.save(force_insert=True)
        if picture:
            _keep_picture(campaign, *picture)
        record("created", campaign, actor=person)
    return campaign


def edit(
    campaign: Campaign, values: Mapping[str, Any], *, person: Person, seen: str, picture: tuple[str, bytes] | None = None
) -> None:
    """Change a campaign. Raises NotAllowed, or Conflict when `seen` is not its version any more. Nothing changed: nothing is written."""
    with transaction.atomic():
        current = _locked(campaign, seen)
        changes = differences(current, values)
        figures_only = not picture and FIGURES.issuperset(changes)
        if not (answer := may_tell_figures(person, current) if figures_only else may_edit(person, current)).allowed:
            raise NotAllowed(str(answer.reason))
        if picture:
            _keep_picture(current, *picture)
            changes["image"] = ["", picture[0]]
        if not changes:
            return
        for name, value in values.items():
            setattr(current, name, value)
        current.save()
        record("edited", current, actor=person, changes=changes)


def move(campaign: Campaign, act: str, *, person: Person, seen: str) -> None:
    """Publish, withdraw or reopen. Raises NotAllowed or Conflict."""
    with transaction.atomic():
        current = _locked(campaign, seen)
        if not (answer := may(person, act, current)).allowed:
            raise NotAllowed(str(answer.reason))
        rule = POLICY[act]
        changes = {"status": [current.status, str(rule.to)]}
        current.status = rule.to
        current.save()
        record(rule.verb, current, actor=person, changes=changes)
        if act != CampaignAct.PROPOSE:
            _tell_structure(current, rule.verb, person)


def _tell_structure(campaign: Campaign, verb: str, person: Person) -> None:
    """Those who keep the structure learn what somebody else decided of its campaign."""
    if campaign.structure is None:
        return
    url = site_address() + reverse("space-campaign", args=(campaign.structure.uid, campaign.uid))
    for manager in managers_of(campaign.structure):
        if manager != person:
            tell(manager, "crowdfunding/mail/campaign_moved", {"campaign": campaign, "verb": verb, "url": url}, kind="structure")
