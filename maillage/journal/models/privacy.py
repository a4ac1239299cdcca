"""Who looked at somebody's data, and what somebody agreed to share with whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    """The kinds of data that are shared or looked at, each agreed to on its own."""

    CONTACT = "contact", _("identité et coordonnées")
    PROJECT = "project", _("projet")
    FINANCES = "finances", _("finances")
    SITUATION = "situation", _("situation personnelle")
    DOCUMENTS = "documents", _("documents")


class Access(models.Model):
    """Somebody looked at one category of the data of a holder: its holder may read this line.

    `subject_kind` and `subject_uid` are those of the file that was opened (a request, a diagnosis…); `person` is the account whose data it
    is, when there is one. `organisation` is the name, that day, of the structure for which the actor looked.
    """

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    organisation = models.CharField(max_length=300)
    subject_kind = models.CharField(max_length=30)
    subject_uid = models.CharField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    category = models.CharField(max_length=12, choices=Category.choices)

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("subject_kind", "subject_uid", "-at"), name="access_subject"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.organisation} {self.category}"


class Consent(models.Model):
    """What a holder agreed to share: one category, with one recipient, about one file, in the words that were shown, until revoked.

    `person` is the account that agreed, when there is one; `recorded_by`, the agent who wrote down an agreement given at the counter.
    """

    subject_kind = models.CharField(max_length=30)
    subject_uid = models.CharField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    recipient_uid = models.CharField(max_length=40)
    recipient_name = models.CharField(max_length=300)
    category = models.CharField(max_length=12, choices=Category.choices)
    wording = models.TextField()
    language = models.CharField(max_length=5)
    given_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("consentement")
        verbose_name_plural = _("consentements")
        ordering = ("-given_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("subject_kind", "subject_uid", "recipient_uid", "category"),
                condition=Q(revoked_at__isnull=True),
                name="consent_one_in_force",
            ),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="consent_category_known"),
        )

    def __str__(self) -> str:
        return f"{self.recipient_name} {self.category}"


class Notice(models.Model):
    """Somebody who has not come for long was told that their account will be erased."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice")
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = _("préavis")
        verbose_name_plural = _("préavis")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.person_id} {self.sent_at:%Y-%m-%d}"
