"""The pages of crowdfunding against a bare Django page of the same size, asked in turn on the same machine.

python -m bench.crowdfunding --data DIR      (writes 200 made-up campaigns in the folder the first time)
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Callable

from bench.http import against_bare, free_port, maillage

CAMPAIGNS = 200
HOME = "/financement-participatif/"


def write_campaigns() -> str:
    """Made-up campaigns in the Pays de la Loire, written once; gives the address of one of them."""
    import django

    django.setup()
    from datetime import date, timedelta
    from decimal import Decimal

    from maillage.crowdfunding.models import Campaign, CampaignStatus
    from maillage.crowdfunding.rules import rules
    from maillage.territories.queries import communes_of

    chance, communes, today = random.Random(5), communes_of("region", "52"), date.today()
    if not Campaign.objects.filter(source="bench").exists():
        for rank in range(CAMPAIGNS):
            opens = today - timedelta(days=chance.randint(-30, 120))
            form, platform = chance.choice(list(rules().forms)), chance.choice(list(rules().platforms))
            Campaign.objects.create(
                source="bench", ref=str(rank), status=CampaignStatus.PUBLISHED, name=f"Projet {rank}", summary="Un projet. " * 8,
                description="Une présentation.\n" * 12, holder="Un collectif", commune=chance.choice(communes).code, platform=platform,
                form=form, sector="culture", goal=Decimal(8000), collected=Decimal(chance.randint(0, 12_000)), as_of=today,
                opens=opens, closes=opens + timedelta(days=45), url="https://example.org/",
            )  # fmt: skip
    return Campaign.objects.filter(source="bench").order_by("pk")[0].get_absolute_url()


def pages(campaign: str) -> dict[str, Callable[[random.Random], str]]:
    """Page → an address of it, drawn at random so that nothing is answered from memory."""
    stages, forms = ("idee", "creation", "developpement"), ("association", "scic", "societe-ess")

    def royalties(chance: random.Random) -> str:
        turnover = "&".join(f"ca{year}={chance.randint(10, 400) * 1000}" for year in range(1, 6))
        return f"{HOME}royalties/?somme={chance.randint(10, 200) * 1000}&multiple=1,5&{turnover}&marge=40"

    return {
        "list": lambda chance: f"{HOME}?commune=53084&page={chance.randint(1, 9)}",
        "campaign": lambda chance: campaign,
        "chooser": lambda chance: (
            f"{HOME}quelle-forme/?etape={chance.choice(stages)}&forme={chance.choice(forms)}&montant={chance.randint(1000, 90_000)}"
        ),
        "royalties": royalties,
        "topup": lambda chance: f"{HOME}abondement/?don={chance.randint(1, 500)}&regle=nouvelle-aquitaine-ess",
        "figures": lambda chance: f"{HOME}chiffres/",
    }


def measure(data: str, requests: int = 300) -> dict[str, dict[str, float | int]]:
    """Every page of `pages`."""
    server = maillage(data, free_port())
    try:
        campaign, found = write_campaigns(), {}
        for name, address in pages(campaign).items():
            chance = random.Random(11)
            found[name] = against_bare(server, [address(chance) for _ in range(requests + 30)])
        return found
    finally:
        server.stop()


def main() -> None:
    """Print the measures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="data folder with a loaded catalogue")
    parser.add_argument("--requests", type=int, default=300)
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    os.environ["MAILLAGE_DATA"] = arguments.data
    print(json.dumps(measure(arguments.data, arguments.requests), indent=1))


if __name__ == "__main__":
    main()
