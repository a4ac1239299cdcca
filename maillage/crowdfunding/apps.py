from __future__ import annotations

from django.apps import AppConfig


class CrowdfundingConfig(AppConfig):
    name = "maillage.crowdfunding"

    def ready(self) -> None:
        """Lend the way to its pages to the apps that stand below and may not import this one."""
        from maillage.crowdfunding.extend import extend

        extend()
