"""Each journey of the site, with a finger on a phone, without any script, and by keyboard alone: the same content is reached."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.checks import main_text
from tests.browser.conftest import Visit
from tests.browser.hands import Keyboard, Pointer
from tests.browser.pages import AT_CRAON

pytestmark = pytest.mark.browser

Start = Callable[[str], Pointer]
WAYS = {
    "finger": (Pointer, {"width": 390}),
    "without script": (Pointer, {"width": 390, "javascript": False}),
    "keyboard": (Keyboard, {"width": 1280}),
}


@pytest.fixture(params=list(WAYS))
def start(request: pytest.FixtureRequest, visit: Visit, places: dict[str, str]) -> Start:
    """`start(path)`: hands on a page of the site, in each of the three ways."""
    hands, options = WAYS[request.param]

    def open_page(path: str) -> Pointer:
        return hands(visit(path.format(**places), **options))

    return open_page


def _people_come_first(hands: Pointer) -> None:
    titles = hands.page.locator("main h2").all_text_contents()
    assert titles.index("Des personnes à qui parler") < next(
        rank for rank, title in enumerate(titles) if "appuis pour ce projet" in title
    )


def test_a_project_holder_finds_people_and_support_then_an_offer_and_comes_back(start: Start) -> None:
    hands = start("/")
    hands.choose(re.compile("^Création"))
    hands.write("Votre commune", "Craon 53400", within=".hero")
    hands.press("Voir tout de suite les résultats")
    hands.arrive("Création à Craon")
    _people_come_first(hands)
    page = hands.page
    expect(page.locator(".contact").first).to_contain_text("Maison des essais")
    expect(page.locator(".contact a[href^='tel:']").first).to_be_visible()
    expect(page.locator(".card").filter(has_text="Aide aux essais")).to_contain_text("Couvre la Mayenne")
    before, address = main_text(page), page.url
    hands.follow("Aide aux essais")
    hands.arrive("Aide aux essais")
    expect(page.locator("main")).to_contain_text("Est-ce pour vous ?")
    expect(page.locator(".ticks")).to_contain_text("Avoir au moins un salarié")
    page.go_back()
    hands.arrive("Création à Craon")
    assert page.url == address
    assert main_text(page) == before, "Back shows the results as they were"


def test_questions_come_one_by_one_and_a_name_that_several_communes_share_leads_to_a_choice(start: Start) -> None:
    hands = start("/questions/etape/")
    hands.arrive("Où en est le projet ?")
    hands.choose(re.compile("^Création"))
    hands.press("Continuer")
    hands.arrive("Où se trouve le projet ?")
    hands.write("Votre commune", "Saint-Denis")
    hands.press("Continuer")
    expect(hands.page.get_by_role("group", name="Choisissez votre commune")).to_be_visible()
    hands.choose(re.compile(r"^Saint-Denis \(Seine-Saint-Denis"))
    hands.press("Continuer")
    hands.arrive("De quoi avez-vous besoin ?")
    hands.choose("Juridique et statuts")
    hands.press("Continuer")
    hands.arrive("Quelle est la forme juridique ?")
    hands.choose("Association")
    hands.press("Continuer")
    hands.arrive("Dans quel secteur ?")
    hands.follow("Je ne sais pas, passer")
    hands.arrive("Création à Saint-Denis")
    said = hands.page.locator(".tag-drop")
    assert [words.removeprefix("Retirer ").strip() for words in said.all_text_contents()][1:] != []
    for words in ("Création", "Saint-Denis (Seine-Saint-Denis", "Juridique et statuts", "Association"):
        expect(said.filter(has_text=words)).to_have_count(1)


def test_every_question_may_be_skipped(start: Start) -> None:
    hands = start("/questions/etape/")
    for heading in (
        "Où en est le projet ?",
        "Où se trouve le projet ?",
        "De quoi avez-vous besoin ?",
        "Quelle est la forme juridique ?",
        "Dans quel secteur ?",
    ):
        hands.arrive(heading)
        hands.follow("Je ne sais pas, passer")
    hands.arrive("Vos appuis")
    assert hands.page.locator(".card").count() > 5


def test_somebody_near_is_found_from_the_second_door(start: Start) -> None:
    hands = start("/")
    hands.write("Votre commune", "Craon 53400", within=".panel")
    hands.press("Trouver quelqu’un")
    hands.arrive("Qui peut vous aider près de Craon")
    rows = hands.page.get_by_role("table").get_by_role("row")
    place = rows.filter(has_text="Permanence des essais")
    expect(place).to_contain_text("mardi")
    expect(rows.filter(has_text="Maison des essais").first.locator("a[href^='tel:']").first).to_be_visible()
    hands.follow("Permanence des essais")
    hands.arrive("Maison des essais")


def test_the_page_of_a_territory_says_who_helps_there(start: Start) -> None:
    hands = start("/territoires/")
    hands.write("Votre commune", "Craon 53400")
    hands.press("Voir la commune")
    hands.arrive("Qui aide à Craon")
    expect(hands.page.get_by_role("table")).to_contain_text("Faisabilité".lower(), ignore_case=True)
    expect(hands.page.locator("main")).to_contain_text("Maison des essais")
    hands.follow("Mayenne", within=".breadcrumb")
    hands.arrive("Qui aide dans la Mayenne")


def test_the_plan_is_shortened_then_taken_away_as_a_pdf(start: Start) -> None:
    hands = start(f"/resultats/?{AT_CRAON}")
    page = hands.page
    hands.follow("Le parcours étape par étape, à imprimer")
    hands.arrive("Votre parcours")
    expect(page.get_by_role("img", name="Code QR de l’adresse de cette page")).to_be_visible()
    steps = page.locator(".card")
    count, first = steps.count(), steps.first.locator("h3").inner_text()
    assert count > 2
    hands.follow(re.compile(re.escape(f"Retirer « {first} »")))
    expect(steps).to_have_count(count - 1)
    expect(steps.filter(has_text=first)).to_have_count(0)
    link = page.get_by_role("link", name="Fiche PDF à emporter")
    with page.expect_event("response", lambda answer: "/parcours.pdf" in answer.url) as opened:
        hands.activate(link)
    assert opened.value.status == 200
    assert opened.value.headers["content-type"] == "application/pdf"
    assert page.context.request.get(opened.value.url).body().startswith(b"%PDF-")


def test_an_error_on_a_sheet_is_reported(start: Start) -> None:
    hands = start("/offres/{offer}/")
    page = hands.page
    hands.follow("Signaler une erreur sur cette fiche")
    hands.arrive("Signaler une erreur")
    hands.press("Envoyer")
    expect(page.get_by_role("alert")).to_contain_text("Choisissez ce qui ne va pas.")
    hands.choose("Autre chose")
    hands.write("Dites-nous ce que vous savez", "Le lien mène ailleurs.")
    thanks = page.get_by_role("heading", name="Merci, votre message est bien reçu")
    for _attempt in range(60):  # the form wants two seconds between its page and its answer: it says so and keeps everything
        with page.expect_navigation():
            hands.press("Envoyer")
        if thanks.is_visible():
            break
        expect(page.get_by_role("alert")).to_contain_text("trop vite")
        expect(page.get_by_label("Dites-nous ce que vous savez")).to_have_value("Le lien mène ailleurs.")
        expect(page.get_by_label("Autre chose")).to_be_checked()
    expect(thanks).to_be_visible()
    address = page.url
    page.reload()
    assert page.url == address
    expect(thanks).to_be_visible()
    hands.follow("Revenir à la fiche")
    hands.arrive("Aide aux essais")


def test_somebody_in_difficulties_gets_telephone_numbers_at_once(start: Start) -> None:
    hands = start("/")
    hands.choose(re.compile("^Difficultés"))
    hands.write("Votre commune", "Craon 53400", within=".hero")
    hands.press("Continuer")
    hands.arrive(re.compile("^Difficultés"))
    page = hands.page
    assert "/resultats/" in page.url
    assert page.locator("main h2").first.inner_text() == "Appelez maintenant"
    numbers = page.locator(".alarm a[href^='tel:']")
    assert numbers.count() >= 2
    first_link = page.locator("main a[href]:not(.tag-drop)").first
    assert (first_link.get_attribute("href") or "").startswith("tel:"), "nothing to follow before the numbers"


def test_an_offer_is_created_published_and_found(
    start: Start, visit: Visit, office_link: Callable[[], str], request: pytest.FixtureRequest
) -> None:
    name = f"Atelier {request.node.callspec.id}"
    hands = start(office_link())
    page = hands.page
    hands.press("Me connecter")
    hands.arrive("Ce qui attend")
    hands.follow("Structures", within="header")
    hands.arrive("Structures")
    hands.write("Nom ou identifiant", "Maison des essais")
    hands.press("Filtrer")
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(2)
    hands.follow("Maison des essais")
    hands.arrive("Maison des essais")
    hands.follow("Ajouter une offre")
    hands.arrive("Nouvelle offre")
    hands.write("Nom", name)
    hands.write("En une phrase", "Une demi-journée pour essayer à plusieurs.")
    hands.pick("Nature", "Formation")
    hands.write("Ajouter : commune, intercommunalité, département, région ou « France »", "Mayenne", within="#id_coverage")
    hands.press("Chercher", within="#id_coverage")
    hands.choose(re.compile(r"^Mayenne.*département", re.I), within="#id_coverage")
    expect(page.get_by_label("Nom", exact=True)).to_have_value(name)
    hands.choose("Création", within="#id_stages")
    hands.press("Enregistrer")
    hands.arrive(name)
    expect(page.get_by_role("status")).to_contain_text("La fiche est créée, en brouillon.")
    hands.follow("Envoyer en relecture")
    hands.arrive(re.compile("^Envoyer en relecture"))
    hands.press("Envoyer en relecture")
    hands.arrive(name)
    hands.follow("Publier")
    hands.arrive(re.compile("^Publier"))
    expect(page.locator("main")).to_contain_text("240 communes")
    hands.press("Publier")
    hands.arrive(name)
    expect(page.get_by_role("status")).to_contain_text("La fiche est publiée.")
    visitor = visit(f"/resultats/?{AT_CRAON}&texte={name}")
    found = visitor.locator(".card").filter(has_text=name)
    expect(found).to_contain_text("Couvre la Mayenne")
    assert visitor.context.cookies() == []


def test_suggestions_of_communes_are_chosen_with_the_keyboard(visit: Visit) -> None:
    page = visit("/")
    field = page.locator("#commune")
    field.press_sequentially("chateau-gont")
    expect(page.get_by_role("option").first).to_contain_text("Château-Gontier")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_count(1)
    field.press("Enter")
    expect(field).to_have_value("Château-Gontier-sur-Mayenne 53200")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("x")
    field.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)


def test_a_suggestion_is_chosen_with_a_finger(visit: Visit) -> None:
    page = visit("/", width=390)
    field = page.locator("#commune")
    field.press_sequentially("crao")
    page.get_by_role("option", name="Craon (Mayenne, 53400)", exact=True).click()
    expect(field).to_have_value("Craon 53400")
    expect(page.get_by_role("option")).to_have_count(0)
    page.locator(".hero").get_by_role("button", name="Voir tout de suite les résultats").click()
    expect(page.locator("h1")).to_have_text(re.compile("à Craon"))


def test_a_project_is_diagnosed_from_the_home_page_to_its_profile_and_an_offer(start: Start) -> None:
    hands = start("/")
    page = hands.page
    hands.follow("Faire l’autodiagnostic")
    hands.arrive("Mon projet est-il une innovation sociale\u202f?")
    hands.follow("Premier regard")
    hands.arrive("Premier regard")
    hands.follow("Commencer")
    for answer in ("Oui, et je peux le montrer", "En partie", "Pas encore"):
        hands.choose(answer)
        hands.press("Continuer")
    hands.arrive(re.compile("^Essayez-vous quelque chose de nouveau ici"))
    page.go_back()
    hands.arrive(re.compile("^Le projet a-t-il d’autres effets"))
    expect(page.get_by_label("Pas encore")).to_be_checked()  # Back loses nothing
    hands.choose("Non")
    hands.press("Continuer")
    hands.choose("Je ne sais pas")
    hands.press("Continuer")
    hands.arrive("Votre profil d’innovation sociale")
    assert "r=oens" in page.url
    expect(page.locator("main")).to_contain_text("sans valeur juridique")
    expect(page.get_by_role("img", name=re.compile("^Radar"))).to_be_visible()
    hands.write("Votre commune", "Craon 53400")
    hands.press("Préciser les pistes")
    expect(page).to_have_url(re.compile(r"r=oens&commune=53084"))
    hands.activate(page.locator(".tracks a").first)
    hands.arrive(re.compile("à Craon$"))
    page.go_back()
    hands.arrive("Votre profil d’innovation sociale")
    link = page.get_by_role("link", name="Fiche PDF à emporter")
    with page.expect_event("response", lambda answer: "resultat.pdf" in answer.url) as opened:
        hands.activate(link)
    assert opened.value.status == 200
    assert page.context.cookies() == []


def test_a_diagnosis_is_kept_shared_with_an_adviser_then_deleted(start: Start) -> None:
    hands = start("/autodiagnostic/rapide/1/?r=on")
    page = hands.page
    hands.follow("Garder sous un lien privé")
    hands.arrive("Garder ce diagnostic")
    hands.choose("un mois")
    hands.press("Garder et recevoir mon lien")
    hands.arrive("Premier regard")
    link = page.url
    assert "/prive/" in link
    hands.follow("Des effets en plus")
    hands.choose("En partie")
    hands.write("Ce qui le montre", "Trois emplois depuis janvier.")
    hands.press("Continuer")
    hands.arrive(re.compile("^Essayez-vous"))
    hands.follow("Toutes les questions")
    hands.follow("Réglages\u202f: durée, accompagnateur, effacer")
    hands.arrive("Réglages de votre autodiagnostic")
    hands.press("Créer un lien pour l’accompagnateur")
    address = page.locator(".link-box").nth(1).inner_text()
    page.goto(address)
    hands.arrive("Premier regard")
    expect(page.locator("main")).to_contain_text("Un porteur de projet vous invite")
    hands.follow("Des effets en plus")
    expect(page.get_by_label("Ce qui le montre")).to_have_value("")
    hands.choose("Non")
    hands.press("Revenir à la liste")
    hands.follow("Comparer les regards")
    hands.arrive("Deux regards sur votre projet")
    expect(page.locator("main")).to_contain_text("Trois emplois depuis janvier.")
    expect(page.locator(".tasks > li").filter(has_text="Des effets en plus")).to_contain_text("À discuter")
    page.goto(link)
    hands.follow("Réglages\u202f: durée, accompagnateur, effacer")
    hands.press("Effacer ce diagnostic")
    expect(page.get_by_role("alert")).to_contain_text("Cochez")
    hands.choose("Oui, effacer pour toujours")
    hands.press("Effacer ce diagnostic")
    hands.arrive("Votre diagnostic est effacé")
    page.goto(link)
    hands.arrive("Ce lien n’ouvre plus rien")
    assert page.context.cookies() == []


def test_a_holder_learns_which_form_suits_and_what_royalties_cost(start: Start) -> None:
    hands = start("/")
    hands.follow(re.compile("^Financement participatif"))
    hands.arrive("Financement participatif")
    expect(hands.page.locator(".campaign").filter(has_text="Le fournil des essais")).to_contain_text("soit 64")
    hands.follow("Est-ce pour moi, et sous quelle forme\u202f?")
    hands.arrive("Est-ce pour moi, et sous quelle forme\u202f?")
    hands.pick("Forme juridique", "Association")
    hands.write("Somme cherchée, en euros", "30000")
    hands.pick("Pourra-t-il rembourser", "Non")
    hands.press("Voir les formes")
    expect(hands.page.locator("#parts-sociales .ticks")).to_contain_text("Non – Être une coopérative")
    expect(hands.page.locator("li#pret .ticks")).to_contain_text("Non – Pouvoir rembourser")
    hands.follow("Simuler des royalties")
    hands.arrive("Simuler des royalties")
    hands.write("Somme à lever, en euros", "120000")
    for year, turnover in enumerate(("1000000", "1400000", "1800000", "2200000", "2600000"), 1):
        hands.write(f"Année {year}", turnover)
    hands.press("Calculer")
    expect(hands.page.get_by_role("heading", level=2).first).to_contain_text("Vous verseriez 2,00")
    address = hands.page.url
    hands.page.reload()
    assert hands.page.url == address
    expect(hands.page.locator("main")).to_contain_text("180\u202f000\u202f€")


def test_somebody_finds_a_campaign_near_home_and_its_platform(start: Start) -> None:
    hands = start("/financement-participatif/")
    hands.write("Près de quelle commune", "Craon 53400")
    hands.press("Voir les campagnes")
    expect(hands.page.locator("#campagnes")).to_contain_text("Campagnes près de Craon")
    hands.follow("La coopérative des essais")
    hands.arrive("La coopérative des essais")
    expect(hands.page.locator("aside")).to_contain_text("risquer de perdre")
    expect(hands.page.locator("aside .button")).to_have_attribute("href", "https://example.org/fournil")
    assert not hands.page.locator("main form").count(), "nothing is paid nor pledged here"
