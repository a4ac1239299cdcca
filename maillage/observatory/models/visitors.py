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


class VisitorSalt(models.Model):
    """The secret of a day, shared by the processes that count it. Deleted when the day is over; never in a backup."""

    day = models.DateField(primary_key=True)
    salt = models.BinaryField()

    def __str__(self) -> str:
        return str(self.day)
