"""The stages that an offer is for, deduced: no source says them. Rules and limits: docs/algorithms/deduced-stages.md.

Pure. What comes out is marked « déduit » with the name of the rule, and waits for a person to confirm it; an offer of which
nothing can be deduced has no stage, which means that every stage is welcome.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

from maillage.interop.sources.texts import folded
from maillage.vocabulary.words import vocabulary

_BEFORE_CREATION = ("idee", "faisabilite", "creation")
_YOUNG = ("creation", "developpement")
_SETTLED = ("developpement", "consolidation")
#: The Région's frame pays support until 36 months after the creation (vocabulary.md): younger is « young ».
YOUNG_UNTIL = 36

#: The rules by name, with what the interface says of them.
RULES: Mapping[str, str] = {
    "mots": "d’après les mots du titre et de l’objet",
    "age": "d’après l’âge demandé aux entreprises",
    "mots-et-age": "d’après les mots et l’âge demandé aux entreprises",
    "types": "d’après les rubriques de la source",
    "aucun-indice": "rien ne dit l’étape : toutes conviennent",
}


def deduce(
    words: str, *, types: Collection[str] = (), months: int | None = None, months_at_least: int | None = None
) -> tuple[tuple[str, ...], str]:
    """The stages, in order, and the name of the rule that gave them.

    `words`: title and purpose (not the whole page: the more is read, the more is found). `types`: hints of the mapping, keys of
    `[types]` in stages.toml; one that is not there says nothing. `months`: the greatest age of a company that is accepted (0:
    not created yet); `months_at_least`: the least.
    """
    said = _said(words)
    aged = _aged(months, months_at_least)
    both = [stage for stage in said if stage in aged]
    if said and aged and both:
        return tuple(both), "mots-et-age"
    if said:
        return tuple(said), "mots"
    if aged:
        return aged, "age"
    hinted = {stage for hint in types for stage in _table()["types"].get(hint, ())}
    # a source that ticks nearly everything says nothing
    if hinted and len(hinted) < len(_in_order(vocabulary().codes("stage"))) - 2:
        return tuple(_in_order(hinted)), "types"
    return (), "aucun-indice"


def _in_order(stages: Iterable[str]) -> list[str]:
    found = set(stages)
    return [stage for stage in vocabulary().codes("stage") if stage in found]


def _aged(months: int | None, at_least: int | None) -> tuple[str, ...]:
    if months is not None and months <= 0:
        return _BEFORE_CREATION
    if months is not None and months <= YOUNG_UNTIL:
        return _YOUNG
    if at_least is not None and at_least >= YOUNG_UNTIL:
        return _SETTLED
    return ()


def _said(words: str) -> list[str]:
    sentences = [folded(sentence) for sentence in re.split(r"[.;!?\n]", words)]
    read = " . ".join(sentence for sentence in sentences if not _refusals().search(sentence))
    return [stage for stage, pattern in _patterns().items() if pattern.search(read)]


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "stages.toml").read_text(encoding="utf-8"))


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(re.escape(word).replace(r"\*", r"[a-z]*") for word in words) + r")\b")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = _table()["words"]
    return {stage: _pattern(words[stage]) for stage in vocabulary().codes("stage")}


@cache
def _refusals() -> re.Pattern[str]:
    return _pattern(_table()["refusals"]["words"])
