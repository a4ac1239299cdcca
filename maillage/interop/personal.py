"""The personal data of imports and of what people decide about sources: who deposited, who decided."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.kit.personal import GONE, Fate, NotPersonal, Personal, signed

_STAYS = _("la décision reste vérifiable, sans votre nom")


PERSONAL = (
    Personal(
        model="interop.TableImport",
        title=_("Les tableaux que vous avez déposés"),
        rows=lambda holder: Q(author=holder.key) | Q(author_name__in=holder.names),
        columns=("author", "author_name"),
        shows=("name", "created_at", "state", "author_name"),
        fate=Fate.ANONYMISE,
        blanks={"author": None, "author_name": GONE},
        reason=_("le tableau appartient à l’organisme qui l’a donné"),
    ),
    Personal(
        model="interop.TableImport",
        title=_("Les tableaux que vous avez confirmés"),
        rows=lambda holder: Q(confirmed_by=holder.key),
        columns=("confirmed_by",),
        shows=("name", "created_at", "state", "confirmed_by__email"),
        fate=Fate.ANONYMISE,
        blanks={"confirmed_by": None},
        reason=_STAYS,
    ),
    signed(
        "interop.Run", "decided_by", _("Les lectures de sources que vous avez décidées"), "source", "decided_at", reason=_STAYS
    ),
    signed(
        "interop.Proposal", "decided_by", _("Les changements que vous avez décidés"), "name", "field", "decided_at", reason=_STAYS
    ),
    signed(
        "interop.Duplicate",
        "decided_by",
        _("Les doublons que vous avez tranchés"),
        "first",
        "second",
        "decided_at",
        reason=_STAYS,
    ),
    signed("interop.Merge", "merged_by", _("Les fusions que vous avez faites"), "kept", "away", reason=_STAYS),
    signed("interop.Merge", "undone_by", _("Les fusions que vous avez défaites"), "kept", "away", reason=_STAYS),
)

_CATALOGUE = "nom d’un fichier, d’une source ou d’une fiche du catalogue"
NOT_PERSONAL = (
    NotPersonal("interop.TableSource", ("name",), _CATALOGUE),
    NotPersonal("interop.TableImport", ("name", "notes", "leased_by"), _CATALOGUE + " ; jeton d’un processus"),
    NotPersonal("interop.RawRecord", ("digest",), "empreinte d’un enregistrement"),
    NotPersonal("interop.Proposal", ("name",), _CATALOGUE),
    NotPersonal("interop.Merge", ("names",), _CATALOGUE),
)
REPLAYS = ()
