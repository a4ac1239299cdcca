"""The table that says, in SQL, where a commune code is counted today; and what becomes of totals when territories change."""

from __future__ import annotations

from collections import Counter, defaultdict

from django.db.models import Max

from maillage.observatory.models import Area, FormerTerritory
from maillage.orientation.models import SearchRecord
from maillage.territories import queries as territories
from maillage.territories.queries import Commune


def edition() -> str:
    """Which drawing of the territories this is."""
    known = territories.edition()
    return f"{known.communes} {known.epci}"


def refresh() -> None:
    """Copy today's territories into the table of areas, in the caller's transaction. EPCI that are gone get their successor."""
    was = {area.code: area.epci for area in Area.objects.all().order_by("code")}
    communes = territories.all_communes()
    _follow({**_searched(), **was}, {commune.code: commune for commune in communes})
    Area.objects.all().delete()
    rows = [
        Area(code=code, commune=commune.code, epci=commune.epci or "", departement=commune.departement, region=commune.region)
        for code, commune in _every_code(communes).items()
    ]
    Area.objects.bulk_create(rows, batch_size=2_000)


def _searched() -> dict[str, str]:
    """Commune → EPCI of the day of its last search, for the EPCI that are gone: they tell of changes older than our first drawing."""
    known = {place.code for place in territories.places("epci")}
    pairs = SearchRecord.objects.exclude(commune="").exclude(epci="").values_list("commune", "epci", flat=False)
    last = pairs.annotate(last=Max("pk")).order_by("last")
    return {commune: epci for commune, epci, _last in last if epci not in known}


def _every_code(communes: tuple[Commune, ...]) -> dict[str, Commune]:
    """Current codes first: a code that was given up and taken again is the commune that has it now."""
    found = {commune.code: commune for commune in communes}
    for commune in communes:
        for code in commune.former_codes:
            found.setdefault(code, territories.commune(code) or commune)
    return found


def _follow(was: dict[str, str], communes: dict[str, Commune]) -> None:
    """Write the successor of each EPCI that exists no more: the one of today where most of the inhabitants of its communes are.

    Its communes are those of our last drawing, and those searched under it. Without any of them nothing is written, and pages say so.
    """
    gone = {code for code in was.values() if code and territories.place("epci", code) is None}
    if not gone:
        return
    people: dict[str, Counter[str]] = defaultdict(Counter)
    for code, epci in was.items():
        if epci in gone and (commune := communes.get(code) or territories.commune(code)) and commune.epci:
            people[epci][commune.epci] += commune.population
    for code, counted in people.items():
        successor = max(counted, key=lambda each: (counted[each], each))
        FormerTerritory.objects.update_or_create(code=code, defaults={"successor": successor})
        FormerTerritory.objects.filter(successor=code).update(successor=successor)


def successor(code: str) -> str:
    """The EPCI where what was counted under this code is today: itself when it is not gone."""
    former = FormerTerritory.objects.filter(code=code).first()
    return former.successor if former else code
