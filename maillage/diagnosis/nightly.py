"""What the self-diagnosis does at night."""

from __future__ import annotations

from django.utils import timezone

from maillage.diagnosis.actions import purge
from maillage.kit.nightly import Step


def purge_diagnoses() -> str:
    """Delete the self-diagnoses whose private link expired, with their documents."""
    expired, orphans = purge(timezone.now())
    return f"{expired} autodiagnostic(s) et {orphans} fichier(s) effacés."


STEPS = (Step("diagnoses", "Autodiagnostics périmés", purge_diagnoses, order=85),)
