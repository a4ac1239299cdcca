"""Everything that is kept about somebody, to take away: JSON for programs, HTML for people, and the files, in one zip."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from maillage.accounts.models import Person
from maillage.journal.messages import site_address
from maillage.journal.privacy.registry import every_personal, holder_of
from maillage.kit.personal import Holder, Personal


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one declaration: the columns with what people call them, and the values."""

    declaration: Personal
    columns: tuple[str, ...]
    labels: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    files: list[tuple[str, bytes]]


def rows_of(declaration: Personal, holder: Holder) -> QuerySet[Any]:
    """The rows of a declaration that are about somebody."""
    model = apps.get_model(declaration.model)
    found: QuerySet[Any] = model._default_manager.filter(declaration.rows(holder)).order_by("pk")
    return found


def sections(person: Person, *, files: bool = True) -> list[Section]:
    """What is kept about somebody, what concerns them most first; sections without row are left out."""
    holder, found = holder_of(person), []
    for declaration in reversed(every_personal()):
        rows = rows_of(declaration, holder)
        values = list(rows.values_list(*declaration.shows))
        if values:
            there = list(declaration.files(rows)) if files and declaration.files else []
            labels = tuple(_label(declaration, path) for path in declaration.shows)
            found.append(Section(declaration, declaration.shows, labels, values, there))
    return found


def _label(declaration: Personal, path: str) -> str:
    model: Any = apps.get_model(declaration.model)
    *parents, last = path.split("__")
    for parent in parents:
        model = model._meta.get_field(parent).related_model
    return str(getattr(model._meta.get_field(last), "verbose_name", last))


def as_zip(person: Person) -> bytes:
    """The archive: `donnees.json`, `donnees.html` and `documents/`."""
    found = sections(person)
    content = {
        "site": site_address(),
        "made_at": timezone.now(),
        "sections": [
            {
                "model": section.declaration.model,
                "title": str(section.declaration.title),
                "rows": [dict(zip(section.columns, row, strict=True)) for row in section.rows],
            }
            for section in found
        ],
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("donnees.json", json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        archive.writestr(
            "donnees.html",
            render_to_string("journal/export.html", {"sections": found, "site": site_address(), "made_at": timezone.now()}),
        )
        for section in found:
            for number, (name, data) in enumerate(section.files, 1):
                archive.writestr(f"documents/{number:03}-{name}", data)
    return written.getvalue()
