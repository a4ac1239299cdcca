"""The « parcours »: what is in it, in which order, and an address that gives it again."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import parse_qs

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maillage.orientation.forms import read
from maillage.orientation.plan import Plan, lead_times, make_plan, read_uids, stages_ahead, weeks_for
from maillage.vocabulary.words import vocabulary
from tests.catalogue.worlds import offer, relay, structure
from tests.conftest import StrictClient
from tests.orientation.pages.reading import get, words

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _a_fixed_day() -> object:
    with time_machine.travel("2026-11-23 10:00:00+01:00", tick=False):
        yield


def plan(query: str = "", *uids: str) -> Plan:
    situation = read(dict(parse_qs(query).items())).situation
    return make_plan(situation, uids, None, timezone.now(), TODAY)


def names(found: Plan) -> dict[str, list[str]]:
    return {stage.code: [step.offer.name for step in stage.steps] for stage in found.stages}


def test_from_the_current_stage_on_each_stage_gets_one_offer_of_each_kind_never_twice_the_same() -> None:
    for stage in ("idee", "creation", "developpement"):
        offer(stages=[stage], name=f"Conseil {stage}")
        offer(stages=[stage], name=f"Argent {stage}", kind="financement", instrument="pret")
    offer(name="Pour tous")
    assert names(plan("etape=creation")) == {
        "creation": ["Conseil creation", "Argent creation"],
        "developpement": ["Conseil developpement", "Argent developpement"],
        "consolidation": ["Pour tous"],
    }


def test_difficulties_are_a_path_of_their_own_and_not_a_step_on_the_way() -> None:
    assert stages_ahead("difficultes") == ("difficultes",)
    assert "difficultes" not in stages_ahead(None)
    assert stages_ahead("consolidation") == ("consolidation",)


def test_chosen_offers_are_put_at_the_first_stage_ahead_that_they_accept() -> None:
    early = offer(stages=["idee"], name="Avant")
    later = offer(stages=["consolidation", "developpement"], name="Après")
    always = offer(name="Toujours")
    found = plan("etape=creation", later.uid, early.uid, always.uid)
    assert names(found) == {"idee": ["Avant"], "creation": ["Toujours"], "developpement": ["Après"]}
    assert found.chosen


def test_dated_steps_come_first_by_the_day_to_start_then_people_then_money() -> None:
    chosen = [
        offer(name="Prêt", kind="financement", instrument="pret"),
        offer(name="Conseil"),
        offer(name="Bientôt", kind="financement", instrument="subvention", closes=TODAY + timedelta(weeks=20)),
        offer(name="Plus tard", closes=TODAY + timedelta(weeks=30)),
    ]
    assert names(plan("etape=idee", *(sheet.uid for sheet in chosen))) == {"idee": ["Bientôt", "Plus tard", "Conseil", "Prêt"]}


def test_a_deadline_gives_the_day_to_start_and_says_when_it_is_now() -> None:
    far = offer(kind="financement", instrument="subvention", closes=TODAY + timedelta(weeks=20))
    near = offer(kind="financement", instrument="subvention", closes=TODAY + timedelta(weeks=2))
    steps = {step.offer.pk: step for stage in plan("", far.uid, near.uid).stages for step in stage.steps}
    assert (steps[far.pk].start_by, steps[far.pk].late) == (TODAY + timedelta(weeks=4), False)
    assert steps[near.pk].late


def test_every_kind_and_instrument_has_a_time_to_allow() -> None:
    assert set(lead_times()["kind"]) == set(vocabulary().codes("kind"))
    assert set(lead_times()["instrument"]) == set(vocabulary().codes("instrument"))
    assert all(1 <= weeks <= 52 for times in lead_times().values() for weeks in times.values())
    assert weeks_for(offer(kind="financement", instrument="pret")) == 8


def test_offers_that_left_the_catalogue_are_counted_not_shown(client: StrictClient) -> None:
    kept, draft, orphan = offer(name="Reste"), offer(status="draft"), offer(structure(status="suspended"))
    html = get(client, f"/parcours/?offre={kept.uid}&offre={draft.uid}&offre={orphan.uid}&offre=aaaaaaaaaaaa")
    assert "3 offres que vous aviez choisies ne sont plus publiées" in words(html)
    assert "Reste" in words(html)


def test_each_step_says_why_it_is_there_what_is_to_check_and_what_to_bring(client: StrictClient) -> None:
    sheet = offer(
        structure(name="Qui", phone="0243000000"), coverage=["departement:53"], legal_forms=["association"], documents=["Statuts"]
    )
    html = get(client, f"/parcours/?etape=creation&commune=53062&offre={sheet.uid}")
    text = words(html)
    assert "Couvre la Mayenne" in text
    assert "À vérifier : Réservé à la forme juridique : Association" in text
    assert "Délai à prévoir : environ 2 semaines" in text
    assert "Statuts" in text
    assert 'href="tel:+33243000000"' in html


def test_a_step_can_be_removed_and_the_address_keeps_the_others(client: StrictClient) -> None:
    first, second = offer(name="Une"), offer(name="Deux")
    html = get(client, f"/parcours/?etape=idee&offre={first.uid}&offre={second.uid}")
    assert f'href="?etape=idee&offre={second.uid}">Retirer' in html
    assert f'href="?etape=idee&offre={first.uid}">Retirer' in html


def test_an_empty_catalogue_gives_a_page_and_somebody_to_look_for(client: StrictClient) -> None:
    html = get(client, "/parcours/?etape=creation&commune=53062")
    assert "Rien à ordonner pour l’instant" in words(html)
    assert 'href="/reseaux-et-relais/"' in html


def test_the_qr_code_is_drawn_with_words_and_the_pdf_is_one_tap_away(client: StrictClient) -> None:
    offer()
    html = get(client, "/parcours/?etape=creation")
    assert re.search(r'<svg class="qr" [^>]*role="img" aria-label="Code QR', html)
    assert 'href="/parcours.pdf?etape=creation"' in html


def test_in_difficulties_whoever_has_a_telephone_comes_first(client: StrictClient) -> None:
    role = {"role": "reseau-local-ess", "territory": {"level": "departement", "code": "53"}}
    structure(name="Sans téléphone", roles=[role])
    relay(name="Avec téléphone", commune="53062", phone="0243000000")
    text = words(get(client, "/parcours/?etape=difficultes&commune=53062"))
    assert text.index("Avec téléphone") < text.index("Sans téléphone")
    assert text.index("02 43 00 00 00") < text.index("Ce code mène à cette page")


def test_uids_are_read_within_bounds() -> None:
    assert read_uids(["ABCDEFGHIJKL", "abcdefghijkl", "'; drop", "", "x" * 5000]) == ["abcdefghijkl"]
    assert len(read_uids(f"aaaaaaaaaa{a}{b}" for a in "abcdefgh" for b in "abcdefgh")) == 30


@pytest.mark.parametrize("query", ["etape=%FF", "offre=%00"])
def test_broken_text_is_refused_with_a_page(client: StrictClient, query: str) -> None:
    assert client.get(f"/parcours/?{query}").status_code == 400


def test_one_or_thirty_offers_cost_the_same_number_of_questions(client: StrictClient) -> None:
    uids = [offer().uid for _ in range(30)]

    def questions(chosen: list[str]) -> int:
        address = "/parcours/?etape=idee" + "".join(f"&offre={uid}" for uid in chosen)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    assert questions(uids[:1]) == questions(uids) == questions([]) <= 2
