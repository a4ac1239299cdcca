"""Forget who has not come for a long time: two years after the last contact, a month after having said so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import Person
from maillage.journal.messages import site_address, tell
from maillage.journal.models import Notice
from maillage.journal.privacy.erasure import LastAdministrator, erase

#: Between the notice and the erasure.
NOTICE = timedelta(days=30)
_MONTH = timedelta(days=365.25 / 12)


@dataclass(slots=True)
class Forgotten:
    """What a run did: people told, people erased."""

    told: int = 0
    erased: int = 0


def life() -> timedelta:
    """How long an account is kept after the last contact."""
    return _MONTH * settings.MAILLAGE_RETENTION_MONTHS


def without_contact_since(moment: datetime) -> QuerySet[Person]:
    """The accounts whose last sign-in (or opening, if nobody ever signed in) is before a moment."""
    last = Greatest("created_at", Coalesce("last_login", "created_at"))
    return Person.objects.annotate(last_contact=last).filter(last_contact__lt=moment).order_by("pk")


def run(now: datetime | None = None) -> Forgotten:
    """Tell those whose time comes in a month; erase those whose time has come and who were told a month ago. Idempotent.

    Who signs in after the notice is in contact again: the notice is forgotten.
    """
    now = now or timezone.now()
    done = Forgotten()
    stale = without_contact_since(now - life() + NOTICE)
    Notice.objects.exclude(person__in=stale.values("pk")).delete()
    for person in stale.filter(notice__isnull=True):
        with transaction.atomic():
            notice = Notice.objects.create(person=person, sent_at=now)
            context = {
                "on": (now + NOTICE).date(),
                "url": site_address() + reverse("my-data"),
                "months": settings.MAILLAGE_RETENTION_MONTHS,
            }
            tell(person, "journal/mail/retention", context, kind="retention", key=f"retention:{notice.pk}")
            done.told += 1
    told_in_time = Q(notice__sent_at__lte=now - NOTICE)
    for person in without_contact_since(now - life()).filter(told_in_time):
        try:
            erase(person)
        except LastAdministrator:
            continue  # the site keeps somebody to administer it
        done.erased += 1
    return done
