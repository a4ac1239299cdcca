from __future__ import annotations

import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _


def digest_of(url: str) -> str:
    """What finds the row of an address, whatever its length."""
    return hashlib.sha256(url.encode()).hexdigest()


class CheckedLink(models.Model):
    """An address that sheets hold, and what the weekly check found there. Written outside requests (`interop.links`)."""

    digest = models.CharField(max_length=64, unique=True)
    url = models.CharField(max_length=1000)
    checked_at = models.DateTimeField(null=True, blank=True, db_index=True)
    ok_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    failing_since = models.DateTimeField(null=True, blank=True)  # the first of them
    flagged_at = models.DateTimeField(null=True, blank=True, db_index=True)  # « lien à vérifier » is shown
    said = models.CharField(max_length=300, blank=True)  # what the last check met, in French

    class Meta:
        verbose_name = _("lien vérifié")
        verbose_name_plural = _("liens vérifiés")
        ordering = ("url", "pk")

    def __str__(self) -> str:
        return self.url
