"""Whom to tell: messages, and the kinds that somebody asked not to receive."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One e-mail to one address, written in the transaction of what it tells, sent later by the worker (`journal.outbox`).

    `key` makes it unique: telling twice the same thing is written once. Its text is complete when the row is written: what changes
    afterwards does not change what was told.
    """

    class State(models.TextChoices):
        READY = "ready", _("à envoyer")
        SENDING = "sending", _("en cours d’envoi")
        SENT = "sent", _("envoyé")
        FAILED = "failed", _("abandonné après plusieurs essais")
        REFUSED = "refused", _("refusé par le serveur du destinataire")
        EXPIRED = "expired", _("périmé avant l’envoi")

    key = models.CharField(max_length=120, unique=True, null=True, blank=True)
    kind = models.CharField(max_length=40, db_index=True)  # what it is about: what a person's preferences speak of
    to = models.EmailField(blank=True)  # empty once purged
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=5, default="fr")
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    stop_url = models.CharField(max_length=600, blank=True)  # List-Unsubscribe: one click stops this kind of message
    message_id = models.CharField(max_length=120, unique=True)
    urgent = models.BooleanField(default=False)  # a sign-in code does not wait for the end of quiet hours

    state = models.CharField(max_length=8, choices=State.choices, default=State.READY)
    not_before = models.DateTimeField(default=timezone.now)
    not_after = models.DateTimeField(null=True, blank=True)  # a code that is no longer valid is not worth sending
    lease = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)  # since then, nothing is left of what it said nor to whom

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=("state", "not_before", "id"), name="message_queue"),
            models.Index(fields=("lease",), name="message_lease"),
        )

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M} {self.kind}"


class Stop(models.Model):
    """Somebody does not want messages of this kind any more: a person with an account, or the holder of an address.

    Of an address, only a digest is kept (`journal.stops`): enough to write to it no more, too little to know it.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=40)
    stopped_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("arrêt de messages")
        verbose_name_plural = _("arrêts de messages")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("person", "kind"), condition=Q(person__isnull=False), name="stop_person_kind"),
            models.UniqueConstraint(fields=("digest", "kind"), condition=~Q(digest=""), name="stop_digest_kind"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, digest="") | (Q(person__isnull=True) & ~Q(digest="")), name="stop_of_somebody"
            ),
        )

    def __str__(self) -> str:
        return self.kind
