"""Our structures and offers as structures and services of data.inclusion v1. Every loss: docs/guides/open-data.md."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import opening_hours

from maillage.catalogue import described
from maillage.catalogue.quality import Described, score
from maillage.catalogue.rows import Row
from maillage.interop.inclusion import codes
from maillage.kit.typography import typographic
from maillage.territories import queries as territories

#: Kind of an offer → type of a service. Premises are the nearest thing to help in kind; no type says « mise en réseau ».
TYPES = {
    "conseil": "accompagnement",
    "financement": "aide-financiere",
    "formation": "formation",
    "hebergement": "aide-materielle",
    "information": "information",
}
#: Our network codes that have another name there.
NETWORKS = {"bge": "reseau-bge", "cma": "chambres-consulaires", "cci": "chambres-consulaires"}
_ACCESS = "https://acceslibre.beta.gouv.fr/"
NAME_AT_MOST = 150


class LeftOut(Exception):
    """A sheet that no valid record can tell; the message says why, in a few French words."""


def identifier(source: str, ref: str) -> str:
    """The id of a record there: producer, two hyphens, id at the producer."""
    return f"{source}--{ref}"


def structure(row: Row, today: date, address: str = "") -> dict[str, Any]:
    """A structure; `address` is its public page. Raises LeftOut."""
    networks = {NETWORKS.get(code, code) for code in row["networks"]} & codes.NETWORKS
    return _said(
        {
            "source": row["source"],
            "id": identifier(row["source"], row["ref"]),
            "nom": _name(row["name"]),
            "date_maj": described.updated(row, today).isoformat(),
            "description": _long_enough(row["description"]),
            "lien_source": address,
            "siret": row["siret"],
            **_place(described.place_of(row)),
            "telephone": described.one_number(row["phone"]),
            "courriel": described.electronic(row["email"]),
            "site_web": described.web(row["website"]),
            "horaires_accueil": _hours(row["opening_hours"]),
            "accessibilite_lieu": row["accessibility"] if row["accessibility"].startswith(_ACCESS) else "",
            "reseaux_porteurs": sorted(networks),
        }
    )


def service(row: Row, today: date, address: str = "", told: Described | None = None) -> dict[str, Any]:
    """An offer as a service; `address` is its public page, `told` what `described` says of it if somebody has it. Raises LeftOut."""
    if not _can_name(row["structure__name"]):
        raise LeftOut("structure absente du fichier")
    told = told or described.described(row, today)
    zone = described.zone(row)
    if not zone:
        raise LeftOut("aucun territoire d’aujourd’hui")
    if not _long_enough(told.description):
        raise LeftOut("sans description")
    assert told.updated is not None, "an offer always has a day"
    return _said(
        {
            "source": row["source"],
            "structure_id": identifier(row["structure__source"], row["structure__ref"]),
            "id": identifier(row["source"], row["ref"]),
            "nom": _name(row["name"]),
            "description": told.description,
            "lien_source": address,
            "date_maj": told.updated.isoformat(),
            "type": TYPES.get(row["kind"], ""),
            "thematiques": list(told.themes),
            "frais": told.cost,
            "frais_precisions": told.cost_detail,
            "publics": list(told.publics),
            "publics_precisions": described.publics_detail(row),
            "conditions_acces": described.access_conditions(row),
            **_place(described.place_of(row)),
            "telephone": told.phone,
            "courriel": told.email,
            "modes_accueil": list(told.welcomes),
            "zone_eligibilite": list(zone),
            "lien_mobilisation": told.link,
            "modes_mobilisation": list(told.means),
            "mobilisable_par": list(told.open_to),
            "mobilisation_precisions": row["how_to_apply"],
        }
    )


def quality(record: dict[str, Any], today: date) -> float:
    """The quality score of a service record, ours or anybody's."""
    return score(described_record(record), today).value


def described_record(record: dict[str, Any]) -> Described:
    """What the score looks at, in a valid service record."""
    return Described(
        description=record["description"],
        updated=date.fromisoformat(str(record["date_maj"])[:10]),
        themes=tuple(record.get("thematiques") or ()),
        publics=tuple(record.get("publics") or ()),
        welcomes=tuple(record.get("modes_accueil") or ()),
        means=tuple(record.get("modes_mobilisation") or ()),
        open_to=tuple(record.get("mobilisable_par") or ()),
        address=record.get("adresse") or "",
        phone=record.get("telephone") or "",
        email=record.get("courriel") or "",
        link=record.get("lien_mobilisation") or "",
        cost=record.get("frais") or "",
        cost_detail=record.get("frais_precisions") or "",
        source=record["source"],
    )


def _can_name(name: str) -> bool:
    try:
        return bool(_name(name))
    except LeftOut:
        return False


@lru_cache(maxsize=4096)
def _name(name: str) -> str:
    text = typographic(name)
    while text.endswith(".") and not text.endswith("etc."):
        text = text[:-1].rstrip()
    if len(text) < 3:
        raise LeftOut("nom de moins de trois signes")
    return described.cut(text, NAME_AT_MOST)


def _long_enough(text: str) -> str:
    return described.cut(text, described.TEXT_AT_MOST) if len(text) >= 5 else ""


def _place(place: dict[str, Any]) -> dict[str, Any]:
    commune = territories.commune(place["commune"]) if place["commune"] else None
    return {
        "commune": commune.name if commune else "",
        "code_postal": place["postcode"],
        "code_insee": commune.code if commune else "",
        "adresse": place["address"],
        "longitude": place["lon"],
        "latitude": place["lat"],
    }


@lru_cache(maxsize=4096)
def _hours(text: str) -> str:
    """Opening hours when they follow the OSM syntax, else nothing."""
    return text if text and opening_hours.validate(text) else ""


def _said(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value is not None and value not in ("", [])}
