"""Every visible structure and offer that data.inclusion v1 can hold, one record after the other, and why the others stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from maillage.catalogue.models import Offer, Structure
from maillage.catalogue.rows import Row, rows
from maillage.interop.addresses import Addresses
from maillage.interop.inclusion import mapping
from maillage.interop.inclusion.mapping import LeftOut


@dataclass(slots=True)
class Told:
    """What an export wrote and left out: reasons, in French, with how many sheets each kept back."""

    written: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Export:
    """One export. A service whose structure stayed stays too, as nobody could attach it."""

    today: date
    addresses: Addresses
    structures: Told = field(default_factory=Told)
    services: Told = field(default_factory=Told)

    def structure_records(self, found: Iterable[Row] | None = None) -> Iterator[dict[str, Any]]:
        """The structures: of `found`, else every visible one."""
        for row in rows(Structure) if found is None else found:
            record = self._record(mapping.structure, row, self.addresses.structure(row), self.structures)
            if record is not None:
                yield record

    def service_records(self, found: Iterable[Row] | None = None) -> Iterator[dict[str, Any]]:
        """The services: of the offers `found`, else of every visible one."""
        for row in rows(Offer) if found is None else found:
            record = self._record(mapping.service, row, self.addresses.offer(row), self.services)
            if record is not None:
                yield record

    def _record(self, make: Callable[..., dict[str, Any]], row: Row, address: str, told: Told) -> dict[str, Any] | None:
        try:
            record = make(row, self.today, address)
        except LeftOut as reason:
            told.left_out[str(reason)] += 1
            return None
        told.written += 1
        return record
