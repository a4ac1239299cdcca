from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SitingRun(models.Model):
    """One question « where to put the next N? », from its asking to its answer.

    The process that works on it holds the lease (`leased_by`, `leased_until`); when it dies another one starts the question again:
    nothing is written before the answer.
    """

    class State(models.TextChoices):
        """Where a question stands."""

        WAITING = "waiting", _("En attente")
        RUNNING = "running", _("Calcul en cours")
        DONE = "done", _("Terminé")
        CANCELLED = "cancelled", _("Annulé")
        FAILED = "failed", _("Arrêté")

    KIND: ClassVar[str] = "siting"
    UNFINISHED: ClassVar[tuple[str, ...]] = (State.WAITING, State.RUNNING)

    uid = models.CharField(max_length=32, unique=True, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(_("demandé par"), max_length=150)
    created_at = models.DateTimeField(_("demandé le"), default=timezone.now)

    territory = models.CharField(_("territoire"), max_length=40)  # key: "region:52"
    method = models.CharField(_("méthode"), max_length=12)  # see problem.METHODS
    count = models.PositiveSmallIntegerField(_("lieux à placer"))
    threshold = models.PositiveSmallIntegerField(_("distance (km)"))
    candidates = models.JSONField(_("communes possibles"), default=list)  # INSEE codes; empty = every commune of the territory
    keep_existing = models.BooleanField(_("compter les relais actuels"), default=True)

    state = models.CharField(_("état"), max_length=12, choices=State.choices, default=State.WAITING, db_index=True)
    progress = models.JSONField(default=dict)  # {step, value, bound}
    result = models.JSONField(default=dict)  # see runs.result_of
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_by = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        app_label = "observatory"
        verbose_name = _("calcul d’implantation")
        verbose_name_plural = _("calculs d’implantation")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.territory} × {self.count}"

    @property
    def name(self) -> str:
        """What the journal calls it."""
        return str(self)

    @property
    def is_finished(self) -> bool:
        """Is there nothing to wait for?"""
        return self.state not in self.UNFINISHED

    @property
    def answer(self) -> dict[str, Any]:
        """The result, empty until it is done."""
        found: dict[str, Any] = self.result if self.state == self.State.DONE else {}
        return found
