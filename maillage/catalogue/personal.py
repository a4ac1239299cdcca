"""The personal data of the catalogue: who belongs to a structure, who reported, who verified. Contacts of sheets are public."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.catalogue.actions.members import forget
from maillage.kit.personal import GONE, Fate, NotPersonal, Personal, signed

_DECIDED = _("l’histoire des fiches reste vérifiable, sans votre nom")
_VERIFIED = _("la fiche reste vérifiée, sans votre nom")
_PUBLIC = "coordonnées publiques d’une structure, publiées par elle ou par sa source"


PERSONAL = (
    Personal(
        model="catalogue.Membership",
        title=_("Vos structures"),
        rows=lambda holder: Q(person=holder.key),
        columns=("person", "proof", "note"),
        shows=("structure__name", "role", "state", "note", "created_at", "decided_at", "ended_at", "person__email"),
        erase=forget,
    ),
    signed(
        "catalogue.Membership",
        "decided_by",
        _("Les demandes que vous avez décidées pour une structure"),
        "structure__name",
        "role",
        "state",
        "decided_at",
        reason=_DECIDED,
    ),
    Personal(
        model="catalogue.Invitation",
        title=_("Les invitations que vous avez reçues"),
        rows=lambda holder: Q(email__iexact=holder.email),
        columns=("email",),
        shows=("structure__name", "role", "email", "created_at", "used_at"),
    ),
    Personal(
        model="catalogue.Invitation",
        title=_("Les invitations que vous avez envoyées"),
        rows=lambda holder: Q(invited_by=holder.key) | Q(inviter_name__in=holder.names),
        columns=("invited_by", "inviter_name"),
        shows=("structure__name", "role", "created_at", "inviter_name"),
        fate=Fate.ANONYMISE,
        blanks={"invited_by": None, "inviter_name": GONE},
        reason=_DECIDED,
    ),
    Personal(
        model="catalogue.ProposedEdit",
        title=_("Les modifications que vous avez demandées"),
        rows=lambda holder: Q(person=holder.key) | Q(person_name__in=holder.names),
        columns=("person", "person_name"),
        shows=("sheet_name", "state", "created_at", "person_name", "note"),
        fate=Fate.ANONYMISE,
        blanks={"person": None, "person_name": GONE},
        reason=_DECIDED,
    ),
    signed(
        "catalogue.ProposedEdit",
        "decided_by",
        _("Les modifications que vous avez relues"),
        "sheet_name",
        "state",
        "decided_at",
        reason=_DECIDED,
    ),
    signed(
        "catalogue.Structure", "verified_by", _("Les structures que vous avez vérifiées"), "name", "verified_on", reason=_VERIFIED
    ),
    signed("catalogue.Offer", "verified_by", _("Les offres que vous avez vérifiées"), "name", "verified_on", reason=_VERIFIED),
    signed("catalogue.Relay", "verified_by", _("Les relais que vous avez vérifiés"), "name", "verified_on", reason=_VERIFIED),
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
    signed(
        "catalogue.ErrorReport",
        "handled_by",
        _("Les signalements que vous avez traités"),
        "handled_at",
        "sheet_name",
        "answer",
        reason=_("la suite donnée reste lisible, sans votre nom"),
    ),
)

NOT_PERSONAL = (
    NotPersonal("catalogue.Structure", ("hidden_contact",), "contact d’une structure, montré à qui le demande"),
    NotPersonal("catalogue.Structure", ("name", "email", "phone", "address", "notes"), _PUBLIC),
    NotPersonal("catalogue.Offer", ("hidden_contact",), "contact d’une structure, montré à qui le demande"),
    NotPersonal("catalogue.Offer", ("name", "email", "phone", "address", "notes"), _PUBLIC),
    NotPersonal("catalogue.Relay", ("hidden_contact",), "contact d’une structure, montré à qui le demande"),
    NotPersonal("catalogue.Relay", ("name", "email", "phone", "address", "notes"), _PUBLIC),
    NotPersonal("catalogue.CheckedLink", ("digest",), "condensé d’une adresse de page publique"),
    NotPersonal("catalogue.Invitation", ("digest",), "condensé d’un secret tiré au sort"),
    NotPersonal("catalogue.ProposedEdit", ("sheet_name", "note"), "nom d’une fiche, réponse à propos de la fiche"),
    NotPersonal("catalogue.ErrorReport", ("sheet_name",), "nom d’une fiche"),
)

REPLAYS = ()
