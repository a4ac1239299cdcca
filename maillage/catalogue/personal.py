"""The personal data of the catalogue: who belongs to a structure, who reported, who verified. Contacts of sheets are public."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.kit.personal import GONE, Fate, NotPersonal, Personal

_PUBLIC = "coordonnées publiques d’une structure, publiées par elle ou par sa source"


def _verified(model: str, title: object) -> Personal:
    return Personal(
        model=model,
        title=title,
        rows=lambda holder: Q(verified_by__in=holder.names),
        columns=("verified_by",),
        shows=("name", "verified_on", "verified_by"),
        fate=Fate.ANONYMISE,
        blanks={"verified_by": GONE},
        reason=_("la fiche reste vérifiée, sans votre nom"),
    )


PERSONAL = (
    Personal(
        model="catalogue.Membership",
        title=_("Vos structures"),
        rows=lambda holder: Q(person=holder.key),
        columns=("person", "proof"),
        shows=("structure__name", "role", "state", "created_at", "decided_at", "ended_at", "person__email"),
    ),
    _verified("catalogue.Structure", _("Les structures que vous avez vérifiées")),
    _verified("catalogue.Offer", _("Les offres que vous avez vérifiées")),
    _verified("catalogue.Relay", _("Les relais que vous avez vérifiés")),
    Personal(
        model="catalogue.ErrorReport",
        title=_("Les erreurs que vous avez signalées"),
        rows=lambda holder: Q(email__iexact=holder.email),
        columns=("email", "message"),
        shows=("created_at", "sheet_name", "reason", "message", "email"),
        fate=Fate.ANONYMISE,
        blanks={"email": "", "message": ""},
        reason=_("le signalement reste compté, sans votre adresse ni vos mots"),
    ),
    Personal(
        model="catalogue.ErrorReport",
        title=_("Les signalements que vous avez traités"),
        rows=lambda holder: Q(handled_by__in=holder.names),
        columns=("handled_by",),
        shows=("handled_at", "sheet_name", "handled_by", "answer"),
        fate=Fate.ANONYMISE,
        blanks={"handled_by": GONE},
        reason=_("la suite donnée reste lisible, sans votre nom"),
    ),
)

NOT_PERSONAL = (
    NotPersonal("catalogue.Structure", ("name", "email", "phone", "address", "notes"), _PUBLIC),
    NotPersonal("catalogue.Offer", ("name", "email", "phone", "address", "notes"), _PUBLIC),
    NotPersonal("catalogue.Relay", ("name", "email", "phone", "address", "notes"), _PUBLIC),
    NotPersonal("catalogue.ErrorReport", ("sheet_name",), "nom d’une fiche"),
)

REPLAYS = ()
