from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from maillage.catalogue.office.extensions import Waits


class CatalogueConfig(AppConfig):
    name = "maillage.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell accounts which personas memberships give, and lend what apps below show."""
        from maillage.accounts.extensions import PLACES
        from maillage.accounts.personas import add_source
        from maillage.catalogue.actions.members import moves_back, moves_with
        from maillage.catalogue.merges import FOLLOWERS, Follower
        from maillage.catalogue.office import extensions
        from maillage.catalogue.personas import from_memberships
        from maillage.catalogue.views.upkeep import places_of

        PLACES.append(places_of)
        add_source(from_memberships)
        extensions.WAITING.append(_waiting)
        FOLLOWERS.append(Follower("membership", moves_with, moves_back))


def _waiting() -> list[Waits]:
    """What structures ask of the animation, on the board."""
    from maillage.catalogue.models import ProposedEdit  # only when asked for: apps are not all loaded when this one starts
    from maillage.catalogue.office.extensions import Waits
    from maillage.catalogue.office.views.queues import first_claims, orphans

    edits, claims, alone = ProposedEdit.objects.filter(state="attente").count(), first_claims().count(), orphans().count()
    return [
        Waits(
            edits,
            ngettext("modification d’une structure à relire", "modifications de structures à relire", edits),
            reverse("office-proposed"),
        ),
        Waits(claims, ngettext("demande à tenir une fiche", "demandes à tenir une fiche", claims), reverse("office-members")),
        Waits(
            alone,
            ngettext("structure n’a plus de gestionnaire", "structures n’ont plus de gestionnaire", alone),
            reverse("office-members"),
        ),
    ]
