"""Kill an import with SIGKILL at a random instant, run it again, and compare with an import that nobody killed. Many times.

    python -m tests.faults.kill_imports [--database sqlite|postgresql://user@host:port/base] [--kills 200] [--offers 400] [--seed 1]

Each round starts from the same catalogue (an older version of the same files), so the killed import creates, changes, refuses,
withdraws and brings back. Compared after the second run: every column but instants, the exported files, the revision, the number
of journal lines; then the database's own integrity checks. Prints one line of JSON; exits with 1 at the
first difference, or when the time was too short for that many kills.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.faults.harness import Database, command_line, kill_and_compare, killing_ground, report

DAY = date(2026, 11, 23)
#: Sheets in a transaction here: many commits in a small file, so that kills fall between them as well as within.
BATCH = 40


def write_versions(place: Path, offers: int) -> tuple[Path, Path]:
    """Two versions of the same catalogue; the second has changes, new sheets, wrong lines and missing offers."""
    from tests.interop.samples import OFFER, SOURCE, STRUCTURE, write_folder

    def structure(number: int, word: str) -> dict[str, Any]:
        drop = {"siren", "siret"}
        return {key: value for key, value in STRUCTURE.items() if key not in drop} | {
            "id": f"s{number}",
            "name": f"{word} {number}",
        }

    def offer(number: int, word: str) -> dict[str, Any]:
        return OFFER | {"id": f"o{number}", "structure_id": f"s{number % hosts}", "name": f"{word} {number}"}

    hosts = max(10, offers // 5)
    first = write_folder(
        place / "first",
        structures=[structure(n, "Structure") for n in range(hosts // 2)],
        offers=[offer(n, "Offre") for n in range(offers // 2) if n % hosts < hosts // 2],
    )
    second = write_folder(
        place / "second",
        structures=[structure(n, "Structure" if n % 3 else "Maison") for n in range(hosts)],
        offers=[
            offer(n, "Offre" if n % 3 else "Appui") | ({"kind": "rien"} if n % 50 == 7 else {}) for n in range(offers) if n % 10
        ],
    )
    assert OFFER["source"] == SOURCE
    return first, second


def state(folder: Path) -> dict[str, Any]:
    """What two imports must have in common."""
    from django.db import connections

    from maillage.catalogue import revision
    from maillage.catalogue.models import Change
    from maillage.interop.jsonl_export import export_folder
    from maillage.journal.models import Entry
    from tests.interop.dump import fingerprint

    shutil.rmtree(folder, ignore_errors=True)
    export_folder(folder)
    exported = {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
    found = {
        "dump": fingerprint(),
        "export": exported,
        "revision": revision.current(),
        "changes": Change.objects.count(),
        "journal": Entry.objects.count(),
    }
    connections.close_all()
    return found


def main() -> int:
    """Run the rounds; 0 when every final state is the same."""
    parser = command_line(__doc__)
    parser.add_argument("--offers", type=int, default=400)
    options = parser.parse_args()
    with killing_ground(options.database) as (database, place):
        return rounds(database, place, options)


def rounds(database: Database, place: Path, options: argparse.Namespace) -> int:
    """Kill and compare."""
    import django

    django.setup()
    from django.core.management import call_command

    from maillage.catalogue import revision
    from maillage.interop import upsert
    from maillage.interop.jsonl_import import import_folder
    from maillage.territories import queries

    upsert.BATCH = BATCH
    queries.all_communes()  # read once, before the forks
    first, second = write_versions(place, options.offers)

    def import_second() -> None:
        import_folder(second, complete=True, today=DAY)

    call_command("migrate", verbosity=0, skip_checks=True)
    import_folder(first)
    found = kill_and_compare(database, options, import_second, reached=revision.current, state=lambda: state(place / "exported"))
    more = {"commits_of_a_whole_import": found.reached - found.start, "final_state": found.expected["dump"][:16]} if found else {}
    return report(database, options, found, **more)


if __name__ == "__main__":
    sys.exit(main())
