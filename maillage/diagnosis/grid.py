"""A grid of the self-diagnosis as plain values, read from the content of a version (JSON or TOML). Pure Python, no Django.

A grid has exactly the families it names, criteria in order, and perhaps a gate question. The position of a criterion in the grid is its
position in the code of the answers (`code.py`), so that the content of a published version must never change.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

#: Criteria at most: a code stays short, a person stays patient.
CRITERIA_AT_MOST = 60
_CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST = {"title": 120, "short": 20, "question": 300}
_LONGEST_OTHERWISE = 1_000


class Answer(StrEnum):
    """What one may answer to a criterion; the value is its letter in the code of an address."""

    NO = "n"
    NOT_YET = "p"
    PARTLY = "e"
    YES = "o"
    NOT_RELEVANT = "x"
    UNKNOWN = "s"


class Gate(StrEnum):
    """What one may answer to the gate question: the two doors of article 15-I of loi 2014-856."""

    FIRST = "1"
    SECOND = "2"
    BOTH = "3"
    NEITHER = "0"
    UNKNOWN = "s"


#: In a code, the place of a criterion that was not answered.
UNANSWERED = "-"
#: The code of the gate question among the criteria.
GATE = "porte"


class GridError(ValueError):
    """The content of a grid is wrong; the message says where and what to do, in French."""


@dataclass(frozen=True, slots=True)
class Words:
    """One text in French, and in English when somebody wrote it."""

    fr: str
    en: str = ""

    def said(self, language: str | None) -> str:
        """The text in a language; in French when the English one is missing."""
        return self.en if self.en and (language or "fr").startswith("en") else self.fr


@dataclass(frozen=True, slots=True)
class Family:
    """A family of criteria. `short` names it in a drawing."""

    code: str
    title: Words
    short: Words
    plain: Words


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion. `need` is the vocabulary's need whose offers help with it; `advice` says the first thing to do."""

    code: str
    family: str
    need: str
    title: Words
    question: Words
    why: Words
    example: Words
    advice: Words

    #: What may be answered.
    letters = frozenset(Answer)


@dataclass(frozen=True, slots=True)
class GateQuestion:
    """The question of article 15-I: which of the two doors of the law. It is not scored."""

    title: Words
    question: Words
    why: Words
    first: Words
    second: Words

    code = GATE
    letters = frozenset(Gate)


@dataclass(frozen=True)
class Grid:
    """The content of one version. `rule` names the scoring rule (`scoring.RULES`) that its results keep for ever."""

    title: Words
    intro: Words
    minutes: int
    rule: int
    gate: GateQuestion | None
    families: tuple[Family, ...]
    criteria: tuple[Criterion, ...]

    @cached_property
    def steps(self) -> tuple[GateQuestion | Criterion, ...]:
        """Everything that is asked, in the order of the code: the gate question if there is one, then the criteria."""
        return (*([self.gate] if self.gate else []), *self.criteria)

    @cached_property
    def by_code(self) -> Mapping[str, GateQuestion | Criterion]:
        """What is asked, by code."""
        return {step.code: step for step in self.steps}

    def of_family(self, code: str) -> tuple[Criterion, ...]:
        """The criteria of a family, in order."""
        return tuple(criterion for criterion in self.criteria if criterion.family == code)


def digest(content: Mapping[str, Any]) -> str:
    """What tells one content from another: the SHA-256 of its canonical JSON."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def read_grid(content: Mapping[str, Any], needs: frozenset[str] | None = None) -> Grid:
    """The grid of a content: {title, intro, minutes, rule, gate, family: […], criterion: […]}. `needs`: the codes a criterion may name.

    Raises GridError with everything that is wrong, one sentence a line.
    """
    problems: list[str] = []
    families = tuple(_family(entry, problems) for entry in _entries(content, "family"))
    criteria = tuple(_criterion(entry, problems) for entry in _entries(content, "criterion"))
    known = {family.code for family in families}
    problems += list(_wrong(families, criteria, known, needs))
    gate = content.get("gate")
    grid = Grid(
        title=_words(content, "title", "grille", problems),
        intro=_words(content, "intro", "grille", problems),
        minutes=content["minutes"] if isinstance(content.get("minutes"), int) else 10,
        rule=content["rule"] if isinstance(content.get("rule"), int) else 1,
        gate=_gate(gate, problems) if isinstance(gate, Mapping) else None,
        families=families,
        criteria=criteria,
    )
    if problems:
        raise GridError("\n".join(problems))
    return grid


def _entries(content: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    listed = content.get(name, [])
    return [entry for entry in listed if isinstance(entry, Mapping)] if isinstance(listed, list) else []


def _words(entry: Mapping[str, Any], name: str, where: str, problems: list[str]) -> Words:
    value = entry.get(name)
    texts = {key: value.get(key, "") for key in ("fr", "en")} if isinstance(value, Mapping) else {"fr": value or "", "en": ""}
    limit = _LONGEST.get(name, _LONGEST_OTHERWISE)
    for language, text in texts.items():
        if not isinstance(text, str) or len(text) > limit:
            problems.append(f"{where} : le texte « {name} » ({language}) a {limit} signes au plus.")
            texts[language] = ""
    if not texts["fr"].strip():
        problems.append(f"{where} : le texte « {name} » manque en français.")
    return Words(texts["fr"].strip(), texts["en"].strip())


def _code(entry: Mapping[str, Any], kind: str, problems: list[str]) -> str:
    code = entry.get("code")
    if isinstance(code, str) and len(code) <= 40 and _CODE.fullmatch(code) and code != GATE:
        return code
    problems.append(
        f"{kind} « {code} » : un code s’écrit en minuscules sans accent, avec des traits d’union (et n’est pas « {GATE} »)."
    )
    return ""


def _family(entry: Mapping[str, Any], problems: list[str]) -> Family:
    code = _code(entry, "famille", problems)
    return Family(code, *(_words(entry, name, f"famille « {code} »", problems) for name in ("title", "short", "plain")))


def _criterion(entry: Mapping[str, Any], problems: list[str]) -> Criterion:
    code = _code(entry, "critère", problems)
    texts = (_words(entry, name, f"critère « {code} »", problems) for name in ("title", "question", "why", "example", "advice"))
    return Criterion(code, str(entry.get("family", "")), str(entry.get("need", "")), *texts)


def _gate(entry: Mapping[str, Any], problems: list[str]) -> GateQuestion:
    return GateQuestion(
        *(_words(entry, name, "question d’entrée", problems) for name in ("title", "question", "why", "first", "second"))
    )


def _wrong(
    families: tuple[Family, ...], criteria: tuple[Criterion, ...], known: set[str], needs: frozenset[str] | None
) -> Iterator[str]:
    if len(families) != 3 or len(known) != 3:
        yield "grille : il faut trois familles, comme les orientations du Conseil supérieur de l’ESS."
    if len(criteria) > CRITERIA_AT_MOST:
        yield f"grille : {CRITERIA_AT_MOST} critères au plus."
    codes = [criterion.code for criterion in criteria]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"critère « {code} » : ce code sert deux fois."
    for criterion in criteria:
        if criterion.family not in known:
            yield f"critère « {criterion.code} » : la famille « {criterion.family} » n’existe pas."
        if needs is not None and criterion.need not in needs:
            yield f"critère « {criterion.code} » : le besoin « {criterion.need} » n’est pas dans le vocabulaire."
    for code in sorted(known - {criterion.family for criterion in criteria}):
        yield f"famille « {code} » : il lui faut au moins un critère."
