"""The supply as it was at the end of a month (docs/algorithms/demand.md#months)."""

from __future__ import annotations

from django.db import models


class MonthlySupply(models.Model):
    """One month, as last seen: which offers were open, and how many in each territory by stage and kind."""

    month = models.PositiveIntegerField(unique=True)
    day = models.DateField()  # the last day it was read
    offers = models.BinaryField()  # primary keys of the open offers: a serialised Roaring bitmap
    cells = models.BinaryField()  # territory → stage → kind → [offers, structures], JSON, deflated

    def __str__(self) -> str:
        return str(self.month)
