"""Who receives a request for which nobody was chosen: « trouvez-moi quelqu’un ». Pure: candidates in, an order out.

Three steps, the first that has somebody wins (docs/algorithms/routing.md): a structure whose published offer answers the need, covers the
place and refuses nothing that was said; else the closest network that covers the place; else the organiser of the portal, who is
always somebody, even when no sheet of the catalogue says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

#: People who advise come before places, training and money: the holder asked for somebody.
KIND_ORDER = ("conseil", "mise-en-reseau", "information", "hebergement", "formation", "financement")
#: At the same level, the local network comes before the head of network, before the regional chamber.
ROLE_ORDER = ("reseau-local-ess", "referent-ess-epci", "tete-de-reseau", "cress", "tete-nationale")


class Step(StrEnum):
    """Why somebody was found."""

    COMPETENT = "competent"
    NETWORK = "network"
    ORGANISER = "organiser"


@dataclass(frozen=True, slots=True)
class Able:
    """An offer that fits: of which structure, how many of the needs it names, its kind, the level of coverage (0 commune … 4 France).

    `reachable`: does the structure have an e-mail address? `km` is None when a place is not known.
    """

    structure: int
    needs: int
    kind: str
    level: int
    reachable: bool
    confirmed: bool
    km: float | None
    offer: int


@dataclass(frozen=True, slots=True)
class Near:
    """A network that covers the place: of which structure, in which role, at which level."""

    structure: int
    role: str
    level: int
    km: float | None


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody to send the request to: a structure (primary key; None: the organiser has no sheet), why, and by which offer if one fits."""

    structure: int | None
    step: Step
    offer: int | None = None


def ranked(able: Iterable[Able], networks: Iterable[Near], organiser: int | None, without: Sequence[int] = ()) -> list[Found]:
    """Everybody who may receive it, best first, each structure once; never empty. `without`: structures that already answered."""
    found: dict[int | None, Found] = {}
    for each in sorted(able, key=_best_able):
        found.setdefault(each.structure, Found(each.structure, Step.COMPETENT, each.offer))
    for near in sorted(networks, key=_closest):
        found.setdefault(near.structure, Found(near.structure, Step.NETWORK))
    kept = [each for key, each in found.items() if key not in without and key != organiser]
    mine = found.get(organiser)
    if mine is not None and mine.structure not in without:  # the organiser may be the competent one, at its own rank
        kept = [each for key, each in found.items() if key not in without]
    else:
        kept.append(Found(organiser, Step.ORGANISER))
    return kept


def _best_able(each: Able) -> tuple[object, ...]:
    """Most needs named, people before things, those whom an e-mail reaches, closest coverage, nearest, confirmed; then the oldest sheet."""
    return (
        -each.needs,
        _rank(KIND_ORDER, each.kind),
        not each.reachable,
        each.level,
        _far(each.km),
        not each.confirmed,
        each.structure,
        each.offer,
    )


def _closest(each: Near) -> tuple[object, ...]:
    return (each.level, _rank(ROLE_ORDER, each.role), _far(each.km), each.structure)


def _rank(order: Sequence[str], code: str) -> int:
    return order.index(code) if code in order else len(order)


def _far(km: float | None) -> float:
    return float("inf") if km is None else km
