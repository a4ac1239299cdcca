"""The column matching of a table: which column goes to which field, what its words mean, what holds for every row.

It knows columns by their headings, so the one of last month applies to a table whose columns moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from maillage.interop.table_imports.fields import targets
from maillage.interop.table_imports.shape import same_heading

#: Separators of lists that a person may choose, by the word of the form.
SEPARATORS = {"point-virgule": ";", "virgule": ",", "barre": "|", "ligne": "\n", "aucun": ""}


@dataclass(frozen=True, slots=True)
class Host:
    """The structure that an offer or a relay hangs on. `by`: "each" (the row's own name), "one" (`text` for all), "name" or "id" (a `column`)."""

    by: str = "each"
    column: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Matching:
    """`columns`: heading → key of the field ("" for none); `separators`: heading → word of SEPARATORS; `values`: key → what words mean.

    `constants`: key → text that holds for every row whose cells say nothing. `identity`: the column that identifies rows; empty:
    rows are identified by what they name (rows.identity).
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    separators: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    identity: str = ""
    host: Host = field(default_factory=Host)

    def as_json(self) -> dict[str, Any]:
        """For the database."""
        return {
            "columns": dict(self.columns),
            "separators": dict(self.separators),
            "values": {key: {word: list(codes) for word, codes in said.items()} for key, said in self.values.items()},
            "constants": dict(self.constants),
            "identity": self.identity,
            "host": {"by": self.host.by, "column": self.host.column, "text": self.host.text},
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Matching:
        """From the database."""
        return cls(
            columns=kept.get("columns", {}),
            separators=kept.get("separators", {}),
            values={key: {word: tuple(codes) for word, codes in said.items()} for key, said in kept.get("values", {}).items()},
            constants=kept.get("constants", {}),
            identity=kept.get("identity", ""),
            host=Host(**kept.get("host", {})),
        )

    def columns_of(self, key: str) -> list[str]:
        """The headings of the columns that go to a field."""
        return [name for name, target in self.columns.items() if target == key]

    def with_values(self, said: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Matching:
        """The same, with more words explained."""
        keys = {*self.values, *said}
        return replace(self, values={key: {**self.values.get(key, {}), **said.get(key, {})} for key in sorted(keys)})

    def for_columns(self, names: Iterable[str], kind: str) -> Matching:
        """The matching of another month applied to a table with these headings. Columns that are gone lose their field."""
        now = list(names)
        by_heading = {same_heading(name): name for name in now}

        def here(name: str) -> str:
            return by_heading.get(same_heading(name), "")

        known = targets(kind)
        columns = {here(name): key for name, key in self.columns.items() if here(name) and (key in known or not key)}
        host = replace(self.host, column=here(self.host.column))
        if host.by in ("name", "id") and not host.column:
            host = Host()
        return replace(
            self,
            columns={name: columns.get(name, "") for name in now},
            separators={here(name): sign for name, sign in self.separators.items() if here(name)},
            identity=here(self.identity),
            host=host,
        )


def problems(matching: Matching, kind: str) -> list[tuple[str, str]]:
    """Why a matching cannot be used: (key of the field, French sentence)."""
    found = []
    for key, target in targets(kind).items():
        given = matching.columns_of(key)
        if len(given) > 1 and not target.takes_many_columns:
            which = " et ".join(f"« {name} »" for name in given[:3])
            found.append((key, f"les colonnes {which} vont au même champ : il n’en prend qu’une."))
        if target.required and not given and not matching.constants.get(key):
            found.append((key, "obligatoire : choisissez sa colonne, ou une valeur pour toutes les lignes."))
    if kind != "structure" and matching.host.by == "one" and not matching.host.text.strip():
        found.append(("structure", "Écrivez le nom de la structure qui porte toutes les lignes."))
    return found
