"""Classes of a map: at most five, from light to dark, each with its words. Zero and unknown are patterns, never a colour."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

#: Classes of values above zero. The stylesheet shades `.shade-1` to `.shade-5` from light to dark: one hue, so that greyscale and
#: colour-blind readers see the same order, and the number of the class is written on the map.
MOST = 5
ZERO, UNKNOWN = 0, -1


@dataclass(frozen=True, slots=True)
class Scale:
    """Where classes begin. `starts` are ascending, above zero: class n holds what is at least `starts[n - 1]`."""

    starts: tuple[float, ...]
    largest: float

    def rank(self, value: float | None) -> int:
        """The class of a value: 1 to `MOST`, `ZERO` for nothing, `UNKNOWN` for what nobody knows."""
        if value is None:
            return UNKNOWN
        return bisect_right(self.starts, value) if value > 0 else ZERO


def scale(values: Iterable[float | None], breaks: Sequence[float] = ()) -> Scale:
    """Classes for these values: those given, or at most `MOST` classes with about as many territories in each."""
    above = sorted(value for value in values if value is not None and value > 0)
    if breaks:
        return Scale(tuple(breaks), max([*above, *breaks]))
    if not above:
        return Scale((), 0)
    distinct = sorted(set(above))
    if len(distinct) <= MOST:
        return Scale(tuple(distinct), distinct[-1])
    quantiles = [above[len(above) * rank // MOST] for rank in range(MOST)]
    return Scale(tuple(dict.fromkeys(quantiles)), distinct[-1])


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the legend."""

    rank: int
    words: str


def legend(found: Scale, used: set[int], say: Callable[[float], str], zero: str = "") -> list[Key]:
    """The lines of the legend for the classes that the map uses, from nothing to most. Whole numbers end at the one before the next class."""
    keys = [Key(ZERO, zero or _("aucune"))] if ZERO in used else []
    whole = all(float(start).is_integer() for start in (*found.starts, found.largest))
    for rank, start in enumerate(found.starts, start=1):
        if rank not in used:
            continue
        following = found.starts[rank] if rank < len(found.starts) else None
        end = found.largest if following is None else following - 1 if whole else following
        if say(start) == say(end):
            words = say(start)
        elif following is None or whole:
            words = _("de %(start)s à %(end)s") % {"start": say(start), "end": say(end)}
        else:
            words = _("de %(start)s à moins de %(end)s") % {"start": say(start), "end": say(end)}
        keys.append(Key(rank, words))
    return [*keys, Key(UNKNOWN, _("inconnu"))] if UNKNOWN in used else keys
