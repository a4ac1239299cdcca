"""Documents of a kept diagnosis: added by somebody with an account, sent to whoever holds a link of the diagnosis."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from maillage.diagnosis import access, actions, documents
from maillage.diagnosis.access import Entry
from maillage.diagnosis.documents import Refused
from maillage.diagnosis.models import Document
from maillage.diagnosis.views import kept
from maillage.diagnosis.views.common import step_page
from maillage.diagnosis.views.kept import private
from maillage.kit.http import SeeOther
from maillage.vocabulary.middleware import PortalRequest


@private("POST")
def add_document(request: PortalRequest, entry: Entry, step: str) -> HttpResponse:
    """Keep a file for a criterion, then show its page again."""
    filling = kept.filling_of(entry)
    asked = filling.version.grid.by_code.get(step)
    if asked is None or not access.may_add_documents(request.user):
        return SeeOther(filling.list_url)
    upload = request.FILES.get("document")
    problem = ""
    if upload is None:
        problem = _("Choisissez un fichier.")
    else:
        try:
            content, kind = documents.read(upload, upload.size)
            actions.add_document(entry, step, upload.name or "", content, kind)
        except Refused as refused:
            problem = str(refused)
    if not problem:
        return SeeOther(f"{filling.step_url(step)}#documents")
    context = {
        **kept.context_of(entry),
        "may_add": True,
        "evidence": kept.evidence_of([entry.assessment])[entry.assessment.pk].get(step, ""),
        "documents": kept.documents_of(entry.assessment).get(step, []),
        "document_problem": problem,
        "problems": [{"message": problem, "anchor": "document"}],
    }
    return step_page(request, filling, asked, context)


@private("POST")
def remove_document(request: PortalRequest, entry: Entry, pk: int) -> HttpResponse:
    """Delete one of one's own documents."""
    found = Document.objects.filter(assessment=entry.assessment, pk=pk).first()
    actions.remove_document(entry, pk)
    filling = kept.filling_of(entry)
    return SeeOther(f"{filling.step_url(found.criterion)}#documents" if found else filling.list_url)


@private("GET", "HEAD")
def document(request: PortalRequest, entry: Entry, pk: int) -> HttpResponseBase:
    """A document of this diagnosis, as an attachment. Each voice may read those of the other."""
    found = Document.objects.filter(assessment__diagnosis=entry.diagnosis, pk=pk).first()
    path = documents.path_of(found.stored_as) if found else None
    if found is None or path is None or not path.is_file():
        return render(
            request, "diagnosis/no_document.html", {"section": "diagnosis", "filling": kept.filling_of(entry)}, status=404
        )
    response = FileResponse(path.open("rb"), content_type=documents.TYPES[found.kind])
    response.headers["Content-Disposition"] = content_disposition_header(True, found.name) or ""
    response.headers["Cache-Control"] = "private, no-store"
    return response
