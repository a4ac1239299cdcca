"""Closed lists of the catalogue that no region changes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """The life of a sheet. Visitors see published sheets only; nothing is ever deleted."""

    DRAFT = "draft", _("Brouillon")
    REVIEW = "review", _("En relecture")
    PUBLISHED = "published", _("Publiée")
    SUSPENDED = "suspended", _("Suspendue")
    ARCHIVED = "archived", _("Archivée")


#: From which status one may go to which. Publishing and suspending are the animator's acts (see `access`).
TRANSITIONS: dict[str, frozenset[str]] = {
    Status.DRAFT: frozenset({Status.REVIEW, Status.ARCHIVED}),
    Status.REVIEW: frozenset({Status.DRAFT, Status.PUBLISHED}),
    Status.PUBLISHED: frozenset({Status.SUSPENDED, Status.ARCHIVED}),
    Status.SUSPENDED: frozenset({Status.PUBLISHED, Status.ARCHIVED}),
    Status.ARCHIVED: frozenset({Status.DRAFT}),
}


class Silence(models.IntegerChoices):
    """How long reminders have gone without an answer: what the night writes on the sheet, and the index reads."""

    NONE = 0, _("répond")
    LATE = 1, _("confirmation en retard")  # loses rank
    SILENT = 2, _("ne répond plus")  # leaves results, never the base


class Nonprofit(models.TextChoices):
    """Legal nature, for the rule of the non-lucrative network (seed article, note 1)."""

    PUBLIC = "public", _("Public ou parapublic")
    ESS = "ess", _("Économie sociale et solidaire")
    AUTRE = "autre", _("Autre")


class Recurrence(models.TextChoices):
    """How often an offer opens."""

    PERMANENT = "permanent", _("Toute l’année")
    PONCTUELLE = "ponctuelle", _("Une seule fois")
    RECURRENTE = "recurrente", _("À dates régulières")


class Operator(models.TextChoices):
    """How a free condition compares the fact with its value."""

    EQUAL = "=", _("est")
    DIFFERENT = "!=", _("n’est pas")
    AT_LEAST = ">=", _("au moins")
    AT_MOST = "<=", _("au plus")
    ONE_OF = "in", _("parmi")
