"""What a holder agreed to share with whom: given, revoked, asked for at each request."""

from __future__ import annotations

from typing import Protocol

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from maillage.accounts.models import Person
from maillage.journal.actions import Subject
from maillage.journal.models import Category, Consent


class Recipient(Protocol):
    """With whom data is shared: a structure of the catalogue."""

    @property
    def uid(self) -> str:
        """Its stable public id."""

    @property
    def name(self) -> str:
        """How people call it."""


def give(
    subject: Subject,
    recipient: Recipient,
    category: Category | str,
    *,
    wording: str,
    language: str,
    person: Person | None = None,
    recorded_by: Person | None = None,
) -> Consent:
    """Keep an agreement to share `category` of `subject` with `recipient`, in the words that the holder read. Idempotent.

    `person` is the holder's account if there is one; `recorded_by`, the agent who writes it down at a counter. Call it in the
    transaction of the act. An agreement in force is kept as it was first given.
    """
    consent, _created = Consent.objects.get_or_create(
        subject_kind=subject.KIND,
        subject_uid=subject.uid,
        recipient_uid=recipient.uid,
        category=Category(category),
        revoked_at=None,
        defaults={
            "recipient_name": recipient.name[:300],
            "wording": wording,
            "language": language,
            "person": person,
            "recorded_by": recorded_by,
        },
    )
    return consent


def revoke(subject: Subject, recipient_uid: str | None = None, category: Category | str | None = None) -> int:
    """End agreements about `subject`: all, or those of one recipient, or of one category. Returns how many were in force.

    Who reads `has_consent` at each request sees it at the next one.
    """
    with transaction.atomic():
        found = consents_in_force(subject)
        if recipient_uid is not None:
            found = found.filter(recipient_uid=recipient_uid)
        if category is not None:
            found = found.filter(category=Category(category))
        return found.update(revoked_at=timezone.now())


def has_consent(subject: Subject, recipient_uid: str, category: Category | str) -> bool:
    """May this recipient see this category of this file, now?"""
    return consents_in_force(subject).filter(recipient_uid=recipient_uid, category=Category(category)).exists()


def consents_in_force(subject: Subject) -> QuerySet[Consent]:
    """Every agreement about this file that was not revoked."""
    return Consent.objects.filter(subject_kind=subject.KIND, subject_uid=subject.uid, revoked_at__isnull=True)


def consents_of(subject: Subject) -> QuerySet[Consent]:
    """Every agreement about this file, those that were revoked too: what its holder reads."""
    return Consent.objects.filter(subject_kind=subject.KIND, subject_uid=subject.uid)
