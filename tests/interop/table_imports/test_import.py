"""From a file to the catalogue: what is written, counted, refused, remembered, and never written twice."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from maillage.catalogue import revision
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.interop.sources.registry import registry
from maillage.interop.table_imports import drafts, running, worker
from maillage.interop.table_imports.corrections import corrections, groups, ranges
from maillage.interop.table_imports.matching import Host, Matching
from maillage.interop.table_imports.models import TableContent, TableImport, TableProblem
from maillage.journal.models import Entry
from tests.interop.table_imports.makers import (
    HEADINGS,
    ROWS,
    checked,
    counts,
    csv_bytes,
    imported,
    matched,
    person,
    source,
    uploaded,
    written,
    xlsx_bytes,
)

pytestmark = pytest.mark.django_db
State = TableImport.State


def sheets(model: Any = Structure) -> list[dict[str, Any]]:
    """The sheets as they are, without what a second import may touch."""
    names = [field.name for field in model._meta.concrete_fields if field.name not in ("id", "created_at", "modified_at")]
    return list(model.objects.order_by("uid").values(*names))


def test_structures_are_read_with_their_commune() -> None:
    table = imported(csv_bytes([HEADINGS, *ROWS]))
    assert counts(table) == {"created": 3}
    laval = Structure.objects.get(name="Atelier inventé")
    assert (laval.commune, laval.postcode, laval.email) == ("53130", "53000", "accueil@atelier.example.org")
    assert (laval.source, laval.licence, laval.status) == ("essai", "Licence Ouverte 2.0", "published")
    assert Structure.objects.get(name="Coopérative fictive").ref == "73282932000074"


def test_nothing_is_written_before_a_person_confirms() -> None:
    before = revision.current()
    table = checked(matched(uploaded(csv_bytes([HEADINGS, *ROWS]))))
    assert (table.state, counts(table)) == (State.CHECKED, {"created": 3})
    assert [sheet["name"] for _, sheet in table.first] == [row[0] for row in ROWS]
    assert not Structure.objects.exists()
    assert revision.current() == before


def test_the_preview_counts_what_the_writing_does() -> None:
    imported(csv_bytes([HEADINGS, *ROWS]))
    changed = [
        [*ROWS[0][:3], "autre@atelier.example.org", ""],
        ROWS[1],
        ["Nouvelle", "Laval", "53000", "", ""],
        ["", "Laval", "53000", "", "12"],
    ]
    table = checked(matched(uploaded(csv_bytes([HEADINGS, *changed]))))
    promised = counts(table)
    assert promised == {"created": 1, "unchanged": 2, "refused": 1, "proposed": 1}
    assert drafts.confirm(table, person())
    running.work(table.pk)
    table.refresh_from_db()
    assert counts(table) == promised


@pytest.mark.parametrize("how", ["the same", "rows permuted", "columns reordered", "as a workbook", "in Windows-1252"])
def test_the_same_table_again_changes_nothing(how: str) -> None:
    imported(csv_bytes([HEADINGS, *ROWS]))
    before, moved = sheets(), revision.current()
    order = [3, 1, 4, 0, 2]
    again = {
        "the same": csv_bytes([HEADINGS, *ROWS]),
        "rows permuted": csv_bytes([HEADINGS, *ROWS[::-1]]),
        "columns reordered": csv_bytes([[row[place] for place in order] for row in [HEADINGS, *ROWS]]),
        "as a workbook": xlsx_bytes(("Liste", [HEADINGS, *ROWS])),
        "in Windows-1252": csv_bytes([HEADINGS, *ROWS], encoding="cp1252", separator=","),
    }[how]
    for _ in range(4):
        assert counts(imported(again)) == {"unchanged": 3}
    assert sheets() == before
    assert revision.current() == moved


def test_the_matching_of_last_month_applies_to_columns_that_moved() -> None:
    rows = [["Intitulé bizarre", "Où"], ["Un lieu", "Laval"]]
    table = uploaded(csv_bytes(rows))
    imported(
        csv_bytes(rows),
        columns={"Intitulé bizarre": "name", "Où": "coverage"}
        if table.kind == "offer"
        else {"Intitulé bizarre": "name", "Où": "commune"},
    )
    again = uploaded(csv_bytes([["OU", "Nouveau", "INTITULE BIZARRE"], ["Laval", "x", "Un lieu"]]))
    matching = Matching.from_json(again.matching)
    assert matching.columns == {"OU": "commune", "Nouveau": "", "INTITULE BIZARRE": "name"}
    assert counts(written(matched(again))) == {"unchanged": 1}


def test_an_unknown_word_is_asked_once_and_the_answer_is_kept_for_the_next_table() -> None:
    rows = [["Nom", "Statut", "Territoire"], ["A", "Assoc.", "x"], ["B", "assoc", "x"], ["C", "Association", "x"], ["D", "", "x"]]
    table = matched(uploaded(csv_bytes(rows)))
    assert [(one["key"], one["word"], one["count"], one["line"]) for one in table.questions] == [("legal_form", "Assoc.", 2, 2)]
    matching = Matching.from_json(table.matching).with_values({"legal_form": {"assoc": ("association",)}})
    drafts.match(table, matching, seen=drafts.version(table))
    assert not table.questions
    assert counts(written(table)) == {"created": 4}
    assert Structure.objects.filter(legal_form="association").count() == 3
    assert not matched(uploaded(csv_bytes(rows))).questions


def test_a_word_left_undecided_refuses_its_rows_and_an_ignored_one_does_not() -> None:
    rows = [["Nom", "Statut"], ["A", "Truc"], ["B", "Association"]]
    table = checked(matched(uploaded(csv_bytes(rows))))
    assert counts(table) == {"created": 1, "refused": 1}
    matching = Matching.from_json(table.matching).with_values({"legal_form": {"truc": ()}})
    drafts.match(table, matching, seen=drafts.version(table))
    assert counts(checked(table)) == {"created": 2}


OFFERS = [
    ["Titre", "Financeur", "Montant", "Date limite", "Besoins", "Territoire", "Page"],
    ["Aide au démarrage", "Région imaginaire", "10 000 €", "31/12/2030", "Juridique et statuts, Locaux et immobilier", "Pays de la Loire", "www.example.org/a"],
    ["Prêt solidaire", "Banque inventée", "1,5 M€", "46000", "impact", "53", "https://example.org/b"],
    ["Prêt solidaire", "Région imaginaire", "", "", "", "", "https://example.org/c"],
]  # fmt: skip


def offers(rows: list[list[str]] = OFFERS, **changes: Any) -> TableImport:
    return imported(csv_bytes(rows), kind="offer", **{"constants": {"kind": "financement", "coverage": "53 ; Sarthe"}, **changes})


def test_offers_come_with_the_structures_that_they_name() -> None:
    table = offers()
    assert counts(table) == {"created": 3, "structures": 2}
    first = Offer.objects.select_related("structure").get(name="Aide au démarrage")
    assert (first.structure.name, first.kind, first.coverage) == ("Région imaginaire", "financement", ["region:52"])
    assert (first.amount_max, first.closes and first.closes.isoformat()) == (Decimal(10_000), "2030-12-31")
    assert (first.needs, first.url) == (["juridique", "locaux"], "https://www.example.org/a")
    second = Offer.objects.get(url="https://example.org/b")
    assert (second.amount_max, second.coverage, second.closes and second.closes.isoformat()) == (
        Decimal(1_500_000),
        ["departement:53"],
        "2025-12-09",
    )
    assert Offer.objects.get(url="https://example.org/c").coverage == ["departement:53", "departement:72"]
    assert counts(offers()) == {"unchanged": 3}


def test_offers_hang_on_the_structures_that_the_source_already_has() -> None:
    imported(csv_bytes([["Identifiant", "Nom", "Mail"], ["r1", "Région  IMAGINAIRE", "r@example.org"]]))
    table = offers()
    assert counts(table)["structures"] == 1
    host = Structure.objects.get(ref="r1")
    assert host.offers.count() == 2
    assert host.email == "r@example.org"  # what the table of structures said stays


def test_one_structure_may_hold_every_row() -> None:
    offers(host=Host("one", text="CRESS inventée"))
    assert {offer.structure.name for offer in Offer.objects.select_related("structure").order_by("pk")} == {"CRESS inventée"}


def test_an_identifier_that_no_structure_has_refuses_the_row() -> None:
    rows = [["Titre", "Structure id"], ["A", "s1"], ["B", "s9"]]
    imported(csv_bytes([["Identifiant", "Nom"], ["s1", "Une"]]))
    table = offers(rows)
    assert counts(table) == {"created": 1, "refused": 1}
    [problem] = table.problems.all()
    assert (problem.line, problem.field, problem.value) == (3, "structure", "s9")


def test_relays_may_be_their_own_structure() -> None:
    table = imported(
        csv_bytes([["Nom", "Commune", "CP", "RDV"], ["Point d’accueil inventé", "Craon", "53400", "oui"]]),
        kind="relay", constants={"level": "information"},
    )  # fmt: skip
    relay = Relay.objects.select_related("structure").get()
    assert (relay.structure.name, relay.level, relay.by_appointment, relay.commune) == (
        "Point d’accueil inventé",
        "information",
        True,
        "53084",
    )
    assert counts(table) == {"created": 1, "structures": 1}


def test_rows_that_contradict_each_other_are_all_refused_whatever_their_order() -> None:
    rows = [["Identifiant", "Nom"], ["1", "A"], ["1", "A"], ["1", "B"], ["2", "C"], ["2", "C"]]
    for order in (rows, [rows[0], *rows[:0:-1]]):
        table = checked(matched(uploaded(csv_bytes(order))))
        assert counts(table) == {"created": 1, "repeated": 1, "refused": 3}
    assert {problem.field for problem in table.problems.all()} == {"id"}


def test_every_row_is_counted_once() -> None:
    rows = [HEADINGS, *ROWS, ROWS[0], ["", "", "", "", "12"], ["Sans ville", "Nulle-Part-sur-Rien", "", "", ""]]
    table = imported(csv_bytes(rows))
    found = counts(table)
    assert sum(found[key] for key in ("created", "repeated", "refused")) == table.rows == 6


def test_confirming_twice_writes_once() -> None:
    table = checked(matched(uploaded(csv_bytes([HEADINGS, *ROWS]))))
    assert drafts.confirm(table, person())
    assert not drafts.confirm(table, person())
    assert running.work(table.pk)
    assert not running.work(table.pk)
    assert not drafts.confirm(table, person())
    assert Entry.objects.filter(verb="table-imported").count() == 1


def test_the_journal_says_who_imported_what() -> None:
    imported(csv_bytes([HEADINGS, *ROWS]))
    entry = Entry.objects.get(verb="table-imported")
    assert (entry.actor_name, entry.subject_name, entry.changes, entry.note) == (
        "Alice",
        "liste.csv",
        {"created": [0, 3]},
        "Source essai",
    )


def many(count: int) -> bytes:
    return csv_bytes(
        [["Identifiant", "Nom", "CP"], *[[str(n), f"Structure inventée {n}", "53000" if n % 7 else "faux"] for n in range(count)]]
    )


def interrupted_after(batches: int) -> Callable[[], bool]:
    done = iter(range(batches))
    return lambda: next(done, None) is None


@pytest.mark.parametrize("batches", [0, 1, 2])
def test_a_writing_that_was_stopped_goes_on_where_it_was(batches: int) -> None:
    table = checked(matched(uploaded(many(1_600))))
    expected = counts(table)
    drafts.confirm(table, person())
    running.work(table.pk, stop=interrupted_after(batches))
    table.refresh_from_db()
    assert (table.state, table.progress) == (State.WRITING, 500 * batches)
    assert running.waiting() == [table.pk]
    assert worker.run_waiting() == 1
    table.refresh_from_db()
    assert (table.state, counts(table)) == (State.DONE, expected)
    assert table.problems.count() == expected["refused"]
    assert Entry.objects.filter(verb="table-imported").count() == 1


def test_a_table_is_worked_on_by_one_process_at_a_time() -> None:
    table = matched(uploaded(many(3)))
    drafts.check(table)
    assert running._lease(table.pk, "another") is not None
    assert not running.work(table.pk)
    TableImport.objects.filter(pk=table.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert running.work(table.pk)  # the other one died


def test_a_process_that_lost_its_lease_writes_nothing_more() -> None:
    table = checked(matched(uploaded(many(1_200))))
    drafts.confirm(table, person())

    def taken() -> bool:
        TableImport.objects.filter(pk=table.pk).update(leased_by="another")
        return False

    running.work(table.pk, stop=taken)
    table.refresh_from_db()
    assert (table.progress, Structure.objects.count()) == (0, 0)


def test_a_batch_that_fails_three_times_stops_the_table_and_it_can_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    table = checked(matched(uploaded(many(20))))
    drafts.confirm(table, person())

    def broken(*_: Any, **__: Any) -> None:
        raise DatabaseError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(running, "write", broken)
        for _ in range(running.MOST_ATTEMPTS):
            TableImport.objects.filter(pk=table.pk).update(leased_until=None)
            assert running.work(table.pk)
    table.refresh_from_db()
    assert (table.state, running.waiting()) == (State.STOPPED, [])
    drafts.resume(table)
    running.work(table.pk)
    table.refresh_from_db()
    assert (table.state, Structure.objects.count()) == (State.DONE, 17)


def test_refused_lines_come_back_as_a_file_that_can_be_corrected_and_uploaded() -> None:
    rows = [
        [*HEADINGS, "Tel"],
        [*ROWS[0], "+33 1 99 00 00 01"],
        ["=HYPERLINK(1)", "Nulle-Part-sur-Rien", "53000", "", "", "+33 1 99 00 00 02"],
        ["C", "Laval", "53000", "@", "", ""],
    ]
    table = imported(csv_bytes(rows))
    assert counts(table) == {"created": 1, "refused": 2}
    data = b"".join(corrections(table))
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert lines[0] == [*HEADINGS, "Tel", "problème"]
    assert [line[0] for line in lines[1:]] == ["'=HYPERLINK(1)", "C"]
    assert lines[1][5] == "'+33 1 99 00 00 02"
    assert lines[1][6].startswith("Ville\u202f: cette commune")
    assert not any(cell.startswith(("=", "+", "@", "-")) for line in lines for cell in line)
    corrected = data.decode().replace("Nulle-Part-sur-Rien", "Laval").replace("'@", "")
    again = uploaded(corrected.encode())
    assert Matching.from_json(again.matching).columns["problème"] == ""
    assert counts(written(matched(again))) == {"created": 2}
    assert Structure.objects.get(name="=HYPERLINK(1)").phone == "+33 1 99 00 00 02"
    assert b"".join(corrections(again)).decode().count("problème") == 1


def test_refusals_are_grouped_by_field_with_their_lines() -> None:
    rows = [["Identifiant", "Nom", "SIRET"], *[[str(n), f"N{n}", "12" if n != 5 else ""] for n in range(1, 11)]]
    table = checked(matched(uploaded(csv_bytes(rows))))
    [group] = groups(table)
    assert (group.field, group.count, group.lines, group.values) == ("siret", 9, "2 à 5, 7 à 11", ["12"])


def test_lines_are_told_as_ranges() -> None:
    assert ranges([3, 4, 5, 9, 12, 13]) == "3 à 5, 9, 12, 13"
    assert ranges(range(2, 200, 2)).endswith("24…")
    assert ranges([1], more=True) == "1…"


def test_somebody_elses_change_is_not_overwritten() -> None:
    table = uploaded(csv_bytes([HEADINGS, *ROWS]))
    seen = drafts.version(table)
    drafts.match(TableImport.objects.get(pk=table.pk), Matching(columns={"Nom": "name"}), seen=seen)
    with pytest.raises(drafts.Conflict, match="Quelqu’un a modifié"):
        drafts.match(table, Matching(), seen=seen)
    with pytest.raises(drafts.Conflict):
        drafts.reshape(table, sheet="", header=2, seen=seen)
    table.refresh_from_db()
    assert table.matching["columns"] == {"Nom": "name"}


def test_what_nobody_touches_is_forgotten_and_sheets_stay() -> None:
    draft, done = uploaded(csv_bytes([HEADINGS, *ROWS])), imported(csv_bytes([HEADINGS, *ROWS, ["", "", "", "", "12"]]))
    assert drafts.expire() == 0
    TableImport.objects.update(touched_at=timezone.now() - timedelta(days=drafts.KEPT_DAYS + 1))
    assert drafts.expire() >= 2
    assert not TableImport.objects.filter(pk=draft.pk).exists()
    done.refresh_from_db()
    assert (done.refused, TableContent.objects.count(), TableProblem.objects.count()) == (1, 0, 0)
    assert Structure.objects.count() == 3


def test_a_table_being_written_cannot_be_discarded() -> None:
    table = checked(matched(uploaded(csv_bytes([HEADINGS, *ROWS]))))
    drafts.confirm(table, person())
    with pytest.raises(drafts.Conflict):
        drafts.discard(table)
    running.work(table.pk)
    drafts.discard(table)
    assert Structure.objects.count() == 3


def test_a_source_that_others_fill_is_not_taken() -> None:
    Structure.objects.create(source="autre", ref="1", name="Ailleurs")
    assert drafts.source_is_taken("autre")
    assert not drafts.source_is_taken("nouvelle")
    assert all(drafts.source_is_taken(code) for code in ("gestion", "depart", *registry().sources))
    uploaded(csv_bytes([HEADINGS, *ROWS]))
    imported(csv_bytes([HEADINGS, *ROWS]))
    assert not drafts.source_is_taken(source().code)


@pytest.mark.parametrize("rows", [20, 400])
def test_a_batch_costs_the_same_number_of_queries_whatever_its_rows(rows: int, django_assert_num_queries: Any) -> None:
    table = matched(uploaded(many(rows)))
    drafts.check(table)
    with django_assert_num_queries(13, exact=False):
        running.work(table.pk)
