"""Files for the validator: right ones of every format, and what can be done to them."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable
from typing import Any

import xlsxwriter

from maillage.interop.tables.columns import HEADINGS, OFFER_TABLE, STRUCTURE_TABLE
from tests.interop.samples import OFFER, RELAY, STRUCTURE, line

SERVICE: dict[str, Any] = {
    "source": "essai",
    "structure_id": "essai--s1",
    "id": "essai--o1",
    "nom": "Conseil à la création",
    "description": "Un conseil pour créer son activité, avec des rendez-vous et un suivi pendant six mois.",
    "date_maj": "2026-10-01",
    "type": "accompagnement",
    "thematiques": ["creer-une-entreprise--structurer-son-projet-de-creation-dentreprise"],
    "frais": "gratuit",
    "publics": ["femmes", "jeunes"],
    "code_postal": "53000",
    "code_insee": "53130",
    "commune": "Laval",
    "longitude": -0.77,
    "latitude": 48.07,
    "telephone": "+33243000001",
    "courriel": "accueil@essai.example.org",
    "modes_accueil": ["en-presentiel"],
    "zone_eligibilite": ["53", "200083392", "53130"],
    "lien_mobilisation": "https://essai.example.org/rdv",
    "modes_mobilisation": ["telephoner"],
    "mobilisable_par": ["usagers"],
    "volume_horaire_hebdomadaire": 1.5,
    "nombre_semaines": 3,
}
ORGANISATION: dict[str, Any] = {
    "source": "essai",
    "id": "essai--s1",
    "nom": "Maison des projets",
    "date_maj": "2026-10-01",
    "description": "Elle accueille tout le monde.",
    "siret": "73282932000074",
    "code_postal": "53000",
    "code_insee": "53130",
    "courriel": "accueil@essai.example.org",
    "site_web": "https://essai.example.org/",
    "reseaux_porteurs": ["adie", "reseau-bge"],
}


def jsonl(*records: Any) -> bytes:
    return b"".join(line(record) for record in records)


def as_json(records: Any) -> bytes:
    return json.dumps(records, ensure_ascii=False).encode()


CELLS = {
    "id": "o1", "source": "essai", "structure_id": "s1", "name": "Prêt d’essai", "kind": "financement", "stages": "creation | developpement",
    "coverage": "departement:53 | france", "amount_max": "1200,5", "closes": "2027-01-15", "lon": "-0.7669", "lat": "48.0706", "phone": "'+33199000001",
}  # fmt: skip


def as_csv(*rows: dict[str, str], delimiter: str = ";", end: str = "\r\n", columns: list[str] | None = None) -> str:
    keys = columns or list(CELLS)
    lines = [delimiter.join(HEADINGS[key][0] for key in keys)]
    lines += [delimiter.join(row.get(key, "") for key in keys) for row in (rows or (CELLS,))]
    return end.join(lines) + end


def as_xlsx(*rows: dict[str, str], title: str = "Offres") -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet(title)
        sheet.write_row(0, 0, [HEADINGS[key][0] for key in CELLS])
        for number, row in enumerate(rows or (CELLS,), 1):
            for at, key in enumerate(CELLS):
                sheet.write_string(number, at, row.get(key, "").removeprefix("'"))
        book.add_worksheet("Lexique").write_string(0, 0, "Table ou liste")
    return target.getvalue()


def zipped(entries: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in entries.items():
            book.writestr(name, content)
    return target.getvalue()


def originals() -> dict[str, bytes]:
    """One right file of every format that is read."""
    return {
        "structures.jsonl": jsonl(STRUCTURE, {**STRUCTURE, "id": "s2"}),
        "offers.jsonl": jsonl(*({**OFFER, "id": f"o{n}"} for n in range(8))),
        "relays.jsonl": jsonl(RELAY),
        "services.json": as_json([SERVICE, {**SERVICE, "id": "essai--o2"}]),
        "structures.json": as_json({"structures": [ORGANISATION]}),
        "offres.csv": as_csv().encode(),
        "offres-latin1.csv": as_csv(delimiter=",", columns=[key for key in CELLS if key != "amount_max"]).encode("cp1252"),
        "offres.xlsx": as_xlsx(),
    }


TABLE_HEADINGS = {table.name: list(table.by_heading) for table in (OFFER_TABLE, STRUCTURE_TABLE)}

# --- what happens to files on the way


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _bytes(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 20))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _splice(content: bytes, chance: random.Random) -> bytes:
    if not content:
        return content
    start, end = sorted(chance.randrange(len(content)) for _ in range(2))
    return content[:end] + content[start:end] * chance.choice((0, 2, 30)) + content[end:]


PIECES = (
    b"[" * 60, b"{" * 60, b'"' * 3, b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"1e999", b"9" * 5_000, b"\r", b"\n" * 400, b";" * 400, b"null", b"NaN",
    b'{"id":"a","id":"b"}', b"<!DOCTYPE a>", b"=cmd|' /C calc'!A0", "é\u2028\u202e".encode(), b"-1", b"true", b"[]", b"{}", b"PK\x03\x04",
)  # fmt: skip


def _insert(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice(PIECES) + content[at:]


def _values(content: bytes, chance: random.Random) -> bytes:
    """Another value somewhere in a JSON text, when it is one."""
    lines = content.split(b"\n")
    at = chance.randrange(len(lines))
    try:
        found = json.loads(lines[at])
    except ValueError:
        return _bytes(content, chance)
    holder = found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else found
    if isinstance(holder, dict) and holder:
        key = chance.choice(list(holder))
        other: Any = chance.choice(
            (None, "", 0, -1, 1e308, [], {}, [[]], [None], {"a": []}, "x" * 20_000, True, "2026-13-40", ["", 3], "\ud800"[:0])
        )
        holder[chance.choice((key, key, "inconnu", key.upper()))] = other
    lines[at] = json.dumps(found, ensure_ascii=chance.random() < 0.5).encode("utf-8", "replace")
    return b"\n".join(lines)


def _encoding(content: bytes, chance: random.Random) -> bytes:
    return content.decode("utf-8", "replace").encode(
        chance.choice(("utf-16", "latin-1", "utf-8-sig", "cp1252", "utf-32")), "replace"
    )


def _ends(content: bytes, chance: random.Random) -> bytes:
    return content.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"")))


def _delimiters(content: bytes, chance: random.Random) -> bytes:
    return content.replace(b";", chance.choice((b",", b"\t", b"|", b";;", b"")), chance.choice((-1, 1, 5)))


def _twice(content: bytes, chance: random.Random) -> bytes:
    return content * 2


def _bomb(content: bytes, chance: random.Random) -> bytes:
    """A ZIP that should not be opened, or a workbook with a part that should not be read."""
    size = chance.choice((1_000_000, 20_000_000, 60_000_000))
    heart = {
        "xl/workbook.xml": b"<workbook/>",
        "[Content_Types].xml": b"<Types/>",
    }
    what = chance.choice(("zeros", "many", "nested", "shared", "entities"))
    if what == "zeros":
        return zipped({**heart, "xl/worksheets/sheet1.xml": b"\0" * size})
    if what == "many":
        return zipped({f"f{n}": b"" for n in range(chance.choice((1_999, 2_001, 4_000)))})
    if what == "nested":
        return zipped({**heart, "a.xml": content if content.startswith(b"PK") else zipped({"a": content})})
    if what == "entities":
        return zipped(
            {**heart, "xl/styles.xml": b'<!DOCTYPE a [<!ENTITY b "' + b"b" * 5_000 + b'">]><a>' + b"&b;" * 5_000 + b"</a>"}
        )
    return zipped({**heart, "xl/sharedStrings.xml": bytes(chance.randrange(32, 127) for _ in range(3_000)) * (size // 100_000)})


def _inside(content: bytes, chance: random.Random) -> bytes:
    """A workbook whose XML was damaged before it was zipped again."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            entries = {name: book.read(name) for name in book.namelist()}
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, ValueError):
        return _bytes(content, chance)
    except Exception:
        return content
    if not entries:
        return content
    name = chance.choice(list(entries))
    entries[name] = chance.choice((_cut, _bytes, _splice, _insert))(entries[name], chance)
    return zipped(entries)


TEXT: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut, _bytes, _splice, _insert, _values, _values, _values, _encoding, _ends, _delimiters, _twice,
)  # fmt: skip
BOOK: tuple[Callable[[bytes, random.Random], bytes], ...] = (_cut, _bytes, _splice, _insert, _inside, _inside, _inside, _bomb)


def mutated(chance: random.Random, files: dict[str, bytes]) -> tuple[str, bytes]:
    """One of the files, changed once to four times; its name says what was done."""
    name = chance.choice(list(files))
    content = files[name]
    for _ in range(chance.choice((1, 1, 2, 4))):
        change = chance.choice(BOOK if name.endswith("xlsx") else TEXT)
        content = change(content, chance)
        name += f" {change.__name__}"
        if len(content) > 9_000_000:
            break
    return name, content
