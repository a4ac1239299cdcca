"""Does a structure belong to the non-lucrative network of professionals? Computed, never declared. Pure.

Rule of the article that started the project (note 1): a public or para-public body, or an actor of the ESS that proposes at least one
offer that is free. What is missing is said in words to the structure.
"""

from __future__ import annotations

from dataclasses import dataclass

from maillage.catalogue.enums import Nonprofit

FREE = "gratuit"


@dataclass(frozen=True, slots=True)
class Standing:
    """Does it belong, and the code of why: public, ess-free; or of what is missing: nature-unknown, no-free-offer, other-nature."""

    belongs: bool
    reason: str


def standing(nonprofit: str, free_offers: int) -> Standing:
    """Where a structure stands: `nonprofit` is its legal nature, `free_offers` how many published offers cost nothing."""
    if nonprofit == Nonprofit.PUBLIC:
        return Standing(True, "public")
    if nonprofit == Nonprofit.ESS:
        return Standing(True, "ess-free") if free_offers else Standing(False, "no-free-offer")
    return Standing(False, "other-nature" if nonprofit == Nonprofit.AUTRE else "nature-unknown")
