"""Portals: a region's lens on the shared catalogue (name, colours, contact, texts, networks, host name), as data.

The portal of a request is the one MAILLAGE_PORTAL names, else the one whose host name is asked for, else the first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from maillage.kit.contrast import contrast_ratio
from maillage.kit.regions import region_folders
from maillage.vocabulary.words import VocabularyError, read_toml

#: The page background and the text on accent surfaces: a brand colour must be readable on both (WCAG 1.4.3).
PAPER, ON_ACCENT = "#fffdf8", "#ffffff"
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Legal:
    """What the law asks a site to publish about itself (loi 2004-575, art. 1-1). Empty = still to be filled in."""

    publisher: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    director: str = ""
    hosting: str = ""

    def missing(self) -> list[str]:
        """The names of the fields that are still empty."""
        return [name for name in self.__slots__ if not getattr(self, name)]


@dataclass(frozen=True, slots=True)
class Upkeep:
    """How a portal keeps its sheets true (docs/algorithms/freshness.md). Months everywhere.

    `rhythms`: what a structure may choose between two confirmations, `rhythm` when it chose nothing. From the first reminder that
    nobody answers: a mail every `remind_months`, a notice and a lower rank after `banner_months`, out of results after
    `hidden_months`. `edits`: what a structure changes on a published sheet goes "live", or to "review" first.
    """

    rhythms: tuple[int, ...] = (3, 6, 12)
    rhythm: int = 6
    remind_months: int = 1
    banner_months: int = 3
    hidden_months: int = 6
    edits: str = "review"

    def problem(self) -> str:
        """What is wrong with these numbers, in French; empty when they hold together."""
        if self.edits not in ("live", "review"):
            return "edits vaut « live » ou « review »"
        if self.rhythm not in self.rhythms or min(self.rhythms) < 1:
            return "rhythm est l’un des rythmes proposés, d’un mois au moins"
        if not 1 <= self.remind_months <= self.banner_months < self.hidden_months:
            return "il faut 1 ≤ remind_months ≤ banner_months < hidden_months"
        return ""


@dataclass(frozen=True, slots=True, eq=False)
class Portal:
    """One portal, equal to itself only. `regions` are INSEE région codes; `organiser` is the id of the CRESS in the starter catalogue.

    `review_sources`: codes of public sources whose new sheets a person reads before visitors do, even when the source is of those that
    publish at once. The catalogue is shared: what one portal asks holds for it all.
    """

    code: str
    name: str
    tagline: str
    territory: str
    regions: tuple[str, ...]
    accent: str
    organiser: str
    organiser_name: str
    hosts: tuple[str, ...] = ()
    order: int = 100
    professional_network: str = ""
    example_commune: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    legal: Legal = field(default_factory=Legal)
    upkeep: Upkeep = field(default_factory=Upkeep)
    review_sources: tuple[str, ...] = ()

    def covers_region(self, region: str) -> bool:
        """Is this région (INSEE code) one of the portal's?"""
        return region in self.regions


def _portal(data: dict[str, object], source: str) -> Portal:
    values = dict(data)
    legal = Legal(**values.pop("legal", {}))  # type: ignore[arg-type]  # checked by the TypeError below
    kept: dict[str, Any] = dict(values.pop("upkeep", {}))  # type: ignore[call-overload]  # a table of the file
    try:
        if "rhythms" in kept:
            kept["rhythms"] = tuple(kept["rhythms"])
        upkeep = Upkeep(**kept)
        portal = Portal(
            **{  # type: ignore[arg-type]  # the dataclass refuses unknown and missing keys
                **values,
                "regions": tuple(values.get("regions", ())),  # type: ignore[arg-type]
                "hosts": tuple(values.get("hosts", ())),  # type: ignore[arg-type]
                "review_sources": tuple(values.get("review_sources", ())),  # type: ignore[arg-type]
            },
            legal=legal,
            upkeep=upkeep,
        )
    except TypeError as error:
        raise VocabularyError(f"{source} : une clé manque ou n’est pas connue ({error}).") from error
    if wrong := upkeep.problem():
        raise VocabularyError(f"{source}, [upkeep] : {wrong}.")
    if not _COLOUR.fullmatch(portal.accent):
        raise VocabularyError(f"{source} : la couleur « {portal.accent} » doit s’écrire comme #1f5f6b.")
    for surface in (PAPER, ON_ACCENT):
        ratio = contrast_ratio(portal.accent, surface)
        if ratio < 4.5:
            raise VocabularyError(
                f"{source} : la couleur {portal.accent} n’est pas assez lisible sur {surface} "
                f"(contraste {ratio:.1f}, il faut 4,5). Choisissez une couleur plus foncée."
            )
    return portal


@cache
def portals() -> Mapping[str, Portal]:
    """Every portal of this installation by code, in their order. Raises VocabularyError if a file is wrong or none exists."""
    found = []
    for folder in region_folders():
        path = folder / "portal.toml"
        if path.is_file():
            found.append(_portal(read_toml(path), f"{folder.name}/portal.toml"))
    if not found:
        raise VocabularyError("Aucun portail : ajoutez un dossier de région avec un fichier portal.toml.")
    found.sort(key=lambda portal: (portal.order, portal.code))
    return {portal.code: portal for portal in found}


def portal_for(host: str, forced: str = "") -> Portal:
    """The portal of a request: `forced` (MAILLAGE_PORTAL) if it is set, else the host's, else the first.

    Raises VocabularyError when `forced` names no portal: serving another region's page would be worse than stopping.
    """
    every = portals()
    if forced:
        if forced not in every:
            raise VocabularyError(f"MAILLAGE_PORTAL vaut « {forced} », qui n’existe pas. Portails connus : {', '.join(every)}.")
        return every[forced]
    name = host.rsplit(":", 1)[0].lower() if not host.endswith("]") else host
    for portal in every.values():
        if name in portal.hosts:
            return portal
    return next(iter(every.values()))


def portal_of_region(region: str) -> Portal | None:
    """The portal that serves this région (INSEE code), if one does."""
    return next((portal for portal in portals().values() if portal.covers_region(region)), None)
