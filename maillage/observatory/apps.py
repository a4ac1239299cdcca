from __future__ import annotations

from django.apps import AppConfig


class ObservatoryConfig(AppConfig):
    name = "maillage.observatory"
