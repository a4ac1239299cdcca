"""Pairs of sheets that may be the same thing, found without comparing everything with everything.

Sheets that share a key (SIRET, SIREN, web page, a rare word or two of the name) are compared; the others are not. A word that too
many sheets hold is no key by itself: two such words together are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from maillage.catalogue.access import MODELS
from maillage.catalogue.enums import Status
from maillage.catalogue.models import Offer, Relay, Structure
from maillage.interop.merging.keys import Face, compatible, departements_of, page_of, words_of

#: From this similarity of names on (0 to 100, RapidFuzz's ratio of their sorted words), a pair is proposed.
ALIKE = 88
#: With the same web page, or the same SIREN, names may differ more.
ALIKE_ON_THE_SAME_PAGE, ALIKE_UNDER_THE_SAME_SIREN = 55, 60
#: A key that more sheets share separates nothing.
COMMON = 400
#: Pairs proposed for one sheet at most, the best.
PER_SHEET = 5
#: Rarest words of a name that serve as keys.
_RAREST = 3
_CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sheets, `first` < `second`; `score` from 0 to 100; why, in codes: siret, siren, page, name."""

    first: str
    second: str
    score: int
    reasons: tuple[str, ...]


def faces(kind: str) -> list[Face]:
    """What is compared of every sheet of a kind that may be merged, in order of uid."""
    model = MODELS[kind]
    fields = {
        Structure.KIND: ("siret", "siren", "website", "commune"),
        Offer.KIND: ("kind", "coverage", "url"),
        Relay.KIND: ("level", "commune", "address"),
    }[kind]
    rows = model._default_manager.filter(merged_into="", withdrawn_on__isnull=True).exclude(status=Status.ARCHIVED)
    found = []
    for uid, source, name, *rest in rows.order_by("uid").values_list("uid", "source", "name", *fields).iterator(5_000):
        words = words_of(name)
        common: dict[str, Any] = {"uid": uid, "source": source, "name": " ".join(words), "words": words}
        if kind == Offer.KIND:
            nature, coverage, url = rest
            found.append(Face(**common, nature=nature, reach=departements_of(tuple(coverage)), page=page_of(url)))
        elif kind == Structure.KIND:
            siret, siren, website, commune = rest
            found.append(Face(**common, siret=siret, siren=siren or siret[:9], page=page_of(website), commune=commune))
        else:
            _level, commune, _address = rest
            found.append(Face(**common, reach=frozenset({commune}) if commune else frozenset(), commune=commune))
    return found


def candidates(every: Sequence[Face], only: Collection[str] | None = None) -> list[Pair]:
    """The pairs to propose, best first for each sheet. `only`: at least one of the two is among these uids."""
    wanted = None if only is None else {at for at, face in enumerate(every) if face.uid in only}
    found: dict[tuple[int, int], Pair] = {}
    for one, other, similarity in _compared(every, wanted):
        if (one, other) not in found and (pair := judged(every[one], every[other], similarity)):
            found[one, other] = pair
    taken: Counter[str] = Counter()
    kept = []
    for pair in sorted(found.values(), key=lambda pair: (-pair.score, pair.first, pair.second)):
        if taken[pair.first] < PER_SHEET and taken[pair.second] < PER_SHEET:
            taken.update((pair.first, pair.second))
            kept.append(pair)
    return kept


def judged(one: Face, other: Face, similarity: float) -> Pair | None:
    """The pair, if these two may be the same thing: what they share, and how sure it is."""
    if not compatible(one, other):
        return None
    reasons, score = [], 0.0
    if one.siret and one.siret == other.siret:
        reasons, score = ["siret"], 100.0
    elif (
        one.siren
        and one.siren == other.siren
        and (similarity >= ALIKE_UNDER_THE_SAME_SIREN or one.commune == other.commune != "")
    ):
        reasons, score = ["siren"], 90.0
    if one.page and one.page == other.page and similarity >= ALIKE_ON_THE_SAME_PAGE:
        reasons.append("page")
        score = max(score, 92.0)
    if similarity >= ALIKE and len(one.words) > 1:
        reasons.append("name")
        score = max(score, similarity)
    if not reasons:
        return None
    first, second = sorted((one.uid, other.uid))
    return Pair(first, second, min(100, round(score)), tuple(reasons))


def _compared(every: Sequence[Face], wanted: set[int] | None) -> Iterator[tuple[int, int, float]]:
    """(position, position, similarity of names) of the pairs worth a judgement; some come several times."""
    exact: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, face in enumerate(every):
        for name in ("siret", "siren", "page"):
            if value := getattr(face, name):
                exact[name, value].append(at)
        exact["name", face.nature, face.name].append(at)
    for key, block in exact.items():
        if len(block) > 1:
            cutoff = {"siret": 0, "siren": 0, "page": ALIKE_ON_THE_SAME_PAGE, "name": ALIKE}[key[0]]
            yield from _block(every, block, wanted, cutoff)
    for block in _blocks_of_words(every):
        yield from _block(every, block, wanted, ALIKE)


def _blocks_of_words(every: Sequence[Face]) -> Iterator[list[int]]:
    """Sheets that share a rare word of their name, or two common words that few sheets hold together."""
    frequency = Counter((face.nature, word) for face in every for word in face.words)
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, face in enumerate(every):
        rarest = sorted(face.words, key=lambda word: (frequency[face.nature, word], word))[:_RAREST]
        for word in rarest:
            if frequency[face.nature, word] <= COMMON:
                blocks[face.nature, word].append(at)
        common = sorted(word for word in rarest if frequency[face.nature, word] > COMMON)
        for pair in combinations(common, 2):
            blocks[(face.nature, *pair)].append(at)
        if len(common) == _RAREST:
            blocks[(face.nature, *common)].append(at)
    for block in blocks.values():
        if 1 < len(block) <= COMMON:
            yield block


def _block(every: Sequence[Face], block: Sequence[int], wanted: set[int] | None, cutoff: int) -> Iterator[tuple[int, int, float]]:
    """Every pair of a block from two sources whose names are at least that similar."""
    from rapidfuzz import fuzz, process  # not above: a process that compares no names does without its memory

    by_source: dict[str, list[int]] = defaultdict(list)
    for at in block:
        by_source[every[at].source].append(at)
    if len(by_source) == 1 or (wanted is not None and wanted.isdisjoint(block)):
        return
    names = [every[at].name for at in block]
    if len(block) == 2:
        if (similarity := fuzz.ratio(*names)) >= cutoff:
            yield min(block), max(block), similarity
        return
    for start in range(0, len(block), _CHUNK):
        scores = process.cdist(names[start : start + _CHUNK], names, scorer=fuzz.ratio, score_cutoff=cutoff, dtype=np.uint8)
        rows, columns = np.nonzero(scores) if cutoff else np.indices(scores.shape).reshape(2, -1)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            one, other = block[start + row], block[column]
            if one >= other or every[one].source == every[other].source:
                continue
            if wanted is None or one in wanted or other in wanted:
                yield one, other, float(scores[row, column])
