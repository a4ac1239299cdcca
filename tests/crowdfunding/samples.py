"""Campaigns for the tests, and small pictures made here."""

from __future__ import annotations

import struct
import zlib
from datetime import date
from decimal import Decimal
from typing import Any

from maillage.crowdfunding.models import Campaign, CampaignStatus

FIELDS: dict[str, str] = {
    "nom": "Le fournil du bourg",
    "phrase": "Un four à pain partagé.",
    "presentation": "Un four, un atelier.",
    "porteur": "Les amis du fournil",
    "structure": "",
    "commune": "Craon 53400",
    "plateforme": "ulule",
    "forme": "don-contrepartie",
    "theme": "agriculture-alimentation",
    "objectif": "5 000",
    "collecte": "3 200,50",
    "contributeurs": "64",
    "chiffres_au": "2027-03-03",
    "premier_jour": "2027-02-01",
    "dernier_jour": "2027-03-31",
    "minimum": "10",
    "tout_ou_rien": "oui",
    "contrepartie": "Un pain par semaine",
    "adresse": "https://example.org/fournil",
    "image_alt": "",
}


def make_campaign(**values: Any) -> Campaign:
    """A published campaign at Craon (Mayenne)."""
    given = {
        "source": "test",
        "ref": values.get("name", "fournil"),
        "status": CampaignStatus.PUBLISHED,
        "name": "Le fournil du bourg",
        "summary": "Un four à pain partagé.",
        "holder": "Les amis du fournil",
        "commune": "53084",
        "platform": "ulule",
        "form": "don-contrepartie",
        "goal": Decimal(5000),
        "collected": Decimal(3200),
        "as_of": date(2027, 3, 3),
        "opens": date(2027, 2, 1),
        "closes": date(2027, 3, 31),
        "url": "https://example.org/fournil",
        **values,
    }
    return Campaign.objects.create(**given)


def png(width: int = 2, height: int = 2) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x80" * width for _row in range(min(height, 8)))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
