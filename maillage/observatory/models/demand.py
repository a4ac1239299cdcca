"""Searches counted by month (docs/algorithms/demand.md). Months are whole numbers, year × 100 + month: 202611."""

from __future__ import annotations

from django.db import models

#: The `need` of a row that counts every search, whatever was needed; "" counts those that named no need.
EVERY = "*"


class Counts(models.Model):
    """Searches, those that found nothing, those that found fewer than three offers."""

    searches = models.PositiveBigIntegerField()
    empty = models.PositiveBigIntegerField()
    few = models.PositiveBigIntegerField()

    class Meta:
        abstract = True


class DemandCell(Counts):
    """Searches of a month from a commune at a stage for a need: what is kept when the records are gone."""

    month = models.PositiveIntegerField()
    portal = models.CharField(max_length=60)
    commune = models.CharField(max_length=5, blank=True)  # as it was searched: maybe a commune that has merged since
    stage = models.CharField(max_length=20, blank=True)
    need = models.CharField(max_length=40, blank=True)  # EVERY, "" or a code

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("month", "portal", "commune", "stage", "need"), name="demand_cell_unique"),
        )

    def __str__(self) -> str:
        return f"{self.month} {self.commune} {self.stage} {self.need} : {self.searches}"


class DemandTotal(Counts):
    """The same counts for wider territories, as they are drawn today: made from the cells, thrown away at will.

    `level`: "part" (the communes of an EPCI in one département, `code` = "53/200048551"), "departement", "region" or "france" (code "").
    """

    level = models.CharField(max_length=12)
    code = models.CharField(max_length=16, blank=True)
    month = models.PositiveIntegerField()
    portal = models.CharField(max_length=60)
    stage = models.CharField(max_length=20, blank=True)
    need = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("level", "need", "code", "month", "portal", "stage"), name="demand_total_unique"),
        )

    def __str__(self) -> str:
        return f"{self.month} {self.level} {self.code} {self.stage} {self.need} : {self.searches}"


class Area(models.Model):
    """Where a commune code is counted today: former codes lead to the commune they are part of. Copied from `territories`."""

    code = models.CharField(max_length=5, primary_key=True)
    commune = models.CharField(max_length=5, db_index=True)
    epci = models.CharField(max_length=9, blank=True)
    departement = models.CharField(max_length=3)
    region = models.CharField(max_length=2)

    def __str__(self) -> str:
        return f"{self.code} → {self.commune}"


class FormerTerritory(models.Model):
    """An EPCI that is gone, and the one where most of its inhabitants are now: what was counted under its code goes there."""

    code = models.CharField(max_length=9, primary_key=True)
    successor = models.CharField(max_length=9)

    def __str__(self) -> str:
        return f"{self.code} → {self.successor}"


class RollUp(models.Model):
    """How far the records are counted. Moves in the transaction that adds the counts: a killed roll-up counts nothing twice."""

    name = models.CharField(max_length=20, primary_key=True)
    last_record = models.BigIntegerField(default=0)
    edition = models.CharField(max_length=60, blank=True)  # of the territories that the totals are drawn on
    at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} : {self.last_record}"
