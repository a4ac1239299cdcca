from __future__ import annotations

from django.apps import AppConfig


class ObservatoryConfig(AppConfig):
    name = "maillage.observatory"

    def ready(self) -> None:
        """Lend « Mon compte » the way to the exact figures."""
        from maillage.accounts.extensions import PLACES
        from maillage.observatory.officers import places_of

        PLACES.append(places_of)
