"""Who may see what is kept: whoever holds a private link, until it expires. Nobody else, the office included."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from django.utils import timezone

from maillage.accounts.models import Person
from maillage.diagnosis.models import Assessment, Diagnosis
from maillage.diagnosis.versions import Version, version

HOLDER, ADVISER = Assessment.Voice.HOLDER, Assessment.Voice.ADVISER


class LinkEnded(Exception):
    """No diagnosis under this link: it expired, it was deleted or replaced, or it never existed (one answer for all)."""


def new_secret() -> str:
    """The secret of a new private link: 192 random bits."""
    return secrets.token_urlsafe(24)


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def adviser_secret(holder_secret: str, assessment: Assessment) -> str:
    """The secret of an adviser's link, made again from the holder's each time it is shown: it is kept nowhere.

    The holder's secret cannot be found from it.
    """
    said = f"conseil:{assessment.pk}:{assessment.invitation}".encode()
    return base64.urlsafe_b64encode(hmac.new(holder_secret.encode(), said, hashlib.sha256).digest()[:24]).decode()


@dataclass(frozen=True, slots=True)
class Entry:
    """What a link opens: the diagnosis, the assessment that this link fills in, and every assessment (by round, the holder's first)."""

    secret: str
    diagnosis: Diagnosis
    assessment: Assessment
    assessments: tuple[Assessment, ...]

    @property
    def is_holder(self) -> bool:
        """Is it the holder's link?"""
        return self.assessment.voice == HOLDER

    def version_of(self, assessment: Assessment) -> Version:
        """The version of the grid that an assessment answers, for ever."""
        return version(assessment.version.grid.code, assessment.version.number)

    def find(self, voice: str, number: int) -> Assessment | None:
        """The assessment of a voice in a round."""
        return next((each for each in self.assessments if each.voice == voice and each.round == number), None)

    @property
    def rounds(self) -> tuple[int, ...]:
        """The rounds of the holder, in order."""
        return tuple(each.round for each in self.assessments if each.voice == HOLDER)


def entry(secret: str) -> Entry:
    """What this link opens. Raises LinkEnded."""
    digest = digest_of(secret)
    own = (
        Assessment.objects.filter(secret_digest=digest, diagnosis__expires_at__gt=timezone.now())
        .select_related("diagnosis")
        .first()
    )
    diagnosis = own.diagnosis if own else Diagnosis.objects.filter(secret_digest=digest, expires_at__gt=timezone.now()).first()
    if diagnosis is None:
        raise LinkEnded
    every = tuple(
        Assessment.objects.filter(diagnosis=diagnosis)
        .select_related("version__grid")
        .defer("version__content")
        .order_by("round", "-voice")
    )
    wanted = own.pk if own else max((each for each in every if each.voice == HOLDER), key=lambda each: each.round).pk
    return Entry(secret, diagnosis, next(each for each in every if each.pk == wanted), every)


def may_add_documents(person: object) -> bool:
    """Documents are for people with an account: somebody answers for what is stored here."""
    return isinstance(person, Person) and person.is_active
