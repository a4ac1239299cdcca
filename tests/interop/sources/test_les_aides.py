"""les-aides.fr: rounds that respect the day's calls, resume after anything, and lose nothing."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from maillage.catalogue.models import Offer
from maillage.interop.sources import les_aides as package
from maillage.interop.sources.contract import Incomplete, Mapped, Raw, Unreadable
from maillage.interop.sources.les_aides import api, criteria, mapping, reader
from maillage.interop.sources.les_aides.worklist import WorkList
from maillage.interop.sources.maps import labels
from maillage.interop.sources.registry import registry
from maillage.interop.sources.stages import _table
from maillage.interop.steps.run import sync
from maillage.vocabulary.words import vocabulary
from tests.interop.sources.les_aides_server import FILIERE, KEY, SHEETS, LesAides, les_aides, refused
from tests.servers import Said

FOLDER = Path(package.__file__).parent
DEPARTEMENTS = ("44", "49", "53", "72", "85")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LesAides]:
    """The service, asked for the five départements of a région, one activity."""
    with les_aides() as (running, server), override_settings(MAILLAGE_DATA=tmp_path):
        monkeypatch.setenv("MAILLAGE_LES_AIDES_URL", server.url)
        monkeypatch.setenv("MAILLAGE_FETCH_ALLOW", "127.0.0.1")
        monkeypatch.setenv("MAILLAGE_LES_AIDES_KEY", KEY)
        monkeypatch.setenv("MAILLAGE_LES_AIDES_DEPARTEMENTS", ",".join(DEPARTEMENTS))
        monkeypatch.setenv("MAILLAGE_LES_AIDES_APE", "S")
        yield running


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The day that the reader believes it is: the last of the list."""
    known = [date(2026, 11, 24)]
    monkeypatch.setattr(reader.timezone, "localdate", lambda *zone: known[-1])
    return known


def _read(since: dict[str, str] | None = None) -> dict[str, Raw]:
    return {raw.ref: raw for raw in reader.read(None, since or {})}


def _mapped(raw: Raw) -> Mapped:
    return mapping.map(mapping.clean(raw))


def test_a_round_asks_each_departement_and_domaine_of_the_ess_branch_and_gives_every_aid(service: LesAides) -> None:
    records = _read()
    assert sorted(records) == ["101", "102", "103"]
    assert {(one["departement"], one["domaine"]) for one in service.searches} == {
        (departement, domaine) for departement in DEPARTEMENTS for domaine in ("790", "793", "798")
    }
    assert {one["filiere"] for one in service.searches} == {str(FILIERE)}
    assert records["101"].payload["departements"] == list(DEPARTEMENTS)
    assert records["103"].payload["departements"] == ["53"]
    assert service.counts["/aide/"] == 3  # one sheet each, though 101 is found ten times
    assert service.counts["calls"] == 4 + 15 + 3


