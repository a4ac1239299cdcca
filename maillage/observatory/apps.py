from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class ObservatoryConfig(AppConfig):
    name = "maillage.observatory"

    def ready(self) -> None:
        """Lend its entry to the menu of the office, and « Mon compte » the way to the exact figures."""
        from maillage.accounts.extensions import PLACES
        from maillage.catalogue.office.extensions import MENU, MenuEntry
        from maillage.observatory.officers import places_of

        MENU.append(MenuEntry("observatory", "observatory", gettext_lazy("Observatoire")))
        PLACES.append(places_of)
