"""The kinds of messages that the orientation writes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from maillage.journal.kinds import Kind

KINDS = (
    Kind(
        "alert-confirm",
        _("Confirmation d’une alerte"),
        _("Vous recevez ce message parce qu’une alerte a été demandée avec votre adresse."),
        stoppable=False,
    ),
    Kind("alert", _("Nouveautés de vos recherches"), _("Vous recevez ce message parce que vous avez demandé cette alerte.")),
    Kind(
        "alert-renewal",
        _("Fin prochaine d’une alerte"),
        _("Vous recevez ce message parce que vous avez demandé cette alerte."),
    ),
)
