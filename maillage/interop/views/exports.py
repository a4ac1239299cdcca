"""/donnees/offres.csv and its kin: the sheets that a results page or a territory shows, as tables. Streamed, read batch by batch."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from math import ceil

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.catalogue import queries as office
from maillage.catalogue.index import current_index
from maillage.catalogue.models import Offer, Structure
from maillage.catalogue.rows import keys, rows
from maillage.interop.dumps.pieces import MODELS
from maillage.interop.hsds.views import addresses_for
from maillage.interop.inclusion.export import Export
from maillage.interop.tables.columns import TABLES, Table
from maillage.interop.tables.workbook import write_workbook
from maillage.interop.tables.writers import csv_parts, geojson_parts
from maillage.kit.http import network_of
from maillage.kit.open_data import open_data
from maillage.kit.rate import RateLimit
from maillage.orientation.forms import read
from maillage.orientation.queries import select
from maillage.orientation.situation import Situation
from maillage.orientation.territory import serving
from maillage.territories.values import Place
from maillage.vocabulary.middleware import PortalRequest

#: Per network and per process: somebody who tries every format of some territories stays under it.
RATE = RateLimit(allowed=40, seconds=600)
#: A workbook is made whole before it is sent; the nightly one has everything.
WORKBOOK_AT_MOST = 20_000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class _Refused(ValueError):
    """The address asks for something that does not exist; the message is a sentence."""


@open_data()
def table(request: PortalRequest, name: str, suffix: str) -> HttpResponseBase:
    """Offers, structures or relays in CSV, XLSX or GeoJSON. Takes what the results page takes, and `territoire=departement:53`."""
    wait = ceil(RATE.wait(network_of(request)))
    if wait:
        return _too_many(wait)
    asked = TABLES[name]
    try:
        wanted = _wanted(request, asked)
    except _Refused as refused:
        return _sentence(str(refused), 400)
    found, addresses = rows(MODELS[asked.form.kind], wanted), addresses_for(request)
    if suffix == "xlsx":
        if len(wanted) > WORKBOOK_AT_MOST:
            return _sentence(
                _(
                    "Ce classeur aurait %(rows)d lignes, et nous en faisons %(most)d à la demande. Celui de la nuit les a toutes\u202f: %(page)s"
                )
                % {"rows": len(wanted), "most": WORKBOOK_AT_MOST, "page": reverse("open-data")},
                413,
            )
        file = tempfile.TemporaryFile(prefix="maillage-")  # noqa: SIM115  # closed by the answer
        write_workbook(file, [(asked, found)], addresses)
        file.seek(0)
        response: HttpResponseBase = FileResponse(file, content_type=TYPES[suffix])
    else:
        parts = csv_parts(asked, found, addresses) if suffix == "csv" else geojson_parts(asked, found)
        response = StreamingHttpResponse(parts, content_type=TYPES[suffix])
    return _named(response, f"{name}.{suffix}")


@open_data()
def inclusion(request: PortalRequest, kind: str) -> HttpResponseBase:
    """Structures or services of data.inclusion v1, as one JSON list."""
    wait = ceil(RATE.wait(network_of(request)))
    if wait:
        return _too_many(wait)
    export = Export(timezone.localdate(), addresses_for(request))
    try:
        if kind == "structures":
            records = export.structure_records(rows(Structure, _wanted(request, TABLES["structures"])))
        else:
            records = export.service_records(rows(Offer, _wanted(request, TABLES["offres"])))
    except _Refused as refused:
        return _sentence(str(refused), 400)
    return _named(StreamingHttpResponse(_json_list(records), content_type="application/json"), f"data-inclusion-{kind}.json")


def _json_list(records: Iterable[dict[str, object]]) -> Iterator[bytes]:
    before = "[\n"
    for record in records:
        yield (before + json.dumps(record, ensure_ascii=False)).encode()
        before = ",\n"
    yield b"\n]\n" if before != "[\n" else b"[]\n"


def _wanted(request: PortalRequest, asked: Table) -> list[int]:
    """The keys of the sheets asked for, in the order of exports."""
    every = keys(MODELS[asked.form.kind])
    place = _place(request)
    today = timezone.localdate()
    if asked.form.kind != Offer.KIND:
        if place is None:
            return list(every)
        concerned = office.sheets(asked.form.kind, office.Filters(place=place), today).order_by("pk")
        kept = set(concerned.values_list("pk", flat=True))
        return [key for key in every if key in kept]
    reading = read(request.GET)
    unclear = [problem.sentence for problem in reading.problems if problem.wanted]
    if unclear:
        raise _Refused(" ".join(unclear))
    if reading.situation == Situation() and place is None:
        return list(every)
    snapshot = current_index()
    positions = select(reading.situation, today).results
    if place is not None:
        positions = positions & serving(snapshot, place, today)
    kept = {int(snapshot.columns.pk[position]) for position in positions}
    return [key for key in every if key in kept]


def _place(request: PortalRequest) -> Place | None:
    text = request.GET.get("territoire", "").strip()
    if not text:
        return None
    place = office.place_named(text[:120]) if ":" in text or text == "france" else None
    if place is None:
        raise _Refused(
            _("«\u202f%(text)s\u202f» n’est pas un territoire\u202f: écrivez un niveau et un code, par exemple departement:53.")
            % {"text": text[:60]}
        )
    return place


def _named(response: HttpResponseBase, name: str) -> HttpResponseBase:
    stem, _dot, suffix = name.rpartition(".")
    response.headers["Content-Disposition"] = f'attachment; filename="maillage-{stem}-{timezone.localdate()}.{suffix}"'
    return response


def _too_many(wait: int) -> HttpResponse:
    response = _sentence(
        _("Beaucoup de fichiers sont partis d’ici en peu de temps. Attendez %(minutes)d min, ou prenez l’export de la nuit.")
        % {"minutes": ceil(wait / 60)},
        429,
    )
    response.headers["Retry-After"] = str(wait)
    return response


def _sentence(text: str, status: int) -> HttpResponse:
    return HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")
