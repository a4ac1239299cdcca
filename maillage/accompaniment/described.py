"""A request in words, for its pages: what was said, line by line, and its story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from maillage.accompaniment.enums import Channel, Move
from maillage.accompaniment.models import Line, Request
from maillage.kit.typography import telephone
from maillage.territories import queries as territories
from maillage.territories.wording import commune_label
from maillage.vocabulary.labels import label, labels

Term = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a story, ready to show."""

    at: datetime
    what: str
    word: str


def project(stage: str, commune: str, needs: Sequence[str], sectors: Sequence[str], legal_form: str) -> list[Term]:
    """Where the project stands: what may be read by whoever is asked to answer, before opening."""
    place = territories.commune(commune) if commune else None
    lines = (
        (_("Étape"), label("stage", stage) if stage else ""),
        (_("Commune"), commune_label(place) if place else ""),
        (_("Sujets"), ", ".join(labels("need", needs))),
        (_("Secteurs"), ", ".join(labels("sector", sectors))),
        (_("Forme juridique"), label("legal_form", legal_form) if legal_form else ""),
    )
    return [line for line in lines if line[1]]


def holder(fields: dict[str, Any]) -> list[Term]:
    """Who asks and how to answer."""
    lines = (
        (_("Nom"), fields["holder_name"]),
        (_("Adresse électronique"), fields["email"]),
        (_("Téléphone"), telephone(fields["phone"]) if fields["phone"] else ""),
        (_("Moyen préféré"), str(Channel(fields["channel"]).label)),
        (_("Moment"), fields["moment"]),
    )
    return [line for line in lines if line[1]]


def project_of(request: Request) -> list[Term]:
    """`project` of a request that was sent."""
    return project(request.stage, request.commune, request.needs, request.sectors, request.legal_form)


def holder_of(request: Request) -> list[Term]:
    """`holder` of a request that was sent."""
    return holder({name: getattr(request, name) for name in ("holder_name", "email", "phone", "channel", "moment")})


#: Moves whose sentence ends with the holder: its name is not repeated to others.
_BY_HOLDER = frozenset({Move.WORD, Move.AGREE, Move.REFUSE, Move.NO_NEWS, Move.WITHDRAW, Move.USEFUL})


def story(lines: Iterable[Line], *, for_holder: bool, personal: bool = True) -> list[Told]:
    """The story in sentences; words are left out for whoever may not read the holder."""
    told = []
    for line in lines:
        mine = line.move in _BY_HOLDER or (line.move == Move.REMIND and line.who == line.request.holder_name)
        who = (_("vous") if for_holder else _("la personne")) if mine else line.who
        what = f"{Move(line.move).label} {who}" if who else _("Close")
        told.append(Told(line.at, what, line.word if personal or line.move not in _BY_HOLDER else ""))
    return told
