"""`maillage import jsonl`: what is taken, refused, kept, withdrawn and brought back."""

from __future__ import annotations

import random
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from maillage.catalogue import revision
from maillage.catalogue.enums import Status
from maillage.catalogue.models import Change, Offer, Relay, Structure
from maillage.interop.jsonl_import import UsageError, import_folder
from maillage.interop.report import Report
from maillage.journal.models import Entry
from tests.interop.dump import dump
from tests.interop.samples import OFFER, RELAY, STRUCTURE, line, offer, relay, structure, write_folder

pytestmark = pytest.mark.django_db


def counts(report: Report, file: str = "offers.jsonl") -> tuple[int, int, int, int]:
    found = next(one for one in report.files if one.file == file)
    return found.created, found.changed, found.unchanged, found.refused


def test_a_folder_becomes_published_sheets(tmp_path: Path) -> None:
    report = import_folder(write_folder(tmp_path, relays=[RELAY]))
    assert [one.file for one in report.files] == ["structures.jsonl", "relays.jsonl", "offers.jsonl"]
    assert counts(report) == (1, 0, 0, 0)
    made = Offer.objects.visible().get()
    assert (made.source, made.ref, made.structure.ref) == ("essai", "o1", "s1")
    assert made.coverage == ["departement:53", "region:52", "france"]
    assert Relay.objects.visible().get().specialities == ["juridique", "culture"]
    assert Structure.objects.visible().get().verified_on == date(2026, 10, 2)


def test_the_same_folder_again_changes_nothing(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, relays=[RELAY])
    import_folder(folder)
    before = dump(), revision.current(), Entry.objects.count(), list(Offer.objects.values_list("modified_at", flat=True))
    report = import_folder(folder)
    assert counts(report) == (0, 0, 1, 0)
    after = dump(), revision.current(), Entry.objects.count(), list(Offer.objects.values_list("modified_at", flat=True))
    assert after == before


def test_a_changed_line_changes_its_sheet_only_and_the_journal_says_what(tmp_path: Path) -> None:
    import_folder(write_folder(tmp_path, offers=[OFFER, offer(id="o2")]))
    Change.objects.all().delete()
    report = import_folder(write_folder(tmp_path, offers=[offer(name="Autre nom", summary=...), offer(id="o2")]))
    assert counts(report) == (0, 1, 1, 0)
    changed = Offer.objects.get(ref="o1")
    assert (changed.name, changed.summary) == ("Autre nom", "")
    entry = Entry.objects.get(subject_uid=changed.uid)
    assert (entry.verb, entry.changes) == (
        "imported",
        {"name": ["Prêt d’essai", "Autre nom"], "summary": ["Un prêt pour essayer.", ""]},
    )
    assert list(Change.objects.values_list("kind", "subject")) == [("offer", changed.pk)]


def test_an_offer_may_move_to_another_structure(tmp_path: Path) -> None:
    structures = [STRUCTURE, structure(id="s2", siren=..., siret=...)]
    import_folder(write_folder(tmp_path, structures=structures))
    import_folder(write_folder(tmp_path, structures=structures, offers=[offer(structure_id="s2")]))
    assert Offer.objects.get().structure.ref == "s2"


def test_broken_lines_are_refused_one_by_one_and_the_others_are_taken(tmp_path: Path) -> None:
    offers = [
        b"{pas du json}\n",
        OFFER,
        offer(id="o2", kind="rien"),
        offer(id="o3"),
        b'{"nom":"\xe9"}\n',
        offer(id="o4", structure_id="s9"),
    ]
    report = import_folder(write_folder(tmp_path, offers=offers))
    assert counts(report) == (2, 0, 0, 4)
    assert [(problem.line, problem.field) for problem in report.refusals] == [(1, ""), (3, "kind"), (5, ""), (6, "structure_id")]
    assert set(Offer.objects.values_list("ref", flat=True)) == {"o1", "o3"}


def test_the_offers_of_a_refused_structure_are_refused(tmp_path: Path) -> None:
    report = import_folder(write_folder(tmp_path, structures=[structure(siren="1")]))
    assert counts(report) == (0, 0, 0, 1)
    assert not Offer.objects.exists()


