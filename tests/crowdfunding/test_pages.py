"""The public pages: lists, one campaign, chooser, simulator, matching calculator, figures. Bad input is a sentence, never an error."""

from __future__ import annotations

import gzip
import io
import json
import re
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.crowdfunding.models import CampaignStatus
from maillage.crowdfunding.queries import SMALL, figures
from tests.conftest import StrictClient
from tests.crowdfunding.samples import make_campaign
from tests.whole.cast import make_world

HOME, FORMS, ROYALTIES, TOPUP = (reverse(name) for name in ("crowdfunding", "crowdfunding-forms", "royalties", "topup"))
CASE = "somme=120000&multiple=1,5&ca1=1000000&ca2=1400000&ca3=1800000&ca4=2200000&ca5=2600000&debut=2027T1"


def text_of(client: StrictClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    page = re.sub(r"<(script|style).*?</\1>", "", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("&#x27;", "’").replace("\u202f", " ")


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """Noon of a day of March 2027, for the pages that ask what day it is."""
    day = date(2027, 3, 10)
    for module in ("campaigns", "figures", "royalties"):
        monkeypatch.setattr(f"maillage.crowdfunding.views.{module}.day_in_paris", lambda now: day)
    return day


@pytest.mark.django_db
class TestCampaigns:
    def test_a_card_says_where_who_how_much_and_until_when(self, client: StrictClient, today: date) -> None:
        make_campaign()
        text = text_of(client, HOME)
        for words in (
            "Le fournil du bourg",
            "Les amis du fournil",
            "Craon, Mayenne",
            "Ouverte",
            "3 200 € sur 5 000 €, soit 64 %, au 3 mars 2027",
            "Encore 21 jours, jusqu’au 31 mars 2027",
        ):
            assert words in text
        assert "<progress" in client.get(HOME).content.decode()

    def test_the_nearest_open_ones_come_first_and_never_the_best_return(self, client: StrictClient, today: date) -> None:
        make_campaign(name="Loin", commune="72181", collected=Decimal(4999))
        make_campaign(name="Près", commune="53084", collected=Decimal(1))
        text = text_of(client, f"{HOME}?commune=53084")
        assert text.index("Près") < text.index("Loin")
        assert "à moins de 1" in text

    def test_drafts_and_campaigns_of_other_regions_are_not_shown(self, client: StrictClient, today: date) -> None:
        draft = make_campaign(name="Brouillon", status=CampaignStatus.DRAFT)
        make_campaign(name="Ailleurs", commune="59350")
        text = text_of(client, HOME)
        assert "Brouillon" not in text
        assert "Ailleurs" not in text
        assert client.get(draft.get_absolute_url()).status_code == 404

    def test_filters_by_state_theme_and_form(self, client: StrictClient, today: date) -> None:
        make_campaign(name="Ouverte ce jour", sector="culture")
        make_campaign(name="Finie avec succès", closes=date(2027, 3, 1), collected=Decimal(6000))
        make_campaign(name="Finie sans succès", closes=date(2027, 3, 1), all_or_nothing=True)
        make_campaign(name="Demain", opens=date(2027, 3, 11), form="royalties")
        for query, expected in (
            ("etat=ouverte", {"Ouverte ce jour"}),
            ("etat=reussie", {"Finie avec succès"}),
            ("etat=echouee", {"Finie sans succès"}),
            ("etat=a-venir", {"Demain"}),
            ("etat=terminee", {"Finie avec succès", "Finie sans succès"}),
            ("theme=culture", {"Ouverte ce jour"}),
            ("forme=royalties", {"Demain"}),
        ):
            found = set(re.findall(r"<h3><a[^>]*>([^<]+)</a>", client.get(f"{HOME}?{query}").content.decode()))
            assert found == expected, query

    def test_the_number_of_queries_does_not_depend_on_that_of_campaigns(self, client: StrictClient, today: date) -> None:
        counts = []
        for number in (1, 30):
            for rank in range(number):
                make_campaign(name=f"Projet {number} {rank}")
            with CaptureQueriesContext(connection) as captured:
                client.get(f"{HOME}?commune=53084")
            counts.append(len(captured))
        assert counts[0] == counts[1]

    def test_a_risky_campaign_says_the_risk_and_every_campaign_says_that_no_money_passes_here(
        self, client: StrictClient, today: date
    ) -> None:
        gift, loan = make_campaign(), make_campaign(name="Prêt", form="pret", platform="lendosphere")
        risk = "c’est risquer de perdre tout ou partie de la somme"
        assert risk in text_of(client, loan.get_absolute_url())
        page = text_of(client, gift.get_absolute_url())
        assert risk not in page
        assert "Il ne reçoit ni argent ni promesse" in page
        assert "ORIAS 17003008" in page
        assert "<form" not in client.get(gift.get_absolute_url()).content.decode()

    def test_a_matching_rule_is_shown_on_the_campaigns_it_may_help(self, client: StrictClient, today: date) -> None:
        eligible = make_campaign(commune="33063", opens=date(2025, 11, 1), closes=date(2025, 12, 20))
        assert "La Région peut ajouter aux dons" in text_of(client, eligible.get_absolute_url())
        assert "La Région peut ajouter" not in text_of(client, make_campaign(name="Autre").get_absolute_url())

    @pytest.mark.parametrize(
        "query", ["commune=Nulle-Part-sur-Rien", "etat=nimporte", "theme=xyz", "forme=%3Cscript%3E", "page=-4", "page=abc"]
    )
    def test_what_is_not_understood_is_said(self, client: StrictClient, today: date, query: str) -> None:
        make_campaign()
        text = text_of(client, f"{HOME}?{query}")
        if not query.startswith("page"):
            assert "À corriger" in text

    def test_homonyms_lead_to_a_choice(self, client: StrictClient, today: date) -> None:
        page = client.get(f"{HOME}?commune=Saint-Denis&saisie=1&theme=culture").content.decode()
        assert "commune=93066" in page


@pytest.mark.django_db
class TestChooser:
    def test_reasons_and_what_blocks(self, client: StrictClient) -> None:
        text = text_of(client, f"{FORMS}?etape=developpement&forme=association&montant=15000&mois=6&vend=oui&rembourse=non")
        assert "Pas pour ce projet, et pourquoi" in text
        assert "Non – Pouvoir rembourser" in text
        assert "Non – Être une coopérative" in text
        assert text.index("Royalties") < text.index("Prêt solidaire sans intérêt")

    def test_the_regime_and_the_number_of_each_platform(self, client: StrictClient) -> None:
        text = text_of(client, FORMS)
        assert "ORIAS 17002712" in text
        assert "inconnu" in text
        assert "Agréé par l’AMF" in text

    @pytest.mark.parametrize(
        "query", ["montant=-5", "montant=douze", "montant=99999999999", "mois=1000", "etape=nimporte", "vend=peut-etre"]
    )
    def test_bad_input_is_a_sentence_and_is_kept(self, client: StrictClient, query: str) -> None:
        name, value = query.split("=")
        page = client.get(f"{FORMS}?{query}").content.decode()
        assert f'id="id-{name}-erreur"' in page
        if name in ("montant", "mois"):
            assert f'value="{value}"' in page


class TestRoyalties:
    def test_the_worked_example_on_the_page(self, client: StrictClient, db: None) -> None:
        text = text_of(client, f"{ROYALTIES}?{CASE}&marge=30")
        assert "Vous verseriez 2,00 % de votre chiffre d’affaires" in text
        assert "180 000 €" in text
        assert "126 000 €" in text
        assert "234 000 €" in text
        assert "31 décembre 2030" in text
        assert "Ce taux est dans les usages" in text

    def test_the_page_is_light(self, client: StrictClient, db: None) -> None:
        assert len(gzip.compress(client.get(f"{ROYALTIES}?{CASE}").content)) < 40_000
        assert len(gzip.compress(client.get(FORMS).content)) < 40_000

    def test_the_twenty_ninth_of_february_is_a_day_like_another(
        self, client: StrictClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("maillage.crowdfunding.views.royalties.day_in_paris", lambda now: date(2028, 2, 29))
        assert "Vous verseriez" in text_of(client, f"{ROYALTIES}?{CASE}")
        assert "T2 2024" in text_of(client, f"{ROYALTIES}?{CASE}&debut=2024T2"), "an old simulation stays readable"

    def test_the_files_hold_the_same_figures_to_the_cent(self, client: StrictClient, db: None) -> None:
        rows = client.get(f"{reverse('royalties-export', args=('csv',))}?{CASE}").content.decode("utf-8-sig").split("\r\n")
        assert rows[0].startswith("scenario;trimestre;")
        assert "1;2027T1;2027-03-31;250000.00;5000.00;5000.00;non" in rows
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"{reverse('royalties-export', args=('xlsx',))}?{CASE}").content))
        paid = [row[4] for row in book.active.iter_rows(min_row=2, values_only=True) if row[0] == "1"]  # type: ignore[union-attr]
        assert sum(paid) == 180_000
        assert client.get(f"{reverse('royalties-export', args=('csv',))}?somme=abc").status_code == 404

    @pytest.mark.parametrize(
        ("change", "field", "words"),
        [
            ("somme=-10", "somme", "négatif"),
            ("somme=", "somme", "Écrivez la somme"),
            ("ca1=0&ca2=0&ca3=0&ca4=0&ca5=0", "ca1", "prévision nulle"),
            ("ca2=beaucoup", "ca2", "n’est pas un montant possible"),
            ("ca3=1;2;3", "ca3", "quatre montants"),
            ("multiple=4", "multiple", "dépasse le plafond"),
            ("debut=jamais", "debut", "trimestre de la liste"),
            ("marge=130", "marge", "100 au plus"),
        ],
    )
    def test_bad_input_is_a_sentence_beside_the_field(
        self, client: StrictClient, db: None, change: str, field: str, words: str
    ) -> None:
        given = dict(part.split("=") for part in CASE.split("&")) | dict(part.split("=") for part in change.split("&"))
        answer = client.get(ROYALTIES, given)
        page = answer.content.decode()
        assert f'id="id-{field}-erreur"' in page
        assert words in text_of(client, answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"])
        assert "Vous verseriez" not in page

    def test_quarters_may_be_written_one_by_one(self, client: StrictClient, db: None) -> None:
        query = CASE.replace("ca1=1000000", "ca1=100000;200000;300000;400000")
        assert (
            "1;2027T2;2027-06-30;200000.00;4000.00;6000.00;non"
            in client.get(f"{reverse('royalties-export', args=('csv',))}?{query}").content.decode()
        )


class TestTopUp:
    def test_a_gift_under_the_rule_one_types(self, client: StrictClient, db: None) -> None:
        text = text_of(client, f"{TOPUP}?don=100&part=0,5&par_don=30")
        assert "La Région ajoute 30 €" in text
        assert "le plafond par don" in text

    def test_bad_input_is_said(self, client: StrictClient, db: None) -> None:
        assert "Écrivez le montant du don" in text_of(client, f"{TOPUP}?part=1")
        assert "négatif" in text_of(client, f"{TOPUP}?don=-5&part=1")
        assert "n’existe pas" in text_of(client, f"{TOPUP}?regle=inconnue")

    def test_a_platform_asks_for_a_list_of_gifts(self, client: StrictClient, db: None) -> None:
        body = {"regle": {"part": "1", "par_personne": 80}, "dons": [{"montant": "50", "personne": "a", "projet": "p"}] * 2}
        answer = client.post("/api/v1/abondement", json.dumps(body), content_type="application/json")
        assert answer.json() == {
            "abondements": [
                {"montant": "50.00", "ajout": "50.00", "plafonds": []},
                {"montant": "50.00", "ajout": "30.00", "plafonds": ["par_personne"]},
            ],
            "total": "80.00",
        }

    @settings(max_examples=60)
    @given(
        body=st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["regle", "dons", "montant", "part", "total", "x"]), inner, max_size=4)
            ),
            max_leaves=12,
        )
    )
    def test_whatever_is_posted_is_answered(self, body: object) -> None:
        client = StrictClient()
        answer = client.post("/api/v1/abondement", json.dumps(body), content_type="application/json")
        assert answer.status_code in (200, 400)
        assert answer.status_code == 200 or answer.json()["erreur"]


