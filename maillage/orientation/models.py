from __future__ import annotations

from django.db import models


class SearchRecord(models.Model):
    """One orientation, anonymous: what was asked, where, and how much was found. The observatory's raw material.

    No free text, no address, no identifier; nothing is read from or stored on the visitor's device.
    """

    day = models.DateField(db_index=True)
    portal = models.CharField(max_length=60)
    stage = models.CharField(max_length=20, blank=True)
    needs = models.JSONField(default=list)
    commune = models.CharField(max_length=5, blank=True)
    epci = models.CharField(max_length=9, blank=True)
    departement = models.CharField(max_length=3, blank=True)
    region = models.CharField(max_length=2, blank=True)
    results = models.JSONField(default=dict)  # kind → number of results
    total = models.PositiveIntegerField()
    nothing_found = models.BooleanField()

    class Meta:
        ordering = ("-day", "-pk")

    def __str__(self) -> str:
        return f"{self.day} {self.stage} {self.commune} : {self.total}"
