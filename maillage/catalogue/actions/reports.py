"""Error reports: what visitors and the team say is wrong on a sheet, and what was done about it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from maillage.accounts.access import has_role
from maillage.accounts.models import Person, Role
from maillage.catalogue.access import MODELS, AnySheet, NotAllowed
from maillage.catalogue.models import ErrorReport
from maillage.journal.actions import record


def ask_correction(sheet: AnySheet, message: str, *, person: Person, portal: str) -> ErrorReport:
    """Ask those who may edit a published sheet to correct it: a report signed by a colleague."""
    reason = ErrorReport.Reason.OTHER
    signed = {"sheet_kind": sheet.KIND, "sheet_uid": sheet.uid, "email": person.email, "message": message, "handled_at": None}
    existing = ErrorReport.objects.filter(**signed).first()
    return existing or ErrorReport.objects.create(**signed, sheet_name=sheet.name, portal=portal, reason=reason)


def handle(report: ErrorReport, answer: str, *, person: Person) -> ErrorReport:
    """Close a report with what was done; the history of the sheet says so. A report closed already stays as it is.

    Raises NotAllowed.
    """
    if not has_role(person, Role.REDACTION):
        raise NotAllowed("Votre compte ne permet pas de traiter les signalements.")
    with transaction.atomic():
        moved = ErrorReport.objects.filter(pk=report.pk, handled_at__isnull=True).update(
            handled_at=timezone.now(), handled_by=str(person), answer=answer
        )
        sheet = MODELS[report.sheet_kind]._default_manager.filter(uid=report.sheet_uid).first()
        if moved and sheet is not None:
            record("report-handled", sheet, actor=person, note=answer)
    report.refresh_from_db()
    return report
