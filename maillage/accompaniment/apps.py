"""Requests for contact (« mise en relation »): from what a holder writes to somebody who answers."""

from __future__ import annotations

from django.apps import AppConfig


class AccompanimentConfig(AppConfig):
    name = "maillage.accompaniment"

    def ready(self) -> None:
        """Lend the way to its pages to the apps that stand below and may not import this one."""
        from maillage.accompaniment.extend import extend

        extend()
