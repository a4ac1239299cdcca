from __future__ import annotations

from django.apps import AppConfig


class AccompanimentConfig(AppConfig):
    name = "maillage.accompaniment"
