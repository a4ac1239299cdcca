"""The first screens: the file, then its sheet and its line of headings when they are not the ones found."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from maillage.catalogue.office.page import person_of
from maillage.interop.sources.contract import Unreadable
from maillage.interop.table_imports import drafts
from maillage.interop.table_imports.access import animation_only, table_named
from maillage.interop.table_imports.forms import UploadForm
from maillage.interop.table_imports.models import TableImport
from maillage.interop.table_imports.reading import read
from maillage.interop.table_imports.shape import first_lines
from maillage.interop.table_imports.views.page import tables_page
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther

_CELLS, _SIGNS = 12, 60


@require_http_methods(["GET", "HEAD", "POST"])
@animation_only
def new(request: HttpRequest) -> HttpResponse:
    """Upload a file. What was typed stays when the file cannot be read."""
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid() and form.source is not None:
            data = form.cleaned_data
            file = data["file"]
            try:
                table = drafts.upload(
                    file.read(), name=file.name, kind=data["kind"], source=form.source, person=person_of(request)
                )
            except Unreadable as refusal:
                form.add_error("file", str(refusal))
            else:
                step = "office-table-shape" if len(table.sheets) > 1 else "office-table-columns"
                return SeeOther(reverse(step, args=(table.uid,)))
    else:
        form = UploadForm(initial={"kind": request.GET.get("contient", ""), "known": request.GET.get("source", "")})
    problems = problems_of(form)
    context = {"form": form, "problems": problems}
    return tables_page(request, "new.html", context, here=_("Nouveau tableau"))


@require_http_methods(["GET", "HEAD", "POST"])
@animation_only
def shape(request: HttpRequest, uid: str) -> HttpResponse:
    """Which sheet, and which line holds the headings."""
    table = table_named(uid)
    if table.state not in drafts.OPEN or not hasattr(table, "content"):
        return SeeOther(reverse("office-table", args=(uid,)))
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        sheet = str(request.POST.get("feuille", table.sheet))[:200]
        line = str(request.POST.get("titres", ""))
        header = int(line) if line.isdecimal() and len(line) < 8 and sheet == table.sheet else 0
        try:
            drafts.reshape(table, sheet=sheet, header=header, seen=str(request.POST.get("seen", "")))
        except (Unreadable, drafts.Conflict) as refusal:
            problems = [{"anchor": "", "message": str(refusal)}]
            table = table_named(uid)
        else:
            again = "office-table-shape" if "voir" in request.POST else "office-table-columns"
            return SeeOther(reverse(again, args=(uid,)))
    context = {"lines": _first(table), "problems": problems}
    return tables_page(request, "shape.html", context, table=table, here=_("Feuille et titres"))


def _first(table: TableImport) -> list[dict[str, Any]]:
    """The first lines of the file as it was uploaded, cut to what a page shows."""
    try:
        lines = first_lines(read(bytes(table.content.file), table.name, table.sheet))
    except Unreadable:  # read once already: the table itself says what is wrong
        return []
    width = min(_CELLS, max((len(cells) for _, cells in lines), default=0))
    return [
        {
            "number": number,
            "cells": [cell if len(cell) <= _SIGNS else cell[: _SIGNS - 1] + "…" for cell in (*cells, *[""] * width)[:width]],
            "more": max(0, len(cells) - width),
        }
        for number, cells in lines
    ]
