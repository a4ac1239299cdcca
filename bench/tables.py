"""Import of a partner's CSV through a column matching: rows a second, dry run and writing apart.

    python -m bench.tables [--rows 15000] [--data DIR]

Makes a table of offers as partners write them (labels instead of codes, « 10 000 € », French dates, names of territories and
structures), matches its columns, then works on it as the thread of a server does. The database is a new SQLite file in the data
folder, unless DATABASE_URL says otherwise. Prints one JSON object. `import_rows_per_s` is what a person waits for once confirmed;
`same_again_rows_per_s`, the same table next month. Rows per second of processor are given too: a busy machine lengthens the others.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import resource
import tempfile
import time
from typing import Any

HEADINGS = (
    "Référence", "Titre", "Organisme", "Nature", "Thématiques", "Étapes", "Territoire", "Montant maximum", "Date limite",
    "Descriptif", "Commune", "CP", "Courriel", "Téléphone", "Site",
)  # fmt: skip


def table(rows: int) -> bytes:
    """The file: 15 columns, seeded."""
    from maillage.territories import queries
    from maillage.vocabulary.words import vocabulary

    chance = random.Random(1)
    words = vocabulary()
    natures, needs, stages = ([term.label for term in words.terms(name).values()] for name in ("kind", "need", "stage"))
    places = [place.name for place in queries.places("region")] + [place.code for place in queries.places("departement")]
    communes = chance.sample(queries.all_communes(), 2_000)
    text = io.StringIO()
    out = csv.writer(text, delimiter=";", lineterminator="\r\n")
    out.writerow(HEADINGS)
    for number in range(rows):
        commune = chance.choice(communes)
        out.writerow(
            [
                f"R{number}", f"Aide inventée numéro {number}", f"Organisme {number % 400}", chance.choice(natures),
                " | ".join(chance.sample(needs, 2)), " | ".join(chance.sample(stages, 2)), chance.choice(places),
                f"{chance.randrange(1, 500)} 000 €", f"{chance.randrange(1, 28):02}/{chance.randrange(1, 12):02}/2030",
                "Un texte de présentation, avec des virgules. " * 6, commune.name, commune.postcodes[0],
                f"contact{number}@example.org", f"02 99 00 {number % 100:02} {number // 100 % 100:02}", f"https://example.org/{number}",
            ]
        )  # fmt: skip
    return text.getvalue().encode()


def measure(rows: int) -> dict[str, Any]:
    """Upload, match, dry run, writing, then the same table again."""
    from django.core.management import call_command
    from django.db import connection

    from maillage.accounts.models import Person, Role
    from maillage.interop.table_imports import drafts, running
    from maillage.interop.table_imports.matching import Matching
    from maillage.interop.table_imports.models import TableImport, TableSource

    call_command("migrate", verbosity=0, skip_checks=True)
    data = table(rows)
    person = Person.objects.create_user("bench@example.org", role=Role.ANIMATION)
    found: dict[str, Any] = {"database": connection.vendor, "rows": rows, "columns": len(HEADINGS), "bytes": len(data)}

    def timed(name: str, work: Any) -> Any:
        start, processor = time.perf_counter(), time.process_time()
        result = work()
        found[f"{name}_rows_per_s"] = round(rows / (time.perf_counter() - start))
        found[f"{name}_rows_per_cpu_s"] = round(rows / (time.process_time() - processor))
        return result

    def once() -> TableImport:
        source = TableSource.objects.filter(code="bench").first() or TableSource(code="bench", name="Bench", licence="-")
        made: TableImport = timed(
            "upload", lambda: drafts.upload(data, name="bench.csv", kind="offer", source=source, person=person)
        )
        timed("match", lambda: drafts.match(made, Matching.from_json(made.matching), seen=drafts.version(made)))
        drafts.check(made)
        timed("dry_run", lambda: running.work(made.pk))
        drafts.confirm(made, person)
        return made

    first = once()
    timed("import", lambda: running.work(first.pk))
    first.refresh_from_db()
    assert first.counts["created"] + first.counts["refused"] == rows, first.counts
    found["refused"] = first.counts["refused"]
    again = once()
    timed("same_again", lambda: running.work(again.pk))
    again.refresh_from_db()
    assert again.counts["unchanged"] == first.counts["created"], again.counts
    found["memory_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return found


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=15_000)
    parser.add_argument("--data")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="maillage-bench-tables-") as temporary:
        os.environ["MAILLAGE_DATA"] = options.data or temporary
        os.environ["DJANGO_SETTINGS_MODULE"] = "maillage.config.settings"
        import django

        django.setup()
        print(json.dumps(measure(options.rows), indent=1))


if __name__ == "__main__":
    main()
