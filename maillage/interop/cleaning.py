"""Raw values → clean values, or the problems that refuse the line. Reads no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from maillage.interop.formats import Field, Format
from maillage.interop.problems import Problem, Wrong, shown

Key = tuple[str, str]  # (source, id in the source)
_NOTHING: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Record:
    """One sheet ready to be written. `values` holds columns; `structure` is the key of the structure it hangs on."""

    key: Key
    values: Mapping[str, Any]
    structure: Key | None = None
    line: int = 0
    file: str = ""


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
    values: dict[str, Any] = {}
    entry = raw.get("id") if isinstance(raw.get("id"), str) else ""
    label = shown(entry) if entry else ""
    fields = form.fields + extra

    def refuse(key: str, value: Any, reason: str) -> None:
        result.refusals.append(Problem(file, line, key, "" if value is None else shown(value), reason, label))

    for one in fields:
        value = raw.get(one.key)
        if value in _NOTHING and value is not False and value != 0:
            values[one.name] = one.nothing()
            if one.required:
                refuse(one.key, None, "cette clé est obligatoire et manque.")
            continue
        notes: list[tuple[str, str, str]] = []
        try:
            cleaned = one.clean(value, notes)
        except Wrong as wrong:
            refuse(one.key, value if wrong.value is None else wrong.value, wrong.reason)
            continue
        if one.required and cleaned in _NOTHING:
            refuse(one.key, value, "cette clé est obligatoire et sa valeur est vide.")
            continue
        values[one.name] = cleaned
        for part, about, reason in notes:
            key = f"{one.key}.{part}" if part else one.key
            result.warnings.append(Problem(file, line, key, shown(about) if about else "", reason, label))

    if len(raw) > len(fields) or any(key not in form.keys for key in raw):
        known = {one.key for one in fields}
        result.warnings.extend(
            Problem(file, line, shown(key), "", "cette clé n’est pas connue ; elle est ignorée.", label)
            for key in raw
            if key not in known
        )
    source, ref = values.get("source"), values.get("ref")
    if source and ref:
        result.key = (source, ref)
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
