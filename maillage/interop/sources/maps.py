"""A producer's words → our codes, read from one small TOML file per field (`maps/<field>.toml` in the folder of a source).

A file holds one table, `[values]`: the producer's label on the left, on the right a code, a list of codes, or an empty list for
a label that we know and that says nothing here. A label that is not in the table is unknown: it is reported, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from maillage.interop.sources.contract import Mapped, Unknown
from maillage.territories.names import fold
from maillage.vocabulary.words import read_toml

#: What a table gives for a label that it does not hold.
MISSING = object()


class Labels:
    """One mapping: asked with the label as the producer writes it; case, accents and punctuation do not count."""

    def __init__(self, field: str, values: Mapping[str, Any]) -> None:
        self.field = field
        self.labels = tuple(values)
        self._codes = {self._key(label): code for label, code in values.items()}

    @staticmethod
    def _key(label: str) -> str:
        return fold(label) or label.strip()

    def get(self, label: str) -> Any:
        """The code or codes of a label; `MISSING` when the table does not hold it."""
        return self._codes.get(self._key(label), MISSING)

    def codes(self) -> list[str]:
        """Every code that the table can give."""
        return sorted({code for value in self._codes.values() for code in ([value] if isinstance(value, str) else value)})


@cache
def labels(folder: Path, field: str) -> Labels:
    """The mapping of a field, from `maps/<field>.toml` beside the source's modules."""
    return Labels(field, read_toml(folder / "maps" / f"{field}.toml")["values"])


@dataclass
class Findings:
    """What the mapping of one record found besides values: unknown labels, reasons to look, rules that inferred a value."""

    unknown: list[Unknown] = field(default_factory=list)
    review: list[str] = field(default_factory=list)
    deduced: dict[str, dict[str, str]] = field(default_factory=dict)

    def one(self, table: Labels, label: str) -> str:
        """The code of one label; empty when there is none, or when it is unknown (and then noted)."""
        found = self.several(table, [label])
        return found[0] if found else ""

    def several(self, table: Labels, given: Iterable[str]) -> list[str]:
        """The codes of several labels, each once, in order; unknown labels are noted."""
        codes: dict[str, None] = {}
        for label in given:
            if not label.strip():
                continue
            value = table.get(label)
            if value is MISSING:
                self.unknown.append(Unknown(table.field, label.strip()))
            else:
                codes.update(dict.fromkeys([value] if isinstance(value, str) else value))
        return list(codes)

    def infer(self, entry: str, key: str, rule: str) -> None:
        """Note that `key` of `entry` ("offer:42") was inferred by `rule`."""
        self.deduced.setdefault(entry, {})[key] = rule

    def kept(self, reader: Any, written: str) -> str:
        """`reader(written)`; when it refuses, its sentence goes to the review and the value is empty."""
        try:
            return str(reader(written))
        except ValueError as error:
            self.review.append(str(error))
            return ""

    def mapped(
        self,
        *,
        structures: Iterable[Mapping[str, Any]] = (),
        relays: Iterable[Mapping[str, Any]] = (),
        offers: Iterable[Mapping[str, Any]] = (),
    ) -> Mapped:
        """The answer of `map`, with empty values taken out of the entries: absent and empty mean the same."""
        return Mapped(
            structures=_without_nothing(structures),
            relays=_without_nothing(relays),
            offers=_without_nothing(offers),
            deduced=self.deduced,
            unknown=tuple(dict.fromkeys(self.unknown)),
            review=tuple(dict.fromkeys(self.review)),
        )


def _without_nothing(entries: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    return tuple({key: value for key, value in entry.items() if not _nothing(value)} for entry in entries)


def _nothing(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)
