"""Sheets that may be the same thing: both side by side, one kept or two things; and merges, which can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.catalogue.access import NotAllowed
from maillage.catalogue.actions.sheets import Conflict, plain, version
from maillage.catalogue.office import sentences
from maillage.catalogue.office.kinds import KINDS
from maillage.catalogue.office.page import link, office_page, person_of, team_only
from maillage.catalogue.templatetags.sheets import origin
from maillage.interop import queries
from maillage.interop.access import may_decide
from maillage.interop.formats import FORMATS
from maillage.interop.merging.actions import NotPossible, keep_apart, merge
from maillage.interop.merging.actions import undo as undo_merge
from maillage.interop.models import Duplicate, Merge
from maillage.interop.sources.contract import Source
from maillage.interop.sources.registry import sources
from maillage.interop.steps.compose import columns
from maillage.kit.http import SeeOther

PER_PAGE = 25
REASONS = {
    "siret": lazy("même SIRET"), "siren": lazy("même SIREN"), "page": lazy("même page web"), "name": lazy("noms semblables"),
}  # fmt: skip


def _trail(*rest: tuple[Any, str]) -> list[tuple[Any, str]]:
    return [(_("Sources"), reverse("office-sources")), *rest]


@require_safe
@team_only
def duplicates(request: HttpRequest) -> HttpResponse:
    """The pairs to decide, surest first."""
    kind = request.GET.get("nature", "")
    page = Paginator(queries.duplicates(kind if kind in KINDS else ""), PER_PAGE).get_page(request.GET.get("page"))
    sheets = queries.sheets_by_uid((pair.sheet_kind, uid) for pair in page for uid in (pair.first, pair.second))
    known, rows = sources(), []
    for pair in page:
        one, other = sheets[pair.sheet_kind, pair.first], sheets[pair.sheet_kind, pair.second]
        rows.append(
            [
                link(reverse("office-duplicate", args=(pair.pk,)), one.name),
                other.name,
                f"{_name(one.source, known)} / {_name(other.source, known)}",
                ", ".join(str(REASONS[reason]) for reason in pair.reasons),
                pair.score,
            ]
        )
    context = {
        "columns": [_("Fiche"), _("Serait aussi"), _("Sources"), _("Parce que"), _("Ressemblance (sur 100)")],
        "rows": rows,
        "pager": page,
        "pager_query": f"nature={kind}" if kind in KINDS else "",
        "natures": KINDS.values(),
        "nature": kind,
    }
    trail = _trail((_("Doublons possibles"), ""))
    return office_page(request, "sources/duplicates.html", context, part="sources", trail=trail)


def _name(code: str, known: Mapping[str, Source]) -> str:
    return known[code].name if code in known else origin(code)


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """One pair: both sheets side by side; which one to keep, or two things."""
    pair = get_object_or_404(Duplicate, pk=pk)
    person = person_of(request)
    sheets = queries.sheets_by_uid([(pair.sheet_kind, pair.first), (pair.sheet_kind, pair.second)])
    if len(sheets) < 2:
        raise Http404
    one, other = sheets[pair.sheet_kind, pair.first], sheets[pair.sheet_kind, pair.second]
    problem, status = "", 200
    if request.method == "POST":
        try:
            if "differentes" in request.POST:
                keep_apart(pair, person=person)
                messages.success(request, _("Ce sont deux choses\u202f: elles ne seront plus proposées ensemble."))
                return SeeOther(reverse("office-duplicates"))
            if request.POST.get("garder") in (one.uid, other.uid):
                kept, away = (one, other) if request.POST["garder"] == one.uid else (other, one)
                seen = (request.POST.get(f"vue-{kept.uid}", ""), request.POST.get(f"vue-{away.uid}", ""))
                merge(kept, away, person=person, seen=seen)
                messages.success(request, _("Les deux fiches n’en font plus qu’une. La fusion peut être défaite."))
                return SeeOther(reverse("office-sheet", args=(kept.KIND, kept.uid)))
            problem = _("Choisissez la fiche à garder.")
        except NotAllowed as refusal:
            problem, status = str(refusal), 403
        except NotPossible as refusal:
            problem, status = str(refusal), 409
        except Conflict:
            problem, status = _("L’une des fiches a changé depuis que vous avez ouvert cette page. Relisez-les ci-dessous."), 409
        sheets = queries.sheets_by_uid(sheets)
        one, other = sheets[pair.sheet_kind, pair.first], sheets[pair.sheet_kind, pair.second]
    known = sources()
    context = {
        "pair": pair,
        "sides": [{"sheet": sheet, "source": _name(sheet.source, known), "seen": version(sheet)} for sheet in (one, other)],
        "rows": _side_by_side(one, other),
        "reasons": [REASONS[reason] for reason in pair.reasons],
        "decides": may_decide(person) and pair.state == Duplicate.State.WAITING and not (one.merged_into or other.merged_into),
        "problems": [{"anchor": f"garder-{one.uid}" if status == 200 else "", "message": problem}] if problem else [],
    }
    trail = _trail((_("Doublons possibles"), reverse("office-duplicates")), (one.name, ""))
    return office_page(request, "sources/duplicate.html", context, part="sources", trail=trail, status=status)


def _side_by_side(one: Any, other: Any) -> list[dict[str, Any]]:
    """The fields that at least one of the two fills, in the order of the files."""
    form = next(form for form in FORMATS if form.kind == one.KIND)
    rows = []
    for column in columns(form):
        pair = [plain(getattr(sheet, column.name)) for sheet in (one, other)]
        if any(value not in (None, "", [], False) for value in pair):
            said = [sentences.words(one.KIND, column.name, value) for value in pair]
            rows.append({"label": sentences.field_label(one.KIND, column.name), "said": said, "differ": pair[0] != pair[1]})
    return rows


@require_safe
@team_only
def merges(request: HttpRequest) -> HttpResponse:
    """Every merge, and the button that undoes it."""
    page = Paginator(queries.merges(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"pager": page, "pager_query": "", "decides": may_decide(person_of(request))}
    return office_page(request, "sources/merges.html", context, part="sources", trail=_trail((_("Fusions"), "")))


@require_POST
@team_only
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a merge."""
    done = get_object_or_404(Merge, pk=pk)
    try:
        undo_merge(done, person=person_of(request))
    except (NotAllowed, NotPossible) as refusal:
        messages.error(request, str(refusal))
    else:
        day = date_format(done.merged_at, "j F Y")
        messages.success(request, _("La fusion du %(day)s est défaite\u202f: les deux fiches sont de nouveau là.") % {"day": day})
    return SeeOther(reverse("office-merges"))
