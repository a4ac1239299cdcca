"""Tables being imported, and what is remembered of their sources."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TableSource(models.Model):
    """Who gives the tables: the `source` of their sheets, its licence, and the column matching of last time for each kind of sheet."""

    code = models.CharField(_("code de la source"), max_length=60, unique=True)
    name = models.CharField(_("nom de la source"), max_length=200)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    matchings = models.JSONField(default=dict)  # kind → matching (see matching.Matching)

    class Meta:
        app_label = "interop"
        verbose_name = _("source de tableaux")
        verbose_name_plural = _("sources de tableaux")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class TableImport(models.Model):
    """One table, from its upload to its result. Its own journal subject.

    Work on its rows (dry run, then writing) goes batch by batch: `progress` rows are done, `counts` says what became of them. A
    process that works holds the lease (`leased_by`, `leased_until`); when it dies another one goes on from `progress`.
    """

    class State(models.TextChoices):
        """Where a table stands."""

        DRAFT = "draft", _("Colonnes à reconnaître")
        CHECKING = "checking", _("Vérification en cours")
        CHECKED = "checked", _("À confirmer")
        WRITING = "writing", _("Import en cours")
        DONE = "done", _("Importé")
        STOPPED = "stopped", _("Arrêté")

    KIND: ClassVar[str] = "table"
    WORKING: ClassVar[tuple[str, ...]] = (State.CHECKING, State.WRITING)

    uid = models.CharField(max_length=32, unique=True, editable=False)
    name = models.CharField(_("fichier"), max_length=200)
    kind = models.CharField(_("contient"), max_length=12)  # structure, offer or relay
    source = models.ForeignKey(TableSource, models.PROTECT, related_name="tables", verbose_name=_("source"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(_("déposé par"), max_length=150)
    created_at = models.DateTimeField(_("déposé le"), default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now, db_index=True)  # its content goes some days after (draft.KEPT_DAYS)

    sheets = models.JSONField(default=list)  # names of the workbook's sheets
    sheet = models.CharField(max_length=200, blank=True)
    header = models.PositiveIntegerField(default=0)  # line of the headings
    columns = models.JSONField(default=list)  # [{name, samples}] (see shape.Column)
    notes = models.JSONField(default=list)  # French sentences about the file
    rows = models.PositiveIntegerField(default=0)
    matching = models.JSONField(default=dict)  # see matching.Matching
    questions = models.JSONField(default=list)  # values that nobody knows (see values.Question)

    state = models.CharField(_("état"), max_length=12, choices=State.choices, default=State.DRAFT, db_index=True)
    progress = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # see running.Counts
    first = models.JSONField(default=list)  # the first rows as they will be: [[line, {column: value}]]
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_by = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        app_label = "interop"
        verbose_name = _("tableau importé")
        verbose_name_plural = _("tableaux importés")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.name

    @property
    def refused(self) -> int:
        """How many rows were refused, or would be."""
        found: Any = self.counts.get("refused", 0)
        return int(found)

    @property
    def percent(self) -> int:
        """How far the work is, out of 100."""
        return min(100, self.progress * 100 // self.rows) if self.rows else 0


class TableContent(models.Model):
    """The file as it was uploaded, and its rows once its shape is known (gzip of JSON lines). Goes before the rest does."""

    table = models.OneToOneField(TableImport, models.CASCADE, primary_key=True, related_name="content")
    file = models.BinaryField()
    grid = models.BinaryField(default=bytes)

    class Meta:
        app_label = "interop"

    def __str__(self) -> str:
        return f"content of table {self.pk}"


class TableProblem(models.Model):
    """Why a row was refused, or would be: one line per field at fault."""

    table = models.ForeignKey(TableImport, models.CASCADE, related_name="problems")
    line = models.PositiveIntegerField()
    field = models.CharField(max_length=60)
    value = models.CharField(max_length=100)
    reason = models.TextField()

    class Meta:
        app_label = "interop"
        ordering = ("table", "line", "pk")
        indexes = (models.Index(fields=("table", "line"), name="table_problem_line"),)

    def __str__(self) -> str:
        return f"{self.line} {self.field}: {self.reason}"
