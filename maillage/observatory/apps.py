from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class ObservatoryConfig(AppConfig):
    name = "maillage.observatory"

    def ready(self) -> None:
        """Lend its entry to the menu of the office."""
        from maillage.catalogue.office.extensions import MENU, MenuEntry

        MENU.append(MenuEntry("observatory", "observatory", gettext_lazy("Observatoire")))
