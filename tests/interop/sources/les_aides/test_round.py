"""les-aides.fr: rounds that respect the day’s calls, resume after anything, and lose nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from maillage.interop.sources.contract import Incomplete, Raw, Unreadable
from maillage.interop.sources.les_aides import api, reader
from maillage.interop.sources.les_aides.worklist import WorkList
from tests.interop.sources.les_aides.hands import DEPARTEMENTS, folder, mapped_of, read
from tests.interop.sources.les_aides.server import FILIERE, LesAides
from tests.servers import Said


def test_a_round_asks_each_departement_and_domaine_of_the_ess_branch_and_gives_every_aid(service: LesAides) -> None:
    records = read()
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
            read()
        with pytest.raises(Incomplete):
            read()  # the same day again: not one call more
        spent.append(service.counts["calls"])
    assert spent == [7, 14, 21]
    days.append(date(2026, 11, 27))
    assert sorted(read()) == ["101", "102", "103"]
    assert service.counts["calls"] == 22  # no call was made twice


def test_a_kill_at_any_call_costs_at_most_one_call_and_loses_nothing(service: LesAides, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_LES_AIDES_DEPARTEMENTS", "44,53")

    class Killed(BaseException):
        pass

    expected = {ref: (raw.payload, raw.revision) for ref, raw in read().items()}
    calls = service.counts["calls"]
    for moment in range(4, calls + 1):  # the first thing written is the round, after the four lists
        service.counts.clear()
        WorkList(folder()).close_round()
        for path in (folder() / "fiches").glob("*.json"):
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
                read()
        records = {ref: (raw.payload, raw.revision) for ref, raw in read().items()}
        assert records == expected, moment
        assert service.counts["killed"]
        assert service.counts["calls"] == calls + (4 if moment == 4 else 1), moment


def test_the_calls_of_the_day_are_counted_before_they_are_made(service: LesAides, days: list[date]) -> None:
    service.fail = lambda asked: Said(500)
    with pytest.raises(Unreadable):
        read()
    assert WorkList(folder()).spent(days[-1]) == service.counts["calls"] == api.FAILURES_AT_MOST
    assert WorkList(folder()).spent(date(2026, 11, 25)) == 0


def test_only_sheets_whose_revision_moved_are_fetched_again(service: LesAides) -> None:
    since = {ref: raw.revision for ref, raw in read().items()}
    service.aids["102"]["revision"] = "4"
    service.counts.clear()
    records = read(since)
    assert service.counts["/aide/"] == 1
    assert records["102"].revision.startswith("4|")
    assert {ref: raw.revision for ref, raw in records.items() if ref != "102"} == {ref: since[ref] for ref in ("101", "103")}


def test_without_its_own_copies_an_unchanged_aid_comes_without_payload_and_one_that_moved_is_fetched(service: LesAides) -> None:
    since = {ref: raw.revision for ref, raw in read().items()}
    for path in (folder() / "fiches").glob("*.json"):
        path.unlink()
    service.aids["103"]["departements"] = ["53", "72"]
    service.counts.clear()
    records = read(since)
    assert records["101"] == Raw("101", {}, since["101"])
    assert records["103"].payload["departements"] == ["53", "72"]
    assert records["103"].payload["fiche"]["objet"] == "Conseils aux repreneurs"
    assert service.counts["/aide/"] == 1


def test_a_truncated_search_is_split_until_it_fits(service: LesAides) -> None:
    everything = {ref: raw.payload["departements"] for ref, raw in read().items()}
    service.truncated = lambda search: "moyen" not in search and search["departement"] == "53"
    service.searches.clear()
    assert {ref: raw.payload["departements"] for ref, raw in read().items()} == everything
    assert {one["moyen"] for one in service.searches if "moyen" in one} == {"827", "833", "14"}
    service.truncated = lambda search: search["ape"] == "S" and search["departement"] == "53"
    service.searches.clear()
    assert {ref: raw.payload["departements"] for ref, raw in read().items()} == everything
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
    assert sorted(read()) == ["101", "102", "103"]
    assert service.counts["/aides/"] > 15


@pytest.mark.parametrize("status", [404, 302])
def test_a_sheet_that_exists_as_a_page_only_is_given_by_its_summary_and_waits(service: LesAides, status: int) -> None:
    service.fail = lambda asked: Said(status, headers={"Location": "https://les-aides.fr/x"}) if asked.path == "/aide/" and asked.query["dispositif"] == ["102"] else None  # fmt: skip
    records = read()
    assert records["102"].payload["fiche"] == {}
    mapped = mapped_of(records["102"])
    assert any("résumé" in sentence for sentence in mapped.review)
    assert mapped.offers[0]["summary"] == "Résumé de Fonds national d’essaimage."
