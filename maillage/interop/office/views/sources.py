"""The sources, their reads, what became of their records; and what is decided about a quarantine."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.catalogue.access import NotAllowed
from maillage.catalogue.office.page import link, office_page, person_of, team_only
from maillage.interop import decisions, queries
from maillage.interop.access import may_decide
from maillage.interop.models import RawRecord, Run
from maillage.interop.queries import SourceLine
from maillage.interop.sources.registry import registry
from maillage.kit import typography
from maillage.kit.http import SeeOther

PER_PAGE = 25
_BADGES = {
    Run.State.DONE: "badge-ok", Run.State.QUARANTINED: "badge-alarm", Run.State.RELEASED: "badge-warn",
    Run.State.READING: "badge-warn", Run.State.APPLYING: "badge-warn",
}  # fmt: skip


@require_safe
@team_only
def source_list(request: HttpRequest) -> HttpResponse:
    """Every source: when it was read, what it gave, what waits."""
    lines = queries.source_lines(timezone.localdate())
    context = {
        "columns": [
            _("Source"),
            _("Dernière lecture"),
            _("Publiées"),
            _("En attente"),
            _("Écartées"),
            _("Refusées"),
            _("Changements"),
        ],
        "rows": [_row(line) for line in lines],
        "quarantines": [line for line in lines if line.quarantine],
        "problems": registry().problems,
        "waiting": queries.waiting(),
    }
    return office_page(request, "sources/list.html", context, part="sources", trail=[(_("Sources"), "")])


def _row(line: SourceLine) -> list[Any]:
    last = line.last.finished_at if line.last else None
    when: str | SafeString = date_format(timezone.localtime(last), "j F Y") if last else _("jamais lue")
    if line.quarantine:
        when = format_html('{} <span class="badge badge-alarm">{}</span>', when, _("En quarantaine"))
    elif line.due:
        when = format_html('{} <span class="badge badge-warn">{}</span>', when, _("à relire"))
    counts = [line.outcomes.get(outcome, 0) for outcome in ("published", "waiting", "left-out", "refused")]
    return [
        link(reverse("office-source", args=(line.code,)), line.name), when, *(typography.number(count) for count in counts),
        typography.number(line.proposals),
    ]  # fmt: skip


@require_safe
@team_only
def source(request: HttpRequest, code: str) -> HttpResponse:
    """One source: what it is, its last reads, and its records by what became of them."""
    line = next((line for line in queries.source_lines(timezone.localdate()) if line.code == code), None)
    if line is None:
        raise Http404
    outcome = request.GET.get("suite", "waiting")
    choices = [*RawRecord.Outcome.choices, ("missing", _("disparues de la source"))]
    if outcome not in dict(choices):
        outcome = "waiting"
    page = Paginator(queries.records(code, outcome), PER_PAGE).get_page(request.GET.get("page"))
    sheets = queries.sheets_by_uid((link.kind, link.target) for record in page for link in record.links.all())
    runs = Run.objects.filter(source=code).order_by("-pk")[:10]
    context = {
        "line": line,
        "decides": may_decide(person_of(request)),
        "run_columns": [_("Lecture"), _("État"), _("Données"), _("Créées"), _("Modifiées"), _("Disparues"), _("Remarque")],
        "runs": [_run_row(run) for run in runs],
        "choices": [(name, label, line.missing if name == "missing" else line.outcomes.get(name, 0)) for name, label in choices],
        "outcome": outcome,
        "pager": page,
        "pager_query": f"suite={outcome}",
        "record_columns": [_("Identifiant"), _("Fiches"), _("Pourquoi")],
        "records": [_record_row(record, sheets) for record in page],
    }
    trail = [(_("Sources"), reverse("office-sources")), (line.name, "")]
    return office_page(request, "sources/source.html", context, part="sources", trail=trail)


def _run_row(run: Run) -> list[Any]:
    badge = format_html('<span class="badge {}">{}</span>', _BADGES.get(Run.State(run.state), ""), run.get_state_display())
    counts = [
        typography.number(run.counts[name]) if name in run.counts else "—"
        for name in ("records", "created", "changed", "missing")
    ]
    started = date_format(timezone.localtime(run.started_at), "j F Y, H:i")
    remark = ", ".join(filter(None, (run.origin, run.reason, run.decided_by))) or "—"
    return [started, badge, *counts, typography.typographic(remark)]


def _record_row(record: RawRecord, sheets: dict[tuple[str, str], Any]) -> list[Any]:
    found = [sheets[link.kind, link.target] for link in record.links.all() if (link.kind, link.target) in sheets]
    links = format_html_join(
        ", ", '<a href="{}">{}</a>', ((reverse("office-sheet", args=(sheet.KIND, sheet.uid)), sheet.name) for sheet in found)
    )
    why = [*record.reasons]
    if record.missing_since:
        why.append(_("Absente depuis le %(day)s.") % {"day": date_format(record.missing_since, "j F Y")})
    return [record.ref, links or "—", typography.typographic(" ".join(why)) or "—"]


@require_POST
@team_only
def decide_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Release or dismiss a read in quarantine."""
    run = get_object_or_404(Run, pk=pk)
    person = person_of(request)
    try:
        if "accepter" not in request.POST:
            decisions.dismiss(run, person=person)
            messages.success(
                request, _("La lecture est écartée\u202f: les données d’hier restent, jusqu’à la prochaine lecture.")
            )
        elif decisions.release(run, person=person):
            messages.success(
                request,
                _("La lecture est acceptée\u202f: elle sera appliquée au prochain passage de «\u202fmaillage sync --due\u202f»."),
            )
        else:
            messages.error(
                request,
                _(
                    "Cette lecture ne peut plus être acceptée\u202f: quelqu’un l’a déjà traitée, ou la source n’a pas été lue en entier."
                ),
            )
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return SeeOther(reverse("office-source", args=(run.source,)))
