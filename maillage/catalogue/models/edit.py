from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ProposedEdit(models.Model):
    """What a structure wants to change on its published sheet, where the portal reads before it shows. The sheet has not moved.

    `changes` is field → [before, after], as the journal keeps them. One waits at most for a sheet: a second one is added to it.
    """

    class State(models.TextChoices):
        WAITING = "attente", _("à relire")
        ACCEPTED = "acceptee", _("acceptée")
        REFUSED = "refusee", _("refusée")
        TAKEN_BACK = "reprise", _("reprise par la structure")

    sheet_kind = models.CharField(max_length=12)
    sheet_uid = models.CharField(max_length=12)
    sheet_name = models.CharField(max_length=300)
    changes = models.JSONField(default=dict)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    person_name = models.CharField(max_length=150)
    state = models.CharField(_("état"), max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    note = models.TextField(blank=True)

    objects: ClassVar[models.Manager[ProposedEdit]] = models.Manager()

    class Meta:
        verbose_name = _("modification à relire")
        verbose_name_plural = _("modifications à relire")
        ordering = ("created_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("sheet_kind", "sheet_uid"), condition=Q(state="attente"), name="proposed_edit_one_waits"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sheet_name} ({self.get_state_display()})"
