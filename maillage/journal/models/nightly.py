"""When each nightly step last ran."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StepRun(models.Model):
    """One row per nightly step: when it last began and ended, and what it said. Taking it (`begun_at`) is what makes one process run it."""

    step = models.CharField(max_length=60, unique=True)
    known_at = models.DateTimeField(default=timezone.now, editable=False)
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    failed = models.BooleanField(default=False)
    said = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("étape de nuit")
        verbose_name_plural = _("étapes de nuit")
        ordering = ("step",)

    def __str__(self) -> str:
        return self.step
