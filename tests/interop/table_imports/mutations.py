"""Mutated tables, read to their end: no crash, at most 2 s of processor and 150 MB each, and next to nothing left behind by all of them.

A program of its own, so that its memory counts. What a file takes is how far the program rises over what it held before (Linux; elsewhere the
whole program, at most 300 MB). What files leave behind is what is still held once freed memory is given back to the system: the allocator keeps
freed pieces for later, which is not a file's cost, and grows the program by a hundred MB over 100,000 files whatever is read.

    python -m tests.interop.table_imports.mutations --files 100000 --seed 1

Prints one JSON object; exits 1 when a file broke something, with its seed.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import json
import os
import random
import resource
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

SECONDS, MEGABYTES, WHOLE_MEGABYTES = 2.0, 150, 300
#: What may stay in memory after the files that follow the first ones (which load what is read once): remembered answers.
LEFT_MEGABYTES, FIRST_FILES = 40, 1_000

WORDS = [
    "", "Nom", "Ville", "Laval", "53000", "31/12/2026", "46000", "10 000 €", "oui", "a@b.example.org", "=1+1", "'=1", "\u00a0", "é" * 50, '"', "x" * 3000,
    "73282932000074", "1e300", "-0", "departement:53", "Pays de la Loire", "Mayenne;Sarthe", "\ud7ff", "\ufeff", "<b>gras</b>", "&amp;", "[[[[", "{}",
    "2026-13-45", "France", "Juridique et statuts", "¹²", "🙂", "\t", "\r", "\u2028",
]  # fmt: skip


def base(chance: random.Random) -> list[list[str]]:
    """A small table."""
    width = chance.randint(1, 12)
    heads = [
        "Identifiant",
        "Nom",
        "Ville",
        "CP",
        "Territoire",
        "Montant",
        "Date limite",
        "Besoins",
        "Mail",
        "Tel",
        "Nature",
        "SIRET",
    ]
    return [chance.sample(heads, width), *[[chance.choice(WORDS) for _ in range(width)] for _ in range(chance.randint(0, 20))]]


def a_csv(chance: random.Random) -> bytes:
    """A CSV, rarely right."""
    separator, end = chance.choice(";,\t|"), chance.choice(["\n", "\r\n", "\r", "\n\n"])
    quote = chance.choice(['"', "", "'"])
    right = chance.random() < 0.6
    text = end.join(
        separator.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' if right else f"{quote}{cell}{quote}" for cell in row)
        for row in base(chance)
    )
    if chance.random() < 0.1:
        text *= chance.randint(2, 200)
    return text.encode(chance.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"]), "replace")


def a_workbook(chance: random.Random, models: list[bytes]) -> bytes:
    """A workbook whose parts are changed before they are packed again, or whose package is."""
    source = zipfile.ZipFile(BytesIO(chance.choice(models)))
    target = BytesIO()
    names = source.namelist()
    victim = chance.choice(names)
    with zipfile.ZipFile(target, "w", chance.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])) as out:
        for name in names:
            content = source.read(name)
            if name == victim:
                content = mutated(content, chance)
            if chance.random() < 0.02:
                continue
            out.writestr(name, content)
        if chance.random() < 0.05:
            out.writestr("xl/bombe.bin", b"\0" * chance.choice([1_000_000, 30_000_000]))
    data = target.getvalue()
    return mutated(data, chance) if chance.random() < 0.3 else data


def a_bomb(chance: random.Random, models: list[bytes]) -> bytes:
    """A workbook with very many empty rows, cells far away, or a huge shared text."""
    source = zipfile.ZipFile(BytesIO(models[0]))
    target = BytesIO()
    sort = chance.randrange(4)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                rows = {
                    0: lambda: b"".join(b'<row r="%d" ht="15"/>' % n for n in range(50, chance.choice([5_000, 150_000]))),
                    1: lambda: b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>loin</t></is></c></row>',
                    2: lambda: (
                        b'<row r="60"><c r="A60" t="inlineStr"><is><t>'
                        + b"long " * chance.choice([1_000, 900_000])
                        + b"</t></is></c></row>"
                    ),
                    3: lambda: b'<row r="60">' + b"<c/>" * chance.choice([1_000, 200_000]) + b"</row>",
                }[sort]()
                content = content.replace(b"</sheetData>", rows + b"</sheetData>")
            out.writestr(name, content)
    return target.getvalue()


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with some changed, cut, doubled or swapped."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        if not changed:
            break
        place, sort = chance.randrange(len(changed)), chance.randrange(6)
        if sort == 0:
            changed[place] = chance.randrange(256)
        elif sort == 1:
            del changed[place : place + chance.randint(1, 200)]
        elif sort == 2:
            changed[place:place] = changed[place : place + chance.randint(1, 400)]
        elif sort == 3:
            del changed[place:]
        elif sort == 4:
            changed[place:place] = chance.choice([*WORDS, "\x00"]).encode("utf-8", "replace")
        else:
            changed[place:place] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 30)))
    return bytes(changed)


def through(data: bytes, kind: str, chance: random.Random) -> str:
    """All that happens to a file before the database: read, shaped, guessed, asked about, cleaned. Gives what became of it."""
    from maillage.interop.sources.contract import Unreadable
    from maillage.interop.table_imports.guessing import guess
    from maillage.interop.table_imports.reading import read
    from maillage.interop.table_imports.rows import Rows
    from maillage.interop.table_imports.shape import rows_of, shape
    from maillage.interop.table_imports.values import questions

    try:
        found = shape(read(data, "fichier"), "fichier", chance.choice([0, 0, 0, 2]))
    except Unreadable as refusal:
        if not (str(refusal).startswith("« fichier") and str(refusal).endswith(".")):
            raise AssertionError(f"no sentence for a person: {refusal}") from refusal
        return "refused"
    matching = guess(found.columns, kind)
    names = [column.name for column in found.columns]
    assert len(set(names)) == len(names)
    questions(rows_of(found.grid), names, matching, kind)
    rows = Rows(kind, names, matching, source="essai", licence="x", file="fichier", refs={})
    count = 0
    for line, row in rows_of(found.grid):
        rows.said(row)
        read_row = rows.read(line, row)
        assert read_row.cleaned.record is not None or read_row.cleaned.refusals, "a row vanished"
        count += 1
    assert count == found.rows
    return "read"


STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def held_mb(what: str) -> float:
    """What Linux says of this program's memory, in MiB: "VmRSS" (now) or "VmHWM" (the most since `forget_peak`)."""
    return next(int(line.split()[1]) for line in STATUS.read_text().splitlines() if line.startswith(what)) / 1024


