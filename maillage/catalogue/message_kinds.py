"""The kinds of messages that the catalogue writes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from maillage.journal.kinds import Kind

KINDS = (
    Kind(
        "structure",
        _("Votre structure\u202f: demandes, invitations, modifications"),
        _("Vous recevez ce message parce que vous tenez la fiche d’une structure, ou l’avez demandé."),
        stoppable=False,
    ),
    Kind(
        "freshness",
        _("Rappels\u202f: vos fiches sont-elles toujours exactes\u202f?"),
        _("Vous recevez ce message parce que votre structure est dans le catalogue."),
    ),
)
