"""The animation's queue, and requests written at a counter."""

from __future__ import annotations

from typing import Any

import pytest

from maillage.accompaniment.enums import State
from maillage.accompaniment.models import Request
from maillage.accounts.models import Person
from maillage.catalogue.models import Membership
from maillage.journal.models import Consent
from tests.accompaniment.samples import WORDS, Region, check, follow_url, hidden, member, post_check, sent, told
from tests.conftest import StrictClient
from tests.orientation.pages.reading import words

pytestmark = pytest.mark.django_db
COUNTER = "/demander-un-contact/au-guichet/"


@pytest.fixture
def alice(region: Region) -> StrictClient:
    person = Person.objects.create_user("alice@example.org", "un mot de passe long", name="Alice", role="animation")
    client = StrictClient()
    client.force_login(person)
    return client


def test_the_queue_names_nobody_and_filters_by_territory(region: Region, alice: StrictClient) -> None:
    made = sent(region, to=region.silent)
    page = alice.get("/gestion/demandes/").content.decode()
    assert made.reference in page
    assert "Camille" not in page
    assert WORDS not in page
    assert made.reference in alice.get("/gestion/demandes/?departement=53").content.decode()
    assert made.reference not in alice.get("/gestion/demandes/?departement=44").content.decode()
    assert made.reference not in alice.get("/gestion/demandes/?etat=finies").content.decode()
    for bad in ("?etat=%00", "?departement=%00&page=x", "?etat=rien"):
        assert alice.get(f"/gestion/demandes/{bad}").status_code in {200, 400}


def test_the_board_says_how_many_wait(region: Region, alice: StrictClient) -> None:
    sent(region, to=region.silent)
    assert "demandes à placer" in words(alice.get("/gestion/").content.decode())


def test_proposing_asks_the_holder_first(region: Region, alice: StrictClient, client: StrictClient) -> None:
    made = sent(region, to=region.silent)
    url = f"/gestion/demandes/{made.uid}/"
    assert alice.post(url, {"acte": "proposer", "p-vers": region.network.uid, "p-mot": "Tout près."}).status_code == 303
    made.refresh_from_db()
    assert (made.state, made.proposed) == (State.ASKING, region.network)
    assert "Réseau de la Mayenne" in told(made.email)[-1].text
    assert not told("contact@reseau.example.org")
    client.post(follow_url(made), {"acte": "accepter", "structure": region.network.uid, "accord": region.network.uid})
    assert told("contact@reseau.example.org")


def test_an_agreement_given_on_the_telephone_is_kept_with_its_words(region: Region, alice: StrictClient) -> None:
    made = sent(region, to=region.silent, email="", phone="+33612345678")
    url = f"/gestion/demandes/{made.uid}/"
    unsaid = alice.post(url, {"acte": "transmettre", "p-vers": region.network.uid})
    assert "Cochez que la personne a dit oui" in words(unsaid.content.decode())
    assert alice.post(url, {"acte": "transmettre", "p-vers": region.network.uid, "accord": "oui"}).status_code == 303
    kept = Consent.objects.filter(recipient_uid=region.network.uid).first()
    assert kept
    assert kept.wording.startswith("Lu à voix haute à la personne")
    assert kept.recorded_by.email == "alice@example.org"
    assert told("contact@reseau.example.org")


def test_closing_is_explained_to_the_holder(region: Region, alice: StrictClient) -> None:
    made = sent(region, to=region.silent)
    url = f"/gestion/demandes/{made.uid}/"
    assert "Expliquez-le en une phrase" in words(alice.post(url, {"acte": "clore"}).content.decode())
    assert alice.post(url, {"acte": "clore", "f-mot": "La structure a fermé."}).status_code == 303
    assert "> La structure a fermé." in told(made.email)[-1].text
    story = " ".join(line.who for line in made.story.all())
    assert "CRESS d’essai" in story
    assert "Alice" not in story
    assert alice.post(url, {"acte": "clore", "f-mot": "encore"}).status_code == 409
    assert "Choisissez une des actions" in words(alice.post(url, {"acte": "rien"}).content.decode())


def test_the_figures_page(region: Region, alice: StrictClient) -> None:
    assert "Aucune demande" in words(alice.get("/gestion/demandes/chiffres/").content.decode())
    sent(region)
    assert (
        "Mayenne" in words(alice.get("/gestion/demandes/chiffres/").content.decode())
        or "53" in alice.get("/gestion/demandes/chiffres/").content.decode()
    )


def test_the_queue_costs_the_same_number_of_questions_whatever_the_rows(
    region: Region, alice: StrictClient, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        sent(region, to=region.silent, email=f"un{number}@example.org")
    with django_assert_max_num_queries(9):
        alice.get("/gestion/demandes/")


def test_at_a_counter_the_agreement_is_read_aloud_and_the_sheet_is_printed(region: Region, clock: Any) -> None:
    agent = member(region.network, "guichet@example.org", "accueil")
    client = StrictClient()
    client.force_login(agent)
    assert COUNTER in client.get("/demander-un-contact/").content.decode()
    assert client.get(COUNTER).status_code == 200
    page = check(client, COUNTER, structure=region.adviser.uid, courriel="", telephone="06 12 34 56 78")
    assert "Lu à voix haute à la personne" in words(page)
    response = post_check(client, page, clock, address=COUNTER)
    made = Request.objects.get()
    assert response.headers["Location"] == f"{follow_url(made)}fiche/?fait=envoyee"
    assert (made.person, made.agent, made.agent_structure, made.at_counter) == (None, agent, region.network, True)
    kept = Consent.objects.filter(recipient_uid=region.adviser.uid).first()
    assert kept
    assert kept.wording.startswith("Lu à voix haute")
    assert kept.recorded_by == agent
    assert "guichet@example.org" in {each.to for each in told()}
    sheet = client.get(response.headers["Location"]).content.decode()
    assert '<svg class="qr"' in sheet
    assert "Vous pouvez retirer" not in sheet


def test_the_counter_is_closed_to_others(region: Region, client: StrictClient) -> None:
    assert client.get(COUNTER).status_code == 302
    charlie = Person.objects.create_user("charlie@example.org", "un mot de passe long")
    client.force_login(charlie)
    assert client.get(COUNTER).status_code == 404
    member(region.network, "charlie@example.org", "accueil")
    assert client.get(COUNTER).status_code == 200
    Membership.objects.filter(person=charlie).update(state="terminee")
    assert client.get(COUNTER).status_code == 404


def test_a_counter_writes_for_many_from_one_network(region: Region, clock: Any) -> None:
    client = StrictClient()
    client.force_login(member(region.network, "guichet@example.org", "accueil"))
    for _ in range(12):
        page = check(client, COUNTER, structure=region.adviser.uid, courriel="", telephone="06 12 34 56 78")
        assert post_check(client, page, clock, address=COUNTER).status_code == 303


def test_the_counter_refuses_a_post_without_its_token(region: Region) -> None:
    client = StrictClient(enforce_csrf_checks=True)
    client.force_login(member(region.network, "guichet@example.org", "accueil"))
    assert client.post(COUNTER, {"acte": "verifier"}).status_code == 403
    assert hidden(client.get(COUNTER).content.decode())["csrfmiddlewaretoken"]
