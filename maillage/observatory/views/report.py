"""The yearly report as an accessible PDF: the same figures and sentences as the pages."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.kit.pdf.compile import Busy
from maillage.observatory.demand.publication import published
from maillage.observatory.report.document import report_pdf
from maillage.vocabulary.middleware import PortalRequest

RETRY = 5


@require_safe
@login_not_required
def report(request: PortalRequest, year: int) -> HttpResponse:
    """The report of a year that is shown; 404 for another. 503, in words, when too many are being made."""
    now = timezone.now()
    found = published(request.portal, year, timezone.localdate(now))
    if found is None:
        raise Http404(_("Aucun rapport pour cette année\u202f: elle n’est pas montrée."))
    try:
        content = report_pdf(found, request.portal, timezone.localtime(now))
    except Busy:
        text = _("Trop de rapports sont en cours de fabrication. Recommencez dans quelques secondes.")
        return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": str(RETRY)})
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(False, f"observatoire-{year}.pdf") or ""
    return response
