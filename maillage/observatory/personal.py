"""The personal data of the observatory: who asked where to put places. Searches and visitors hold nothing of anybody."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.kit.personal import GONE, Fate, NotPersonal, Personal

PERSONAL = (
    Personal(
        model="observatory.SitingRun",
        title=_("Les calculs de lieux que vous avez demandés"),
        rows=lambda holder: Q(author=holder.key) | Q(author_name__in=holder.names),
        columns=("author", "author_name"),
        shows=("created_at", "territory", "count", "state", "author_name"),
        fate=Fate.ANONYMISE,
        blanks={"author": None, "author_name": GONE},
        reason=_("le calcul reste lisible par l’animation, sans votre nom"),
    ),
)

NOT_PERSONAL = (
    NotPersonal("observatory.SitingRun", ("leased_by",), "processus qui calcule"),
    NotPersonal("observatory.RollUp", ("name",), "nom d’un comptage"),
)

REPLAYS = ()