@pytest.mark.django_db
class TestFigures:
    def over(self, number: int, **values: object) -> None:
        for rank in range(number):
            make_campaign(
                name=f"{values} {rank}", closes=date(2026, 6, 30), opens=date(2026, 6, 1), as_of=date(2026, 7, 1), **values
            )

    def test_small_cells_are_hidden_and_the_others_are_exact(self, client: StrictClient, today: date) -> None:
        self.over(SMALL, collected=Decimal("1000.10"), goal=Decimal(1000), contributors=10)
        self.over(SMALL - 1, commune="72181")
        self.over(SMALL, commune="44109", contributors=0)
        found = {(each.departement, each.form, each.year): each for each in figures(("52",), today)}
        assert len(found) == 3
        shown = found["53", "don-contrepartie", 2026]
        assert (shown.campaigns, shown.succeeded, shown.collected, shown.contributors) == (5, 5, Decimal("5000.50"), 50)
        assert found["72", "don-contrepartie", 2026].hidden
        assert found["44", "don-contrepartie", 2026].hidden  # five campaigns, fewer than five contributors
        text = text_of(client, reverse("crowdfunding-figures"))
        assert "moins de 5" in text
        data = client.get(reverse("crowdfunding-figures-data", args=("json",))).json()
        hidden = next(each for each in data["chiffres"] if each["departement"] == "72")
        assert hidden["masquee"] is True
        assert hidden["campagnes"] is None
        lines = client.get(reverse("crowdfunding-figures-data", args=("csv",))).content.decode("utf-8-sig").split("\r\n")
        assert "53;don-contrepartie;2026;non;5;5;5000.50;50" in lines
        assert "72;don-contrepartie;2026;oui;;;;" in lines


