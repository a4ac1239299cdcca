"""The results: people first, offers by kind with their reasons, filters with exact counts, near misses, a way out of nothing."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.utils import timezone

from maillage.orientation import record
from tests.catalogue.worlds import offer, relay, structure
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db

CRAON = "commune=53084"


def page(client: StrictClient, query: str = "", **headers: Any) -> str:
    answer = client.get(f"/resultats/?{query}", headers=headers)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def main(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


def titles(html: str) -> list[str]:
    return re.findall(r"<h4><a href=\"[^\"]+\">([^<]+)</a></h4>", html)


def network(**fields: Any) -> Any:
    role = {"role": "reseau-local-ess", "territory": {"level": "departement", "code": "53"}}
    return structure(**{"name": "Réseau de la Mayenne", "roles": [role], "phone": "+33243000001"} | fields)


def test_people_come_before_offers_and_their_telephone_is_one_tap_away(client: StrictClient) -> None:
    network()
    relay(structure(name="Maison des associations"), name="Accueil de Craon", lon=-0.95, lat=47.85, phone="+33243000002")
    offer(name="Conseil")
    html = main(page(client, f"etape=creation&{CRAON}"))
    assert (
        html.index("Réseau de la Mayenne") < html.index("Accueil de Craon") < html.index('id="resultats"') < html.index("Conseil")
    )
    assert 'href="tel:+33243000001"' in html
    assert "Couvre la Mayenne" in html


def test_offers_come_by_kind_in_the_order_of_the_vocabulary(client: StrictClient) -> None:
    for kind in ("information", "formation", "financement", "conseil"):
        offer(kind=kind, name=f"Une offre de {kind}")
    html = page(client, "etape=idee")
    assert re.findall(r'id="nature-([a-z-]+)"', html) == ["conseil", "financement", "formation", "information"]
    assert titles(html)[0] == "Une offre de conseil"


def test_a_kind_with_many_offers_shows_the_best_and_leads_to_all(client: StrictClient) -> None:
    for number in range(8):
        offer(kind="formation", name=f"Cours {number}")
    html = page(client, "etape=idee")
    assert len(titles(html)) == 3
    assert 'href="/resultats/?etape=idee&nature=formation"' in html
    assert len(titles(page(client, "etape=idee&nature=formation"))) == 8


def test_a_card_says_what_who_why_and_whether_it_was_verified(client: StrictClient) -> None:
    today = timezone.localdate()
    offer(
        structure(name="Fonds d'essai"),
        name="Prêt d'essai",
        kind="financement",
        instrument="pret",
        summary="Un prêt: simple",
        stages=["creation"],
        coverage=["departement:53"],
        cost="gratuit",
        amount_max=10000,
        closes=today + timedelta(days=9),
        verified_on=today,
        legal_forms=["association"],
    )
    html = page(client, f"etape=creation&{CRAON}")
    card = html[html.index('<li class="card">') : html.index("</ul>\n", html.index('class="verified"'))]
    for words in (
        "Prêt d’essai",
        "Fonds d’essai",
        "Prêt",
        "jusqu’à 10\u202f000\u202f€",
        "Pour l’étape Création",
        "Couvre la Mayenne",
        "Gratuit",
    ):
        assert words in card
    assert "Ferme dans 9" in card
    assert "À vérifier\u202f:</span> Réservé à la forme juridique\u202f: Association" in card
    assert "Vérifiée le" in card


def test_a_sheet_that_nobody_confirmed_says_so(client: StrictClient) -> None:
    offer()
    assert "À confirmer par la structure" in page(client)


def test_how_one_is_received_and_the_cost_are_facts_not_checks(client: StrictClient) -> None:
    offer(modes=["distance"], cost="payant")
    html = page(client, "etape=idee")
    assert "À distance" in html
    assert 'class="check-points"' not in html


def test_each_thing_said_can_be_taken_back_by_a_link(client: StrictClient) -> None:
    html = page(client, f"etape=creation&{CRAON}&besoin=juridique&besoin=locaux&salaries=2&texte=prêt")
    links = re.findall(r'<a class="tag tag-drop" href="([^"]+)"><span class="visually-hidden">Retirer </span>([^<]+)<', html)
    assert [words for _, words in links] == [
        "Création",
        "Craon (Mayenne, 53400)",
        "Juridique et statuts",
        "Locaux et immobilier",
        "«\u202fprêt\u202f»",
        "Nombre de salariés\u202f: 2",
    ]
    without_need = next(link for link, words in links if words == "Juridique et statuts")
    assert without_need == "/resultats/?etape=creation&commune=53084&besoin=locaux&texte=pr%C3%AAt&salaries=2"
    assert "Filtres (6)" in html


def test_counts_of_filters_are_what_the_page_then_shows(client: StrictClient) -> None:
    offer(needs=["juridique"], cost="gratuit")
    offer(needs=["juridique", "locaux"], kind="formation")
    offer(needs=["locaux"], cost="payant")
    html = page(client, "etape=idee")
    counts = re.findall(r'name="(besoin|nature|cout)" value="([a-z-]+)"[^>]*><span>[^<]+<span class="count">(\d+)</span>', html)
    assert len(counts) >= 6
    for parameter, code, count in counts:
        following = page(client, f"etape=idee&{parameter}={code}")
        assert re.search(rf'id="resultats" tabindex="-1">{count} appui', following), (parameter, code, count)


def test_an_offer_that_one_condition_refuses_is_shown_with_what_blocks(client: StrictClient) -> None:
    offer(name="Pour les autres", legal_forms=["scop"])
    html = page(client, "etape=idee&forme=association")
    near = html[html.index('id="presque"') :]
    assert "Pour les autres" in near
    assert "Réservé à la forme juridique" in near


def test_the_question_that_settles_most_results_is_put_and_keeps_the_rest(client: StrictClient) -> None:
    for _ in range(2):
        offer(sectors=["culture"])
    html = page(client, f"etape=idee&{CRAON}")
    box = html[html.index("question-box") :][:1500]
    assert "Dans quel secteur" in box
    assert "précise 2 résultats" in box
    assert '<input type="hidden" name="etape" value="idee">' in box
    assert '<select id="reponse" name="secteur">' in box


def test_a_question_about_a_fact_is_answered_in_place(client: StrictClient) -> None:
    offer(conditions=[{"field": "esus", "operator": "=", "value": True, "label": "Avoir l’agrément ESUS"}])
    html = page(client, "etape=idee")
    assert '<button type="submit" class="button button-quiet" name="esus" value="oui">Oui</button>' in html


def test_nothing_found_says_which_filter_to_drop_and_who_to_call(client: StrictClient) -> None:
    network()
    offer(needs=["juridique"])
    html = main(page(client, f"{CRAON}&besoin=locaux"))
    assert "Aucun appui pour tout cela à la fois" in html
    assert "Réseau de la Mayenne" in html
    dropped = re.search(r'<a href="([^"]+)">sans Locaux et immobilier</a> <span class="count">(\d+)', html)
    assert dropped
    assert dropped[2] == "1"
    assert titles(page(client, dropped[1].partition("?")[2])) != []


def test_a_project_in_difficulties_reads_telephone_numbers_first(client: StrictClient) -> None:
    offer(structure(name="Écoute"), name="Parler tout de suite", stages=["difficultes"], phone="3114")
    offer(name="Plus tard", stages=["difficultes"])
    html = main(page(client, f"etape=difficultes&{CRAON}"))
    assert html.index('href="tel:3114"') < html.index("Des personnes à qui parler")
    assert "Ce site ne garde ni votre nom ni votre adresse" in html
    assert "<form" not in html[: html.index('href="tel:3114"')]


@pytest.mark.parametrize(
    ("query", "sentence", "links"),
    [
        ("commune=craon", "Plusieurs communes correspondent", 2),
        ("commune=Nullepartville", "Nous ne connaissons pas de commune", 0),
        ("etape=zz", "Nous n’avons pas compris l’étape", 6),
        ("salaries=beaucoup", "écrivez un nombre entier", 0),
        ("esus=peut-être", "répondez par oui ou par non", 2),
    ],
)
def test_what_is_not_understood_is_said_with_a_choice(client: StrictClient, query: str, sentence: str, links: int) -> None:
    offer()
    html = page(client, query)
    notice = html[html.index('id="problemes"') : html.index('id="personnes"')]
    assert sentence in notice
    assert len(re.findall('<a class="tag" href="/resultats/', notice)) == links
    assert "<title>À préciser" in html
    assert titles(html)  # the rest of the address is answered all the same


def test_a_choice_among_homonyms_is_understood(client: StrictClient) -> None:
    html = page(client, "etape=idee&commune=craon")
    link = re.search(r'<a class="tag" href="/resultats/\?([^"]+)">Craon \(Mayenne', html)
    assert link
    assert "<h1>Idée à Craon</h1>" in page(client, link[1])


@pytest.mark.parametrize(
    "query", ["page=0", "page=99999", "page=-1", "page=%C2%B2", "page=1e9", "nature=conseil&page=7", "x=" + "y" * 4000]
)
def test_any_address_gives_a_page(client: StrictClient, query: str) -> None:
    offer()
    page(client, query)


def test_what_a_visitor_typed_is_never_code(client: StrictClient) -> None:
    answer = client.get("/resultats/", {"texte": "<img src=x onerror=alert(1)>", "commune": '"><script>alert(1)</script>'})
    assert b"<script>alert" not in answer.content
    assert b"<img" not in answer.content


def test_a_list_of_one_kind_is_cut_in_pages_that_lose_nothing(client: StrictClient) -> None:
    owner = structure()
    for number in range(45):
        offer(owner, name=f"Offre numéro {number}")
    seen = [title for number in (1, 2, 3) for title in titles(page(client, f"etape=idee&nature=conseil&page={number}"))]
    assert len(seen) == 45
    assert len(set(seen)) == 45
    assert 'rel="next" href="?etape=idee&nature=conseil&page=2"' in page(client, "etape=idee&nature=conseil")


def test_htmx_gets_the_part_that_changes_and_no_cache_keeps_it(client: StrictClient) -> None:
    offer()
    whole = client.get("/resultats/?etape=idee")
    part = client.get("/resultats/?etape=idee&texte=&forme=", headers={"HX-Request": "true"})
    assert b"<!doctype html>" in whole.content
    assert b"<!doctype" not in part.content
    assert b'id="resultats"' in part.content
    assert part.content.startswith(b"<title>")
    assert part.headers["Cache-Control"] == "no-store"
    assert part.headers["HX-Push-Url"] == "/resultats/?etape=idee"
    for answer in (whole, part):
        assert "HX-Request" in answer.headers["Vary"]
    back = client.get("/resultats/?etape=idee", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert b"<!doctype html>" in back.content


def test_filters_wait_for_an_explicit_submit(client: StrictClient) -> None:
    html = page(client)
    assert 'hx-trigger="change' not in html
    assert '"historyCacheSize":0' in html
    assert '"allowEval":false' in html


def test_it_leaves_nothing_on_the_device(client: StrictClient) -> None:
    assert not client.get("/resultats/?etape=idee").cookies


@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_statements_does_not_grow_with_the_results(
    client: StrictClient, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        offer()
    page(client, "etape=idee")
    with django_assert_num_queries(2):  # the revision, the offers shown with their structures
        page(client, "etape=idee")


def test_twenty_results_hold_in_one_first_flight_of_packets(client: StrictClient) -> None:
    network()
    for number in range(24):
        offer(
            structure(name=f"Structure d’accompagnement numéro {number} de la Mayenne"),
            name=f"Accompagnement {number} à la création d’une activité d’utilité sociale dans les territoires",
            kind=("conseil", "financement", "formation", "hebergement")[number % 4],
            summary=f"Un conseiller aide à vérifier l’idée {number}, à étudier le besoin et à bâtir les prévisions, puis suit les premiers mois.",
            stages=["idee", "faisabilite", "creation"],
            needs=["juridique", "business-plan"],
            legal_forms=["association", "scic"],
            sectors=["culture"],
            coverage=["departement:53"],
        )
    kinds = "&nature=conseil&nature=financement&nature=formation&nature=hebergement"  # one list of them: twenty a page
    answer = client.get(f"/resultats/?etape=creation&{CRAON}{kinds}")
    assert len(titles(unescape(answer.content.decode()))) == 20
    assert len(gzip.compress(answer.content, 6)) <= 14_000


def test_one_orientation_leaves_one_anonymous_row(client: StrictClient) -> None:
    before = record.waiting()
    page(client, f"etape=creation&{CRAON}&besoin=juridique&texte=secret")
    assert record.waiting() == before + 1
    page(client, "nature=conseil&page=2")
    assert record.waiting() == before + 1
    record._waiting.clear()


def test_five_digits_that_a_person_types_are_a_postal_code_first(client: StrictClient) -> None:
    """53200 is Saint-Baudelle by its INSEE code, and the postal code of Château-Gontier and its neighbours."""
    typed = client.get("/resultats/?etape=creation&commune=53200&saisie=1").content.decode()
    assert "Château-Gontier-sur-Mayenne" in typed
    followed = client.get("/resultats/?etape=creation&commune=53200").content.decode()
    assert "Saint-Baudelle" in followed


def test_what_a_sheet_says_is_written_never_run(client: StrictClient) -> None:
    network(name="<b>Réseau</b> & fils", phone='"><script>')
    offer(
        structure(name="<i>Fonds</i>"), name="<script>alert(1)</script>", summary="Un prêt <em>simple</em>", stages=["creation"]
    )
    html = client.get(f"/resultats/?etape=creation&{CRAON}").content.decode()
    for raw in ("<b>Réseau", "<i>Fonds", "<script>alert", "<em>simple", '"><script>'):
        assert raw not in html
    for escaped in ("&lt;b&gt;Réseau", "&lt;i&gt;Fonds", "&lt;script&gt;alert(1)", "&lt;em&gt;simple"):
        assert escaped in html
