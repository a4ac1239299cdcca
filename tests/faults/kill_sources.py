"""Kill the reading of a source with SIGKILL at a random instant, read it again, and compare with a reading that nobody killed. Many times.

    python -m tests.faults.kill_sources [--database sqlite|postgresql://user@host:port/base] [--kills 200] [--records 400] [--seed 1]

Each round starts from the same catalogue (an older read of the same source, with changes that wait), so the killed read creates, changes,
proposes, refuses, leaves out, marks what is missing and brings back. Compared after the second read: sheets, export, records kept,
links, changes that wait, and how often each line of the journal is there; not the history of reads itself, which says that one
was interrupted. Then the database's own integrity checks. Prints one line of JSON; exits with 1 at the first
difference, or when the time was too short for that many kills.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections import Counter
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.faults.harness import Database, command_line, kill_and_compare, killing_ground, report

DAY = date(2026, 11, 23)
CODE = "guichet-essai"
#: Records in a transaction here: many commits in a small file, so that kills fall between them as well as within.
BATCH = 20
SOURCES = Path(__file__).resolve().parent.parent / "interop" / "steps" / "fictitious"


def write_versions(place: Path, records: int) -> tuple[Path, Path]:
    """Two reads of the same source; the second has changes, new records, doubts, refusals, records left out and missing ones."""
    hosts = max(10, records // 5)

    def aid(number: int, word: str, **more: Any) -> dict[str, Any]:
        return {
            "ref": str(number),
            "aid": f"{word} {number}",
            "org": f"org-{number % hosts}",
            "org_name": f"Maison {number % hosts}",
            **more,
        }

    first = [aid(n, "Aide", closes="2027-01-31") for n in range(records // 2)]
    second = []
    for n in range(records):
        if n % 10 == 9:
            continue  # gone
        more: dict[str, Any] = {"closes": "2027-03-31" if n % 4 == 0 else "2027-01-31"}
        if n % 3 == 0:
            more["amount"] = 1_000 + n
        if n % 25 == 7:
            more["kind"] = "inconnue"
        if n % 50 == 11:
            more["broken"] = True
        if n % 50 == 13:
            more["public_only"] = True
        second.append(aid(n, "Aide" if n % 3 else "Appui", **more))
    files = place / "first.jsonl", place / "second.jsonl"
    for path, lines in zip(files, (first, second), strict=True):
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return files


def rows(model: Any, *columns: str) -> str:
    """A digest of the rows of a table, in an order that no primary key decides."""
    listed = [json.dumps(row, default=str, sort_keys=True) for row in model._default_manager.order_by().values_list(*columns)]
    return sha256("\n".join(sorted(listed)).encode()).hexdigest()[:16]


def state(folder: Path) -> dict[str, Any]:
    """What a read that was killed and begun again must have in common with one that was not."""
    from django.db import connections

    from maillage.catalogue.models import Offer, Structure
    from maillage.interop.jsonl_export import export_folder
    from maillage.interop.models import Link, Proposal, RawRecord, Run
    from maillage.journal.models import Entry

    shutil.rmtree(folder, ignore_errors=True)
    export_folder(folder)
    apart = {"id", "created_at", "modified_at", "structure"}
    found = {
        "export": {path.name: sha256(path.read_bytes()).hexdigest()[:16] for path in sorted(folder.iterdir())},
        "records": rows(
            RawRecord,
            "source",
            "ref",
            "digest",
            "changed_on",
            "first_seen",
            "last_seen",
            "missing_since",
            "mapped",
            "outcome",
            "reasons",
        ),
        "unapplied": sum(record.mapped_key != record.applied_key for record in RawRecord.objects.order_by("pk")),
        "links": rows(Link, "record__ref", "kind", "ref", "uid", "target", "entry", "deduced", "on", "waits", "missing_since"),
        "proposals": rows(Proposal, "kind", "uid", "field", "before", "after", "state", "source", "ref", "proposed_on"),
        "waiting": Proposal.objects.filter(state=Proposal.State.WAITING).count(),
        "last_run": Run.objects.order_by("-pk").values_list("state", flat=True).first(),
        "journal": dict(
            sorted(
                Counter(
                    Entry.objects.filter(subject_kind__in=("structure", "offer")).order_by("pk").values_list("verb", flat=True)
                ).items()
            )
        ),
    }
    for model in (Structure, Offer):
        columns = [column.name for column in model._meta.concrete_fields if column.name not in apart]
        found[model.KIND] = rows(model, *columns)
    connections.close_all()
    return found


def main() -> int:
    """Run the rounds; 0 when every final state is the same."""
    parser = command_line(__doc__)
    parser.add_argument("--records", type=int, default=400)
    options = parser.parse_args()
    with killing_ground(options.database, MAILLAGE_SOURCES=str(SOURCES)) as (database, place):
        return rounds(database, place, options)


def rounds(database: Database, place: Path, options: argparse.Namespace) -> int:
    """Kill and compare."""
    import django

    django.setup()
    from django.core.management import call_command

    from maillage.catalogue import revision
    from maillage.interop.models import Run
    from maillage.interop.sources.registry import source
    from maillage.interop.steps import keep, publish, understand
    from maillage.interop.steps.run import sync
    from maillage.territories import queries

    keep.BATCH = publish.BATCH = understand.BATCH = BATCH
    queries.all_communes()  # read once, before the forks
    first, second = write_versions(place, options.records)

    def read_second() -> None:
        run = sync(source(CODE), second, today=DAY + timedelta(days=1))
        assert run.state == Run.State.DONE, run.reason

    call_command("migrate", verbosity=0, skip_checks=True)
    assert sync(source(CODE), first, today=DAY).state == Run.State.DONE
    found = kill_and_compare(database, options, read_second, reached=revision.current, state=lambda: state(place / "exported"))
    if found is None:
        return report(database, options, found)
    assert found.expected["waiting"], "nothing waits for a person: this programme would not see a change lost or proposed twice"
    return report(database, options, found, changes_that_wait=found.expected["waiting"])


if __name__ == "__main__":
    sys.exit(main())
