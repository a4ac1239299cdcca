"""A free condition of an offer against the facts known about a project: yes, no, or to check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maillage.catalogue.enums import Operator


def holds(operator: str, wanted: Any, known: int | bool) -> bool | None:
    """Does a fact that is known satisfy `operator wanted`? None when they cannot be compared: the condition stays to check.

    A yes-no fact compares with true and false only, a number with numbers only: « au moins oui » means nothing.
    """
    if operator == Operator.ONE_OF:
        if not isinstance(wanted, (list, tuple)):
            return None
        answers = [_same(value, known) for value in wanted]
        return True if True in answers else None if None in answers or not answers else False
    same = _same(wanted, known)
    if operator == Operator.EQUAL:
        return same
    if operator == Operator.DIFFERENT:
        return None if same is None else not same
    if same is None or isinstance(known, bool):
        return None
    if operator == Operator.AT_LEAST:
        return bool(known >= wanted)
    if operator == Operator.AT_MOST:
        return bool(known <= wanted)
    return None


def state(field: str, operator: str, wanted: Any, facts: Mapping[str, int | bool]) -> bool | None:
    """The condition's answer for these facts; None when its fact is not known."""
    return holds(operator, wanted, facts[field]) if field in facts else None


def _same(wanted: Any, known: int | bool) -> bool | None:
    if isinstance(known, bool) or isinstance(wanted, bool):
        return known is wanted if isinstance(known, bool) and isinstance(wanted, bool) else None
    return bool(known == wanted) if isinstance(wanted, (int, float)) else None
