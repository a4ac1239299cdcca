from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class OrientationConfig(AppConfig):
    name = "maillage.orientation"
    label = "orientation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Lend the page of an offer to the office, which shows it before it is published and may not import this app."""
        from maillage.catalogue.office import preview

        preview.offer_context = _offer_context


def _offer_context(request: Any, sheet: Any) -> dict[str, Any]:
    from maillage.orientation.views.offer import offer_context  # only when asked for: commands start without the views

    return offer_context(request, sheet)
