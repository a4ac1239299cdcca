"""The sources of tables, as the pages about sources know every other one. Each call is one statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from maillage.interop.sources.contract import Mapped, Raw, Source, Unreadable


def table_sources() -> list[Source]:
    """Who gave tables. They are read by hand, from the office, and hold no record but the sheets themselves."""
    from maillage.interop.table_imports.models import TableSource  # only when asked for: this is told before models are loaded

    return [
        Source(
            code=one.code,
            name=one.name,
            producer=one.name,
            homepage="",
            licence=one.licence,
            attribution="",
            relicensable=True,
            every_days=0,
            read=_read,
            clean=lambda raw: raw,
            map=lambda _raw: Mapped(),
            publishes="at-once",
        )
        for one in TableSource.objects.order_by("code")
    ]


def _read(origin: Path | None, since: Mapping[str, str]) -> Iterator[Raw]:
    raise Unreadable(_("Cette source donne des tableaux\u202f: déposez-les dans Gestion, «\u202fTableaux\u202f»."))
