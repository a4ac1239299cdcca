"""What the screens of tables share: their place in the office, the steps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.catalogue.office.page import office_page
from maillage.interop.table_imports import drafts, running, worker
from maillage.interop.table_imports.models import TableImport

#: Rows from which the work is left to the thread of the process, so that no page waits.
MOST_AT_ONCE = 1_000


def tables_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    table: TableImport | None = None,
    here: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a screen. `here`: what follows the name of the table, or the list, in the breadcrumb."""
    trail: list[tuple[str, str]] = [(_("Tableaux"), reverse("office-tables") if table or here else "")]
    if table is not None:
        trail.append((table.name, reverse("office-table", args=(table.uid,)) if here else ""))
    if here:
        trail.append((here, ""))
    shared: dict[str, Any] = {"table": table, "problems": [], "seen": drafts.version(table) if table else ""}
    return office_page(request, f"tables/{template}", {**shared, **context}, part="tables", trail=trail, status=status)


def work_on(table: TableImport) -> None:
    """Do what a small table waits for at once; leave a large one to the thread."""
    if table.rows <= MOST_AT_ONCE:
        running.work(table.pk)
    else:
        worker.wake()
