"""The list of tables, and the page of one: where it stands, what it would do or did, and what may be done now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from maillage.accounts.access import has_role
from maillage.accounts.models import Role
from maillage.catalogue.office import sentences
from maillage.catalogue.office.kinds import KINDS
from maillage.catalogue.office.page import link, person_of, team_only
from maillage.interop.table_imports import drafts
from maillage.interop.table_imports.access import animation_only, table_named
from maillage.interop.table_imports.corrections import corrections as corrected_lines
from maillage.interop.table_imports.corrections import groups, ranges
from maillage.interop.table_imports.fields import target_label
from maillage.interop.table_imports.models import TableImport
from maillage.interop.table_imports.views.columns import checked
from maillage.interop.table_imports.views.page import tables_page, work_on
from maillage.kit.http import SeeOther
from maillage.kit.typography import number

PER_PAGE = 25
State = TableImport.State
_BADGES = {State.DONE: "badge-ok", State.CHECKED: "badge-warn", State.STOPPED: "badge-alarm"}
#: Columns of a sheet that say nothing to the person who looks at the preview.
_TECHNICAL = {"ref", "source", "licence"}


@require_safe
@team_only
def tables(request: HttpRequest) -> HttpResponse:
    """Every table, the last one first."""
    page = Paginator(TableImport.objects.select_related("source").order_by("-created_at", "-pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    rows = [
        [
            link(reverse("office-table", args=(table.uid,)), table.name),
            capfirst(str(KINDS[table.kind].many)),
            table.source.name,
            _badge(table),
            ngettext("%(n)s ligne", "%(n)s lignes", table.rows) % {"n": number(table.rows)},
            f"{date_format(table.created_at, 'j F Y')}, {table.author_name}",
        ]
        for table in page
    ]
    columns = [_("Fichier"), _("Contient"), _("Source"), _("État"), _("Taille"), _("Déposé")]
    context = {"rows": rows, "columns": columns, "caption": _("Tableaux déposés"), "pager": page, "pager_query": ""}
    return tables_page(request, "list.html", context)


def _badge(table: TableImport) -> Any:
    return format_html('<span class="badge {}">{}</span>', _BADGES.get(State(table.state), ""), table.get_state_display())


@require_safe
@team_only
def table(request: HttpRequest, uid: str) -> HttpResponse:
    """One table. Reads only what was counted by the dry run or the writing."""
    found = table_named(uid)
    counts = found.counts
    context: dict[str, Any] = {
        "badge": _badge(found),
        "kind": KINDS[found.kind],
        "kept": hasattr(found, "content"),
        "days": drafts.KEPT_DAYS,
        "unknown": len(found.questions),
        "may_act": has_role(person_of(request), Role.ANIMATION),
        "counts": counts,
        "groups": [],
        "warnings": [],
        "first": [],
    }
    if found.state in (State.CHECKED, State.DONE):
        context["groups"] = [{"label": target_label(found.kind, group.field), "group": group} for group in groups(found)]
        context["warnings"] = [
            {
                "label": target_label(found.kind, key),
                "reason": reason,
                "count": count,
                "lines": ranges(lines, more=count > len(lines)),
            }
            for key, reason, count, lines in counts.get("warnings", [])
        ]
    if found.state == State.CHECKED:
        context["first"] = [
            {"line": line, "name": sheet.get("name", ""), "values": _in_words(found.kind, sheet)} for line, sheet in found.first
        ]
    return tables_page(request, "table.html", context, table=found)


def _in_words(kind: str, sheet: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (sentences.field_label(kind, column), sentences.words(kind, column, value))
        for column, value in sheet.items()
        if column not in _TECHNICAL and column != "name" and value is not False
    ]


@require_POST
@animation_only
def check(request: HttpRequest, uid: str) -> HttpResponse:
    """Ask for the dry run; for a table that stopped, go on."""
    found = table_named(uid)
    if found.state == State.STOPPED:
        try:
            drafts.resume(found)
        except drafts.Conflict as refusal:
            messages.error(request, str(refusal))
        else:
            work_on(found)
        return SeeOther(reverse("office-table", args=(uid,)))
    return checked(found)


@require_POST
@animation_only
def confirm(request: HttpRequest, uid: str) -> HttpResponse:
    """Write what the dry run showed, once: posted twice, the second does nothing."""
    found = table_named(uid)
    if drafts.confirm(found, person_of(request)):
        work_on(found)
    return SeeOther(reverse("office-table", args=(uid,)))


@require_POST
@animation_only
def discard(request: HttpRequest, uid: str) -> HttpResponse:
    """Throw the table away; sheets already written stay."""
    found = table_named(uid)
    try:
        drafts.discard(found)
    except drafts.Conflict as refusal:
        messages.error(request, str(refusal))
        return SeeOther(reverse("office-table", args=(uid,)))
    messages.success(request, _("Le tableau est écarté. Les fiches déjà importées restent."))
    return SeeOther(reverse("office-tables"))


@require_safe
@team_only
def corrections(request: HttpRequest, uid: str) -> HttpResponse:
    """The refused lines, to correct in a spreadsheet and upload again."""
    found = table_named(uid)
    if not hasattr(found, "content") or found.state not in (State.CHECKED, State.DONE):
        raise Http404
    answer = HttpResponse(corrected_lines(found), content_type="text/csv; charset=utf-8")
    name = slugify(found.name.rpartition(".")[0]) or "tableau"
    answer["Content-Disposition"] = f'attachment; filename="{name}-a-corriger.csv"'
    return answer
