"""Reads of campaigns: the list with its filters, the ones near a commune, the figures with their small cells hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, Sum
from django.db.models.functions import ExtractYear

from maillage.crowdfunding.models import Campaign, CampaignQuerySet, in_state
from maillage.crowdfunding.money import CENT
from maillage.crowdfunding.states import ENDED, CampaignState
from maillage.territories import queries as territories
from maillage.territories.distance import distance_km
from maillage.territories.values import Commune

PER_PAGE = 12
#: What a card shows; a structure has forty columns of which it takes one.
_ON_A_CARD = (
    *(field.name for field in Campaign._meta.concrete_fields if field.name != "description"),
    "structure__name", "image__digest", "image__kind",
)  # fmt: skip
#: Cells under this many campaigns or contributors are hidden (domain §10, small-number rule).
SMALL = 5


@dataclass(frozen=True, slots=True)
class Filters:
    """What a visitor chose. Empty means all. `states` in the words of the address."""

    state: str = ""
    form: str = ""
    sector: str = ""
    commune: Commune | None = None


def published() -> CampaignQuerySet:
    """What a visitor may see."""
    manager = Campaign.objects
    queryset = manager.get_queryset()
    assert isinstance(queryset, CampaignQuerySet)
    return queryset.visible()


#: Words of the filter on states: the four of the list, « terminées » gathers everything that is over.
STATES: dict[str, tuple[CampaignState, ...]] = {
    "a-venir": (CampaignState.UPCOMING,),
    "ouverte": (CampaignState.OPEN,),
    "reussie": (CampaignState.SUCCEEDED,),
    "echouee": (CampaignState.FAILED, CampaignState.PARTIAL),
    "terminee": ENDED,
}


def _rank(today: date, opens: date, closes: date) -> tuple[int, int]:
    """Open ones by what is left to give, then upcoming ones by their opening, then those that are over, latest first."""
    if opens <= today <= closes:
        return 0, closes.toordinal()
    return (1, opens.toordinal()) if opens > today else (2, -closes.toordinal())


def listed(
    regions: tuple[str, ...], filters: Filters, today: date, page: str | int
) -> tuple[Page[int], list[Campaign], dict[int, float]]:
    """A page of keys, its campaigns in order, and how far each is (km, by primary key) when a commune was said. Two queries and a count, whatever their number.

    The order is that of dates, or of distance near a commune: never that of a return, nor of a share of the goal.
    """
    found = published().of_regions(regions)
    if filters.form:
        found = found.filter(form=filters.form)
    if filters.sector:
        found = found.filter(sector=filters.sector)
    if filters.state:
        wanted = Q()
        for state in STATES[filters.state]:
            wanted |= in_state(state, today)
        found = found.filter(wanted)
    light = list(found.order_by("pk").values_list("pk", "commune", "opens", "closes"))
    far: dict[int, float] = {}
    if filters.commune:
        km = {code: _distance(filters.commune, code) for code in {row[1] for row in light}}
        far = {row[0]: km[row[1]] for row in light}

    def order(row: tuple[int, str, date, date]) -> tuple[float, ...]:
        group, day = _rank(today, row[2], row[3])
        return (group, far[row[0]] if far else day, row[0])

    light.sort(key=order)
    paginator = Paginator([row[0] for row in light], PER_PAGE)
    shown = paginator.get_page(page)
    rows = {
        each.pk: each
        for each in Campaign.objects.filter(pk__in=shown.object_list)
        .select_related("structure", "image")
        .order_by("pk")
        .only(*_ON_A_CARD)
    }
    return shown, [rows[pk] for pk in shown.object_list if pk in rows], far


def _distance(here: Commune, code: str) -> float:
    there = territories.commune(code)
    return distance_km(here.lon, here.lat, there.lon, there.lat) if there else 9_999.0


@dataclass(frozen=True, slots=True)
class Cell:
    """The campaigns of one département, form and year of closing. Figures are None when the cell is too small to be shown."""

    departement: str
    form: str
    year: int
    campaigns: int | None
    succeeded: int | None
    collected: Decimal | None
    contributors: int | None

    @property
    def hidden(self) -> bool:
        """Is it too small to be shown?"""
        return self.campaigns is None


def figures(regions: tuple[str, ...], today: date) -> list[Cell]:
    """The campaigns that are over, by département, form and year. Under 5 campaigns, or 5 known contributors, a cell is hidden.

    No total is given that would let a hidden cell be computed by subtraction. One query.
    """
    over = published().of_regions(regions).filter(closes__lt=today)
    rows = (
        over.annotate(year=ExtractYear("closes"))
        .values("departement", "form", "year")
        .annotate(
            campaigns=Count("pk"),
            succeeded=Count("pk", filter=in_state(CampaignState.SUCCEEDED, today)),
            total=Sum("collected"),
            people=Sum("contributors"),
        )
        .order_by("departement", "form", "year")
    )
    return [_cell(row) for row in rows]


def _cell(row: Mapping[str, object]) -> Cell:
    key = (str(row["departement"]), str(row["form"]), int(str(row["year"])))
    people = row["people"]
    if int(str(row["campaigns"])) < SMALL or (people is not None and int(str(people)) < SMALL):
        return Cell(*key, None, None, None, None)
    return Cell(
        *key,
        int(str(row["campaigns"])),
        int(str(row["succeeded"])),
        Decimal(str(row["total"])).quantize(CENT),
        None if people is None else int(str(people)),
    )
