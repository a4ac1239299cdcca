"""Records → counts, in SQL, by batches. One transaction per batch holds the counts and how far the records are counted.

A roll-up that is killed has written whole batches or nothing; the next one goes on from there (docs/algorithms/demand.md).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from maillage.observatory.demand import areas
from maillage.observatory.models import DemandTotal, RollUp
from maillage.orientation.models import SearchRecord

#: Records counted in one transaction: about two seconds of work, then other writers have their turn.
BATCH = 250_000
_CURSOR = "demand"
_COUNTS = ("searches", "empty", "few")
#: level of the totals → SQL of its code
_LEVELS = {
    "part": "departement || '/' || epci",
    "departement": "departement",
    "region": "region",
    "france": "''",
}
#: A month as the database cuts it from a day, and as a whole number.
_CUT = {"sqlite": "substr(day, 1, 7)", "postgresql": "date_trunc('month', day)"}
_MONTH = {
    "sqlite": "CAST(replace(cut, '-', '') AS INTEGER)",
    "postgresql": "CAST(EXTRACT(YEAR FROM cut) * 100 + EXTRACT(MONTH FROM cut) AS INTEGER)",
}
_EACH_NEED = {
    "sqlite": ("json_each(same.needs) AS need", "CAST(need.value AS TEXT)"),
    "postgresql": ("jsonb_array_elements_text(same.needs) AS need(value)", "need.value"),
}
_NO_NEED = {"sqlite": "json_array_length(needs) = 0", "postgresql": "jsonb_array_length(needs) = 0"}


def roll_up(batch: int = BATCH) -> int:
    """Count every record that is not counted yet; returns how many were. Safe to run again, to run twice at once, and to kill."""
    _redraw()
    last, counted = _high_water(), 0
    while True:
        with transaction.atomic():
            cursor = _locked()
            until = min(last, cursor.last_record + batch)
            if until <= cursor.last_record:
                return counted
            counted += _count(cursor.last_record, until)
            cursor.last_record, cursor.at = until, timezone.now()
            cursor.save()


def purge(today: date) -> int:
    """Delete the counted records older than MAILLAGE_SEARCH_DAYS days (0: keep them all); returns how many were."""
    if not settings.MAILLAGE_SEARCH_DAYS:
        return 0
    with transaction.atomic():
        old = SearchRecord.objects.filter(
            pk__lte=_locked().last_record, day__lt=today - timedelta(days=settings.MAILLAGE_SEARCH_DAYS)
        )
        return int(old._raw_delete(old.db))  # nothing points to a record: no row is read to be deleted


def counted_on() -> RollUp | None:
    """How far the records are counted; None before the first time."""
    return RollUp.objects.filter(name=_CURSOR).first()


def _locked() -> RollUp:
    RollUp.objects.get_or_create(name=_CURSOR)
    return RollUp.objects.select_for_update().get(name=_CURSOR)


def _high_water() -> int:
    """The last record such that every one before it is written.

    PostgreSQL gives numbers before they are committed: a record may appear under one already counted. The lock waits for writers that have
    theirs, and holds new ones for the time of this read. SQLite has one writer at a time.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {SearchRecord._meta.db_table} IN SHARE MODE")
        newest = SearchRecord.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def _redraw() -> None:
    """When the territories are another edition: their table, then every total again from the cells."""
    if (known := counted_on()) and known.edition == areas.edition():
        return
    with transaction.atomic():
        cursor = _locked()
        if cursor.edition != areas.edition():
            areas.refresh()
            DemandTotal.objects.all().delete()
            with connection.cursor() as sql:
                _add_totals(sql, "observatory_demandcell")
            cursor.edition = areas.edition()
            cursor.save()


def _count(after: int, until: int) -> int:
    """Add the records after one, until another, to the cells and the totals; returns their number. In the caller's transaction."""
    with connection.cursor() as sql:
        sql.execute("DROP TABLE IF EXISTS observatory_batch")
        sql.execute(_batch(), [after, until])
        sql.execute("SELECT SUM(searches) FROM observatory_batch WHERE need = '*'")
        counted = sql.fetchone()[0] or 0
        sql.execute(
            "INSERT INTO observatory_demandcell (month, portal, commune, stage, need, searches, empty, few) "  # noqa: S608  # as below
            "SELECT month, portal, commune, stage, need, searches, empty, few FROM observatory_batch WHERE true "
            "ORDER BY month, portal, commune, stage, need "  # in the order of the index: quicker
            + _add("observatory_demandcell", "month, portal, commune, stage, need")
        )
        _add_totals(sql, "observatory_batch")
        sql.execute("DROP TABLE observatory_batch")
    return int(counted)


def _batch() -> str:
    """SQL of the counts of some records: equal records first, then one row for each need they name."""
    vendor = connection.vendor
    lateral, need = _EACH_NEED[vendor]
    columns = "cut, portal, commune, stage"
    return f"""
        CREATE TEMPORARY TABLE observatory_batch AS
        WITH same AS MATERIALIZED (
            SELECT {_CUT[vendor]} AS cut, portal, commune, stage, needs,
                   COUNT(*) AS searches,
                   SUM(CASE WHEN total = 0 THEN 1 ELSE 0 END) AS empty,
                   SUM(CASE WHEN total IN (1, 2) THEN 1 ELSE 0 END) AS few
            FROM {SearchRecord._meta.db_table} WHERE id > %s AND id <= %s
            GROUP BY 1, 2, 3, 4, 5
        )
        SELECT {_MONTH[vendor]} AS month, portal, commune, stage, need,
               SUM(searches) AS searches, SUM(empty) AS empty, SUM(few) AS few
        FROM (
            SELECT {columns}, '*' AS need, searches, empty, few FROM same
            UNION ALL
            SELECT {columns}, '' AS need, searches, empty, few FROM same WHERE {_NO_NEED[vendor]}
            UNION ALL
            SELECT {columns}, {need} AS need, searches, empty, few FROM same, {lateral}
        ) AS said GROUP BY cut, portal, commune, stage, need
    """  # noqa: S608  # names and fragments of this module only


def _add_totals(sql: Any, source: str) -> None:
    """Add the rows of a table to every total. A commune code that no territory has is in France's total only."""
    sums = "SUM(searches) AS searches, SUM(empty) AS empty, SUM(few) AS few"
    sql.execute("DROP TABLE IF EXISTS observatory_parts")
    sql.execute(
        f"CREATE TEMPORARY TABLE observatory_parts AS SELECT departement, epci, region, month, portal, stage, need, {sums} "  # noqa: S608  # as above
        f"FROM {source} AS cell LEFT JOIN observatory_area AS area ON area.code = cell.commune "
        "GROUP BY region, departement, epci, month, portal, stage, need"
    )
    for level, code in _LEVELS.items():
        known = "true" if level == "france" else "departement IS NOT NULL"
        sql.execute(
            "INSERT INTO observatory_demandtotal (level, code, month, portal, stage, need, searches, empty, few) "  # noqa: S608  # as above
            f"SELECT '{level}', {code}, month, portal, stage, need, {sums} FROM observatory_parts WHERE {known} "
            "GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 6, 2, 3, 4, 5 "
            + _add("observatory_demandtotal", "level, need, code, month, portal, stage")
        )
    sql.execute("DROP TABLE observatory_parts")


def _add(table: str, key: str) -> str:
    sums = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in _COUNTS)
    return f"ON CONFLICT ({key}) DO UPDATE SET {sums}"
