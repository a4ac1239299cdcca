"""Tables of the sources: what was read, what each record says, what waits for a person, what was merged."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.catalogue.models.sheet import UID_LENGTH
from maillage.interop.table_imports.models import TableContent, TableImport, TableProblem, TableSource  # noqa: F401  # Django looks for them here


class Run(models.Model):
    """One read of a source, and what became of it. Its own journal subject."""

    class State(models.TextChoices):
        """Where a read stands."""

        READING = "reading", _("Lecture en cours")
        APPLYING = "applying", _("Mise à jour en cours")
        DONE = "done", _("Terminée")
        QUARANTINED = "quarantined", _("En quarantaine")
        RELEASED = "released", _("Acceptée, à appliquer")
        DISMISSED = "dismissed", _("Écartée")
        INTERRUPTED = "interrupted", _("Interrompue")

    KIND: ClassVar[str] = "run"

    source = models.CharField(_("source"), max_length=60, db_index=True)
    state = models.CharField(_("état"), max_length=12, choices=State.choices, default=State.READING)
    origin = models.CharField(_("lue depuis"), max_length=500, blank=True)  # name of a file; empty: the producer's service
    started_at = models.DateTimeField(_("commencée le"), auto_now_add=True)
    finished_at = models.DateTimeField(_("terminée le"), null=True, blank=True)
    complete = models.BooleanField(default=False)  # did the reader give everything that the source holds?
    reason = models.TextField(_("raison"), blank=True)  # why it is in quarantine, or why the read stopped early
    counts = models.JSONField(_("comptes"), default=dict)  # see steps.tally
    decided_by = models.CharField(_("décidée par"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("décidée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("lecture d’une source")
        verbose_name_plural = _("lectures des sources")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"

    @property
    def uid(self) -> str:
        """How the journal names it."""
        return str(self.pk)

    @property
    def name(self) -> str:
        """The source, for the journal."""
        return self.source

    @property
    def may_be_released(self) -> bool:
        """Was everything read, so that a person may apply it all the same?"""
        return self.state == Run.State.QUARANTINED and self.complete


class RawRecord(models.Model):
    """One record as its producer gave it the last time, and what became of it.

    `mapped` holds what it means here until that is applied. `mapped_key` says from which content and rules it was made,
    `applied_key` which content was applied: two equal keys mean that there is nothing to do.
    """

    class Outcome(models.TextChoices):
        """What became of a record. Empty: not processed yet."""

        PUBLISHED = "published", _("publiées")
        WAITING = "waiting", _("à relire")
        LEFT_OUT = "left-out", _("écartées")
        REFUSED = "refused", _("refusées")

    source = models.CharField(max_length=60)
    ref = models.CharField(max_length=200)
    revision = models.CharField(max_length=200, blank=True)
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    changed_on = models.DateField()  # the day this content was first read
    first_seen = models.DateField()
    last_seen = models.DateField()
    missing_since = models.DateField(null=True, blank=True)
    run = models.ForeignKey(Run, models.PROTECT, related_name="records")  # the last read that gave it
    clash = models.BooleanField(default=False)  # given twice in that read, with different contents
    mapped = models.JSONField(null=True, blank=True)
    mapped_key = models.CharField(max_length=64, blank=True)
    applied_key = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    reasons = models.JSONField(default=list)  # French sentences: why it waits, was left out or refused

    class Meta:
        ordering = ("source", "ref")
        constraints = (models.UniqueConstraint(fields=("source", "ref"), name="record_key"),)
        indexes = (models.Index(fields=("source", "outcome", "ref"), name="record_outcome"),)

    def __str__(self) -> str:
        return f"{self.source} {self.ref}"


class Link(models.Model):
    """What one record says of one sheet: the entry as mapped (keys of Maillage JSONL 1).

    `uid` is the sheet of the entry's own key; `target` the sheet that answers for it today: another one once they are merged.
    """

    record = models.ForeignKey(RawRecord, models.CASCADE, related_name="links")
    kind = models.CharField(max_length=12)
    ref = models.CharField(max_length=200)  # the entry's id
    uid = models.CharField(max_length=UID_LENGTH)
    target = models.CharField(max_length=UID_LENGTH, db_index=True)
    entry = models.JSONField()
    deduced = models.JSONField(default=dict)
    on = models.DateField()  # the day its content was first read
    waits = models.BooleanField(default=False)  # a value nobody knows, or a reason for a person to look
    missing_since = models.DateField(null=True, blank=True)  # its record no longer gives it

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("record", "kind", "ref"), name="link_key"),)
        indexes = (
            models.Index(fields=("kind", "uid"), name="link_uid"),
            models.Index(fields=("missing_since",), name="link_missing", condition=Q(missing_since__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Proposal(models.Model):
    """A change of a published sheet that a source asks for. One waits at most per field of a sheet."""

    class State(models.TextChoices):
        """What was decided. A refused value is not proposed again until the source says another."""

        WAITING = "waiting", _("À relire")
        ACCEPTED = "accepted", _("Acceptée")
        REFUSED = "refused", _("Refusée")

    kind = models.CharField(max_length=12)
    uid = models.CharField(max_length=UID_LENGTH)
    name = models.CharField(max_length=300)  # of the sheet, when it was proposed
    source = models.CharField(max_length=60)
    ref = models.CharField(max_length=200)
    field = models.CharField(max_length=60)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    proposed_on = models.DateField()
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("changement proposé")
        verbose_name_plural = _("changements proposés")
        ordering = ("name", "uid", "field")
        constraints = (
            models.UniqueConstraint(fields=("kind", "uid", "field"), condition=Q(state="waiting"), name="proposal_waiting_once"),
        )
        indexes = (models.Index(fields=("state", "source", "name"), name="proposal_queue"),)

    def __str__(self) -> str:
        return f"{self.name} : {self.field}"


class Duplicate(models.Model):
    """Two sheets that may be the same thing. `first` < `second`, so that a pair is kept once; a decision is remembered."""

    class State(models.TextChoices):
        """What a person said."""

        WAITING = "waiting", _("À décider")
        MERGED = "merged", _("Même chose")
        DIFFERENT = "different", _("Deux choses différentes")

    KIND: ClassVar[str] = "duplicate"

    sheet_kind = models.CharField(max_length=12)
    first = models.CharField(max_length=UID_LENGTH)
    second = models.CharField(max_length=UID_LENGTH)
    score = models.PositiveSmallIntegerField()  # 0 to 100
    reasons = models.JSONField(default=list)  # codes: siret, siren, page, name
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    found_on = models.DateField()
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("doublon possible")
        verbose_name_plural = _("doublons possibles")
        ordering = ("-score", "pk")
        constraints = (
            models.UniqueConstraint(fields=("sheet_kind", "first", "second"), name="duplicate_pair"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="duplicate_ordered"),
        )
        indexes = (models.Index(fields=("state", "-score"), name="duplicate_queue"),)

    def __str__(self) -> str:
        return f"{self.first} {self.second}"


class Merge(models.Model):
    """Two sheets made one by a person: everything that is needed to undo it."""

    sheet_kind = models.CharField(max_length=12)
    kept = models.CharField(max_length=UID_LENGTH)
    away = models.CharField(max_length=UID_LENGTH)
    names = models.JSONField(default=list)  # [kept, away]
    written: Any = models.JSONField(default=dict)  # {uid: {column: [before, after]}}
    moved = models.JSONField(default=dict)  # {offer: [pk…], relay: [pk…]}: what hung on the structure merged away
    merged_by = models.CharField(max_length=150)
    merged_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.CharField(max_length=150, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("fusion")
        verbose_name_plural = _("fusions")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.away} → {self.kept}"