def test_an_offer_never_takes_the_structure_of_another_source(tmp_path: Path) -> None:
    report = import_folder(write_folder(tmp_path, offers=[offer(source="ailleurs")]))
    assert [problem.field for problem in report.refusals] == ["structure_id"]


def test_strict_refuses_everything_when_one_line_is_wrong(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, offers=[OFFER, offer(id="o2", structure_id="s9")])
    report = import_folder(folder, strict=True)
    assert report.refused == 1
    assert report.nothing_written
    assert not Structure.objects.exists()
    assert counts(import_folder(write_folder(tmp_path), strict=True)) == (1, 0, 0, 0)


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, offers=[OFFER, offer(id="o2", structure_id="s9")], relays=[RELAY])
    report = import_folder(folder, dry_run=True)
    assert counts(report) == (1, 0, 0, 1)
    assert counts(report, "relays.jsonl") == (1, 0, 0, 0)
    assert not Structure.objects.exists()
    assert revision.current() == 0
    import_folder(folder)
    again = import_folder(write_folder(tmp_path, offers=[offer(name="Autre")]), dry_run=True, complete=True)
    assert counts(again) == (0, 1, 0, 0)
    assert Offer.objects.get().name == "Prêt d’essai"


def test_a_complete_file_withdraws_what_it_lacks_and_a_return_clears_it(tmp_path: Path) -> None:
    other = [structure(id="s2", source="ailleurs", siren=..., siret=...)]
    import_folder(write_folder(tmp_path, offers=[OFFER, offer(id="o2")]))
    import_folder(write_folder(tmp_path / "b", structures=other, offers=[offer(source="ailleurs", structure_id="s2")]))
    day = date(2026, 11, 23)
    report = import_folder(write_folder(tmp_path), complete=True, today=day)
    assert report.files[-1].withdrawn == 1
    gone = Offer.objects.get(source="essai", ref="o2")
    assert (gone.withdrawn_on, gone.status) == (day, Status.PUBLISHED)
    assert not gone.is_visible
    assert Offer.objects.visible().filter(source="ailleurs").exists(), "a source that the file does not name is left alone"
    assert Entry.objects.filter(subject_uid=gone.uid, verb="withdrawn").count() == 1

    assert import_folder(write_folder(tmp_path), complete=True, today=date(2026, 12, 1)).files[-1].withdrawn == 0
    gone.refresh_from_db()
    assert gone.withdrawn_on == day, "the day of the withdrawal stays that of the withdrawal"

    report = import_folder(write_folder(tmp_path, offers=[OFFER, offer(id="o2")]), complete=True)
    assert report.files[-1].restored == 1
    gone.refresh_from_db()
    assert gone.is_visible
    assert Entry.objects.filter(subject_uid=gone.uid, verb="restored").count() == 1


def test_a_refused_line_does_not_withdraw_its_offer(tmp_path: Path) -> None:
    import_folder(write_folder(tmp_path, offers=[OFFER, offer(id="o2")]))
    report = import_folder(write_folder(tmp_path, offers=[OFFER, offer(id="o2", kind="rien")]), complete=True)
    assert report.files[-1].withdrawn == 0
    assert Offer.objects.visible().count() == 2


def test_a_line_that_cannot_be_identified_suspends_withdrawals(tmp_path: Path) -> None:
    import_folder(write_folder(tmp_path, offers=[OFFER, offer(id="o2")]))
    report = import_folder(write_folder(tmp_path, offers=[OFFER, b'{"id": "o2", "sou']), complete=True)
    assert report.files[-1].withdrawn == 0
    assert "Aucune offre n’a été marquée comme retirée" in report.remarks[0]


def test_what_a_person_edited_here_is_never_overwritten(tmp_path: Path) -> None:
    import_folder(write_folder(tmp_path))
    Offer.objects.update(name="Nom d’ici", coverage=["commune:53062"], kept_fields=["name", "coverage"])
    report = import_folder(write_folder(tmp_path, offers=[offer(name="Nom de la source", cost="payant")]))
    assert counts(report) == (0, 1, 0, 0)
    found = Offer.objects.get()
    assert (found.name, found.coverage, found.cost) == ("Nom d’ici", ["commune:53062"], "payant")


def test_a_status_decided_here_is_never_changed(tmp_path: Path) -> None:
    import_folder(write_folder(tmp_path))
    Offer.objects.update(status=Status.SUSPENDED)
    import_folder(write_folder(tmp_path, offers=[offer(name="Autre")]))
    assert Offer.objects.get().status == Status.SUSPENDED


