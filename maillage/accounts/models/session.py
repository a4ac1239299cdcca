from __future__ import annotations

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models.person import Person


class Session(AbstractBaseSession):
    """An open session, with what its person needs to recognise it. No address of the network is kept."""

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="sessions")
    handle = models.CharField(max_length=20, db_index=True)  # names it in pages: the key itself never leaves the cookie
    device = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("-opened_at", "handle")

    def __str__(self) -> str:
        return f"{self.device} {self.opened_at:%Y-%m-%d %H:%M}"
