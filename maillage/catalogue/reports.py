"""« Signaler une erreur »: keep what a visitor says is wrong on a sheet."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from maillage.catalogue.models import ErrorReport
from maillage.catalogue.models.sheet import Sheet
from maillage.journal.actions import entry_for

#: Who acts in the journal when a visitor reports an error: nobody in particular.
VISITOR = "Un visiteur"
#: The same words about the same sheet within this time are one report (a second press, a reload, a retry of the network).
SAME_REPORT_WITHIN = timedelta(hours=24)


def report_error(sheet: Sheet, *, portal: str, reason: str, message: str = "", email: str = "") -> ErrorReport:
    """Keep one report and its journal line, in one transaction; sent twice, it is kept once.

    The journal says that something was reported and why, never the words nor the e-mail address of the visitor.
    """
    said = {"portal": portal, "reason": reason, "message": message, "email": email}
    with transaction.atomic():
        # the row of the sheet is the lock: two identical posts at the same instant wait for each other
        type(sheet)._default_manager.select_for_update().only("pk").get(pk=sheet.pk)
        same = ErrorReport.objects.filter(
            sheet_kind=sheet.KIND, sheet_uid=sheet.uid, created_at__gte=timezone.now() - SAME_REPORT_WITHIN, **said
        ).first()
        if same is not None:
            return same
        report = ErrorReport.objects.create(sheet_kind=sheet.KIND, sheet_uid=sheet.uid, sheet_name=sheet.name[:300], **said)
        entry = entry_for("reported", sheet, note=str(ErrorReport.Reason(reason).label))
        entry.actor_name = VISITOR
        entry.save(force_insert=True)
    return report
