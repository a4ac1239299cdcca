"""What « D'où viennent ces fiches » says of the catalogue: offers by place, kind, stage and département, and the holes that remain.

Counts come from the index, so they cost no SQL. Holes are of two kinds: those that the counts show, and those that people wrote in the
`holes.toml` of a region's folder, because no count can show them (an unknown telephone, a list that was not found).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from pyroaring import BitMap

from maillage.catalogue.index import Snapshot
from maillage.interop.holes import written_holes
from maillage.kit import typography
from maillage.territories.queries import departements_of_region, place
from maillage.territories.values import Place
from maillage.vocabulary.labels import label
from maillage.vocabulary.portals import Portal, portals
from maillage.vocabulary.words import vocabulary

#: A département has a hole where fewer than FEW local offers of one of these kinds serve a stage.
FEW = 2
KINDS_OF_HOLES = ("conseil", "financement", "formation")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of counts, as `ui/table.html` shows it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Hole:
    """A stage at which some départements of the portal have fewer than FEW local offers of a kind: « Sarthe (1) »."""

    stage: str
    departements: tuple[str, ...]  # empty: every one of them


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything the page counts for a portal. `holes` go by kind; `written` are sentences in the region's own language."""

    tables: tuple[Table, ...]
    holes: tuple[tuple[str, tuple[Hole, ...]], ...]
    written: tuple[str, ...]


def holdings(snapshot: Snapshot, portal: Portal, today: date) -> Holdings:
    """The counts and holes of the offers open today. A local offer is one that does not serve the whole of France."""
    shown = snapshot.open_on(today)
    national = shown & snapshot.tables["coverage"].get("france")
    departements = [one for code in portal.regions for one in departements_of_region(code)]
    if not shown:
        return Holdings((), (), written_holes(portal))
    local = {one.code: (shown - national) & snapshot.touching([one.code]) for one in departements}
    places = dict(_places(snapshot, shown, national))
    tables = (
        _by_place(_("Offres ouvertes, par nature et par territoire"), _("Nature"), "kind", snapshot, places, shown),
        _by_place(_("Offres ouvertes, par étape et par territoire"), _("Étape"), "stage", snapshot, places, shown),
        _by_departement(snapshot, departements, local, len(national)),
    )
    return Holdings(tables, tuple(_holes(snapshot, departements, local)), written_holes(portal))


def _places(snapshot: Snapshot, shown: BitMap, national: BitMap) -> Iterator[tuple[str, BitMap]]:
    """The columns: France as a whole, each région that has a portal, the other régions."""
    yield _("Toute la France"), national
    elsewhere = shown - national
    for code in dict.fromkeys(code for portal in portals().values() for code in portal.regions):
        region = place("region", code)
        here = (shown - national) & snapshot.touching([one.code for one in departements_of_region(code)])
        elsewhere = elsewhere - here
        yield region.name if region else code, here
    yield _("Autres régions"), elsewhere


def _by_place(
    caption: str, heading: str, facet: str, snapshot: Snapshot, places: dict[str, BitMap], shown: BitMap
) -> Table:  # fmt: skip
    every = {**places, _("En tout"): shown}
    rows = [
        (label(facet, code), *(typography.number(len(offers & snapshot.accepting(facet, [code]))) for offers in every.values()))
        for code in vocabulary().codes(facet)
    ]
    if facet == "kind":  # an offer has one kind and several stages: only kinds add up
        rows.append((_("En tout"), *(typography.number(len(offers)) for offers in every.values())))
    return Table(caption, (heading, *every), tuple(rows))


def _by_departement(snapshot: Snapshot, departements: list[Place], local: dict[str, BitMap], national: int) -> Table:
    caption = _("Offres locales de chaque département, par étape (sans les %(count)s offres de toute la France)") % {
        "count": typography.number(national)
    }
    stages = vocabulary().codes("stage")
    rows = tuple(
        (
            one.name,
            *(typography.number(len(local[one.code] & snapshot.accepting("stage", [stage]))) for stage in stages),
            typography.number(len(local[one.code])),
        )
        for one in departements
    )
    return Table(caption, (_("Département"), *(label("stage", stage) for stage in stages), _("En tout")), rows)


def _holes(
    snapshot: Snapshot, departements: list[Place], local: dict[str, BitMap]
) -> Iterator[tuple[str, tuple[Hole, ...]]]:  # fmt: skip
    for kind in KINDS_OF_HOLES:
        found = []
        for stage in vocabulary().codes("stage"):
            serving = snapshot.stating("kind", kind) & snapshot.accepting("stage", [stage])
            counts = {one.name: len(local[one.code] & serving) for one in departements}
            short = {name: count for name, count in counts.items() if count < FEW}
            if short:
                names = tuple(f"{name} ({count})" if count else name for name, count in short.items())
                found.append(Hole(label("stage", stage), () if not any(short.values()) and len(short) == len(counts) else names))
        if found:
            yield label("kind", kind), tuple(found)
