"""What an app asks to be run at night: `STEPS` in a module `nightly.py` of the app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of work of the night, safe to run again.

    `name`: its code (ASCII, unique: « alerts »). `title`: what the doctor and the command call it, in French. `run`: does the work, and
    returns a French sentence of what it did; it opens its own transactions, and raises when it fails (the others run all the same).
    `every`: nights between two runs. `order`: lower runs first.
    """

    name: str
    title: str
    run: Callable[[], str]
    every: int = 1
    order: int = 50
