from __future__ import annotations

from django.apps import AppConfig


class CrowdfundingConfig(AppConfig):
    name = "maillage.crowdfunding"
