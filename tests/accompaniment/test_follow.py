"""The holder's private page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from maillage.accompaniment.enums import State
from maillage.accompaniment.models import Request
from maillage.journal.consents import consents_in_force
from tests.accompaniment.samples import WORDS, Region, answer_url, follow_url, member, sent, told
from tests.conftest import StrictClient
from tests.orientation.pages.reading import words

pytestmark = pytest.mark.django_db


def test_the_page_says_what_comes_next_with_dates(region: Region, client: StrictClient) -> None:
    text = words(client.get(follow_url(sent(region))).content.decode())
    assert "Sans réponse le 30 novembre 2026, nous relançons." in text
    assert "Sans réponse le 7 décembre 2026" in text
    assert WORDS in text


def test_a_word_goes_to_whoever_has_it_once(region: Region, client: StrictClient) -> None:
    made = sent(region)
    for _ in range(2):
        assert client.post(follow_url(made), {"acte": "mot", "mot": "J’ai trouvé un local."}).status_code == 303
    first, second = told("accueil@maison.example.org")
    assert "ajoute un mot" in second.subject
    assert "local" not in first.text + second.text  # read on the page only, where the look is noted
    empty = client.post(follow_url(made), {"acte": "mot", "mot": " "})
    assert "Écrivez votre message" in words(empty.content.decode())


def test_withdrawn_nobody_sees_it_any_more(region: Region, client: StrictClient) -> None:
    made = sent(region)
    client.post(answer_url(made), {"acte": "ouvrir"})
    assert "Cochez la case" in words(client.post(follow_url(made), {"acte": "retirer"}).content.decode())
    assert client.post(follow_url(made), {"acte": "retirer", "sur": "oui"}).status_code == 303
    made.refresh_from_db()
    assert made.state == State.WITHDRAWN
    assert not consents_in_force(made).exists()
    page = client.get(answer_url(made)).content.decode()
    assert WORDS not in page
    assert "La personne a retiré sa demande" in words(page)
    assert "est retirée" in told("accueil@maison.example.org")[-1].subject
    assert client.post(follow_url(made), {"acte": "mot", "mot": "après"}).status_code == 409


def test_no_news_is_for_those_who_waited(region: Region, client: StrictClient, clock: Any) -> None:
    made = sent(region)
    assert client.post(follow_url(made), {"acte": "sans-nouvelle"}).status_code == 409
    clock.shift(timedelta(days=7))
    assert "Je suis toujours sans nouvelle" in words(client.get(follow_url(made)).content.decode())
    assert client.post(follow_url(made), {"acte": "sans-nouvelle"}).status_code == 303
    made.refresh_from_db()
    assert made.state == State.QUEUE


def test_the_animation_reads_only_if_the_holder_lets_it_in(region: Region, client: StrictClient, clock: Any) -> None:
    made = sent(region, agreed=(region.adviser.uid,))
    person = member(region.network, "alice@example.org")
    type(person).objects.filter(pk=person.pk).update(role="animation")
    clock.shift(timedelta(days=7))
    office = StrictClient()
    office.force_login(person)
    client.post(follow_url(made), {"acte": "sans-nouvelle"})
    page = f"/gestion/demandes/{made.uid}/"
    assert WORDS not in office.get(page).content.decode()
    assert client.post(follow_url(made), {"acte": "lire"}).status_code == 303
    assert WORDS in office.get(page).content.decode()


def test_useful_is_one_button_and_goes_back_to_the_adviser(region: Region, client: StrictClient) -> None:
    made = sent(region)
    client.post(answer_url(made), {"acte": "ouvrir"})
    client.post(answer_url(made), {"acte": "accepter", "a-qui": "Inès"})
    url = follow_url(made) + "utile/"
    for _ in range(3):
        client.get(url)  # a mail scanner
    assert Request.objects.get().useful == ""
    assert client.post(url, {"utile": "oui", "suite": "Statuts signés."}).status_code == 303
    assert client.post(url, {"utile": "oui", "suite": "Statuts signés."}).status_code == 303
    assert (Request.objects.get().useful, Request.objects.get().followed) == ("oui", "Statuts signés.")
    mails = [each for each in told("accueil@maison.example.org") if "Réponse\u202f: Oui." in each.text]
    assert len(mails) == 1
    assert "Elle dit aussi ce qui a suivi" in mails[0].text
    assert "Statuts signés." in client.get(answer_url(made)).content.decode()
    wrong = client.post(url, {"utile": "bof", "suite": "gardé"})
    assert "gardé" in wrong.content.decode()


def test_nobody_called_gives_it_to_the_animation(region: Region, client: StrictClient) -> None:
    made = sent(region)
    client.post(answer_url(made), {"acte": "ouvrir"})
    client.post(answer_url(made), {"acte": "accepter", "a-qui": "Inès"})
    client.post(follow_url(made) + "utile/", {"utile": "personne"})
    made.refresh_from_db()
    assert made.state == State.QUEUE


def test_the_printed_sheet_holds_the_code_of_the_private_page(region: Region, client: StrictClient) -> None:
    made = sent(region)
    page = client.get(follow_url(made) + "fiche/").content.decode()
    assert '<svg class="qr"' in page
    assert f"http://testserver{follow_url(made)}" in page
    assert made.reference in page


def test_a_wrong_or_old_link_opens_nothing_and_gives_back_what_was_typed(region: Region, client: StrictClient) -> None:
    made = sent(region)
    url = follow_url(made)
    Request.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(url).status_code == 410
    lost = client.post(url, {"acte": "mot", "mot": "Un long message."})
    assert lost.status_code == 410
    assert "Un long message." in lost.content.decode()


def test_private_pages_stay_out_of_search_engines_and_of_referrers(region: Region, client: StrictClient) -> None:
    made = sent(region)
    for url in (follow_url(made), follow_url(made) + "fiche/", follow_url(made) + "utile/", answer_url(made)):
        response = client.get(url)
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "private" in response.headers["Cache-Control"]


def test_an_unknown_act_is_a_sentence(region: Region, client: StrictClient) -> None:
    made = sent(region)
    for data in ({"acte": "rien"}, {"acte": "accepter", "structure": "x"}, {"acte": "revoquer", "destinataire": "\0"}):
        assert client.post(follow_url(made), data).status_code in {200, 303, 409}


def test_erased_nothing_of_the_holder_is_left_and_the_count_stays(
    region: Region, client: StrictClient, settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from maillage.accompaniment.models import Handover, Line
    from maillage.accompaniment.queries import figures
    from maillage.journal.models import Consent, Message
    from maillage.journal.privacy import ledger

    settings.MAILLAGE_DATA = tmp_path
    made = sent(region, phone="+33612345678")
    client.post(answer_url(made), {"acte": "ouvrir"})
    client.post(answer_url(made), {"acte": "accepter", "a-qui": "Inès", "a-mot": "Bonjour Camille"})
    assert "Cochez la case" in words(client.post(follow_url(made), {"acte": "effacer"}).content.decode())
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(follow_url(made), {"acte": "effacer", "toujours": "oui"}).status_code == 303
    kept = " ".join(str(vars(row)) for model in (Request, Handover, Line, Consent, Message) for row in model.objects.all())
    for canary in ("Camille", "camille@", WORDS, "+33612345678", "Inès"):
        assert canary not in kept
    assert [(each.outcome, each.count) for each in figures()] == [("accepted", 1)]
    assert client.get(follow_url(made)).status_code == 200

    Request.objects.filter(pk=made.pk).update(needed=WORDS, email=made.email)  # a backup from before comes back
    assert ledger.replay() == 1
    assert Request.objects.get().needed == ""


def test_after_two_years_the_holder_is_told_then_forgotten(region: Region, client: StrictClient, clock: Any) -> None:
    from maillage.accompaniment.actions.forgetting import forget_old

    old, kept = sent(region), sent(region, email="autre@porteur.example.org")
    clock.shift(timedelta(days=702))
    assert forget_old() == {"told": 2}
    assert forget_old() == {}
    assert "sera bientôt effacée" in told(old.email)[-1].subject
    client.post(follow_url(kept), {"acte": "revoquer", "destinataire": region.adviser.uid})  # in contact again
    clock.shift(timedelta(days=31))
    assert forget_old() == {"forgotten": 1}
    assert [each.needed for each in Request.objects.order_by("pk")] == ["", WORDS]
