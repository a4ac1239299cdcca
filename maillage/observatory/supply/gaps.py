"""The holes of a matrix in words: « Aucune offre d’incubation déclarée pour la CC du Pays de Craon (28 000 habitants, FRR). »"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.kit import typography
from maillage.observatory.supply.matrix import Matrix, Row
from maillage.territories import queries as territories
from maillage.territories.values import Place
from maillage.territories.wording import forms
from maillage.vocabulary.labels import label

#: A territory with some offers is a hole too when so large a share of its inhabitants has none.
MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Gap:
    """A territory that has nothing of a kind at some stages, or nothing for most of its inhabitants (`partial`).

    `share` is the share of the inhabitants of the communes without. `zonings` are those known to hold, in words; what is unknown is not said.
    `declared` structures and `last_verified` tell a desert from missing data.
    """

    place: Place
    kind: str
    stages: tuple[str, ...]
    every_stage: bool
    partial: bool
    population: int
    uncovered: int
    zonings: tuple[str, ...]
    declared: int
    last_verified: date | None

    @property
    def share(self) -> float:
        """Share of the inhabitants without any offer, from 0 to 1."""
        return self.uncovered / self.population if self.population else 1.0

    @property
    def sentence(self) -> str:
        """What is missing, in the reader's language."""
        said = forms(self.place)
        values = {"none": nothing_of(self.kind), "place": said.the, "of": said.of, "facts": ", ".join(self._facts())}
        if self.partial:
            values["share"] = f"{100 * self.share:.0f}"
            text = _("%(none)s pour %(share)s\u202f%% des habitants %(of)s (%(facts)s)") % values
        else:
            text = _("%(none)s pour %(place)s (%(facts)s)") % values
        if self.every_stage:
            return text + "."
        names = [f"«\u202f{label('stage', code)}\u202f»" for code in self.stages]
        return text + ngettext(", à l’étape %(names)s.", ", aux étapes %(names)s.", len(names)) % {"names": _listed(names)}

    @property
    def beside(self) -> str:
        """What tells a desert from missing data, in a few words."""
        return declared_in_words(self)

    @property
    def caution(self) -> str:
        """Why it may be missing data: how many structures are declared there, and when one was last verified."""
        structures = (
            ngettext("%(n)s structure déclare une offre ici", "%(n)s structures déclarent une offre ici", self.declared)
            % {"n": typography.number(self.declared)}
            if self.declared
            else _("Aucune structure ne déclare d’offre ici")
        )
        day = typography.day(self.last_verified) if self.last_verified else ""
        verified = _("dernière vérification le %(day)s") % {"day": day} if day else _("aucune fiche vérifiée")
        return _("%(structures)s, %(verified)s\u202f: ce manque peut aussi venir de fiches qui n’ont pas été écrites.") % {
            "structures": structures,
            "verified": verified,
        }

    def _facts(self) -> Iterable[str]:
        yield _("%(n)s habitants") % {"n": rounded(self.population)}
        yield from self.zonings


def gaps(found: Matrix, *, partial: bool = True) -> list[Gap]:
    """The holes of a matrix: territories with nothing first, then those with nothing for most people; the most populated first."""
    every = [gap for row in found.rows for kind in found.kinds for gap in _of(row, kind, found.stages)]
    kept = [gap for gap in every if partial or not gap.partial]
    return sorted(kept, key=lambda gap: (gap.partial, -gap.uncovered, gap.place.code, gap.kind))


def declared_in_words(row: Row | Gap) -> str:
    """How many structures are declared in a territory, and when one of their offers was last verified: what a zero must be read with."""
    structures = ngettext("%(n)s structure déclarée", "%(n)s structures déclarées", row.declared)
    day = typography.day(row.last_verified) if row.last_verified else ""
    verified = _("dernière vérification le %(day)s") % {"day": day} if day else _("aucune fiche vérifiée")
    return f"{structures % {'n': typography.number(row.declared)}}, {verified}."


def _of(row: Row, kind: str, stages: tuple[str, ...]) -> Iterable[Gap]:
    empty = tuple(stage for stage in stages if not row.cell(stage, kind).offers)
    if empty:
        yield _gap(row, kind, empty, len(empty) == len(stages), False, row.population)
    mostly = tuple(
        stage for stage in stages if row.cell(stage, kind).offers and row.cell(stage, kind).uncovered > MOSTLY * row.population
    )
    if mostly:
        worst = max(row.cell(stage, kind).uncovered for stage in mostly)
        yield _gap(row, kind, mostly, len(mostly) == len(stages), True, worst)


def _gap(row: Row, kind: str, stages: tuple[str, ...], every: bool, partial: bool, uncovered: int) -> Gap:
    return Gap(
        row.place, kind, stages, every, partial, row.population, uncovered, zonings_in_words(row.place), row.declared,
        row.last_verified,
    )  # fmt: skip


def zonings_in_words(place: Place) -> tuple[str, ...]:
    """The zonings of a territory that are known for all of its communes: « FRR », « en partie FRR », « avec un QPV »."""
    communes = territories.communes_of(place.level, place.code)
    found = []
    frr = [territories.in_zoning(commune, "frr") for commune in communes]
    if None not in frr and any(frr):
        found.append(_("FRR") if all(frr) else _("en partie FRR"))
    qpv = [territories.in_zoning(commune, "qpv") for commune in communes]
    if None not in qpv and any(qpv):
        found.append(_("avec un quartier prioritaire"))
    return tuple(found)


def rounded(people: int) -> str:
    """A number of people as one says it: 28 153 is « 28 000 », 4 312 « 4 300 », 512 stays."""
    step = 1_000 if people >= 10_000 else 100 if people >= 1_000 else 1
    return typography.number(round(people / step) * step)


def nothing_of(kind: str) -> str:
    """« Aucune offre d’hébergement déclarée » for each kind of offer and support."""
    known = {
        "": _("Aucune offre déclarée"),
        "conseil": _("Aucune offre de conseil déclarée"),
        "financement": _("Aucune offre de financement déclarée"),
        "formation": _("Aucune offre de formation déclarée"),
        "hebergement": _("Aucune offre d’hébergement déclarée"),
        "mise-en-reseau": _("Aucune offre de mise en réseau déclarée"),
        "information": _("Aucune offre d’information déclarée"),
        "incubation": _("Aucune offre d’incubation déclarée"),
    }
    return known.get(kind) or _("Aucune offre «\u202f%(kind)s\u202f» déclarée") % {"kind": label("kind", kind)}


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else _("%(values)s et %(last)s") % {"values": ", ".join(words[:-1]), "last": words[-1]}
