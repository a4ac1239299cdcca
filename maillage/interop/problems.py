"""What is wrong with a line of a file, said in a sentence that names the file, the line, the field and the value."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

_SHOWN = 80


class Wrong(ValueError):
    """A value is not what its field takes. `value` is the part at fault, when it is not the whole field."""

    def __init__(self, reason: str, value: Any = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.value = value


def shown(value: Any) -> str:
    """A value as it may be printed: short, on one line, without control characters."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = "".join(character if character.isprintable() else "�" for character in text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal or one warning. `line` counts from 1; 0 when the whole file is concerned."""

    file: str
    line: int
    field: str
    value: str
    reason: str
    entry: str = ""  # the id of the sheet, when it could be read

    def __str__(self) -> str:
        parts = [self.file]
        if self.line:
            parts.append(f"ligne {self.line}")
        if self.entry:
            parts.append(f"fiche « {self.entry} »")
        if self.field:
            parts.append(f"champ « {self.field} »")
        if self.value:
            parts.append(f"valeur « {self.value} »")
        return f"{', '.join(parts)} : {self.reason}"
