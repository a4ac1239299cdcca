"""Requests for contact (« mise en relation »): from what a holder writes to somebody who answers."""

from __future__ import annotations

from django.apps import AppConfig


class AccompanimentConfig(AppConfig):
    name = "maillage.accompaniment"

    def ready(self) -> None:
        """Lend its pages to the office, which stands below and may not import this app."""
        from maillage.accompaniment.office.extend import extend_office

        extend_office()
