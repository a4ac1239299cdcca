"""How processes know that the catalogue moved: one counter, and which sheets each step touched."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Revision(models.Model):
    """The single row (pk 1) that counts catalogue writes. Each process compares it with its index once per request."""

    ROW = 1

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class Change(models.Model):
    """A sheet touched by a revision. `subject` 0 with kind `all` means: too many to list, build the index again."""

    ALL: ClassVar[str] = "all"

    revision = models.PositiveBigIntegerField(db_index=True)
    kind = models.CharField(max_length=12)  # offer | structure | relay | all
    subject = models.BigIntegerField(default=0)  # primary key of the sheet

    class Meta:
        ordering = ("revision", "pk")

    def __str__(self) -> str:
        return f"{self.revision} {self.kind} {self.subject}"
