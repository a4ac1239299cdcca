"""Kinds of messages: what a person's preferences speak of. Each app declares its own in `message_kinds.py` (`KINDS`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise

from maillage.kit.discovery import declared


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message.

    `code`: what `tell(kind=…)` says. `title`: its name on the page « Mes messages ». `why`: the sentence at the foot of each such message,
    that says why it came. `stoppable`: may its receiver stop it? What answers an act of the receiver (a code, a receipt) may not be.
    """

    code: str
    title: str | Promise
    why: str | Promise
    stoppable: bool = True


@cache
def kinds() -> dict[str, Kind]:
    """Every kind that an app declares, by code. Raises ValueError when two apps declare the same."""
    found: dict[str, Kind] = {}
    for kind in declared("message_kinds", "KINDS", Kind):
        if kind.code in found:
            raise ValueError(f"the kind of message {kind.code!r} is declared twice")
        found[kind.code] = kind
    return found


def is_stoppable(code: str) -> bool:
    """May its receiver stop this kind?"""
    kind = kinds().get(code)
    return kind is not None and kind.stoppable
