"""Where the project stands and where it is, from an address: what the work tracks are tied to. Both may be left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from maillage.territories import queries as territories
from maillage.territories.queries import Commune
from maillage.territories.wording import commune_label
from maillage.vocabulary.words import vocabulary

#: What is read of a typed commune.
_LONGEST = 80
#: Communes proposed at most.
_CHOICES = 12


@dataclass(frozen=True, slots=True)
class Where:
    """A stage code and a commune, when they were said. `problem`: what was not understood of `typed`, with `choices` (code, label)."""

    stage: str = ""
    commune: Commune | None = None
    typed: str = ""
    problem: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    def pairs(self) -> list[tuple[str, str]]:
        """As parameters of an address, the same as those of the orientation."""
        pairs = [("etape", self.stage)] if self.stage else []
        return [*pairs, ("commune", self.commune.code)] if self.commune else pairs


def known(stage: str, commune: str) -> Where:
    """From codes that were kept; a commune that is gone is left out."""
    return Where(stage if vocabulary().knows("stage", stage) else "", territories.commune(commune) if commune else None)


def read(parameters: Mapping[str, str]) -> Where:
    """From the parameters of an address: `etape`, `commune` (a code, or what a person typed when `saisie` is there)."""
    stage = parameters.get("etape", "")[:40].strip()
    problem = ""
    if stage and not vocabulary().knows("stage", stage):
        problem, stage = _("Nous n’avons pas compris l’étape\u202f: choisissez-la dans la liste."), ""
    typed = " ".join(parameters.get("commune", "")[:_LONGEST].split())
    resolution = territories.resolve(typed, codes_first=not parameters.get("saisie"))
    if resolution.commune is not None or resolution.reason == "empty":
        return Where(stage, resolution.commune, "", problem)
    choices = tuple((found.commune.code, commune_label(found.commune, found.former_name)) for found in resolution.others)
    if choices:
        sentence = _("Plusieurs communes peuvent être «\u202f%(typed)s\u202f»\u202f: choisissez la vôtre.")
    else:
        sentence = _("Nous ne connaissons pas de commune «\u202f%(typed)s\u202f». Vérifiez son nom, ou écrivez son code postal.")
    return Where(stage, None, typed, " ".join(filter(None, (problem, sentence % {"typed": typed}))), choices[:_CHOICES])
