"""A siting question from its asking to its answer, with a cancel and a kill on the way."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from maillage.accounts.models import Person, Role
from maillage.journal.models import Entry
from maillage.observatory.models import SitingRun
from maillage.observatory.siting import runs, worker
from maillage.observatory.siting.problem import COVERING, MEDIAN
from maillage.territories import queries
from tests.catalogue.worlds import relay

CRAON, LAVAL = "53084", "53130"
MAYENNE = "departement:53"


@pytest.fixture
def alice(db):
    return Person.objects.create_user("alice@example.org", "un mot de passe long", role=Role.ANIMATION)


@pytest.fixture
def signed_in(client, alice):
    client.force_login(alice)
    return client


def ask(alice, **changes):
    values = {"method": COVERING, "count": 2, "threshold": 15, "candidates": ()} | changes
    return runs.ask(alice, queries.place("departement", "53"), **values)


def test_a_question_is_asked_in_a_page_answered_aside_and_read_commune_by_commune(signed_in, monkeypatch):
    monkeypatch.setattr(worker, "wake", lambda: None)
    asked = {"territory": MAYENNE, "count": "2", "threshold": "15", "method": COVERING, "candidates": "", "keep_existing": "on"}
    answer = signed_in.post("/observatoire/implantation/", asked)
    assert answer.status_code == 303
    assert "Le calcul va commencer." in signed_in.get(answer["Location"]).content.decode()
    assert worker.run_waiting() == 1
    page = signed_in.get(answer["Location"]).content.decode()
    run = SitingRun.objects.get()
    first, second = run.result["chosen"]
    assert first["name"] in page
    assert "C’est prouvé" in page
    assert first["gained"] >= second["gained"] > 0
    rows = list(csv.reader(io.StringIO(signed_in.get(f"{answer['Location']}reponse.csv").content.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == [first["code"], second["code"]]
    assert json.loads(signed_in.get(f"{answer['Location']}reponse.json").content)["reponse"]["gap"] == 0
    assert Entry.objects.filter(verb="siting-asked", subject_uid=run.uid).exists()


def test_what_was_typed_stays_when_it_makes_no_sense(signed_in):
    asked = {"territory": "lune:1", "count": "900", "threshold": "zéro", "method": COVERING, "candidates": "Nulle-Part-sur-Rien"}
    answer = signed_in.post("/observatoire/implantation/", asked)
    page = answer.content.decode()
    assert answer.status_code == 422
    for text in ("n’existe pas ou n’existe plus", "Placez au plus 50 lieux", "Écrivez un nombre entier", "n’est pas une commune"):
        assert text in page
    assert "Nulle-Part-sur-Rien" in page
    assert not SitingRun.objects.exists()


def test_a_territory_is_chosen_by_its_name_and_a_shared_name_leads_to_a_choice(signed_in, monkeypatch):
    monkeypatch.setattr(worker, "wake", lambda: None)
    asked = {"territory": "Mayenne", "count": "1", "threshold": "15", "method": COVERING, "candidates": ""}
    page = signed_in.post("/observatoire/implantation/", asked).content.decode()
    assert not SitingRun.objects.exists()
    assert "Précisez le territoire" in page
    assert '<input type="radio" name="territory" value="departement:53"> Mayenne (département 53)' in page
    # without JavaScript a browser sends what is typed, then the choice
    assert signed_in.post("/observatoire/implantation/", asked | {"territory": ["Mayenne", "departement:53"]}).status_code == 303
    assert SitingRun.objects.get().territory == "departement:53"
    first = signed_in.get("/observatoire/implantation/?territoire=departement:53").content.decode()
    assert "Mayenne (département 53)" in first


def test_more_places_than_possible_communes_is_said(signed_in):
    asked = {"territory": MAYENNE, "count": "3", "threshold": "15", "method": COVERING, "candidates": "Craon\n53130"}
    assert "Il y a moins de communes possibles (2)" in signed_in.post("/observatoire/implantation/", asked).content.decode()


def test_only_the_communes_asked_are_chosen_and_those_that_exist_already_count(alice):
    relay(commune=LAVAL)
    run = ask(alice, count=1, candidates=[queries.commune(CRAON), queries.commune(LAVAL)])
    runs.work(run.pk)
    run.refresh_from_db()
    assert [row["code"] for row in run.result["chosen"]] == [CRAON]
    assert run.result["covered_before"] > 0


def test_the_smallest_mean_distance(alice):
    run = ask(alice, method=MEDIAN, count=1, candidates=[queries.commune(CRAON), queries.commune(LAVAL)])
    runs.work(run.pk)
    run.refresh_from_db()
    assert [row["code"] for row in run.result["chosen"]] == [LAVAL]
    assert run.result["gap"] == 0


def test_a_cancelled_question_stops_and_keeps_nothing(alice, signed_in, monkeypatch):
    run = ask(alice)
    asked_of = runs.asked_of

    def cancelled_meanwhile(run):
        runs.cancel(alice, run)
        return asked_of(run)

    monkeypatch.setattr(runs, "asked_of", cancelled_meanwhile)
    assert runs.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.result) == (SitingRun.State.CANCELLED, {})
    answer = signed_in.post(f"/observatoire/implantation/{run.uid}/annuler/", follow=True)
    assert "Ce calcul a été annulé" in answer.content.decode()


def test_a_question_whose_process_was_killed_is_started_again(alice):
    run = ask(alice)
    SitingRun.objects.filter(pk=run.pk).update(
        state=SitingRun.State.RUNNING, leased_by="dead", leased_until=timezone.now() + timedelta(seconds=20), attempts=1
    )
    assert runs.waiting() == []
    assert not runs.work(run.pk), "its lease is not over: the other process may be alive"
    SitingRun.objects.filter(pk=run.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert worker.run_waiting() == 1
    run.refresh_from_db()
    assert run.state == SitingRun.State.DONE


def test_a_process_that_ends_gives_its_question_back(alice):
    run = ask(alice)
    runs.work(run.pk, stop=lambda: True)
    run.refresh_from_db()
    assert (run.state, run.attempts, run.leased_by) in {(SitingRun.State.WAITING, 0, ""), (SitingRun.State.DONE, 1, "")}


def test_a_question_that_always_fails_is_said_to_have_failed(alice, signed_in, monkeypatch):
    run = ask(alice)
    monkeypatch.setattr(runs, "asked_of", lambda run: {})
    for _ in range(runs.MOST_ATTEMPTS):
        runs.work(run.pk)
    run.refresh_from_db()
    assert run.state == SitingRun.State.FAILED
    assert "s’est arrêté trois fois" in signed_in.get(f"/observatoire/implantation/{run.uid}/").content.decode()
    assert runs.waiting() == []


def test_an_address_that_names_no_territory_says_so_and_keeps_what_was_written(signed_in):
    page = signed_in.get("/observatoire/implantation/?territoire=lune:1").content.decode()
    assert "Le territoire «\u202flune:1\u202f» n’existe pas" in page
    assert 'value="lune:1"' in page
    assert "Pays de la Loire (région)" in signed_in.get("/observatoire/implantation/").content.decode()
