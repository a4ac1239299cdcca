from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.catalogue.models import Offer


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


class Alert(models.Model):
    """An orientation that somebody asked to be told about by e-mail: its canonical address and a frequency.

    It waits (`PENDING`) until its receiver presses the button that the first e-mail leads to. Stopped or expired, the row is deleted.
    `known` says what the receiver could see when the alert began (offer's key → version): that is not new.
    """

    class State(models.TextChoices):
        """Asked for, then confirmed by whoever reads the address."""

        PENDING = "pending", _("à confirmer")
        ACTIVE = "active", _("en cours")

    class Frequency(models.TextChoices):
        """How often, at most."""

        DAILY = "daily", _("au fil de l’eau, une fois par jour au plus")
        WEEKLY = "weekly", _("une fois par semaine au plus")
        MONTHLY = "monthly", _("une fois par mois au plus")

    email = models.EmailField()
    query = models.CharField(max_length=2000, blank=True)  # canonical, as `Situation.query` writes it
    frequency = models.CharField(max_length=8, choices=Frequency.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    language = models.CharField(max_length=5)
    #: The start of the addresses of the portal where it was asked for, when it has a host of its own; else that of the installation.
    site = models.CharField(max_length=200, blank=True)
    known = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    next_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("email", "query"), name="alert_once"),
            models.CheckConstraint(condition=Q(state__in=("pending", "active")), name="alert_state_known"),
            models.CheckConstraint(
                condition=Q(state="pending") | Q(next_on__isnull=False, expires_on__isnull=False), name="alert_active_has_dates"
            ),
        )
        indexes = (models.Index(fields=("state", "next_on"), name="alert_due"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.frequency}"


class Told(models.Model):
    """An alert told of one version of one offer: once."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="told")
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="+")
    version = models.CharField(max_length=40)
    on = models.DateField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("alert", "offer", "version"), name="told_once"),)

    def __str__(self) -> str:
        return f"{self.alert_id} {self.offer_id} {self.version}"
