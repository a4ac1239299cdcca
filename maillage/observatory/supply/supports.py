"""Columns of the matrix that are not kinds of offer, such as incubation: found by words and types, from a data file."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from django.db.models import Q
from django.utils.translation import gettext as _
from pyroaring import BitMap

from maillage.catalogue.index import Snapshot
from maillage.catalogue.models import Offer, Structure

INCUBATION = "incubation"


@dataclass(frozen=True, slots=True)
class Support:
    """How offers of a support are recognised (see supports.toml)."""

    code: str
    words: tuple[str, ...]
    types: tuple[str, ...]
    kinds: tuple[str, ...]


@cache
def supports() -> tuple[Support, ...]:
    """The supports that are looked for, in order."""
    data = tomllib.loads(files(__package__).joinpath("supports.toml").read_text(encoding="utf-8"))
    return tuple(
        Support(each["code"], tuple(each["words"]), tuple(each["types"]), tuple(each["kinds"])) for each in data["support"]
    )


def support_label(code: str) -> str:
    """The name of a support; the code itself when it has none."""
    return {INCUBATION: _("Incubation")}.get(code, code)


_known: tuple[Snapshot, Mapping[str, BitMap]] | None = None
_lock = threading.Lock()


def offers_of(index: Snapshot) -> Mapping[str, BitMap]:
    """The offers of each support in this reading of the catalogue. Read from the database once per reading."""
    global _known
    with _lock:
        if _known is None or _known[0] is not index:
            _known = index, {support.code: _offers(index, support) for support in supports()}
        return _known[1]


def named_like(code: str) -> Q:
    """The offers whose name or sentence holds a word of a support; none when the support does not exist."""
    named = Q(pk__in=())
    for support in supports():
        for word in support.words if support.code == code else ():
            named |= Q(name__icontains=word) | Q(summary__icontains=word)
    return named


def _offers(index: Snapshot, support: Support) -> BitMap:
    structures = [
        pk
        for pk, types in Structure.objects.exclude(types=[]).order_by("pk").values_list("pk", "types")
        if set(types) & set(support.types)
    ]
    pks = list(Offer.objects.filter(named_like(support.code)).order_by("pk").values_list("pk", flat=True))
    found = np.isin(index.columns.pk, np.array(pks, dtype=np.int64))
    theirs = np.isin(index.columns.structure, np.array(structures, dtype=np.int64))
    of_kinds = BitMap.union(BitMap(), *(index.stating("kind", kind) for kind in support.kinds))
    return index.alive & (_at(found) | (_at(theirs) & of_kinds))


def _at(marks: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> BitMap:
    return BitMap(np.flatnonzero(marks).astype(np.uint32))
