"""`maillage export jsonl`: what leaves, in which order, byte for byte."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from maillage.catalogue.enums import Status
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.interop.formats import OFFERS, STRUCTURES
from maillage.interop.jsonl_export import export_folder
from maillage.interop.jsonl_import import import_folder
from maillage.interop.starter import load_starter
from tests.interop.samples import OFFER, RELAY, STRUCTURE, offer, structure, write_folder

pytestmark = pytest.mark.django_db


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def empty() -> None:
    Offer.objects.all().delete()
    Relay.objects.all().delete()
    Structure.objects.all().delete()


def test_a_line_holds_every_field_in_the_order_of_the_format(tmp_path: Path) -> None:
    import_folder(write_folder(tmp_path / "in"))
    export_folder(tmp_path / "out")
    for name, sample, form in (("structures.jsonl", STRUCTURE, STRUCTURES), ("offers.jsonl", OFFER, OFFERS)):
        written = json.loads((tmp_path / "out" / name).read_text(encoding="utf-8"))
        assert written == sample
        assert list(written) == [field.key for field in form.fields]


def test_export_import_export_gives_the_same_bytes(tmp_path: Path) -> None:
    offers = [offer(id=f"o{n}", amount_max=1000 + n / 4, description="é̀ \u2028 œ") for n in (10, 9, 2)]
    bare = {key: OFFER[key] for key in ("id", "source", "structure_id", "name", "kind", "coverage")}
    import_folder(write_folder(tmp_path / "in", offers=[*offers, {**bare, "id": "É"}, {**bare, "id": "nu"}], relays=[RELAY]))
    export_folder(tmp_path / "first")
    empty()
    import_folder(tmp_path / "first")
    export_folder(tmp_path / "second")
    assert content(tmp_path / "second") == content(tmp_path / "first")
    refs = [json.loads(line)["id"] for line in (tmp_path / "first" / "offers.jsonl").read_bytes().splitlines()]
    assert refs == sorted(refs)


def test_the_starter_catalogue_survives_an_export_and_an_import(tmp_path: Path) -> None:
    load_starter()
    export_folder(tmp_path / "first")
    empty()
    report = import_folder(tmp_path / "first")
    assert report.refused == 0
    export_folder(tmp_path / "second")
    assert content(tmp_path / "second") == content(tmp_path / "first")


def test_empty_values_are_left_out(tmp_path: Path) -> None:
    bare = {key: OFFER[key] for key in ("id", "source", "structure_id", "name", "kind", "coverage")}
    import_folder(write_folder(tmp_path / "in", offers=[bare]))
    export_folder(tmp_path / "out")
    assert json.loads((tmp_path / "out" / "offers.jsonl").read_bytes()) == bare


def test_only_what_visitors_see_leaves(tmp_path: Path) -> None:
    offers = [offer(id=f"o{n}") for n in range(4)]
    others = [structure(id="s2", siren=..., siret=...)]
    import_folder(
        write_folder(tmp_path / "in", structures=[STRUCTURE, *others], offers=[*offers, offer(id="o5", structure_id="s2")])
    )
    Offer.objects.filter(ref="o0").update(status=Status.DRAFT)
    Offer.objects.filter(ref="o1").update(withdrawn_on="2026-11-01")
    Structure.objects.filter(ref="s2").update(status=Status.SUSPENDED)
    assert export_folder(tmp_path / "out") == {"structures.jsonl": 1, "offers.jsonl": 2}
    assert import_folder(tmp_path / "out", dry_run=True).refused == 0


def test_relays_have_a_file_only_when_there_are_some(tmp_path: Path) -> None:
    import_folder(write_folder(tmp_path / "in", relays=[RELAY]))
    assert export_folder(tmp_path / "out")["relays.jsonl"] == 1
    Relay.objects.all().delete()
    assert "relays.jsonl" not in export_folder(tmp_path / "out")
    assert sorted(content(tmp_path / "out")) == ["offers.jsonl", "structures.jsonl"]


def test_the_command_counts_its_lines_and_refuses_a_folder_it_cannot_write(tmp_path: Path) -> None:
    import_folder(write_folder(tmp_path / "in"))
    out = StringIO()
    call_command("export", "jsonl", str(tmp_path / "out"), stdout=out)
    assert "offers.jsonl : 1 ligne(s)." in out.getvalue()
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CommandError, match="ne peut pas être écrit"):
        call_command("export", "jsonl", str(tmp_path / "file"))