class Memory:
    """What each file takes, and what all leave. Not `ru_maxrss` on Linux: it remembers the process that started this one, over exec."""

    def __init__(self) -> None:
        self.heaviest = 0.0
        self.kept: float | None = None  # what was held after the first files

    def taken(self, act: Callable[[], str]) -> str:
        """Do something, and remember how far memory rose if it never rose so far."""
        if not FORGET.exists():
            return act()
        FORGET.write_text("5")  # the peak is counted from here
        before = held_mb("VmRSS")
        try:
            return act()
        finally:
            self.heaviest = max(self.heaviest, held_mb("VmHWM") - before)

    def settled(self) -> float:
        """What is held once everything freed is given back; 0 where that cannot be known."""
        if not FORGET.exists():
            return 0.0
        gc.collect()
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of the GNU library; without it the figure is only higher
        if trim:
            trim(0)
        return held_mb("VmRSS")

    def complaints(self) -> list[str]:
        """What is beyond the bounds."""
        if not FORGET.exists():
            whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            return [f"{whole:.0f} MB of memory at the worst"] if whole > WHOLE_MEGABYTES else []
        found = [f"{self.heaviest:.0f} MB of memory for one file"] if self.heaviest > MEGABYTES else []
        left = self.left()
        return [*found, f"{left:.0f} MB left in memory"] if left > LEFT_MEGABYTES else found

    def left(self) -> float:
        """What the files after the first ones left behind; 0 when there are none."""
        return 0.0 if self.kept is None else self.settled() - self.kept


def run(files: int, seed: int) -> dict[str, Any]:
    """Try so many files. `broken` lists (number, what happened)."""
    from tests.interop.table_imports.makers import xlsx_bytes

    models = [
        xlsx_bytes(("Feuille", [["Nom", "Ville", "Montant"], ["Un", "Laval", 1000], ["Deux", "Craon", 2.5]]), ("Autre", [["x"]])),
        xlsx_bytes(("A", [["Nom", "Date limite"], ["=1+1", "46000"]]), merge="A1:B1"),
    ]
    through(models[0], "structure", random.Random(0))  # what is read once (territories, vocabulary) is not a file's cost
    tally: Counter[str] = Counter()
    broken: list[tuple[int, str]] = []
    slowest = 0.0
    memory = Memory()
    for number in range(files):
        chance = random.Random(seed * 1_000_003 + number)
        sort = chance.choices(["csv", "mutated csv", "workbook", "bomb"], [3, 3, 4, 0.1])[0]
        if sort == "csv":
            data = a_csv(chance)
        elif sort == "mutated csv":
            data = mutated(a_csv(chance), chance)
        elif sort == "workbook":
            data = a_workbook(chance, models)
        else:
            data = a_bomb(chance, models)
        if number == FIRST_FILES:
            memory.kept = memory.settled()
        start = time.process_time()
        try:
            kind = chance.choice(["structure", "offer", "relay"])
            what = memory.taken(partial(through, data, kind, chance))
        except Exception as error:  # the very thing that is looked for
            what = "broken"
            broken.append((number, f"{sort}: {type(error).__name__}: {error}"[:300]))
        spent = time.process_time() - start
        slowest = max(slowest, spent)
        if spent > SECONDS:
            broken.append((number, f"{sort}: {spent:.1f} s of processor"))
        tally[f"{sort} {what}"] += 1
    broken += [(-1, complaint) for complaint in memory.complaints()]
    return {
        "files": files, "seed": seed, "tally": dict(sorted(tally.items())), "slowest_cpu_s": round(slowest, 2), "heaviest_mb": round(memory.heaviest),
        "left_mb": round(memory.left()),
        "broken": broken[:20], "broken_count": len(broken),
    }  # fmt: skip


def main() -> int:
    """Run, print, and say by the exit code whether anything broke."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="maillage-mutations-") as folder:
        os.environ["MAILLAGE_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "maillage.config.settings"
        import django

        django.setup()
        found = run(options.files, options.seed)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return int(bool(found["broken"]))


if __name__ == "__main__":
    sys.exit(main())
