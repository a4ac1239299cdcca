"""Which column goes to which field, then what the unknown words mean."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from maillage.interop.table_imports import drafts, forms
from maillage.interop.table_imports.access import animation_only, table_named
from maillage.interop.table_imports.fields import codes_of, target_label, targets
from maillage.interop.table_imports.matching import Matching, problems
from maillage.interop.table_imports.models import TableImport
from maillage.interop.table_imports.shape import differences
from maillage.interop.table_imports.views.page import tables_page, work_on
from maillage.kit.http import SeeOther


@require_http_methods(["GET", "HEAD", "POST"])
@animation_only
def columns(request: HttpRequest, uid: str) -> HttpResponse:
    """The matching. What was chosen is kept even when something is missing: the page says what."""
    table = table_named(uid)
    if table.state not in drafts.OPEN or not hasattr(table, "content"):
        return SeeOther(reverse("office-table", args=(uid,)))
    found: list[tuple[str, str]] = []
    matching = Matching.from_json(table.matching)
    if request.method == "POST":
        matching, found = forms.chosen_matching(request.POST, table)
        found += problems(matching, table.kind)
        try:
            drafts.match(table, matching, seen=str(request.POST.get("seen", "")))
        except drafts.Conflict as refusal:
            found = [("", str(refusal)), *found]
            table = table_named(uid)
        if not found:
            return _next(table)
    return tables_page(request, "columns.html", _screen(table, matching, found), table=table, here=_("Colonnes"))


def _next(table: TableImport) -> HttpResponse:
    """After the columns: the unknown words if there are any, else the dry run."""
    if table.questions:
        return SeeOther(reverse("office-table-values", args=(table.uid,)))
    return checked(table)


def checked(table: TableImport) -> HttpResponse:
    """Ask for the dry run, do it at once when it is short, and lead to its result."""
    try:
        drafts.check(table)
    except drafts.Conflict:
        pass  # somebody asked for it just before: its result is the same
    else:
        work_on(table)
    return SeeOther(reverse("office-table", args=(table.uid,)))


def _screen(table: TableImport, matching: Matching, found: list[tuple[str, str]]) -> dict[str, Any]:
    names = [column["name"] for column in table.columns]
    options = forms.field_options(table.kind)
    wrong: dict[str, list[str]] = {}
    for key, sentence in found:
        wrong.setdefault(key, []).append(sentence)
    constants = [
        {
            "key": target.key,
            "label": target_label(table.kind, target.key),
            "options": list(codes_of(target.key).items()) if target.coded else [],
            "value": matching.constants.get(target.key, ""),
            "required": target.required,
            "hint": _HINTS.get(target.sort, ""),
            "errors": wrong.get(target.key, []),
        }
        for target in forms.constant_targets(table.kind)
    ]
    anchors = {one["key"] for one in constants}
    host = matching.host
    remembered = table.source.matchings.get(table.kind)
    new, gone = differences(remembered.get("columns", {}), names) if remembered else ([], [])
    return {
        "columns": [
            {
                "place": place,
                "name": column["name"],
                "samples": column["samples"],
                "target": matching.columns.get(column["name"], ""),
                "separator": matching.separators.get(column["name"], "aucun"),
                "separators": forms.separator_options(table.kind, matching.columns.get(column["name"], "")),
            }
            for place, column in enumerate(table.columns)
        ],
        "options": options,
        "constants": constants,
        "identities": list(enumerate(names)),
        "identity": names.index(matching.identity) if matching.identity in names else -1,
        "hosts": [(f"name-{place}", f"id-{place}", name) for place, name in enumerate(names)],
        "host": f"{host.by}-{names.index(host.column)}" if host.column in names else host.by,
        "host_text": host.text,
        "host_errors": wrong.get("structure", []),
        "has_host": table.kind != "structure",
        "remembered": bool(remembered),
        "new": new,
        "gone": gone,
        "problems": [
            {
                "anchor": f"constante-{key}" if key in anchors else "structure-nom" if key == "structure" else "",
                "message": f"{target_label(table.kind, key)} : {sentence}" if key else sentence,
            }
            for key, sentence in found
        ],
    }


_HINTS = {
    "territory": "Par exemple « Pays de la Loire », « 53 », « CC du Pays de Craon » ou « France ». Plusieurs\u202f: séparez par des points-virgules.",
    "slug": "Par exemple « pepiniere ». Plusieurs\u202f: séparez par des points-virgules.",
    "language": "Par exemple « français ; anglais ».",
}


@require_http_methods(["GET", "HEAD", "POST"])
@animation_only
def values(request: HttpRequest, uid: str) -> HttpResponse:
    """What the words that no list knows mean. A word left undecided refuses its rows; the preview says so."""
    table = table_named(uid)
    if table.state not in drafts.OPEN or not hasattr(table, "content"):
        return SeeOther(reverse("office-table", args=(uid,)))
    found: list[dict[str, str]] = []
    if request.method == "POST":
        said = forms.said_values(request.POST, table)
        try:
            drafts.match(table, Matching.from_json(table.matching).with_values(said), seen=str(request.POST.get("seen", "")))
        except drafts.Conflict as refusal:
            found = [{"anchor": "", "message": str(refusal)}]
            table = table_named(uid)
        else:
            return checked(table)
    groups: dict[str, dict[str, Any]] = {}
    for place, question in enumerate(table.questions):
        group = groups.setdefault(question["key"], {"label": target_label(table.kind, question["key"]), "questions": []})
        chosen = str(request.POST.get(f"valeur-{place}", ""))
        coded = targets(table.kind)[question["key"]].coded
        proposed = question["proposed"][0] if coded and question["proposed"] else ""
        group["questions"].append(
            {
                **question,
                "place": place,
                "options": forms.answers(table.kind, question),
                "chosen": chosen or proposed,
                "guessed": bool(proposed),
            }
        )
    context = {"groups": list(groups.values()), "problems": found}
    return tables_page(request, "values.html", context, table=table, here=_("Mots inconnus"))
