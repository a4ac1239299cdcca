"""Published versions of grids, for pages: one short read per page, the content read once per process (it never changes)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from maillage.diagnosis.grid import Grid as GridContent
from maillage.diagnosis.grid import read_grid
from maillage.diagnosis.models import Grid, GridVersion

#: The published versions of a grid, the last first. Each page asks it: a queryset costs four times as much.
_READ = (
    f"SELECT v.number, v.id, v.digest FROM {GridVersion._meta.db_table} v JOIN {Grid._meta.db_table} g ON g.id = v.grid_id "  # noqa: S608
    "WHERE g.code = %s AND v.status = %s ORDER BY v.number DESC"  # the names of our own tables
)


@dataclass(frozen=True, slots=True)
class Version:
    """A published version: the grid's code, its number, and its content. `latest`: the number of the last published version."""

    pk: int
    code: str
    number: int
    latest: int
    digest: str
    grid: GridContent


class NoSuchVersion(LookupError):
    """No such grid, or no such version of it. `latest` is the version to use instead; None when the grid itself is not known."""

    def __init__(self, latest: int | None) -> None:
        super().__init__()
        self.latest = latest


def version(code: str, number: int | None = None) -> Version:
    """A published version of a grid, by default the last. Raises NoSuchVersion. A grid no longer offered is still found: results stay readable."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, (code, GridVersion.Status.PUBLISHED.value))
        rows = cursor.fetchall()
    if not rows:
        raise NoSuchVersion(None)
    latest = rows[0][0]
    wanted = latest if number is None else number
    for found, pk, digest in rows:
        if found == wanted:
            return Version(pk, code, found, latest, digest, _content(digest))
    raise NoSuchVersion(latest)


def offered(portal: str) -> list[Version]:
    """The grids that a portal proposes, in their order, each in its last version."""
    rows = (
        GridVersion.objects.filter(status=GridVersion.Status.PUBLISHED, grid__offered=True, grid__region__in=("", portal))
        .order_by("grid__order", "grid__code", "-number")
        .values_list("grid__code", "number", "pk", "digest")
    )
    last: dict[str, Version] = {}
    for code, number, pk, digest in rows:
        if code not in last:
            last[code] = Version(pk, code, number, number, digest, _content(digest))
    return list(last.values())


@lru_cache(maxsize=64)
def _content(digest: str) -> GridContent:
    return read_grid(GridVersion.objects.filter(digest=digest).order_by("pk").values_list("content", flat=True)[0])
