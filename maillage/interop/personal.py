"""The personal data of imports and of what people decide about sources: who deposited, who decided."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.kit.personal import GONE, Fate, NotPersonal, Personal

_STAYS = _("la décision reste vérifiable, sans votre nom")


def _decided(model: str, column: str, title: object, *shows: str) -> Personal:
    return Personal(
        model=model,
        title=title,
        rows=lambda holder: Q(**{f"{column}__in": holder.names}),
        columns=(column,),
        shows=(*shows, column),
        fate=Fate.ANONYMISE,
        blanks={column: GONE},
        reason=_STAYS,
    )


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
    _decided("interop.Run", "decided_by", _("Les lectures de sources que vous avez décidées"), "source", "decided_at"),
    _decided("interop.Proposal", "decided_by", _("Les changements que vous avez décidés"), "name", "field", "decided_at"),
    _decided("interop.Duplicate", "decided_by", _("Les doublons que vous avez tranchés"), "first", "second", "decided_at"),
    _decided("interop.Merge", "merged_by", _("Les fusions que vous avez faites"), "kept", "away"),
    _decided("interop.Merge", "undone_by", _("Les fusions que vous avez défaites"), "kept", "away"),
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
