"""Crowdfunding keeps what platforms publish, and no giver."""

from __future__ import annotations

from maillage.kit.personal import NotPersonal

PERSONAL = ()
NOT_PERSONAL = (
    NotPersonal(
        "crowdfunding.Campaign",
        ("name", "holder"),
        "nom public d’une campagne et de l’organisme qui la porte, publiés par la plateforme",
    ),
    NotPersonal("crowdfunding.CampaignImage", ("digest",), "empreinte d’une image"),
)
REPLAYS = ()
