"""The pages of requests are reached from where people are: the space of their structure, « Mon compte »."""

from __future__ import annotations

import pytest
from django.urls import reverse

from maillage.accompaniment.actions import answering
from maillage.accompaniment.models import Handover
from maillage.accounts.models import Person
from tests.accompaniment.samples import Region, member, sent
from tests.conftest import StrictClient
from tests.orientation.pages.reading import words

pytestmark = pytest.mark.django_db


def as_person(person: Person) -> StrictClient:
    client = StrictClient()
    client.force_login(person)
    return client


def test_the_space_of_a_structure_leads_to_its_requests_and_says_how_many_wait(region: Region) -> None:
    bob = as_person(member(region.adviser, "bob@example.org"))
    space, requests = (reverse(name, args=(region.adviser.uid,)) for name in ("space", "structure-requests"))
    page = bob.get(space).content.decode()
    assert requests in page
    assert "attend" not in words(page).partition("Vos fiches")[0]
    made = sent(region)
    sent(region, region.network)  # for somebody else
    assert "Une demande de contact attend votre réponse." in words(bob.get(space).content.decode())
    answering.opened(Handover.objects.get(request=made))
    answering.know(Handover.objects.get(request=made), word="")
    page = bob.get(space).content.decode()
    assert requests in page
    assert "attend votre réponse" not in words(page)
    shown = bob.get(requests).content.decode()
    assert space in shown, "and back"
    one = bob.get(reverse("structure-request", args=(region.adviser.uid, made.uid))).content.decode()
    assert space in one
    assert requests in one


def test_whoever_welcomes_only_is_not_shown_the_requests(region: Region) -> None:
    page = as_person(member(region.adviser, role="accueil")).get(reverse("space", args=(region.adviser.uid,)))
    assert reverse("structure-requests", args=(region.adviser.uid,)) not in page.content.decode()


def test_the_account_leads_to_one_s_requests_and_to_the_counter(region: Region) -> None:
    charlie = as_person(Person.objects.create_user("charlie@example.org"))
    page = charlie.get(reverse("account")).content.decode()
    assert reverse("my-requests") in page
    assert reverse("request-at-counter") not in page
    agent = as_person(member(region.adviser, role="accueil"))
    assert reverse("request-at-counter") in agent.get(reverse("account")).content.decode()
