"""What structures, relays and offers have in common: identity, status, provenance, freshness, place and contact."""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from functools import lru_cache
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maillage.catalogue.closures import split
from maillage.catalogue.enums import Silence, Status

UID_LENGTH = 12


def uid_for(kind: str, source: str, ref: str) -> str:
    """The stable public id of a sheet: 60 bits of SHA-256 of its key, so that addresses survive an export and an import."""
    digest = hashlib.sha256("\0".join((kind, source, ref)).encode()).digest()
    return base64.b32encode(digest)[:UID_LENGTH].decode().lower()


AnySheet = TypeVar("AnySheet", bound="Sheet", covariant=True)


class SheetQuerySet(models.QuerySet[AnySheet]):
    """Filters shared by the three kinds of sheets."""

    def visible(self) -> Self:
        """What a visitor may see: published, and not withdrawn by its source."""
        return self.filter(status=Status.PUBLISHED, withdrawn_on__isnull=True)

    def answering(self) -> Self:
        """What results show: visible, and confirmed when it was asked for. The others keep their page and their place in exports."""
        return self.visible().exclude(silence=Silence.SILENT)


class Sheet(models.Model):
    """One sheet of the catalogue. Its key is (`source`, `ref`): who holds it, and the id it has there.

    `verified_on` says when somebody of the structure confirmed it (empty = « à confirmer par la structure »), which is not
    when it was last changed. `kept_fields` are the fields a person edited here: imports leave them as they are.
    """

    KIND: ClassVar[str]

    uid = models.CharField(max_length=UID_LENGTH, unique=True, editable=False)
    source = models.CharField(_("source"), max_length=60)
    ref = models.CharField(_("identifiant dans la source"), max_length=200)
    name = models.CharField(_("nom"), max_length=300)
    status = models.CharField(_("état"), max_length=12, choices=Status.choices, default=Status.DRAFT)

    address = models.CharField(_("adresse"), max_length=300, blank=True)
    commune = models.CharField(_("commune (code INSEE)"), max_length=5, blank=True)
    postcode = models.CharField(_("code postal"), max_length=5, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    phone = models.CharField(_("téléphone"), max_length=60, blank=True)
    email = models.CharField(_("adresse électronique"), max_length=254, blank=True)

    licence = models.CharField(_("licence"), max_length=120, blank=True)
    source_url = models.CharField(_("page de la source"), max_length=1000, blank=True)
    sources = models.JSONField(_("sources lues"), default=list, blank=True)  # [{url, read_on, licence, supports}]
    notes = models.TextField(_("points à vérifier"), blank=True)
    updated = models.DateField(_("mise à jour par la source"), null=True, blank=True)
    verified_on = models.DateField(_("vérifiée le"), null=True, blank=True)
    verified_by = models.CharField(_("vérifiée par"), max_length=200, blank=True)
    withdrawn_on = models.DateField(_("retirée par la source le"), null=True, blank=True)
    # day of the first reminder that nobody answered; empty when nothing is waited for (docs/algorithms/freshness.md)
    silent_since = models.DateField(_("sans réponse depuis le"), null=True, blank=True, editable=False)
    silence = models.PositiveSmallIntegerField(_("silence"), choices=Silence.choices, default=Silence.NONE, editable=False)
    # {phone, email} shown only to those who ask: kept apart so that nothing that reads `phone` and `email` can give them away
    hidden_contact = models.JSONField(_("contact montré à qui le demande"), default=dict, blank=True)
    kept_fields = models.JSONField(_("champs modifiés ici"), default=list, blank=True)
    # {field: {source, ref, on}} when several sources speak of it; a field that is not there comes from the sheet's own source
    provenance = models.JSONField(_("origine des champs"), default=dict, blank=True)
    # {field: name of the rule} for what no source says and a rule inferred; « déduit » until a person confirms
    deduced = models.JSONField(_("champs déduits"), default=dict, blank=True)
    # {field: [{source, value, on}]} when sources do not say the same; the value shown is the first
    disagreements = models.JSONField(_("désaccords entre sources"), default=dict, blank=True)
    # [{source, name, text, url}]: the sentence that each producer wants beside what comes from it, and the page it leads to
    attributions = models.JSONField(_("mentions des producteurs"), default=list, blank=True)
    # uid of the sheet that a person kept for the two: this one's address leads there
    merged_into = models.CharField(_("fusionnée dans"), max_length=UID_LENGTH, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("source", "ref"), name="%(class)s_key"),
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="%(class)s_status_known"),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Save, giving the sheet its public id the first time; a contact that is hidden is nowhere else."""
        for name in self.hidden_contact:
            setattr(self, name, "")
        if not self.uid:
            self.uid = uid_for(self.KIND, self.source, self.ref)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed through unchanged

    @property
    def handle(self) -> str:
        """What its address ends with: words for people, then the uid that finds it."""
        words = _slug(self.name)
        return f"{words}-{self.uid}" if words else self.uid

    @property
    def is_visible(self) -> bool:
        """May a visitor see it?"""
        return self.status == Status.PUBLISHED and self.withdrawn_on is None

    def is_confirmed(self) -> bool:
        """Has its structure ever confirmed it?"""
        return self.verified_on is not None

    @property
    def own_phone(self) -> str:
        """Its telephone, hidden or not: for those who keep the sheet."""
        return self.phone or str(self.hidden_contact.get("phone", ""))

    @property
    def own_email(self) -> str:
        """Its e-mail address, hidden or not: for those who keep the sheet, and to write to the structure."""
        return self.email or str(self.hidden_contact.get("email", ""))

    @property
    def exceptions(self) -> list[dict[str, str]]:
        """Days when its opening hours are otherwise, as the rows of a form: see `catalogue.closures`."""
        return [
            {"first": each.first.isoformat(), "last": each.last.isoformat(), "times": each.times, "why": each.why}
            for each in split(getattr(self, "opening_hours", ""))[1]
        ]

    def age_in_days(self, today: date) -> int | None:
        """Days since the last verification; None when nobody has verified it."""
        return (today - self.verified_on).days if self.verified_on else None


@lru_cache(maxsize=16_384)
def _slug(name: str) -> str:
    return slugify(name)[:60].strip("-")


def address_of(kind: str, handle: str) -> str:
    """The public address of an offer or of a structure, in the reader's language.

    Same as `reverse(kind, args=(handle,))`, which costs more than the rest of a card: only what changes is put in.
    """
    before, after = _around_the_handle(kind, get_language())
    return f"{before}{handle}{after}"


@lru_cache(maxsize=16)
def _around_the_handle(kind: str, language: str | None) -> tuple[str, str]:
    before, _, after = reverse(kind, args=("handle-of-a-sheet",)).partition("handle-of-a-sheet")
    return before, after


def uid_of_handle(handle: str) -> str:
    """The uid inside an address such as `accueil-iresa-k3j5m2p9q4ab`."""
    return handle[-UID_LENGTH:].lower()
