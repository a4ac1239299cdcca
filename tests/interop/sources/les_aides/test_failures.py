"""les-aides.fr: whatever the service answers, or does not, a person is told and nothing is lost."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import Any

import pytest

from maillage.interop.sources.contract import Incomplete, Raw, Unreadable
from maillage.interop.sources.les_aides import api, reader
from tests.interop.sources.les_aides.hands import folder, read
from tests.interop.sources.les_aides.server import LesAides, refused
from tests.servers import Said


def test_a_search_without_content_is_an_empty_search(service: LesAides) -> None:
    service.fail = lambda asked: Said(404) if asked.path == "/aides/" and asked.query["departement"] == ["44"] else None
    assert read()["101"].payload["departements"] == ["49", "53", "72", "85"]


def test_a_wrong_key_is_said_at_once(service: LesAides, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_LES_AIDES_KEY", "autre")
    with pytest.raises(Unreadable, match="refuse la clé") as told:
        read()
    assert "autre" not in str(told.value)
    assert service.counts["calls"] == 1


def test_a_refused_search_names_the_parameter(service: LesAides, monkeypatch: pytest.MonkeyPatch) -> None:
    service.fail = lambda asked: refused("L'APE n'existe pas ou est mal paramétrée", "ape") if asked.path == "/aides/" else None
    with pytest.raises(Unreadable, match=r"\(ape\) : L'APE n'existe pas"):
        read()


def test_the_quota_that_the_service_counts_itself_stops_the_night(service: LesAides, days: list[date]) -> None:
    service.quota = 9
    with pytest.raises(Incomplete, match="épuisés"):
        read()
    calls = service.counts["calls"]
    with pytest.raises(Incomplete):
        read()
    assert service.counts["calls"] == calls
    service.quota = 10_000
    days.append(date(2026, 11, 25))
    assert sorted(read()) == ["101", "102", "103"]


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
        read()
    broken["left"] = 2  # two more failures, then it works again
    assert sorted(read()) == ["101", "102", "103"]


def test_a_service_that_hangs_is_not_waited_for(service: LesAides, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    from maillage.kit.fetch import Limits

    over = threading.Event()
    monkeypatch.setattr(api, "_LIMITS", Limits(seconds=0.2, redirects=0))
    service.fail = lambda asked: Said(200 if over.wait(5) else 500)
    try:
        with pytest.raises(Unreadable, match="à temps"):
            read()
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
        read()


@pytest.mark.parametrize("said", ["0", "721", "beaucoup", "-3"])
def test_a_number_of_calls_that_makes_no_sense_is_refused(service: LesAides, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("MAILLAGE_LES_AIDES_CALLS", said)
    with pytest.raises(Unreadable, match="de 1 à 720"):
        read()
    assert service.counts["calls"] == 0


@pytest.mark.parametrize(
    "text",
    [
        '{"version": 1, "round": {',
        "[]",
        '{"version": 1, "round": {"started": 3}}',
        '{"version": 1, "round": []}',
        '{"version": 7, "round": {}}',
        "",
    ],
)
def test_a_spoilt_work_list_starts_the_round_again(service: LesAides, text: str) -> None:
    folder().mkdir(parents=True)
    (folder() / "work.json").write_text(text, encoding="utf-8")
    assert sorted(read()) == ["101", "102", "103"]
