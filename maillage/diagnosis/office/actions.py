"""Writes on grids: a draft is made from a published version, changed, then published for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.access import has_role
from maillage.accounts.models import Person, Role
from maillage.diagnosis.grid import digest, read_grid
from maillage.diagnosis.models import Grid, GridVersion
from maillage.journal.actions import record
from maillage.vocabulary.words import vocabulary

DRAFT, PUBLISHED = GridVersion.Status.DRAFT, GridVersion.Status.PUBLISHED


class NotAllowed(Exception):
    """The act is refused; the message is the reason, for the person."""


class Conflict(Exception):
    """Somebody saved the draft since it was read."""


def _require(person: Person, role: Role) -> None:
    if not has_role(person, role):
        raise NotAllowed(_("Cet acte revient à l’animation du réseau."))


def new_grid(code: str, source: GridVersion, *, region: str, person: Person) -> GridVersion:
    """A grid of the region, as a first draft copied from a version of another. Raises NotAllowed when the code is taken."""
    _require(person, Role.REDACTION)
    with transaction.atomic():
        grid, created = Grid.objects.get_or_create(code=code, defaults={"region": region})
        if not created:
            raise NotAllowed(_("Une grille porte déjà ce code."))
        return _draft(grid, 1, source.content, person)


def new_draft(code: str, *, person: Person) -> GridVersion:
    """The draft of a grid: the one that exists, else a copy of its last published version. Raises Grid.DoesNotExist."""
    _require(person, Role.REDACTION)
    with transaction.atomic():
        grid = Grid.objects.select_for_update().get(code=code)
        versions = list(GridVersion.objects.filter(grid=grid).order_by("-number"))
        draft = next((version for version in versions if not version.is_published), None)
        return draft or _draft(grid, versions[0].number + 1, versions[0].content, person)


def _draft(grid: Grid, number: int, content: dict[str, Any], person: Person) -> GridVersion:
    made = GridVersion.objects.create(grid=grid, number=number, content=content, digest=digest(content))
    record("created", made, actor=person)
    return made


def change(version: GridVersion, alter: Callable[[dict[str, Any]], None], *, seen: str, person: Person) -> None:
    """Change the content of a draft, read when its digest was `seen`. Raises NotAllowed for a published version, Conflict."""
    _require(person, Role.REDACTION)
    with transaction.atomic():
        now = GridVersion.objects.select_for_update().select_related("grid").get(pk=version.pk)
        if now.is_published:
            raise NotAllowed(_("Une version publiée ne change plus\u202f: faites-en une nouvelle."))
        if now.digest != seen:
            raise Conflict
        alter(now.content)
        now.digest = digest(now.content)
        now.save(update_fields=["content", "digest"])
        record("edited", now, actor=person)


def publish(version: GridVersion, *, person: Person) -> GridVersion:
    """Publish a draft for ever, as the next version. Raises NotAllowed, and GridError when the content is not complete."""
    _require(person, Role.ANIMATION)
    with transaction.atomic():
        grid = Grid.objects.select_for_update().get(pk=version.grid_id)
        now = GridVersion.objects.get(pk=version.pk)
        if now.is_published:
            raise NotAllowed(_("Cette version est déjà publiée."))
        read_grid(now.content, frozenset(vocabulary().codes("need")))
        last = GridVersion.objects.filter(grid=grid, status=PUBLISHED).aggregate(last=Max("number"))["last"] or 0
        now.number, now.status, now.published_at = last + 1, PUBLISHED, timezone.now()
        now.save(update_fields=["number", "status", "published_at"])
        record("published", now, actor=person)
        return now


def discard(version: GridVersion, *, person: Person) -> None:
    """Give up a draft; a grid that never had a published version goes with it. Raises NotAllowed for a published version."""
    _require(person, Role.REDACTION)
    with transaction.atomic():
        if not GridVersion.objects.filter(pk=version.pk, status=DRAFT).delete()[0]:
            raise NotAllowed(_("Une version publiée ne s’efface pas\u202f: des résultats en dépendent."))
        record("archived", version, actor=person)
        if not GridVersion.objects.filter(grid_id=version.grid_id).exists():
            Grid.objects.filter(pk=version.grid_id).delete()


def offer(version: GridVersion, offered: bool, *, person: Person) -> None:
    """Propose a grid to visitors, or no longer; results already made stay readable. Raises NotAllowed."""
    _require(person, Role.ANIMATION)
    with transaction.atomic():
        Grid.objects.filter(pk=version.grid_id).update(offered=offered)
        record("reopened" if offered else "suspended", version, actor=person)
