"""Random tables, in any dialect and any order, give the sheets that a plain reading of their rows gives. Then again: nothing changes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from maillage.catalogue.models import Structure
from maillage.interop.table_imports.matching import Matching
from maillage.interop.table_imports.models import TableImport, TableSource
from tests.interop.table_imports.makers import checked, counts, csv_bytes, matched, uploaded, written, xlsx_bytes

#: What a person writes → what the sheet keeps; None: the row is refused.
COMMUNES = {"": "", "53130": "53130", "Laval (53)": "53130", "Craon 53400": "53084", "Nulle-Part-sur-Rien": None}
FORMS = {
    "": "",
    "Association": "association",
    "SCIC": "scic",
    "scop": "scop",
    "assoc.": "association",
    "Club": None,
    "on ne sait pas": "",
}
DAYS = {"": None, "01/02/2020": "2020-02-01", "2020-02-01": "2020-02-01", "1er février 2020": "2020-02-01", "43862": "2020-02-01"}
WRONG_DAY = "31/02/2020"
TYPES = {
    "": [],
    "Tiers lieu": ["tiers-lieu"],
    "Tiers lieu|Pépinière": ["tiers-lieu", "pepiniere"],
    "pepiniere|Pépinière": ["pepiniere"],
}
NAMES = ["Maison inventée", "L’Atelier ; fictif", 'Le "Café"', "=Formule", "Épicerie\u00a0imaginaire", ""]
SAID = {"legal_form": {"assoc": ("association",), "on ne sait pas": ()}}
COLUMNS = {"Code": "", "Désignation": "name", "Lieu": "commune", "Forme": "legal_form", "Maj": "updated", "Genre": "types"}


@dataclass(frozen=True)
class Row:
    code: str
    name: str
    commune: str
    form: str
    day: str
    types: str

    def cells(self) -> list[str]:
        return [self.code, self.name, self.commune, self.form, self.day, self.types]

    def sheet(self) -> dict[str, Any] | None:
        """What a person reads in this row; None when it cannot be a sheet."""
        if not self.code or not self.name or COMMUNES[self.commune] is None or FORMS[self.form] is None or self.day == WRONG_DAY:
            return None
        return {
            "name": self.name,
            "commune": COMMUNES[self.commune],
            "legal_form": FORMS[self.form],
            "updated": DAYS[self.day],
            "types": TYPES[self.types],
        }


rows = st.lists(
    st.builds(
        Row, st.sampled_from(["", "a", "b", "c", "d", "e", "É"]), st.sampled_from(NAMES), st.sampled_from(list(COMMUNES)), st.sampled_from(list(FORMS)),
        st.sampled_from([*DAYS, WRONG_DAY]), st.sampled_from(list(TYPES)),
    ),
    min_size=1,
    max_size=12,
).map(lambda table: [row for row in table if any(row.cells())]).filter(bool)  # fmt: skip


def expected(table: list[Row]) -> tuple[dict[str, dict[str, Any]], dict[str, int]]:
    """The sheets by id and the counts, by a plain reading: rows of one id that differ are all refused, copies count once."""
    found: dict[str, dict[str, Any]] = {}
    tally = {"created": 0, "repeated": 0, "refused": 0}
    for place, row in enumerate(table):
        same = [other for other in table if other.code == row.code] if row.code else []
        if any(other != row for other in same):
            tally["refused"] += 1
        elif row in table[:place] and row.code:
            tally["repeated"] += 1
        elif (sheet := row.sheet()) is None:
            tally["refused"] += 1
        else:
            found[row.code] = sheet
            tally["created"] += 1
    return found, {key: count for key, count in tally.items() if count}


def file_of(table: list[Row], chance: random.Random) -> bytes:
    """The table in a random dialect, its columns in a random order."""
    order = chance.sample(range(len(COLUMNS)), len(COLUMNS))
    cells = [[line[place] for place in order] for line in (list(COLUMNS), *(row.cells() for row in table))]
    if chance.random() < 0.3 and not any(row.name.startswith("=") for row in table):  # a workbook would keep a formula
        return xlsx_bytes(("Feuille", [[cell or None for cell in line] for line in cells]))
    return csv_bytes(
        cells,
        separator=chance.choice(";,\t|"),
        encoding=chance.choice(["utf-8", "utf-8-sig", "utf-16"]),
        end=chance.choice(["\n", "\r\n"]),
    )


def kept() -> dict[str, dict[str, Any]]:
    names = ("name", "commune", "legal_form", "updated", "types")
    return {
        sheet.ref: {name: getattr(sheet, name) for name in names}
        | {"updated": sheet.updated.isoformat() if sheet.updated else None}
        for sheet in Structure.objects.order_by("pk")
    }


class RandomTables(TestCase):
    @settings(max_examples=40)
    @given(rows, st.integers(0, 10**6))
    def test_a_table_gives_what_a_plain_reading_of_its_rows_gives(self, table: list[Row], seed: int) -> None:
        chance = random.Random(seed)
        sheets, tally = expected(table)
        data = file_of(table, chance)
        done = self._import(data, chance)
        assert counts(done) == tally
        assert kept() == sheets
        refused = {problem.line for problem in done.problems.all()}
        assert len(refused) == tally.get("refused", 0)
        mixed = chance.sample(table, len(table))
        again = self._import(file_of(mixed, chance), chance)
        assert counts(again) == {
            key: count for key, count in {**tally, "created": 0, "unchanged": tally.get("created", 0)}.items() if count
        }
        assert kept() == sheets

    def _import(self, data: bytes, chance: random.Random) -> TableImport:
        table = uploaded(data, name="hasard")
        first = not TableSource.objects.filter(code="essai", matchings__has_key="structure").exists()
        if first:
            names = [column["name"] for column in table.columns]
            matching = Matching(
                columns={name: COLUMNS[name] for name in names}, separators={"Genre": "barre"}, values=SAID, identity="Code"
            )
            matched(
                table,
                **{
                    name: getattr(matching, name) for name in ("columns", "separators", "values", "identity", "constants", "host")
                },
            )
            return written(table)
        return written(matched(table)) if chance.random() < 0.5 else self._after_another_look(table)

    def _after_another_look(self, table: TableImport) -> TableImport:
        return written(matched(checked(matched(table))))
