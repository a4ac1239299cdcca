"""The structure answers: by its link or in its space; the holder is told each time; a stranger sees nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from maillage.accompaniment.enums import Move, State
from maillage.accompaniment.models import Handover, Request
from maillage.accounts.models import SecurityEvent
from maillage.accounts.policy import Action
from maillage.catalogue.models import Membership
from maillage.journal.consents import revoke
from maillage.journal.models import Access
from tests.accompaniment.samples import WORDS, Region, answer_url, follow_url, member, sent, told
from tests.conftest import StrictClient
from tests.orientation.pages.reading import words

pytestmark = pytest.mark.django_db
CANARIES = (WORDS, "Camille", "camille@porteur.example.org")


def open_it(client: StrictClient, url: str) -> str:
    """Press « Lire la demande »."""
    response = client.post(url, {"acte": "ouvrir"})
    assert response.status_code == 303
    return client.get(url).content.decode()


def nothing_personal(page: str) -> bool:
    return not any(canary in page for canary in CANARIES)


def test_looking_at_the_link_shows_nobody_and_changes_nothing(region: Region, client: StrictClient) -> None:
    made = sent(region)
    for _ in range(3):
        page = client.get(answer_url(made)).content.decode()
        assert client.head(answer_url(made)).status_code == 200
        assert nothing_personal(page)
        assert "Création" in words(page)
    made.refresh_from_db()
    assert made.state == State.SENT
    assert Access.objects.count() == 0


def test_once_opened_each_look_is_noted_and_the_holder_reads_it(region: Region, client: StrictClient) -> None:
    made = sent(region)
    page = open_it(client, answer_url(made))
    assert all(canary in page for canary in CANARIES)
    client.get(answer_url(made))
    assert {each.category for each in Access.objects.all()} == {"contact", "project"}
    assert Access.objects.count() == 4
    made.refresh_from_db()
    assert made.state == State.READ
    mine = words(client.get(follow_url(made)).content.decode())
    assert "Maison des projets" in mine.partition("Qui a regardé")[2].partition("La fiche")[0]


def test_accepted_with_who_calls(region: Region, client: StrictClient) -> None:
    made = sent(region)
    open_it(client, answer_url(made))
    response = client.post(answer_url(made), {"acte": "accepter", "a-qui": "Inès, conseillère", "a-mot": "Demain matin."})
    assert response.status_code == 303
    made.refresh_from_db()
    assert made.state == State.ACCEPTED
    news = told(made.email)[-1]
    assert "accepte votre demande" in news.subject
    assert "Inès, conseillère va vous contacter." in news.text
    assert "> Demain matin." in news.text
    assert "Inès, conseillère vous contacte." in words(client.get(follow_url(made)).content.decode())


def test_declined_with_a_reason_and_somebody_else_is_proposed(region: Region, client: StrictClient) -> None:
    made = sent(region)
    open_it(client, answer_url(made))
    bad = client.post(answer_url(made), {"acte": "decliner"})
    assert "Choisissez une raison." in words(bad.content.decode())
    other = client.post(answer_url(made), {"acte": "decliner", "d-motif": "autre"})
    assert "Dites la raison en une phrase." in words(other.content.decode())
    client.post(answer_url(made), {"acte": "decliner", "d-motif": "complet", "d-mot": "Rappelez en mars."})
    made.refresh_from_db()
    assert made.state == State.DECLINED
    assert "Nous ne pouvons plus accueillir de projet en ce moment" in told(made.email)[-1].text
    page = client.get(follow_url(made)).content.decode()
    assert "Réseau de la Mayenne" in words(page)

    unticked = client.post(follow_url(made), {"acte": "accepter", "structure": region.network.uid})
    assert "Cochez l’accord" in words(unticked.content.decode())
    agreed = client.post(follow_url(made), {"acte": "accepter", "structure": region.network.uid, "accord": region.network.uid})
    assert agreed.status_code == 303
    made.refresh_from_db()
    assert made.state == State.SENT
    assert told("contact@reseau.example.org")
    story = open_it(client, answer_url(made))
    assert "Rappelez en mars." in story  # its story is kept


def test_redirected_nothing_leaves_before_the_holder_agrees(region: Region, client: StrictClient) -> None:
    made = sent(region)
    url = answer_url(made)
    open_it(client, url)
    nobody = client.post(url, {"acte": "rediriger"})
    assert "Choisissez une structure" in words(nobody.content.decode())
    unknown = client.post(url, {"acte": "rediriger", "r-autre": "introuvable"})
    assert "Aucune structure du catalogue" in words(unknown.content.decode())
    assert client.post(url, {"acte": "rediriger", "r-autre": "Réseau de la", "r-mot": "Plus près."}).status_code == 303
    made.refresh_from_db()
    assert (made.state, made.proposed) == (State.ASKING, region.network)
    assert not told("contact@reseau.example.org")
    assert Handover.objects.count() == 1
    client.post(follow_url(made), {"acte": "accepter", "structure": region.network.uid, "accord": region.network.uid})
    assert told("contact@reseau.example.org")
    assert Handover.objects.count() == 2
    late = client.post(url, {"acte": "accepter", "a-qui": "Trop tard"})
    assert late.status_code == 409  # the first structure does not have it any more
    assert "Plus près." in client.get(follow_url(made)).content.decode()


def test_the_holder_may_refuse_the_redirection(region: Region, client: StrictClient) -> None:
    member(region.network, "animation@example.org").__class__.objects.filter(email="animation@example.org").update(
        role="animation"
    )
    made = sent(region)
    open_it(client, answer_url(made))
    client.post(answer_url(made), {"acte": "rediriger", "r-vers": region.network.uid})
    client.post(follow_url(made), {"acte": "refuser"})
    made.refresh_from_db()
    assert made.state == State.QUEUE
    assert told("animation@example.org")


def test_homonyms_of_another_structure_are_chosen(region: Region, client: StrictClient) -> None:
    from tests.catalogue.worlds import structure

    first, _second = structure(name="Coopérative des essais"), structure(name="Coopérative des essais bis")
    made = sent(region)
    open_it(client, answer_url(made))
    page = client.post(answer_url(made), {"acte": "rediriger", "r-autre": "Coopérative des"}).content.decode()
    assert first.uid in page
    assert client.post(answer_url(made), {"acte": "rediriger", "r-vers": first.uid}).status_code == 303


def test_already_known(region: Region, client: StrictClient) -> None:
    made = sent(region)
    open_it(client, answer_url(made))
    client.post(answer_url(made), {"acte": "connue", "c-mot": ""})
    made.refresh_from_db()
    assert made.state == State.KNOWN
    assert "vous suit déjà" in told(made.email)[-1].subject


def test_answered_twice_the_second_is_refused(region: Region, client: StrictClient) -> None:
    made = sent(region)
    open_it(client, answer_url(made))
    accept = {"acte": "accepter", "a-qui": "Inès", "a-mot": "mot gardé"}
    assert client.post(answer_url(made), accept).status_code == 303
    again = client.post(answer_url(made), accept)
    assert again.status_code == 409
    assert "mot gardé" in again.content.decode()
    assert made.story.filter(move=Move.ACCEPT).count() == 1


def test_an_unopened_request_is_not_answered(region: Region, client: StrictClient) -> None:
    made = sent(region)
    assert client.post(answer_url(made), {"acte": "accepter", "a-qui": "Inès"}).status_code == 409


def test_an_agreement_withdrawn_has_its_effect_at_the_next_request(region: Region, client: StrictClient) -> None:
    made = sent(region)
    assert not nothing_personal(open_it(client, answer_url(made)))
    client.post(follow_url(made), {"acte": "revoquer", "destinataire": region.adviser.uid})
    assert nothing_personal(client.get(answer_url(made)).content.decode())
    assert client.post(answer_url(made), {"acte": "accepter", "a-qui": "Inès"}).status_code == 409


def test_the_space_of_the_structure_is_for_its_members(region: Region, client: StrictClient) -> None:
    made = sent(region)
    listed, one = (f"/ma-structure/{region.adviser.uid}/demandes/{tail}" for tail in ("", f"{made.uid}/"))
    assert client.get(listed).status_code == 302
    stranger = member(region.network, "charlie@example.org")
    client.force_login(stranger)
    assert [client.get(url).status_code for url in (listed, one)] == [404, 404]
    assert client.post(one, {"acte": "ouvrir"}).status_code == 404
    assert client.post(f"/ma-structure/{region.network.uid}/demandes/{made.uid}/", {"acte": "ouvrir"}).status_code == 404
    refused = SecurityEvent.objects.filter(kind="refused", person=stranger).order_by("pk")
    assert [line.detail for line in refused] == [Action.REQUEST_ANSWER, "handover"]

    person = member(region.adviser)
    client.force_login(person)
    assert made.name in client.get(listed).content.decode()
    page = open_it(client, one)
    assert all(canary in page for canary in CANARIES)
    assert Access.objects.filter(actor=person).count() == 2
    Membership.objects.filter(person=person).update(state=Membership.State.ENDED)
    assert [client.get(url).status_code for url in (listed, one)] == [404, 404]


def test_whoever_only_welcomes_does_not_read_requests(region: Region, client: StrictClient) -> None:
    made = sent(region)
    client.force_login(member(region.adviser, "accueil@example.org", "accueil"))
    assert client.get(f"/ma-structure/{region.adviser.uid}/demandes/{made.uid}/").status_code == 404


def test_a_structure_that_had_it_does_not_read_what_came_after(region: Region, client: StrictClient) -> None:
    made = sent(region)
    old = answer_url(made)
    open_it(client, old)
    client.post(old, {"acte": "decliner", "d-motif": "sujet"})
    client.post(follow_url(made), {"acte": "accepter", "structure": region.network.uid, "accord": region.network.uid})
    client.post(follow_url(made), {"acte": "mot", "mot": "Un secret pour le réseau."})
    assert "Un secret pour le réseau." not in client.get(old).content.decode()
    assert "Un secret pour le réseau." in open_it(client, answer_url(made))


def test_the_link_ends(region: Region, client: StrictClient, clock: Any) -> None:
    made = sent(region)
    url = answer_url(made)
    Handover.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(url).status_code == 410
    assert client.get("/repondre/jamais-vu/").status_code == 410


def test_a_post_from_another_site_changes_nothing(region: Region, client: StrictClient) -> None:
    made = sent(region)
    response = client.post(answer_url(made), {"acte": "ouvrir"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert Request.objects.get().state == State.SENT


def test_messages_still_find_the_link_after_the_key_changes(region: Region, client: StrictClient, settings: Any) -> None:
    from maillage.accompaniment.telling import follow_path

    made = sent(region)
    before = follow_path(made)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "une autre clé, assez longue pour un essai"
    assert follow_path(made) == before


def test_revoking_everything_hides_it_from_the_animation_too(region: Region, client: StrictClient) -> None:
    made = sent(region)
    person = member(region.network, "alice@example.org")
    person.role = "animation"
    person.save()
    client.force_login(person)
    page = f"/gestion/demandes/{made.uid}/"
    assert not nothing_personal(client.get(page).content.decode())
    revoke(made)
    assert nothing_personal(client.get(page).content.decode())
