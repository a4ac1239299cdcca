"""What ranking needs of each offer, as NumPy arrays indexed by position."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, fields
from datetime import date, datetime
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from maillage.catalogue.enums import Silence
from maillage.catalogue.index.offers import OfferRow
from maillage.catalogue.index.reach import NO_SCALE, scale
from maillage.vocabulary.words import vocabulary


@dataclass(frozen=True, slots=True)
class Columns:
    """One array per fact. A position that left the index keeps its last values: always start from a bitmap of live ones."""

    pk: NDArray[np.int64]
    structure: NDArray[np.int64]  # primary key
    kind: NDArray[np.int8]  # rank in the vocabulary; an unknown kind comes last
    scale: NDArray[np.int8]  # closest level of coverage: 0 commune, 1 EPCI, 2 département, 3 région, 4 France
    verified: NDArray[np.int32]  # day ordinal, 0 = never
    late: NDArray[np.int8]  # 1: asked to confirm and late to answer (enums.Silence)
    updated: NDArray[np.int32]  # day ordinal, 0 = unknown
    opens: NDArray[np.int32]  # day ordinal, 0 = no date
    closes: NDArray[np.int32]  # day ordinal, 0 = no date
    modified: NDArray[np.int64]  # when the sheet or its structure last changed: microseconds since 1970, UTC
    lon: NDArray[np.float32]  # degrees, nan = unknown
    lat: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.pk)

    def followed_by(self, more: Columns) -> Columns:
        """These columns, then others."""
        return Columns(*(np.concatenate((getattr(self, each.name), getattr(more, each.name))) for each in fields(self)))


class ColumnGatherer:
    """Collects the columns while offers are read."""

    def __init__(self) -> None:
        self._values: tuple[array[Any], ...] = tuple(array(code) for code in "qqbbibiiiqff")
        self._kinds = {code: rank for rank, code in enumerate(vocabulary().codes("kind"))}

    def __len__(self) -> int:
        return len(self._values[0])

    def add(self, row: OfferRow) -> None:
        """The offer at the next position."""
        values = (
            row.pk,
            row.structure,
            self._kinds.get(row.kind, len(self._kinds)),
            min(map(scale, row.keys("coverage")), default=NO_SCALE),
            _ordinal(row.verified_on),
            int(row.silence == Silence.LATE),
            _ordinal(row.updated),
            _ordinal(row.opens),
            _ordinal(row.closes),
            microseconds(max(row.modified_at, row.structure_modified)),
            nan if row.lon is None else row.lon,
            nan if row.lat is None else row.lat,
        )
        for column, value in zip(self._values, values, strict=True):
            column.append(value)

    def columns(self) -> Columns:
        """Everything collected."""
        return Columns(*(np.array(column) for column in self._values))


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def microseconds(moment: datetime) -> int:
    """An aware moment as the `modified` column holds it."""
    return round(moment.timestamp() * 1_000_000)
