"""The accessibility statement, read from its data file and checked: it may not claim more than it shows."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from django.utils.translation import gettext as _

#: A statement holds three years at most (arrêté of 20 September 2019 on RGAA).
LONGEST = timedelta(days=3 * 366)
STATES = ("non-conforme", "partielle", "totale")
AUDITS = ("none", "self", "external")


class StatementError(ValueError):
    """The statement contradicts itself; the message says where."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said of accessibility, by whom it was audited, and until when."""

    state: str
    stated_on: date
    valid_until: date
    audit: str
    checks: tuple[str, ...]
    gaps: tuple[str, ...]
    technologies: tuple[str, ...]
    rate: float | None = None

    def __post_init__(self) -> None:
        if self.state not in STATES or self.audit not in AUDITS:
            raise StatementError(f"état « {self.state} » ou audit « {self.audit} » inconnu")
        if self.audit == "none" and (self.state != "non-conforme" or self.rate is not None):
            raise StatementError("sans audit, le site est déclaré non conforme, sans taux")
        if self.state == "totale" and self.rate != 100:
            raise StatementError("totalement conforme veut dire 100 % des critères")
        if self.state == "partielle" and not (self.rate and 50 <= self.rate < 100):
            raise StatementError("partiellement conforme veut dire de 50 à 99 % des critères")
        if not timedelta(0) < self.valid_until - self.stated_on <= LONGEST:
            raise StatementError("une déclaration vaut trois ans au plus")

    @property
    def state_label(self) -> str:
        """The state in the words of the law, for the footer and the page."""
        return {
            "non-conforme": _("non conforme"),
            "partielle": _("partiellement conforme"),
            "totale": _("totalement conforme"),
        }[self.state]

    def has_expired(self, today: date) -> bool:
        """Must it be made again?"""
        return today > self.valid_until


@cache
def statement() -> Statement:
    """The statement of this installation. Raises StatementError when its data contradicts itself."""
    data = tomllib.loads(files("maillage.pages").joinpath("accessibility.toml").read_text(encoding="utf-8"))
    lists = {key: tuple(value) for key, value in data.items() if isinstance(value, list)}
    return Statement(**{**data, **lists})
