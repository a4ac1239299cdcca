"""The vocabulary: closed lists of codes with their French labels, read from the data files of the regions.

Pure Python, no Django: labels are French source strings; whoever shows them translates them (`labels.translated`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from maillage.kit.regions import SHIPPED_REGIONS, region_folders

#: The lists a vocabulary file may hold, in the order in which they are documented.
LISTS = (
    "stage",
    "kind",
    "instrument",
    "need",
    "sector",
    "legal_form",
    "audience",
    "mode",
    "cost",
    "level",
    "role",
    "zoning",
    "fact",
)
#: The lists a region may add to. The others are the same everywhere (stages and phases are common to all).
OPEN_LISTS = frozenset({"need", "sector", "role", "zoning", "fact"})


class VocabularyError(ValueError):
    """A data file of a region is wrong; the message says which file, which entry and what to do."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word: its stable `code`, its French `label`, what it means in `plain` words, and the other keys of its entry."""

    code: str
    label: str
    plain: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Implication:
    """What follows from what a person said: when every pair of `when` holds, the facts of `then` are known."""

    when: Mapping[str, str]
    then: Mapping[str, int | bool]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Every list of terms, by list name then code, in display order."""

    lists: Mapping[str, Mapping[str, Term]]
    implications: tuple[Implication, ...]

    def terms(self, name: str) -> Mapping[str, Term]:
        """The terms of a list (`stage`, `need`, …), by code, in display order. Raises KeyError on an unknown list."""
        return self.lists[name]

    def codes(self, name: str) -> tuple[str, ...]:
        """The codes of a list, in display order."""
        return tuple(self.lists[name])

    def knows(self, name: str, code: str) -> bool:
        """Is this code in this list?"""
        return code in self.lists[name]

    def label(self, name: str, code: str) -> str:
        """The French label of a code; the code itself when the list does not know it (old data must stay readable)."""
        term = self.lists[name].get(code)
        return term.label if term else code


def read_toml(path: Path) -> dict[str, Any]:
    """Read one data file. Raises VocabularyError with the file and the reason when it is not valid TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise VocabularyError(
            f"{path.name} : ce fichier n’est pas du TOML lisible ({error}). Corrigez la ligne indiquée."
        ) from error


def _merge(lists: dict[str, dict[str, Term]], data: Mapping[str, Any], source: str, allowed: frozenset[str] | None) -> None:
    for name, entries in data.items():
        if name == "implication":
            continue
        if name not in LISTS:
            raise VocabularyError(f"{source} : la liste « {name} » n’existe pas. Listes possibles : {', '.join(LISTS)}.")
        if allowed is not None and name not in allowed:
            raise VocabularyError(f"{source} : une région ne peut pas compléter la liste « {name} ».")
        for entry in entries:
            rest = dict(entry)
            try:
                code, label = rest.pop("code"), rest.pop("label")
            except KeyError as missing:
                raise VocabularyError(f"{source} : une entrée de « {name} » n’a pas de clé {missing}.") from missing
            if allowed is not None and code in lists[name]:
                continue  # a region may repeat a common term; the common wording wins
            lists[name][code] = Term(code, label, rest.pop("plain", ""), rest)


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of this installation: the common lists, then what each region adds. Read once per process."""
    lists: dict[str, dict[str, Term]] = {name: {} for name in LISTS}
    common = read_toml(SHIPPED_REGIONS / "vocabulary.toml")
    _merge(lists, common, "vocabulary.toml", None)
    for folder in region_folders():
        addition = folder / "vocabulary.toml"
        if addition.is_file():
            _merge(lists, read_toml(addition), f"{folder.name}/vocabulary.toml", OPEN_LISTS)
    implications = tuple(Implication(entry["when"], entry["then"]) for entry in common.get("implication", ()))
    return Vocabulary(lists, implications)