@pytest.mark.django_db
def test_an_offer_of_crowdfunding_leads_to_the_chooser_with_what_was_said(client: StrictClient) -> None:
    world = make_world()
    address = f"{world.offer.get_absolute_url()}?etape=creation&forme=association"
    assert FORMS not in client.get(address).content.decode()
    world.offer.instrument = "financement-participatif"
    world.offer.save()
    assert f'href="{FORMS}?etape=creation' in client.get(address).content.decode()


@pytest.mark.django_db
def test_a_page_from_memory_says_what_was_written_since(client: StrictClient) -> None:
    found = make_campaign(name="Premier nom")
    address = found.get_absolute_url()
    assert "Premier nom" in client.get(address).content.decode()
    found.name = "Second nom"
    found.save()
    page = client.get(address).content.decode()
    assert "Second nom" in page
    assert "Premier nom" not in page
    found.status = CampaignStatus.WITHDRAWN
    found.save()
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_page_from_memory_keeps_its_language_and_its_portal(client: StrictClient) -> None:
    make_campaign()
    french, english = client.get("/financement-participatif/"), client.get("/en/financement-participatif/")
    other = client.get("/financement-participatif/", headers={"host": "tremplin.localhost"})
    assert 'lang="fr"' in french.content.decode()[:200]
    assert 'lang="en"' in english.content.decode()[:200]
    assert 'data-portal="hauts-de-france"' in other.content.decode()[:300]
