"""« Valider un fichier »: a partner drops a file and reads what is wrong with it. Nothing of it is kept, nor written in a log."""

from __future__ import annotations

from math import ceil

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from maillage.catalogue.advice import wants
from maillage.interop.validator.report import Group, Report
from maillage.interop.validator.validate import EXPECTED, PAGE
from maillage.interop.validator.validate import validate as look
from maillage.kit.http import comes_from_here, network_of
from maillage.kit.rate import RateLimit

#: Per network and per process.
RATE = RateLimit(allowed=30, seconds=600)
#: What a form adds around its file.
_AROUND = 100_000


@csrf_exempt  # no cookie, so no token: see kit.http.comes_from_here
@cache_control(private=True, no_store=True)
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def validate(request: HttpRequest) -> HttpResponse:
    """The form, and the verdict on the file that was sent."""
    problem, status, wait = "", 200, 0
    report: Report | None = None
    name = ""
    if request.method == "POST":
        wait = ceil(RATE.wait(network_of(request)))
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not comes_from_here(request):
            problem, status = _("Ce fichier vient d’un autre site. Envoyez-le depuis cette page."), 403
        elif wait:
            problem, status = (
                _("Beaucoup de fichiers sont venus d’ici en peu de temps. Attendez %(minutes)d min.")
                % {"minutes": ceil(wait / 60)},
                429,
            )
        elif not length.isdigit() or int(length) > PAGE.size + _AROUND:
            problem, status = (
                _("Ce fichier dépasse %(size)d Mo. Coupez-le, ou vérifiez-le chez vous\u202f: maillage valider FICHIER.")
                % {"size": PAGE.size // 1_000_000},
                413,
            )
        else:
            sent = request.FILES.get("fichier")
            if sent is None:
                problem, status = _("Choisissez un fichier."), 400
            else:
                name = str(sent.name or "")[:120]
                report = look(sent.read())
    context = {
        "problems": [{"message": problem, "anchor": "fichier"}] if problem else [],
        "report": report,
        "name": name,
        "size": PAGE.size // 1_000_000,
        "expected": EXPECTED,
        "errors": _told(report, report.errors) if report else [],
        "warnings": _told(report, report.warnings) if report else [],
        "advice": [(wants()[each], count) for each, count in report.to_raise.most_common()] if report else [],
    }
    response = render(request, "interop/validate.html", context, status=status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _told(report: Report, groups: list[Group]) -> list[tuple[str, list[tuple[str, Group]]]]:
    """The groups by field: (field, [(where, group)])."""
    found: dict[str, list[tuple[str, Group]]] = {}
    for group in groups:
        where = ", ".join(part for part in (group.part, report.where(group)) if part)
        found.setdefault(group.field, []).append((where, group))
    return list(found.items())