def test_a_verification_made_here_is_not_undone_by_the_source(tmp_path: Path) -> None:
    import_folder(write_folder(tmp_path))
    Offer.objects.update(verified_on=date(2026, 11, 20), verified_by="Une animatrice")
    import_folder(write_folder(tmp_path, offers=[offer(verified_on=...)]))
    assert Offer.objects.get().verified_on == date(2026, 11, 20)


def test_repeated_lines_count_once_and_contradictory_ones_are_refused(tmp_path: Path) -> None:
    mirrored = dict(reversed(list(OFFER.items())))
    report = import_folder(write_folder(tmp_path, offers=[OFFER, mirrored, offer(name="Autre")]))
    assert counts(report) == (1, 0, 0, 1)
    assert report.files[-1].repeated == 1
    assert "déjà à la ligne 1" in report.refusals[0].reason
    assert Offer.objects.get().name == "Prêt d’essai"


def test_order_repetition_and_encoding_of_the_lines_change_nothing(tmp_path: Path) -> None:
    structures: list[Any] = [structure(id=f"s{n}", siren=..., siret=..., name=f"Structure {n}") for n in range(5)]
    offers: list[Any] = [offer(id=f"o{n}", structure_id=f"s{n % 5}", name=f"Offre {n}") for n in range(30)]
    folder = write_folder(tmp_path / "a", structures=structures, offers=offers)
    import_folder(folder)
    expected = dump()
    shuffle = random.Random(7)
    for attempt in range(3):
        some = [*offers, *shuffle.sample(offers, 10)]
        shuffle.shuffle(some)
        shuffle.shuffle(structures)
        other = write_folder(tmp_path / f"b{attempt}", structures=structures)
        lines = b"".join(line(one) for one in some)
        (other / "offers.jsonl").write_bytes(b"\xef\xbb\xbf" + lines.replace(b"\n", b"\r\n"))
        report = import_folder(other)
        assert report.refused == 0
        assert counts(report) == (0, 0, 30, 0)
        Offer.objects.all().delete()
        import_folder(other)
        assert dump() == expected


def test_a_batch_is_one_revision_and_one_line_of_the_journal(tmp_path: Path) -> None:
    import_folder(write_folder(tmp_path, offers=[offer(id=f"o{n}") for n in range(1100)]))
    assert Entry.objects.filter(subject_kind="import").count() == 1 + 3
    assert revision.current() == 1 + 3
    assert Change.objects.filter(kind="offer").count() == 1100


def run(folder: Path, *options: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("import", "jsonl", str(folder), *options, stdout=out, stderr=err)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command_counts_and_exits_with_0_or_1(tmp_path: Path) -> None:
    code, out, err = run(write_folder(tmp_path))
    assert (code, err) == (0, "")
    assert "offers.jsonl : 1 créées, 0 modifiées, 0 inchangées, 0 refusées." in out
    code, out, err = run(write_folder(tmp_path, offers=[offer(kind="rien", couleur="bleu"), offer(id="o2", couleur="bleu")]))
    assert code == 1
    assert "Refusé. offers.jsonl, ligne 1, fiche « o1 », champ « kind », valeur « rien »" in err
    assert "Avertissement. offers.jsonl, lignes 1, 2, champ « couleur »" in err
    assert "1 ligne(s) refusée(s), 2 avertissement(s)." in out


def test_a_folder_without_files_is_an_error_of_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ne contient ni"):
        import_folder(tmp_path)
    with pytest.raises(CommandError) as refused:
        call_command("import", "jsonl", str(tmp_path / "nulle-part"))
    assert refused.value.returncode == 2
    (tmp_path / "structures.jsonl").write_bytes(line(STRUCTURE))
    with pytest.raises(UsageError, match="--complete"):
        import_folder(tmp_path, complete=True)
    assert counts(import_folder(tmp_path), "structures.jsonl") == (1, 0, 0, 0)


def test_a_relay_needs_a_known_structure(tmp_path: Path) -> None:
    report = import_folder(write_folder(tmp_path, relays=[relay(id="r0", structure_id="s9"), RELAY]))
    assert counts(report, "relays.jsonl") == (1, 0, 0, 1)
