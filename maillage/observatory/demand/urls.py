"""Addresses of the observatory's own pages: first page, demand, trend, territories, report, files."""

from __future__ import annotations

from django.urls import path, register_converter

from maillage.observatory import tables
from maillage.observatory.views import data, demand, front, report, territory, trend


class _Words:
    """A word of a closed list, in an address."""

    regex = ""

    def to_python(self, value: str) -> str:
        """The word."""
        return value

    def to_url(self, value: str) -> str:
        """Itself."""
        return value


class _Kind(_Words):
    regex = "|".join(tables.KINDS)


class _Suffix(_Words):
    regex = "csv|xlsx|json"


class _Year:
    regex = "2[0-9]{3}"

    def to_python(self, value: str) -> int:
        """The year."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The year, written."""
        return str(value)


for _name, _converter in (("observatory-table", _Kind), ("observatory-file", _Suffix), ("report-year", _Year)):
    register_converter(_converter, _name)

urlpatterns = [
    path("", front.observatory, name="observatory"),
    path("demande/", demand.demand, name="observatory-demand"),
    path("demande/detail/", demand.officers, name="observatory-officers"),
    path("evolution/", trend.trend, name="observatory-trend"),
    path("territoires/<slug:level>/<slug:code>/", territory.territory, name="observatory-territory"),
    path("rapport/<report-year:year>.pdf", report.report, name="observatory-report"),
    path("donnees/<observatory-table:kind>.<observatory-file:suffix>", data.data, name="observatory-data"),
]
