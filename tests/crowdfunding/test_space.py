"""Campaigns written by their structure: a draft, proposed, published by the animation, its figures kept true by the structure."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from maillage.accounts.models import Person
from maillage.catalogue.models import Membership
from maillage.crowdfunding.actions import version
from maillage.crowdfunding.models import Campaign, CampaignStatus
from maillage.journal.models import Entry, Message
from tests.catalogue.space.conftest import Cast
from tests.crowdfunding.samples import FIELDS, make_campaign, png

SignIn = Callable[[Person], Client]
#: What a structure types: its own name is not asked.
TYPED = {name: value for name, value in FIELDS.items() if name not in ("structure", "porteur")}
FIGURES = {"collecte": "4 100", "contributeurs": "80", "chiffres_au": "2027-03-10"}


def to(cast: Cast, name: str, campaign: Campaign | None = None, **more: str) -> str:
    """An address of the space of Alice's structure."""
    return reverse(name, kwargs={"uid": cast.structure.uid, **({"campaign_uid": campaign.uid} if campaign else {}), **more})


def own(cast: Cast, **values: object) -> Campaign:
    """A campaign of Alice's structure."""
    return make_campaign(structure=cast.structure, **values)


def act(client: Client, cast: Cast, campaign: Campaign, what: str) -> None:
    campaign.refresh_from_db()
    client.post(to(cast, "space-campaign-act", campaign, act=what), {"seen": version(campaign)})
    campaign.refresh_from_db()


