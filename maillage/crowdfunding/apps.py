from __future__ import annotations

from django.apps import AppConfig


class CrowdfundingConfig(AppConfig):
    name = "maillage.crowdfunding"

    def ready(self) -> None:
        """Give the office its words for what happens here."""
        from maillage.catalogue.office import sentences
        from maillage.crowdfunding.models import Campaign
        from maillage.crowdfunding.wording import VERBS

        sentences.OTHER_KINDS[Campaign.KIND] = (Campaign, VERBS)
