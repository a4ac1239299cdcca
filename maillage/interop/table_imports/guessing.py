"""Headings and values → the field that each column most likely goes to (docs/algorithms/column-matching.md).

Two readings, never one alone against the other: how the heading is spelt, and what the cells hold. Pure but for the vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial

from stdnum.fr import siren, siret

from maillage.interop.problems import Wrong
from maillage.interop.table_imports import cells
from maillage.interop.table_imports.fields import Target, codes_by_label, names, targets
from maillage.interop.table_imports.matching import SEPARATORS, Host, Matching
from maillage.interop.table_imports.shape import Column
from maillage.territories import queries
from maillage.territories.names import fold

#: Likeness of a heading and a name, out of 100, under which it says nothing; what an exact heading is worth.
ALIKE, EXACT = 88, 100
#: Likeness of a word and a label from which the label is proposed: « associations », not « collectivités d’outre-mer ».
NEAR = 84
#: Share of the values that must be of a sort for the content to say so, and how many values are looked at.
SHARE, LOOKED_AT = 0.8, 40
#: A column is matched from this score on. Content alone reaches it only for sorts that nothing else looks like.
ENOUGH = 60

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_WEB = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+33|0)\s?(?:\(0\)\s?)?[1-9](?:[ .\-]?\d{2}){4}")
_POSTCODE, _INSEE = re.compile(r"\d{5}"), re.compile(r"\d[\dAB]\d{3}")
_EURO = re.compile(r".*\d.*(€|euros?\b|eur\b|k€)", re.IGNORECASE)
_DECIMAL = re.compile(r"-?\d{1,3}[.,]\d{3,}")


def guess(columns: Sequence[Column], kind: str) -> Matching:
    """The matching proposed for a table seen for the first time."""
    scored = []
    for place, column in enumerate(columns):
        for key, score in scores(column, kind).items():
            scored.append((-score, place, key))
    taken: dict[int, str] = {}
    used: dict[str, int] = {}
    known = targets(kind)
    for score, place, key in sorted(scored):
        target = known.get(key)
        if place in taken or -score < ENOUGH:
            continue
        if key in used and not (target and target.takes_many_columns and -score >= ALIKE and key == "address"):
            continue
        taken[place] = key
        used[key] = place
    chosen = {column.name: taken.get(place, "") for place, column in enumerate(columns)}
    identity = next((name for name, key in chosen.items() if key == "id"), "")
    host = Host()
    if kind != "structure":
        for by, key in (("id", "structure_id"), ("name", "structure_name")):
            if name := next((name for name, one in chosen.items() if one == key), ""):
                host = Host(by, name)
                break
    by_name = {column.name: column for column in columns}
    return Matching(
        columns={name: key if key in known else "" for name, key in chosen.items()},
        separators={
            name: separator(by_name[name].values, known[key])
            for name, key in chosen.items()
            if key in known and known[key].may_be_split
        },
        identity=identity,
        host=host,
    )


def scores(column: Column, kind: str) -> dict[str, float]:
    """Field → how likely the column goes to it, 0 to about 130."""
    content = by_content(column.values[:LOOKED_AT], kind)
    found: dict[str, float] = {}
    heading = fold(re.sub(r" \(\d+\)$", "", column.name)) if not column.renamed else ""
    for key, known in names(kind).items():
        score = by_heading(heading, known) if heading else 0.0
        if key in content:
            score += content[key]
        elif content and score:
            score -= 15  # the cells look like something else
        if score > 0:
            found[key] = score
    return found


def by_heading(heading: str, known: Sequence[str]) -> float:
    """How much a folded heading looks like one of the names of a field: 100 when it is one, earlier names a little more."""
    from rapidfuzz import fuzz, process  # not above: a process that compares no names does without its memory

    if heading in known:
        return EXACT - known.index(heading) * 0.1
    best = process.extractOne(heading, known, scorer=fuzz.ratio, score_cutoff=ALIKE)
    if best:
        return float(best[1]) - 10
    words = f" {heading} "
    inside = max((len(name) for name in known if len(name) > 3 and f" {name} " in words), default=0)
    return 50 + 30 * inside / len(heading) if inside else 0.0


def by_content(values: Sequence[str], kind: str) -> dict[str, float]:
    """What the cells say: field → points. Empty when they say nothing."""
    if not values:
        return {}

    def share(test: Callable[[str], object]) -> bool:
        misses = (1 - SHARE) * len(values)
        for value in values:
            if not test(value):
                misses -= 1
                if misses < 0:
                    return False  # at once: reading a name that is no place costs milliseconds
        return True

    for test, points in _SIGNS:
        if share(test):
            return {key: float(point) for key, point in points.items()}
    found: dict[str, float] = {}
    for key, target in targets(kind).items():
        if target.coded:
            known = codes_by_label(key)
            sign = SEPARATORS[separator(values, target)]
            if share(partial(_all_known, known, sign)):
                found[key] = 40.0
    if not found and share(lambda value: len(value) < 80 and cells.territories_named(value, "")):
        found = {"coverage": 30.0, "commune": 20.0}
    return found


def _all_known(known: Mapping[str, str], sign: str, value: str) -> bool:
    return all(fold(item) in known for item in split(value, sign))


def _reads(reader: Callable[[str], object]) -> Callable[[str], bool]:
    def test(value: str) -> bool:
        try:
            reader(value)
        except Wrong:
            return False
        return True

    return test


def _is_day(value: str) -> bool:
    return not value.isdecimal() and _reads(cells.day)(value)


@lru_cache(maxsize=4096)
def _is_commune(code: str) -> bool:
    return queries.commune(code) is not None


#: Codes that end in 000 are postal codes of towns far more often than INSEE codes.
_POSTCODE_ONLY = re.compile(r"\d{2}000")
#: Sorts that nothing else looks like, most particular first: (test of one value, points of the fields that take it).
_SIGNS: tuple[tuple[Callable[[str], object], Mapping[str, int]], ...] = (
    (lambda value: _EMAIL.fullmatch(value), {"email": 70}),
    (lambda value: _WEB.match(value), {"website": 60, "url": 60, "source_url": 40}),
    (lambda value: siret.is_valid(value), {"siret": 70}),
    (lambda value: siren.is_valid(value) and len(value.replace(" ", "")) == 9, {"siren": 65}),
    (lambda value: _PHONE.fullmatch(value), {"phone": 70}),
    (
        lambda value: _INSEE.fullmatch(value) and _is_commune(value) and not _POSTCODE_ONLY.fullmatch(value),
        {"commune": 40, "postcode": 30},
    ),
    (lambda value: _POSTCODE.fullmatch(value), {"postcode": 45, "commune": 25}),
    (_is_day, {"closes": 20, "opens": 20, "updated": 20, "verified_on": 20, "mark_until": 20}),
    (lambda value: _EURO.fullmatch(value), {"amount_max": 40, "amount_min": 30, "cost_detail": 10}),
    (lambda value: value.endswith("%"), {"rate_max": 55}),
    (lambda value: _DECIMAL.fullmatch(value), {"lon": 20, "lat": 20}),
)


def separator(values: Sequence[str], target: Target) -> str:
    """The word of the sign that separates the items of a list in these cells; « aucun » when each holds one."""
    best, most = "aucun", 0
    for word in ("barre", "ligne", "point-virgule", "virgule"):
        count = sum(SEPARATORS[word] in value for value in values)
        if word == "virgule" and target.sort in ("territory", "text", "json"):
            continue  # commas belong to sentences and to names of places
        if count > most:
            best, most = word, count
    if target.sort == "json":
        return "aucun"
    return best


def split(cell: str, sign: str) -> list[str]:
    """The items of a cell; the cell itself when nothing separates them."""
    return [item for item in (part.strip() for part in cell.split(sign)) if item] if sign else [cell]


def proposal(key: str, value: str) -> str:
    """The code whose label is nearest to an unknown value; "" when none is near enough."""
    from rapidfuzz import fuzz, process  # not above: a process that compares no names does without its memory

    known = codes_by_label(key)
    best = process.extractOne(fold(value), list(known), scorer=fuzz.ratio, score_cutoff=NEAR)
    return known[best[0]] if best else ""