def test_alice_writes_a_campaign_proposes_it_and_reads_when_it_is_published(cast: Cast, as_person: SignIn) -> None:
    alice, ada, visitor = as_person(cast.alice), as_person(cast.ada), Client()
    picture = SimpleUploadedFile("four.png", png(), "image/png")
    assert to(cast, "space-campaigns") in alice.get(reverse("space", args=(cast.structure.uid,))).content.decode()
    sent = alice.post(to(cast, "space-new-campaign"), {**TYPED, "image": picture, "image_alt": "Un four à pain"})
    assert sent.status_code == 303
    campaign = Campaign.objects.get()
    assert (campaign.structure, campaign.status, campaign.holder) == (cast.structure, CampaignStatus.DRAFT, "")
    act(alice, cast, campaign, "publier")
    assert campaign.status == CampaignStatus.DRAFT, "publishing belongs to the animation"
    act(alice, cast, campaign, "proposer")
    assert campaign.status == CampaignStatus.PROPOSED
    assert visitor.get(campaign.get_absolute_url()).status_code == 404
    assert '/gestion/campagnes/?etat=proposee"' in ada.get("/gestion/").content.decode(), "the board says that it waits"
    waiting = ada.get("/gestion/campagnes/?etat=proposee").content.decode()
    assert campaign.uid in waiting
    ada.post(reverse("office-campaign-act", args=(campaign.uid, "publier")), {"seen": version(campaign)})
    assert visitor.get(campaign.get_absolute_url()).status_code == 200
    message = Message.objects.get()
    assert message.to == cast.alice.email
    assert "est publiée" in message.subject
    assert to(cast, "space-campaign", campaign) in message.text
    page = alice.get(to(cast, "space-campaign", campaign)).content.decode()
    assert "a publié la campagne" in page
    assert "Mettre à jour les chiffres" in page
    verbs = list(Entry.objects.filter(subject_uid=campaign.uid).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["created", "submitted", "published"]


def test_once_published_alice_keeps_the_figures_true_and_nothing_else(cast: Cast, as_person: SignIn) -> None:
    alice, campaign = as_person(cast.alice), own(cast)
    edit = to(cast, "space-edit-campaign", campaign)
    form = alice.get(edit).content.decode()
    assert 'name="collecte"' in form
    assert 'name="objectif"' not in form
    assert alice.post(edit, {**TYPED, **FIGURES, "objectif": "1", "seen": version(campaign)}).status_code == 303
    before, campaign = campaign, Campaign.objects.get()
    assert (str(campaign.collected), campaign.contributors, campaign.as_of.isoformat()) == ("4100.00", 80, "2027-03-10")  # type: ignore[union-attr]
    assert campaign.goal == before.goal, "the rest was not read"
    undated = alice.post(edit, {"collecte": "beaucoup", "chiffres_au": "", "seen": version(campaign)})
    assert undated.status_code == 200
    assert "n’est pas un montant" in undated.content.decode()
    assert 'value="beaucoup"' in undated.content.decode(), "what was typed is kept"


def test_a_campaign_is_written_whole_where_the_portal_lets_edits_go_live(cast: Cast, as_person: SignIn) -> None:
    cast.structure.commune = "80021"  # the Somme, whose portal does not read again
    cast.structure.save()
    alice, campaign = as_person(cast.alice), own(cast)
    sent = alice.post(to(cast, "space-edit-campaign", campaign), {**TYPED, "nom": "Le four d’Amiens", "seen": version(campaign)})
    assert sent.status_code == 303
    assert Campaign.objects.get().name == "Le four d’Amiens"


@pytest.mark.parametrize("who", ["bob", "charlie", "dora"])
def test_nobody_else_reads_or_writes_the_campaigns_of_a_structure(cast: Cast, as_person: SignIn, who: str) -> None:
    client, campaign = as_person(getattr(cast, who)), own(cast, status=CampaignStatus.DRAFT)
    for name, more in (("space-campaigns", {}), ("space-new-campaign", {})):
        assert client.get(to(cast, name, **more)).status_code == 404
    for name in ("space-campaign", "space-edit-campaign"):
        assert client.get(to(cast, name, campaign)).status_code == 404
    sent = client.post(to(cast, "space-campaign-act", campaign, act="proposer"), {"seen": version(campaign)})
    assert sent.status_code == 404
    assert client.post(to(cast, "space-new-campaign"), TYPED).status_code == 404
    assert Campaign.objects.get().status == CampaignStatus.DRAFT


def test_a_campaign_of_another_structure_does_not_open_in_this_space(cast: Cast, as_person: SignIn) -> None:
    theirs = make_campaign(structure=cast.other)
    assert as_person(cast.alice).get(to(cast, "space-campaign", theirs)).status_code == 404


def test_alice_takes_back_what_she_proposed_and_withdraws_what_is_published(cast: Cast, as_person: SignIn) -> None:
    alice, campaign = as_person(cast.alice), own(cast, status=CampaignStatus.PROPOSED)
    act(alice, cast, campaign, "rouvrir")
    assert campaign.status == CampaignStatus.DRAFT
    Campaign.objects.update(status=CampaignStatus.PUBLISHED)
    act(alice, cast, campaign, "retirer")
    assert campaign.status == CampaignStatus.WITHDRAWN
    refused = alice.get(to(cast, "space-edit-campaign", campaign), follow=True).content.decode()
    assert "rouvrez-la" in refused


def test_leaving_the_structure_ends_it_at_the_next_request(cast: Cast, as_person: SignIn) -> None:
    alice, campaign = as_person(cast.alice), own(cast)
    assert alice.get(to(cast, "space-edit-campaign", campaign)).status_code == 200
    Membership.objects.filter(person=cast.alice).update(state=Membership.State.ENDED)
    edit = to(cast, "space-edit-campaign", campaign)
    assert alice.post(edit, {**FIGURES, "seen": version(campaign)}).status_code == 404


def test_two_who_write_at_once_lose_nothing(cast: Cast, as_person: SignIn) -> None:
    alice, campaign = as_person(cast.alice), own(cast)
    seen = version(campaign)
    edit = to(cast, "space-edit-campaign", campaign)
    assert alice.post(edit, {**FIGURES, "seen": seen}).status_code == 303
    late = alice.post(edit, {**FIGURES, "collecte": "9 999", "seen": seen})
    assert late.status_code == 409
    assert 'value="9 999"' in late.content.decode()
    assert str(Campaign.objects.get().collected) == "4100.00"
