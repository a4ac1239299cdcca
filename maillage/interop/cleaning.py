"""Raw values → clean values, or the problems that refuse the line. Reads no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from maillage.catalogue.enums import Status
from maillage.interop.formats import Field, Format
from maillage.interop.problems import Problem, Wrong, shown

Key = tuple[str, str]  # (source, id in the source)


def _is_nothing(value: Any) -> bool:
    """Does a file that says this say nothing? (0 and false say something.)"""
    return not value and (value is None or isinstance(value, str | list | dict))


@dataclass(frozen=True, slots=True)
class Record:
    """One sheet ready to be written. `values` holds columns; `structure` is the key of the structure it hangs on.

    `status` is the state of the sheet if it has to be created; a sheet that exists keeps its own.
    """

    key: Key
    values: Mapping[str, Any]
    structure: Key | None = None
    line: int = 0
    file: str = ""
    status: str = Status.PUBLISHED.value


@dataclass(slots=True)
class Cleaned:
    """What became of a line: a record, or refusals. `key` is known as soon as source and id could be read."""

    record: Record | None = None
    key: Key | None = None
    refusals: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def clean(raw: Mapping[str, Any], form: Format, *, file: str, line: int = 0, extra: tuple[Field, ...] = ()) -> Cleaned:
    """Clean one object of a file. `extra` are fields that this reader knows beyond the format (notes, sources).

    An unknown key is a warning. A missing required key or a value that its field does not take refuses the object; every
    refusal of the object is listed, not only the first.
    """
    result = Cleaned()
    values = dict(form.nothing)
    known = form.by_key
    if extra:
        values |= {one.name: one.nothing() for one in extra}
        known = {**known, **{one.key: one for one in extra}}
    notes: list[tuple[str, str, str]] = []
    label = shown(raw["id"]) if isinstance(raw.get("id"), str) else ""

    def refuse(key: str, value: Any, reason: str) -> None:
        result.refusals.append(Problem(file, line, key, "" if value is None else shown(value), reason, label))

    for key, value in raw.items():
        one = known.get(key)
        if one is None:
            reason = "cette clé n’est pas connue ; elle est ignorée."
            result.warnings.append(Problem(file, line, shown(key), "", reason, label))
            continue
        if _is_nothing(value):
            continue
        try:
            values[one.name] = one.clean(value, notes)
        except Wrong as wrong:
            refuse(key, value if wrong.value is None else wrong.value, wrong.reason)
            notes = []
            continue
        for part, about, reason in notes:
            where = f"{key}.{part}" if part else key
            result.warnings.append(Problem(file, line, where, shown(about) if about else "", reason, label))
        if notes:
            notes = []

    refused = {problem.field for problem in result.refusals} if result.refusals else ()
    for one in form.required:
        if _is_nothing(values[one.name]) and one.key not in refused:
            refuse(one.key, None, "cette clé est obligatoire, et elle manque ou sa valeur est vide.")
    source, ref = values.get("source"), values.get("ref")
    if source and ref:
        result.key = (source, ref)
    if not result.refusals:
        for key, reason in _contradictions(values):
            refuse(key, raw.get(key), reason)
    if result.refusals or result.key is None:
        return result
    if values.get("instrument") and values["kind"] != "financement":
        reason = "un instrument se dit d’un financement ; la valeur est gardée, vérifiez la nature de l’offre."
        result.warnings.append(Problem(file, line, "instrument", values["instrument"], reason, label))
    host = values.pop("structure", None)
    result.record = Record(result.key, values, (result.key[0], host) if host else None, line, file)
    return result


def _contradictions(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Pairs of values that cannot both be right: (field at fault, reason)."""
    found = []
    if (values.get("lon") is None) != (values.get("lat") is None):
        missing = "lon" if values.get("lon") is None else "lat"
        found.append((missing, "la longitude et la latitude vont ensemble : il en manque une."))
    least, most = values.get("amount_min"), values.get("amount_max")
    if least is not None and most is not None and least > most:
        found.append(("amount_min", f"le montant minimum dépasse le montant maximum ({most})."))
    opens, closes = values.get("opens"), values.get("closes")
    if opens and closes and closes < opens:
        found.append(("closes", f"l’offre fermerait avant d’ouvrir ({opens.isoformat()})."))
    siren, siret = values.get("siren"), values.get("siret")
    if siren and siret and not siret.startswith(siren):
        found.append(("siret", f"ce SIRET n’est pas celui d’un établissement du SIREN {siren}."))
    return found
