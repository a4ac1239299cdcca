"""« Demander un contact »: exactly what is shown leaves, to whom it is shown, with agreements that were unticked; nothing typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from maillage.accompaniment import limits
from maillage.accompaniment.enums import Move, State
from maillage.accompaniment.models import Handover, Request
from maillage.journal.consents import consents_in_force
from tests.accompaniment.samples import TYPED, WORDS, Region, check, follow_url, member, post_check, told
from tests.conftest import StrictClient
from tests.orientation.pages.reading import words

pytestmark = pytest.mark.django_db
ASK = "/demander-un-contact/"


def test_the_form_begins_with_what_the_orientation_knows(region: Region, client: StrictClient) -> None:
    page = client.get(f"{ASK}?etape=creation&commune=53130&besoin=juridique&secteur=culture&forme=association").content.decode()
    assert re.search(r'<option value="creation" selected>', page)
    assert 'value="Laval 53000"' in page
    assert re.search(r'value="juridique"[^>]*checked', page)
    assert '<input type="hidden" name="secteur" value="culture">' in page
    assert '<input type="hidden" name="forme" value="association">' in page


@pytest.mark.parametrize(
    "address", ["?etape=%00&commune=%00", "?besoin=x&secteur=%C3%28", "?structure=%00", "?offre=inconnue", "?relais=a"]
)
def test_a_bad_address_gives_the_form(region: Region, client: StrictClient, address: str) -> None:
    assert client.get(ASK + address).status_code in {200, 400}


def test_the_whole_path_sends_what_the_page_showed(region: Region, client: StrictClient, clock: Any) -> None:
    page = check(client, structure=region.adviser.uid)
    text = words(page)
    for shown in (
        WORDS,
        "Camille Essai",
        "camille@porteur.example.org",
        "Laval",
        "Maison des projets",
        "accueil@maison.example.org",
    ):
        assert shown in text
    assert "checked" not in page
    assert Request.objects.count() == 0
    assert told() == []

    response = post_check(client, page, clock)
    assert response.status_code == 303
    made = Request.objects.get()
    assert response.headers["Location"] == follow_url(made) + "?fait=envoyee"
    assert (made.needed, made.email, made.commune, made.needs) == (WORDS, "camille@porteur.example.org", "53130", ["juridique"])
    assert made.digest not in follow_url(made)
    [to_them, to_me] = told()
    assert to_them.to == "accueil@maison.example.org"
    assert WORDS not in to_them.text
    assert "Camille" not in to_them.text + to_them.subject
    assert "camille@" not in to_them.text
    assert to_me.to == "camille@porteur.example.org"
    assert follow_url(made) in to_me.text
    agreed = {(each.recipient_uid, each.category) for each in consents_in_force(made)}
    assert agreed == {
        (uid, category) for uid in (region.adviser.uid, region.organiser.uid) for category in ("contact", "project")
    }
    assert all(each.wording in text for each in consents_in_force(made))
    assert client.get(response.headers["Location"]).status_code == 200
    assert "Set-Cookie" not in response.headers


def test_posted_twice_it_is_sent_once(region: Region, client: StrictClient, clock: Any) -> None:
    page = check(client, structure=region.adviser.uid)
    first, second = post_check(client, page, clock), post_check(client, page, clock)
    assert first.headers["Location"] == second.headers["Location"]
    assert Request.objects.count() == 1
    assert len(told()) == 2


def test_nothing_leaves_without_the_agreement(region: Region, client: StrictClient, clock: Any) -> None:
    page = check(client, structure=region.adviser.uid)
    refused = post_check(client, page, clock, accord=[region.organiser.uid])
    assert refused.status_code == 200
    text = words(refused.content.decode())
    assert "Cochez l’accord pour Maison des projets" in text
    assert WORDS in text
    assert Request.objects.count() == 0


def test_the_second_agreement_is_free(region: Region, client: StrictClient, clock: Any) -> None:
    post_check(client, check(client, structure=region.adviser.uid), clock, accord=[region.adviser.uid])
    assert {each.recipient_uid for each in consents_in_force(Request.objects.get())} == {region.adviser.uid}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"demande": ""}, "Dites en une phrase de quoi vous avez besoin."),
        ({"courriel": ""}, "Donnez une adresse électronique ou un téléphone"),
        ({"courriel": "camille"}, "Cette adresse n’est pas complète."),
        ({"telephone": "06 12"}, "Ce numéro n’est pas complet."),
        ({"moyen": "telephone"}, "Vous préférez le téléphone"),
        ({"commune": "Nulle-Part-sur-Rien"}, "Nous ne trouvons pas cette commune."),
        ({"commune": "Saint-Denis"}, "Plusieurs communes peuvent convenir"),
        ({"demande": "Mon numéro est 1 85 05 78 006 084 36"}, "numéro de sécurité sociale"),
        ({"demande": "Voici FR76 3000 6000 0112 3456 7890 189"}, "coordonnées bancaires"),
        ({"etape": "nimporte"}, "Choisissez une étape de la liste"),
        ({"site": "https://robot.example"}, "il sert à arrêter les robots"),
        ({"demande": "x" * 3001}, "Ce texte est trop long"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    region: Region, client: StrictClient, fields: dict[str, str], said: str
) -> None:
    response = client.post(ASK, {**TYPED, **fields, "acte": "verifier", "structure": region.adviser.uid})
    page = response.content.decode()
    assert response.status_code == 200
    assert said in words(page)
    assert "Erreur" in page
    typed = {**TYPED, **fields}
    assert str(typed["demande"])[:3000] in page
    assert f'value="{typed["nom"]}"' in page
    assert f'name="structure" value="{region.adviser.uid}"' in page


def test_a_homonym_is_chosen_without_losing_anything(region: Region, client: StrictClient) -> None:
    page = client.post(ASK, {**TYPED, "commune": "Saint-Denis", "acte": "verifier"}).content.decode()
    code = re.search(r'name="commune_choisie" id="[^"]*" value="(\d+)"', page)
    assert code
    checked = client.post(
        ASK, {**TYPED, "commune": "Saint-Denis", "commune_choisie": code.group(1), "acte": "verifier"}
    ).content.decode()
    assert f'name="commune" value="{code.group(1)}"' in checked


def test_modify_gives_the_form_back_as_it_was(region: Region, client: StrictClient) -> None:
    from tests.accompaniment.samples import hidden

    page = check(client, offre=region.offer.uid, telephone="06 12 34 56 78", secteur=["culture"], moment="le matin")
    back = client.post(ASK, {**hidden(page), "acte": "modifier"}).content.decode()
    for shown in (
        WORDS,
        'value="06 12 34 56 78"',
        'value="le matin"',
        'value="Laval 53000"',
        f'name="offre" value="{region.offer.uid}"',
    ):
        assert shown in back
    assert 'name="secteur" value="culture"' in back


def test_find_somebody_sends_to_the_competent_structure_and_says_why(region: Region, client: StrictClient, clock: Any) -> None:
    page = check(client)
    assert "Elle propose « Conseil aux statuts »".replace(" ", "\u202f") in page.replace(" ", "\u202f")
    assert "Réseau de la Mayenne" in words(page)  # somebody else may be chosen
    post_check(client, page, clock)
    assert Handover.objects.get().structure == region.adviser


def test_somebody_else_may_be_chosen_on_the_check_page(region: Region, client: StrictClient, clock: Any) -> None:
    from tests.accompaniment.samples import hidden

    page = check(client)
    other = client.post(ASK, {**hidden(page), "choix": region.network.uid}).content.decode()
    assert f'name="destinataire" value="{region.network.uid}"' in other
    post_check(client, other, clock)
    assert Handover.objects.get().structure == region.network


def test_a_structure_without_an_address_is_called_by_the_organiser_and_the_page_says_so(
    region: Region, client: StrictClient, clock: Any
) -> None:
    page = check(client, structure=region.silent.uid)
    text = words(page)
    assert "nous n’avons pas d’adresse électronique de la structure choisie" in text
    assert "02 43 00 00 02" in text.replace("\xa0", " ")
    post_check(client, page, clock)
    made = Request.objects.get()
    assert made.state == State.QUEUE
    assert made.story.get().move == Move.QUEUE
    assert "CRESS d’essai" in told("camille@porteur.example.org")[0].text


def test_without_any_catalogue_there_is_still_somebody(db: None, client: StrictClient, clock: Any) -> None:
    page = check(client)
    assert "CRESS Pays de la Loire" in page
    assert post_check(client, page, clock).status_code == 303
    assert Request.objects.get().state == State.QUEUE


def test_too_fast_or_too_old_is_asked_again_and_the_next_try_leaves(region: Region, client: StrictClient, clock: Any) -> None:
    page = check(client, structure=region.adviser.uid)
    quick = post_check(client, page, clock, after=1)
    assert "C’est parti trop vite" in words(quick.content.decode())
    again = quick.content.decode()
    assert post_check(client, again, clock, after=5).status_code == 303
    old = check(client, structure=region.adviser.uid)
    late = post_check(client, old, clock, after=25 * 3600)
    assert "ouverte trop longtemps" in words(late.content.decode())
    assert post_check(client, late.content.decode(), clock).status_code == 303
    assert Request.objects.count() == 2


def test_a_forged_ticket_sends_nothing(region: Region, client: StrictClient, clock: Any) -> None:
    page = check(client, structure=region.adviser.uid)
    assert post_check(client, page, clock, ticket="rien").status_code == 200
    assert Request.objects.count() == 0


def test_a_post_from_another_site_is_refused(region: Region, client: StrictClient) -> None:
    response = client.post(ASK, {**TYPED, "acte": "verifier"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert WORDS in response.content.decode()


def test_a_network_that_sends_too_much_waits_and_keeps_what_it_typed(region: Region, client: StrictClient, clock: Any) -> None:
    for number in range(limits.NETWORK.allowed):
        page = check(client, structure=region.adviser.uid, courriel=f"un{number}@example.org")
        assert post_check(client, page, clock).status_code == 303
    page = check(client, structure=region.adviser.uid, courriel="un-de-trop@example.org")
    refused = post_check(client, page, clock)
    assert refused.status_code == 429
    wait = int(refused.headers["Retry-After"])
    assert 0 < wait <= limits.NETWORK.seconds
    kept = refused.content.decode()
    assert WORDS in kept
    clock.shift(timedelta(seconds=wait + 1))
    assert post_check(client, kept, clock).status_code == 303


def test_one_address_is_not_filled_from_many_networks(region: Region, client: StrictClient, clock: Any) -> None:
    answers = []
    for number in range(limits.CONTACT + 1):
        page = check(client, structure=region.adviser.uid, courriel="CAMILLE@porteur.example.org")
        client.defaults["REMOTE_ADDR"] = f"192.0.2.{number + 1}"  # another network
        answers.append(post_check(client, page, clock).status_code)
        assert number < limits.CONTACT or answers[-1] == 429
    assert answers[:-1] == [303] * limits.CONTACT
    assert Request.objects.count() == limits.CONTACT


def test_the_same_subscriber_in_ipv6_is_one_network(region: Region, client: StrictClient, clock: Any) -> None:
    for number in range(limits.NETWORK.allowed):
        page = check(client, structure=region.adviser.uid, courriel=f"six{number}@example.org")
        client.defaults["REMOTE_ADDR"] = f"2001:db8:0:1::{number:x}"
        assert post_check(client, page, clock).status_code == 303
    page = check(client, structure=region.adviser.uid, courriel="encore@example.org")
    client.defaults["REMOTE_ADDR"] = "2001:db8:0:1:ffff::1"
    assert post_check(client, page, clock).status_code == 429
    client.defaults["REMOTE_ADDR"] = "2001:db8:0:2::1"
    assert post_check(client, page, clock).status_code == 303


def test_with_an_account_the_request_is_found_again(region: Region, client: StrictClient, clock: Any) -> None:
    person = member(region.network, "compte@example.org")
    client.force_login(person)
    assert 'value="compte@example.org"' in client.get(ASK).content.decode()
    post_check(client, check(client, structure=region.adviser.uid), clock)
    made = Request.objects.get()
    assert made.person == person
    assert follow_url(made) in client.get("/mes-demandes/").content.decode()


def test_strangers_words_are_no_link_in_any_message(region: Region, client: StrictClient, clock: Any) -> None:
    bait = "Gagnez sur https://piege.example.com ou www.piege.example.com"
    page = check(client, structure=region.adviser.uid, demande=bait, nom="http://piege.example.com\r\nBcc: a@b.fr")
    assert post_check(client, page, clock).status_code == 303
    for message in told():
        assert "://piege" not in message.text + message.subject
        assert "piege.example" not in message.text + message.subject
        assert "\n" not in message.subject


def test_a_sheet_that_closes_meanwhile_is_said(region: Region, client: StrictClient, clock: Any) -> None:
    page = check(client, structure=region.adviser.uid)
    type(region.adviser).objects.filter(pk=region.adviser.pk).update(status="suspended")
    response = post_check(client, page, clock)
    assert response.status_code == 200
    assert "n’est plus publiée" in words(response.content.decode())
    assert Request.objects.count() == 0
