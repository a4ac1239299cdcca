"""Who carries an aid: a name, sometimes a SIREN → the structure of the sheet, and whether it is public or of the ESS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from stdnum.fr import siren as siren_rules

from maillage.interop.sources.texts import folded, tidy
from maillage.vocabulary.words import read_toml

_FOLDER = Path(__file__).parent


def nature(name: str) -> str:
    """`public`, `ess` or `autre` from the name of a funder, by the words of funders.toml; empty when they say nothing."""
    plain = f" {folded(name)} "
    for value, pattern in _patterns():
        if pattern.search(plain):
            return value
    return ""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rules = read_toml(_FOLDER / "funders.toml")["rule"]
    return tuple((rule["nature"], re.compile("|".join(rf" {re.escape(word)} " for word in rule["words"]))) for rule in rules)


def structure(name: str, siren: str = "", **more: Any) -> Mapping[str, Any]:
    """The structure of a funder. Its id is its SIREN, else its folded name: the same funder is one structure in a source."""
    plain = " ".join(tidy(name).split())
    siren = siren if siren and siren_rules.is_valid(siren) else ""
    ref = f"siren-{siren}" if siren else slug(plain)
    return {"id": ref, "name": plain, "siren": siren, "nonprofit": nature(plain), **more}


def slug(text: str, limit: int = 80) -> str:
    """A name as an id: folded, with hyphens."""
    return folded(text).replace(" ", "-")[:limit].strip("-")
