"""Rows of a table and a column matching → records, or refusals, through the same cleaning as every import. Reads no database."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils.text import slugify

from maillage.interop.cleaning import Cleaned, Record, clean
from maillage.interop.problems import Problem, Wrong, shown
from maillage.interop.sources import communes
from maillage.interop.table_imports import cells
from maillage.interop.table_imports.fields import FORMS, Target, targets
from maillage.interop.table_imports.guessing import split
from maillage.interop.table_imports.matching import SEPARATORS, Matching
from maillage.territories import queries

#: Answers kept for each field: the same words come again and again in a column.
_REMEMBERED = 20_000
_REPEATING = {"code", "territory", "day", "amount", "rate", "commune", "language", "slug", "flag", "postcode"}
#: What names a row when no column identifies it, strongest first: a SIRET alone does.
_NAMING = ("name", "commune", "postcode")


@dataclass(slots=True)
class Read:
    """What a row gives: a record or problems, warnings, and the name of the structure it hangs on when it is known by name."""

    cleaned: Cleaned
    host: str = ""


@dataclass(frozen=True, slots=True)
class _Step:
    """What is done for one field. `place`: its column when one cell gives one value, which is nearly always; -1 otherwise."""

    target: Target
    places: tuple[int, ...]
    signs: tuple[str, ...]
    read: Callable[[str], Any]
    constant: str = ""
    known: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    place: int = -1
    repeats: bool = False  # do the same cells come again and again?


class Rows:
    """Reads the rows of one table. `refs`: folded name of a structure of the source → its id there, for hosts known by name."""

    def __init__(
        self,
        kind: str,
        columns: Iterable[str],
        matching: Matching,
        *,
        source: str,
        licence: str,
        file: str,
        refs: Mapping[str, str],
    ) -> None:
        self.kind, self.form, self.matching, self.refs = kind, FORMS[kind], matching, refs
        self.source, self.licence, self.file = source, licence, file
        self.places = {name: place for place, name in enumerate(columns)}
        self.steps = [step for target in targets(kind).values() if (step := self._step(target)) is not None]
        self._by_key = {step.target.key: step for step in self.steps}
        self._identity = self.places.get(matching.identity, -1)
        self._host = self.places.get(matching.host.column, -1)
        used = {place for step in self.steps for place in step.places} | {self._identity, self._host}
        self._used = tuple(sorted(used - {-1}))
        self._naming = tuple(place for key in _NAMING if key in self._by_key for place in self._by_key[key].places)
        self._siret = self._by_key["siret"].places[:1] if "siret" in self._by_key else ()
        self._alone = tuple(step for step in self.steps if step.target.key not in ("commune", "departement"))

    def _step(self, target: Target) -> _Step | None:
        named = [name for name in self.matching.columns_of(target.key) if name in self.places]
        constant = self.matching.constants.get(target.key, "").strip()
        if not named and not constant:
            return None
        signs = tuple(SEPARATORS.get(self.matching.separators.get(name, "aucun"), "") for name in named)
        places = tuple(self.places[name] for name in named)
        alone = len(places) == 1 and not target.several and not target.coded
        return _Step(
            target, places, signs, self._reader(target, named[0] if named else ""), constant,
            key=target.key, place=places[0] if alone else -1, repeats=target.sort in _REPEATING,
        )  # fmt: skip

    def _reader(self, target: Target, heading: str) -> Callable[[str], Any]:
        said = self.matching.values.get(target.key, {})
        if target.coded:
            return cells.code_reader(target.key, said)
        if target.sort == "territory":
            return cells.territory_reader(said, heading)
        if target.sort == "amount":
            return partial(cells.amount, most=target.key == "amount_max")
        if target.sort == "commune":
            return _located
        return cells.READERS[target.sort]

    # --- what names a row

    def identity(self, row: list[str]) -> str:
        """The id of a row in its source: the column chosen; otherwise made of what it names, so that no order counts."""
        if self._identity >= 0:
            return unicodedata.normalize("NFC", _cell(row, self._identity))
        if self._siret and (number := cells.digits_only(_cell(row, self._siret[0]))):
            return number
        parts = [_cell(row, place).casefold() for place in self._naming]
        if self.kind != "structure":
            parts.append(self.host(row).casefold())
        if not any(parts):
            return ""
        digest = hashlib.sha256(
            "\0".join(unicodedata.normalize("NFC", " ".join(part.split())) for part in parts).encode()
        ).hexdigest()
        return f"{slugify(_cell(row, self._naming[0]))[:60] if self._naming else ''}-{digest[:12]}".strip("-")

    def said(self, row: list[str]) -> int:
        """A number that is the same for two rows that say the same in the columns that count."""
        return hash(tuple(_cell(row, place) for place in self._used))

    def host(self, row: list[str]) -> str:
        """The name, or the id, of the structure that a row hangs on, as the matching says to read it."""
        host = self.matching.host
        if host.by == "one":
            return host.text.strip()
        if host.by == "each":
            step = self._by_key.get("name")
            return _cell(row, step.places[0]) if step and step.places else ""
        cell = _cell(row, self._host) if self._host >= 0 else ""
        return cell if host.by == "id" else " ".join(cell.replace("|", ";").split(";")[0].split())

    def host_ref(self, name: str) -> str:
        """The id, in the source, of a structure known by name: the one it has there, or one made of its name."""
        return self.refs.get(folded(name)) or ref_of(name)

    # --- one row

    def read(self, line: int, row: list[str]) -> Read:
        """Read a row: every problem is told at once."""
        raw: dict[str, Any] = {"id": self.identity(row), "source": self.source}
        refusals: list[Problem] = []
        warnings: list[Problem] = []
        width = len(row)
        for step in self._alone:
            place = step.place
            try:
                if place < 0:
                    value = self._value(step, row, line, warnings)
                elif place < width and row[place]:
                    cell = row[place]
                    value = self._known(step, cell) if step.repeats else step.read(cell)
                elif step.constant:
                    value = self._known(step, step.constant)
                else:
                    continue
            except Wrong as wrong:
                bad = wrong.value if wrong.value is not None else " ".join(_cell(row, place) for place in step.places)
                refusals.append(Problem(self.file, line, step.key, shown(bad), wrong.reason))
                continue
            if value is not None:
                raw[step.key] = value
        self._commune(row, raw, line, refusals, warnings)
        host = ""
        if self.kind != "structure":
            host = self.host(row)
            if host:
                raw["structure_id"] = host if self.matching.host.by == "id" else self.host_ref(host)
        if self.licence and not raw.get("licence"):
            raw["licence"] = self.licence
        cleaned = clean(raw, self.form, file=self.file, line=line)
        cleaned.warnings.extend(warnings)
        if refusals:
            failed = {problem.field for problem in refusals}
            cleaned.refusals = refusals + [problem for problem in cleaned.refusals if problem.field not in failed]
            cleaned.record = None
        return Read(cleaned, host if self.matching.host.by != "id" else "")

    def _value(self, step: _Step, row: list[str], line: int, warnings: list[Problem]) -> Any:
        target = step.target
        given = [(cell, sign) for place, sign in zip(step.places, step.signs, strict=True) if (cell := _cell(row, place))]
        if not given:
            if not step.constant:
                return None
            given = [(step.constant, ";" if target.several else "")]
        if target.sort in ("text", "lines") and not target.several:
            texts = [step.read(cell) for cell, _ in given]
            return texts[0] if len(texts) == 1 else ("\n" if target.sort == "lines" else ", ").join(texts)
        if not target.several and not target.coded:
            return self._known(step, given[0][0])  # a constant alone
        found: dict[Any, None] = {}
        for cell, sign in given:
            for item in split(cell, sign):
                value = self._known(step, item)
                if target.sort == "json":
                    return value
                found.update(dict.fromkeys(value) if isinstance(value, tuple) else {value: None})
        if target.sort == "territory":
            return [cells.territory_object(key) for key in found]
        if target.several or not found:
            return list(found) or None
        if len(found) > 1:
            reason = "plusieurs valeurs pour un champ qui n’en prend qu’une : la première est gardée."
            warnings.append(Problem(self.file, line, target.key, shown(given[0][0]), reason))
        return next(iter(found))

    def _known(self, step: _Step, cell: str) -> Any:
        """The reading of a cell, remembered; a refusal too."""
        known = step.known
        if cell in known:
            value = known[cell]
        else:
            try:
                value = step.read(cell)
            except Wrong as wrong:
                value = wrong
            if len(known) < _REMEMBERED:
                known[cell] = value
        if isinstance(value, Wrong):
            raise value
        return value

    def _commune(self, row: list[str], raw: dict[str, Any], line: int, refusals: list[Problem], warnings: list[Problem]) -> None:
        step = self._by_key.get("commune")
        if step is None:
            return
        given = " ".join(_cell(row, place) for place in step.places) or step.constant
        if not given:
            return
        helper = self._by_key.get("departement")
        departement = next((cell for place in (helper.places if helper else ()) if (cell := _cell(row, place))), "")
        postcode = raw.get("postcode", "")
        sign = "\0".join(part.replace("\0", " ") for part in (given, postcode, departement))
        try:
            found = self._known(step, sign)
        except Wrong as wrong:
            refusals.append(Problem(self.file, line, "commune", shown(given), wrong.reason))
            return
        raw["commune"] = found.commune.code
        if found.doubt:
            warnings.append(Problem(self.file, line, "commune", shown(given), found.doubt))


def _located(sign: str) -> communes.Located:
    given, postcode, departement = sign.split("\0")
    code = given.strip().upper()
    if code.isdecimal() and len(code) == 4:
        code = f"0{code}"
    if (known := queries.commune(code)) is not None:
        return communes.Located(known)
    found = communes.find(name=given, postcode=postcode, departement=departement)
    if found is None:
        resolved = queries.resolve(f"{given} {postcode or departement}".strip(), codes_first=False)
        if resolved.reason == "exact" and resolved.commune:
            return communes.Located(resolved.commune)
        raise Wrong(
            "cette commune n’est pas reconnue : donnez son code INSEE, ou son nom avec une colonne de code postal ou de département."
        )
    return found


def _cell(row: list[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def folded(name: str) -> str:
    """A name of a structure, to compare."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def ref_of(name: str) -> str:
    """The id of a structure known only by its name."""
    plain = folded(name)
    return f"{slugify(plain)[:80]}-{hashlib.sha256(plain.encode()).hexdigest()[:8]}".strip("-")


def host_record(rows: Rows, name: str, line: int) -> Record | None:
    """The sheet of a structure that a table only names; None when its name cannot be one (the row says why: its own name is refused)."""
    raw = {"id": rows.host_ref(name), "source": rows.source, "name": name, "licence": rows.licence}
    return clean(raw, FORMS["structure"], file=rows.file, line=line).record
