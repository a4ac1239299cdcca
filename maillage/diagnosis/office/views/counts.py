"""What the diagnoses of the region say together."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.catalogue.office.page import office_page, team_only
from maillage.diagnosis.masking import THRESHOLD
from maillage.diagnosis.office import counts as reading
from maillage.diagnosis.office.views.grids import PART, found, trail, version_url
from maillage.diagnosis.versions import NoSuchVersion, version
from maillage.kit.typography import typographic


@require_safe
@team_only
def counts(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The counts of a published version, for the portal of the request."""
    try:
        wanted = version(code, number)
    except NoSuchVersion:
        raise Http404 from None
    portal: str = request.portal.code  # type: ignore[attr-defined]  # set by portal_middleware
    counted = reading.counted(wanted, portal, timezone.now())
    language = get_language()
    rows = [
        [typographic(criterion.title.said(language)), *(_("masqué") if cell is None else cell for cell in cells)]
        for criterion, cells in counted.rows
    ]
    shown = found(code, number)
    context = {
        "version": shown,
        "counted": counted,
        "threshold": THRESHOLD,
        "lacking": [(typographic(criterion.title.said(language)), count) for criterion, count in counted.lacking],
        "caption": _("Réponses par critère"),
        "columns": [
            _("Critère"),
            _("Oui, avec preuve"),
            _("En partie"),
            _("Non, ou pas encore"),
            _("Je ne sais pas, ou sans réponse"),
            _("Sans objet"),
        ],
        "rows": rows,
    }
    return office_page(
        request, "grid_counts.html", context, part=PART, trail=trail((shown.name, version_url(shown)), (_("Chiffres"), ""))
    )
