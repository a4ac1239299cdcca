"""Visitors of a day: an estimate, and while the day lasts what makes it (docs/algorithms/visitors.md)."""

from __future__ import annotations

from django.db import models


class VisitorDay(models.Model):
    """How many different visitors came on a day (Paris), about. `registers` is the sketch, forgotten when the day is over."""

    day = models.DateField()
    portal = models.CharField(max_length=60)
    pages = models.PositiveBigIntegerField(default=0)
    visitors = models.PositiveBigIntegerField(default=0)
    registers = models.BinaryField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("day", "portal"), name="visitor_day_unique"),)

    def __str__(self) -> str:
        return f"{self.day} {self.portal} : {self.visitors}"
