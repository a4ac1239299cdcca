"""The personal data of self-diagnoses kept by somebody with an account. Without account, the private link is the only way to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.diagnosis import actions, documents
from maillage.diagnosis.models import Document
from maillage.kit.personal import NotPersonal, Personal, erased_with_its_owner


def _erase(rows: Any) -> None:
    actions.delete(list(rows.values_list("pk", flat=True)))


def _files(rows: Any) -> Iterable[tuple[str, bytes]]:
    for document in Document.objects.filter(assessment__in=rows.values("assessments")).order_by("pk"):
        file = documents.path_of(document.stored_as)
        if file.is_file():
            yield document.name, file.read_bytes()


PERSONAL = (
    Personal(
        model="diagnosis.Diagnosis",
        title=_("Vos autodiagnostics"),
        rows=lambda holder: Q(owner=holder.key),
        columns=("owner", "secret_digest"),
        shows=("grid__code", "stage", "commune", "created_at", "expires_at", "owner__email"),
        erase=_erase,
        files=_files,
    ),
    Personal(
        model="diagnosis.Assessment",
        title=_("Les réponses de vos autodiagnostics"),
        rows=lambda holder: Q(diagnosis__owner=holder.key),
        columns=("secret_digest",),
        shows=("diagnosis", "voice", "round", "answers", "started_at", "modified_at"),
        erase=erased_with_its_owner,
    ),
    Personal(
        model="diagnosis.Evidence",
        title=_("Ce que vous avez écrit dans vos autodiagnostics"),
        rows=lambda holder: Q(assessment__diagnosis__owner=holder.key),
        columns=("text",),
        shows=("assessment", "criterion", "text"),
        erase=erased_with_its_owner,
    ),
    Personal(
        model="diagnosis.Document",
        title=_("Les documents de vos autodiagnostics"),
        rows=lambda holder: Q(assessment__diagnosis__owner=holder.key),
        columns=("name",),
        shows=("assessment", "criterion", "name", "added_at"),
        erase=erased_with_its_owner,
    ),
)

NOT_PERSONAL = (NotPersonal("diagnosis.GridVersion", ("digest",), "empreinte du contenu d’une grille"),)

REPLAYS = ()