def test_the_day_has_so_many_calls_and_the_next_day_goes_on_where_it_stopped(
    service: LesAides, days: list[date], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILLAGE_LES_AIDES_CALLS", "7")
    spent = []
    for day in (24, 25, 26):
        days.append(date(2026, 11, day))
        with pytest.raises(Incomplete, match=r"appels du jour.*reprend demain.*encore à faire : \d+"):
            _read()
        with pytest.raises(Incomplete):
            _read()  # the same day again: not one call more
        spent.append(service.counts["calls"])
    assert spent == [7, 14, 21]
    days.append(date(2026, 11, 27))
    assert sorted(_read()) == ["101", "102", "103"]
    assert service.counts["calls"] == 22  # no call was made twice


def test_a_kill_at_any_call_costs_at_most_one_call_and_loses_nothing(service: LesAides, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_LES_AIDES_DEPARTEMENTS", "44,53")

    class Killed(BaseException):
        pass

    expected = {ref: (raw.payload, raw.revision) for ref, raw in _read().items()}
    calls = service.counts["calls"]
    for moment in range(4, calls + 1):  # the first thing written is the round, after the four lists
        service.counts.clear()
        WorkList(_folder()).close_round()
        for path in (_folder() / "fiches").glob("*.json"):
            path.unlink()

        def dying(self: WorkList, moment: int = moment, save: Callable[[WorkList], None] = WorkList.save) -> None:
            if service.counts["calls"] == moment:
                service.counts["killed"] += 1
                if service.counts["killed"] == 1:
                    raise Killed
            save(self)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(WorkList, "save", dying)
            with contextlib.suppress(Killed):
                _read()
        records = {ref: (raw.payload, raw.revision) for ref, raw in _read().items()}
        assert records == expected, moment
        assert service.counts["killed"]
        assert service.counts["calls"] == calls + (4 if moment == 4 else 1), moment


def _folder() -> Path:
    from django.conf import settings

    return Path(settings.MAILLAGE_DATA) / "sources" / "les-aides"


def test_the_calls_of_the_day_are_counted_before_they_are_made(service: LesAides, days: list[date]) -> None:
    service.fail = lambda asked: Said(500)
    with pytest.raises(Unreadable):
        _read()
    assert WorkList(_folder()).spent(days[-1]) == service.counts["calls"] == api.FAILURES_AT_MOST
    assert WorkList(_folder()).spent(date(2026, 11, 25)) == 0


def test_only_sheets_whose_revision_moved_are_fetched_again(service: LesAides) -> None:
    since = {ref: raw.revision for ref, raw in _read().items()}
    service.aids["102"]["revision"] = "4"
    service.counts.clear()
    records = _read(since)
    assert service.counts["/aide/"] == 1
    assert records["102"].revision.startswith("4|")
    assert {ref: raw.revision for ref, raw in records.items() if ref != "102"} == {ref: since[ref] for ref in ("101", "103")}


def test_without_its_own_copies_an_unchanged_aid_comes_without_payload_and_one_that_moved_is_fetched(service: LesAides) -> None:
    since = {ref: raw.revision for ref, raw in _read().items()}
    for path in (_folder() / "fiches").glob("*.json"):
        path.unlink()
    service.aids["103"]["departements"] = ["53", "72"]
    service.counts.clear()
    records = _read(since)
    assert records["101"] == Raw("101", {}, since["101"])
    assert records["103"].payload["departements"] == ["53", "72"]
    assert records["103"].payload["fiche"]["objet"] == "Conseils aux repreneurs"
    assert service.counts["/aide/"] == 1


def test_a_truncated_search_is_split_until_it_fits(service: LesAides) -> None:
    everything = {ref: raw.payload["departements"] for ref, raw in _read().items()}
    service.truncated = lambda search: "moyen" not in search and search["departement"] == "53"
    service.searches.clear()
    assert {ref: raw.payload["departements"] for ref, raw in _read().items()} == everything
    assert {one["moyen"] for one in service.searches if "moyen" in one} == {"827", "833", "14"}
    service.truncated = lambda search: search["ape"] == "S" and search["departement"] == "53"
    service.searches.clear()
    assert {ref: raw.payload["departements"] for ref, raw in _read().items()} == everything
    assert {one["ape"] for one in service.searches} == {"S", "94", "95"}


def test_a_search_that_cannot_be_split_any_more_is_told_and_nothing_is_said_missing(service: LesAides) -> None:
    service.truncated = lambda search: search["departement"] == "53" and search["domaine"] == "798"
    given = []
    with pytest.raises(Incomplete, match=r"53, Développement commercial, activité 9[45] \(trop large\)"):
        given.extend(reader.read(None, {}))
    assert sorted(raw.ref for raw in given) == ["101", "102", "103"]


def test_a_search_that_is_too_old_for_its_sheets_is_made_again(service: LesAides) -> None:
    dead: list[str] = []

    def forget(asked: Any) -> Said | None:
        if asked.path == "/aide/" and not dead:
            dead.append(asked.query["requete"][0])
            service.living.clear()
        return None

    service.fail = forget
    assert sorted(_read()) == ["101", "102", "103"]
    assert service.counts["/aides/"] > 15


@pytest.mark.parametrize("status", [404, 302])
def test_a_sheet_that_exists_as_a_page_only_is_given_by_its_summary_and_waits(service: LesAides, status: int) -> None:
    service.fail = lambda asked: Said(status, headers={"Location": "https://les-aides.fr/x"}) if asked.path == "/aide/" and asked.query["dispositif"] == ["102"] else None  # fmt: skip
    records = _read()
    assert records["102"].payload["fiche"] == {}
    mapped = _mapped(records["102"])
    assert any("résumé" in sentence for sentence in mapped.review)
    assert mapped.offers[0]["summary"] == "Résumé de Fonds national d’essaimage."


def test_a_search_without_content_is_an_empty_search(service: LesAides) -> None:
    service.fail = lambda asked: Said(404) if asked.path == "/aides/" and asked.query["departement"] == ["44"] else None
    assert _read()["101"].payload["departements"] == ["49", "53", "72", "85"]


def test_a_wrong_key_is_said_at_once(service: LesAides, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_LES_AIDES_KEY", "autre")
    with pytest.raises(Unreadable, match="refuse la clé") as told:
        _read()
    assert "autre" not in str(told.value)
    assert service.counts["calls"] == 1


def test_a_refused_search_names_the_parameter(service: LesAides, monkeypatch: pytest.MonkeyPatch) -> None:
    service.fail = lambda asked: refused("L'APE n'existe pas ou est mal paramétrée", "ape") if asked.path == "/aides/" else None
    with pytest.raises(Unreadable, match=r"\(ape\) : L'APE n'existe pas"):
        _read()


def test_the_quota_that_the_service_counts_itself_stops_the_night(service: LesAides, days: list[date]) -> None:
    service.quota = 9
    with pytest.raises(Incomplete, match="épuisés"):
        _read()
    calls = service.counts["calls"]
    with pytest.raises(Incomplete):
        _read()
    assert service.counts["calls"] == calls
    service.quota = 10_000
    days.append(date(2026, 11, 25))
    assert sorted(_read()) == ["101", "102", "103"]


@pytest.mark.parametrize(
    "said", [Said(500), Said(body=b"<html>"), Said(body=b'{"idr": "x"}'), Said(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"), Said(body=b"[]"), Said(body=b"{}")]
)  # fmt: skip
def test_a_service_that_errs_three_times_in_a_row_ends_the_night_and_the_next_one_goes_on(service: LesAides, said: Said) -> None:
    broken = {"left": 10_000}

    def fail(asked: Any) -> Said | None:
        if asked.path == "/aides/" and service.counts["/aides/"] > 6 and broken["left"]:
            broken["left"] -= 1
            return said
        return None

    service.fail = fail
    with pytest.raises(Unreadable, match="3 fois de suite"):
        _read()
    broken["left"] = 2  # two more failures, then it works again
    assert sorted(_read()) == ["101", "102", "103"]


def test_a_service_that_hangs_is_not_waited_for(service: LesAides, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    from maillage.kit.fetch import Limits

    over = threading.Event()
    monkeypatch.setattr(api, "_LIMITS", Limits(seconds=0.2, redirects=0))
    service.fail = lambda asked: Said(200 if over.wait(5) else 500)
    try:
        with pytest.raises(Unreadable, match="à temps"):
            _read()
    finally:
        over.set()


def test_a_search_that_never_answers_does_not_stop_the_others(service: LesAides) -> None:
    service.fail = lambda asked: Said(500) if asked.path == "/aides/" and (asked.query["departement"], asked.query["domaine"]) == (["44"], ["798"]) else None  # fmt: skip
    given: list[Raw] = []

    def nights() -> None:
        while True:  # three failures in a row end a night; the search keeps its count from night to night
            with contextlib.suppress(Unreadable):
                given.extend(reader.read(None, {}))

    with pytest.raises(Incomplete, match="44, Développement commercial"):
        nights()
    assert sorted(raw.ref for raw in given) == ["101", "102", "103"]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("filieres", [{"numero": 336, "libelle": "Artisanat"}], "filière « Économie sociale et solidaire »"),
        ("filieres", {"erreur": 1}, "liste « filieres »"),
        ("domaines", [{"id": 1}], "liste « domaines »"),
        ("departements", [{"departement": "01"}], "ne connaît pas le département 44"),
    ],
)
def test_lists_that_changed_are_said(service: LesAides, name: str, value: Any, sentence: str) -> None:
    service.lists[name] = value
    with pytest.raises(Unreadable, match=sentence):
        _read()


@pytest.mark.parametrize("said", ["0", "721", "beaucoup", "-3"])
def test_a_number_of_calls_that_makes_no_sense_is_refused(service: LesAides, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("MAILLAGE_LES_AIDES_CALLS", said)
    with pytest.raises(Unreadable, match="de 1 à 720"):
        _read()
    assert service.counts["calls"] == 0


def test_a_spoilt_work_list_starts_the_round_again(service: LesAides) -> None:
    _folder().mkdir(parents=True)
    (_folder() / "work.json").write_text('{"version": 1, "round": {', encoding="utf-8")
    assert sorted(_read()) == ["101", "102", "103"]


def test_an_aid_becomes_a_structure_and_an_offer(service: LesAides) -> None:
    mapped = _mapped(_read()["101"])
    structure, offer = mapped.structures[0], mapped.offers[0]
    assert structure["name"] == "Conseil régional fictif"
    assert structure["nonprofit"] == "public"
    assert (structure["phone"], structure["email"], structure["website"]) == (
        "+33240000000",
        "contact@region.example",
        "https://region.example",
    )
    assert offer["structure_id"] == structure["id"] == "organisme-7"
    assert (offer["kind"], offer["instrument"]) == ("financement", "pret")
    assert offer["needs"] == ["transmission-reprise", "recherche-financement"]
    assert offer["coverage"] == [{"level": "region", "code": "52"}]
    assert offer["amount_max"] == 30_000
    assert offer["conditions"] == [
        {"field": "salaries", "operator": "<=", "value": 9, "label": "Moins de 10 salariés"},
        {"field": "mois-creation", "operator": "<=", "value": 36, "label": "Entreprise créée depuis moins de 3 ans"},
    ]
    assert offer["stages"] == ["creation"]
    assert set(mapped.deduced["offer:101"]) == {"stages", "coverage"}
    assert offer["source_url"] == "https://les-aides.fr/aide/101"
    assert offer["updated"] == "2026-09-01"
    assert mapped.review == ()
    assert mapped.unknown == ()
    text = offer["description"]
    assert "Information donnée sans garantie." in text
    assert "- Hors commerce de gros" in text
    assert "- Avoir un projet mûri" in text
    assert "<" not in text
    assert "alert" not in text
    assert "Camille" not in json.dumps([structure, {**offer, "how_to_apply": ""}], ensure_ascii=False)
    assert "camille.untel" not in offer["how_to_apply"]


def test_national_and_local_aids_cover_what_they_say(service: LesAides) -> None:
    records = _read()
    assert _mapped(records["102"]).offers[0]["coverage"] == [{"level": "france", "code": "france"}]
    local = _mapped(records["103"]).offers[0]
    assert local["coverage"] == [{"level": "departement", "code": "53"}]
    assert local["kind"] == "conseil"
    assert local["conditions"] == [{"field": "esus", "operator": "=", "value": True, "label": "ESUS"}]


def test_a_domaine_or_moyen_that_no_table_knows_is_reported_and_the_sheet_waits(service: LesAides) -> None:
    service.lists["domaines"] = [*service.lists["domaines"], {"numero": 883, "libelle": "Numérique inconnu"}]
    service.aids["103"] |= {"domaines": [790, 883, 999], "implantation": "X"}
    mapped = _mapped(_read()["103"])
    assert {(one.field, one.value) for one in mapped.unknown} == {
        ("domaines", "Numérique inconnu"),
        ("domaines", "999"),
        ("implantation", "X"),
    }
    assert any("territoire" in sentence for sentence in mapped.review)


def test_each_label_of_the_documentation_is_known_and_leads_to_codes_of_the_vocabulary() -> None:
    words, hints = vocabulary(), _table()["types"]
    assert {"Création Reprise", "Cession Transmission", "Développement commercial"} <= set(labels(FOLDER, "domaines").labels)
    assert all(words.knows("need", code) or code in hints for code in labels(FOLDER, "domaines").codes())
    assert all(words.knows("kind", code) or words.knows("instrument", code) for code in labels(FOLDER, "moyens").codes())
    assert len(labels(FOLDER, "moyens").labels) == 10


@pytest.mark.parametrize(
    ("criterion", "condition"),
    [
        ("Moins de 50 salariés", ("salaries", "<=", 49)),
        ("Au moins 1 salarié", ("salaries", ">=", 1)),
        ("Effectif inférieur ou égal à 10 salariés", ("salaries", "<=", 10)),
        ("Entreprises de plus de 3 ans", ("mois-creation", ">=", 36)),
        ("Entreprise créée depuis moins de 18 mois", ("mois-creation", "<=", 18)),
        ("Agrément ESUS", ("esus", "=", True)),
        ("Structures d’insertion par l’activité économique", ("siae", "=", True)),
        ("Entreprise immatriculée", ("immatricule", "=", True)),
        ("Entreprise de moins de 10 salariés du commerce", None),
        ("Moins de salariés", None),
        ("", None),
    ],
)
def test_a_criterion_is_a_condition_only_when_all_of_it_is_understood(
    criterion: str, condition: tuple[str, str, Any] | None
) -> None:
    found = criteria.condition(criterion)
    assert (found and (found["field"], found["operator"], found["value"])) == condition


def test_the_records_of_a_round_can_be_read_again_from_a_file(service: LesAides, tmp_path: Path) -> None:
    records = _read()
    path = tmp_path / "les-aides.json"
    path.write_text(
        json.dumps([dict(raw.payload) for raw in records.values()] + ["abîmé", {"nom": "Sans numéro"}]), encoding="utf-8"
    )
    again = list(reader.read(path, {}))
    assert [raw.ref for raw in again] == ["101", "102", "103", "", ""]
    assert _mapped(again[0]).offers == _mapped(records["101"]).offers
    for broken in again[3:]:
        with pytest.raises(ValueError, match=r"objet|numéro"):
            mapping.clean(broken)


@pytest.mark.django_db
def test_through_the_steps_a_night_without_end_loses_nothing_and_the_last_one_gives_the_sheets(
    service: LesAides, days: list[date], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = registry().sources["les-aides"]
    first = sync(source)
    assert (first.state, first.complete) == ("done", True)
    assert first.counts["read"] == first.counts["records"] == first.counts["waiting"] == 3
    assert Offer.objects.filter(source="les-aides").count() == 3
    days.append(date(2026, 11, 25))
    del service.aids["103"]
    monkeypatch.setenv("MAILLAGE_LES_AIDES_CALLS", "9")
    night = sync(source)
    assert (night.state, night.complete, night.counts["missing"]) == ("done", False, 0)
    monkeypatch.setenv("MAILLAGE_LES_AIDES_CALLS", "600")
    last = sync(source)
    assert (last.complete, last.counts["read"], last.counts["missing"], last.counts["changed"]) == (True, 2, 1, 0)


@pytest.mark.django_db
def test_a_broken_service_leaves_what_is_known_and_tells_a_person(service: LesAides) -> None:
    source = registry().sources["les-aides"]
    sync(source)
    service.fail = lambda asked: Said(500)
    run = sync(source)
    assert run.state == "quarantined"
    assert "les-aides.fr" in run.reason
    assert Offer.objects.filter(source="les-aides", withdrawn_on__isnull=True).count() == 3


def test_the_folder_is_a_source_that_the_registry_gives() -> None:
    source = registry().sources["les-aides"]
    assert source.code == "les-aides"
    assert source.needs == ("MAILLAGE_LES_AIDES_KEY",)
    assert "les-aides.fr" in source.attribution
    assert not source.relicensable
    assert set(SHEETS) == {"101", "102", "103"}
