"""Keep the supply of the month: written each night over the night before, so that what stays is the last day of the month."""

from __future__ import annotations

import json
import zlib
from datetime import date

import numpy as np
from django.db import transaction

from maillage.catalogue.index import current_index
from maillage.observatory.models import MonthlySupply
from maillage.observatory.months import month_of
from maillage.observatory.supply import supports
from maillage.observatory.supply.criteria import EVERYTHING, live
from maillage.observatory.supply.matrix import ALL, matrix
from maillage.territories import queries as territories
from maillage.territories.values import Territory
from maillage.vocabulary.portals import portals


def take(today: date) -> int:
    """Write the month of a day (Paris); returns how many offers are open. Running it again the same day writes the same."""
    index = current_index()
    offers = live(index, EVERYTHING, today)
    found = matrix(index, _kept(), today=today, supports=supports.offers_of(index))
    cells = {
        row.place.key: {
            stage: {kind: [row.cell(stage, kind).offers, row.cell(stage, kind).structures] for kind in (ALL, *found.kinds)}
            for stage in found.stages
        }
        for row in found.rows
    }
    keys = index.columns.pk[np.frombuffer(offers.to_array(), dtype=np.uint32)]
    values = {"day": today, "offers": pack_keys(keys), "cells": zlib.compress(json.dumps(cells, sort_keys=True).encode(), 9)}
    with transaction.atomic():
        MonthlySupply.objects.update_or_create(month=month_of(today), defaults=values)
    return len(offers)


def pack_keys(keys: np.ndarray[tuple[int], np.dtype[np.int64]]) -> bytes:
    """Primary keys in few bytes: sorted, then the steps between them, deflated."""
    steps = np.diff(np.sort(np.asarray(keys, dtype=np.int64)), prepend=0)
    return zlib.compress(steps.tobytes(), 9)


def unpack_keys(packed: bytes) -> frozenset[int]:
    """The primary keys that were packed."""
    return frozenset(np.cumsum(np.frombuffer(zlib.decompress(packed), dtype=np.int64)).tolist())


def _kept() -> list[Territory]:
    """France, and the régions of the portals with their départements and EPCI, each once."""
    found = {Territory("france", ""): None}
    for code in dict.fromkeys(code for portal in portals().values() for code in portal.regions):
        found[Territory("region", code)] = None
        for departement in territories.departements_of_region(code):
            found[departement.territory] = None
            for epci in territories.epci_of_departement(departement.code):
                found[epci.territory] = None
    return list(found)
