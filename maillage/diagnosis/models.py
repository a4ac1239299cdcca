"""Grids and their versions; and, only when somebody asked for it, what is kept of a diagnosis under a private link."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.diagnosis.grid import Grid as GridContent
from maillage.diagnosis.grid import read_grid


class Grid(models.Model):
    """A grid of criteria, known by its `code` in addresses. `region` is a portal's code; empty: proposed by every portal."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    region = models.CharField(_("région"), max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(_("rang"), default=100)
    offered = models.BooleanField(_("proposée aux visiteurs"), default=True)

    class Meta:
        verbose_name = _("grille")
        verbose_name_plural = _("grilles")
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.code


class GridVersion(models.Model):
    """One version of a grid. A draft changes; once published its content never does: the database itself refuses (migration 0002).

    `digest` tells contents apart (`grid.digest`); `shipped` says that the content came from a file of Maillage or of a region.
    """

    KIND: ClassVar[str] = "grid"

    class Status(models.TextChoices):
        """A version is written, then published for ever."""

        DRAFT = "brouillon", _("Brouillon")
        PUBLISHED = "publiee", _("Publiée")

    grid = models.ForeignKey(Grid, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    status = models.CharField(_("état"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    content = models.JSONField(_("contenu"))
    digest = models.CharField(max_length=64)
    shipped = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("version de grille")
        verbose_name_plural = _("versions de grille")
        ordering = ("grid__order", "grid__code", "-number")
        constraints = (
            models.UniqueConstraint(fields=("grid", "number"), name="grid_version_number"),
            models.UniqueConstraint(fields=("grid",), condition=Q(status="brouillon"), name="grid_one_draft"),
            models.CheckConstraint(condition=Q(status__in=("brouillon", "publiee")), name="grid_version_status_known"),
            models.CheckConstraint(
                condition=Q(status="brouillon", published_at__isnull=True) | Q(status="publiee", published_at__isnull=False),
                name="grid_version_published_at",
            ),
        )

    def __str__(self) -> str:
        return f"{self.grid.code} {self.number}"

    @property
    def is_published(self) -> bool:
        """Is it published, hence unchangeable?"""
        return self.status == self.Status.PUBLISHED

    @property
    def uid(self) -> str:
        """Its id in the journal."""
        return f"{self.grid.code}-{self.number}"

    @property
    def name(self) -> str:
        """Its name in the journal."""
        return f"{self.content.get('title', {}).get('fr') or self.grid.code}, version {self.number}"

    def read(self) -> GridContent:
        """Its content as values. A draft may be incomplete: raises GridError."""
        return read_grid(self.content)


class Diagnosis(models.Model):
    """A diagnosis kept at its holder's request, until `expires_at`. Only a digest of the secret of its link is kept.

    `counted`: its holder agreed that the answers enter the anonymous counts of the region. `stage` and `commune` are what the work tracks
    are tied to. `owner` is the account that kept it, when there was one.
    """

    secret_digest = models.CharField(max_length=64, unique=True)
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="diagnoses")
    portal = models.CharField(max_length=60)
    stage = models.CharField(max_length=20, blank=True)
    commune = models.CharField(max_length=5, blank=True)
    counted = models.BooleanField(default=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.grid_id} {self.created_at:%Y-%m-%d}"


class Assessment(models.Model):
    """One filling of the grid: by the holder or by the adviser (`voice`), the first time or later (`round`).

    `answers` is the code of the answers (`code.encode`) in the order of `version`. The adviser's has a secret link of its
    own; `invitation` counts the links given: a new one ends the one before.
    """

    class Voice(models.TextChoices):
        """Who fills the grid."""

        HOLDER = "porteur", _("porteur de projet")
        ADVISER = "conseil", _("accompagnateur")

    diagnosis = models.ForeignKey(Diagnosis, models.CASCADE, related_name="assessments")
    version = models.ForeignKey(GridVersion, models.PROTECT, related_name="+")
    voice = models.CharField(max_length=10, choices=Voice.choices)
    round = models.PositiveSmallIntegerField(default=1)
    answers = models.CharField(max_length=80, blank=True)
    secret_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    invitation = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("round", "-voice")
        constraints = (
            models.UniqueConstraint(fields=("diagnosis", "voice", "round"), name="assessment_voice_round"),
            models.CheckConstraint(condition=Q(voice__in=("porteur", "conseil")), name="assessment_voice_known"),
        )

    def __str__(self) -> str:
        return f"{self.diagnosis_id} {self.voice} {self.round}"


class Evidence(models.Model):
    """What a voice wrote to support its answer to one criterion."""

    #: Signs at most.
    LONGEST: ClassVar[int] = 2_000

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="evidence")
    criterion = models.CharField(max_length=40)
    text = models.TextField(max_length=LONGEST)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("assessment", "criterion"), name="evidence_criterion"),)

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.criterion}"


class Document(models.Model):
    """A file that supports an answer. `stored_as` is its random name in the folder of documents, which no web server shows."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="documents")
    criterion = models.CharField(max_length=40)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=5)
    size = models.PositiveIntegerField()
    stored_as = models.CharField(max_length=64, unique=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name
