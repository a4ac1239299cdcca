"""« Données ouvertes »: what may be taken, under which licence; the files of the night; their DCAT description; the HSDS profile."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.interop.dumps import dcat
from maillage.interop.dumps.dump import LICENCE, MANIFEST, dated, folder, latest, manifest_of
from maillage.interop.hsds import views as hsds
from maillage.interop.hsds.profile import profile_record
from maillage.interop.hsds.taxonomies import taxonomy_records, term_records
from maillage.interop.licences import HELD, UNKNOWN
from maillage.kit.absolute import absolute_url
from maillage.kit.open_data import open_data
from maillage.vocabulary.middleware import PortalRequest

_TYPES = {".gz": "application/gzip", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _groups() -> dict[str, tuple[str, str]]:
    """Folder of the dump → title, and what is in it."""
    return {
        "csv": ("CSV", _("Pour un tableur ou un programme\u202f: UTF-8, points-virgules, une ligne par fiche.")),
        "xlsx": ("XLSX", _("Un classeur\u202f: offres, structures, relais, et un lexique des codes.")),
        "jsonl": ("Maillage JSONL", _("Tout ce que disent les fiches, sans perte\u202f: le format pour recopier le catalogue.")),
        "geojson": ("GeoJSON", _("Pour une carte\u202f: un point par fiche dont le lieu est connu.")),
        "data-inclusion": ("data.inclusion v1", _("Le schéma national de l’offre d’insertion\u202f: structures et services.")),
        "hsds": ("HSDS 3 (Open Referral)", _("Le format international des annuaires de services.")),
        "": (_("Autres licences"), _("Les fiches que leur source publie sous une autre licence, dite dans chaque fiche.")),
    }


@require_safe
@login_not_required
def open_data_page(request: PortalRequest) -> HttpResponse:
    """What may be taken, how, and under which licence."""
    found = latest()
    manifest = manifest_of(found) if found else None
    context: dict[str, Any] = {
        "manifest": manifest,
        "licence": LICENCE,
        "groups": _files(manifest) if manifest else [],
        "others": [day for day, _path in reversed(dated(folder()))][1:8],
        "made_on": parse_date(manifest["date"]) if manifest else None,
        "cite": absolute_url(request, reverse("open-data"), request.portal.hosts),
        "left_out": _left_out(manifest) if manifest else 0,
        "live": [
            (name, (("csv", "CSV"), ("xlsx", "XLSX"), ("geojson", "GeoJSON"))) for name in ("offres", "structures", "relais")
        ],
        "hsds_root": absolute_url(request, reverse("hsds-root"), request.portal.hosts),
    }
    return render(request, "interop/open_data.html", context)


def _files(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    groups = []
    for name, (title, about) in _groups().items():
        mine = [entry for entry in manifest["files"] if entry["path"].rpartition("/")[0] == name and entry["records"]]
        if mine:
            files = [
                {
                    **entry,
                    "name": entry["path"].rpartition("/")[2],
                    "url": reverse("dump-file", args=(manifest["date"], entry["path"])),
                }
                for entry in mine
            ]
            groups.append({"title": title, "about": about, "files": files})
    return groups


def _left_out(manifest: dict[str, Any]) -> int:
    """Sheets whose licence nobody told, and those of sources that may not be relicensed."""
    return sum(one["records"] for one in manifest["licences"] if one["class"] in (UNKNOWN, HELD))


@open_data()
def dump_file(request: PortalRequest, day: str, path: str) -> HttpResponseBase:
    """One file of the dump of a day: nothing but what its manifest lists, and the manifest."""
    place = folder() / day
    if not _DAY.fullmatch(day) or not (place / MANIFEST).is_file():
        raise Http404(_("Il n’y a pas d’export de ce jour."))
    whole = place.resolve()
    listed = {entry["path"]: entry["sha256"] for entry in manifest_of(whole)["files"]} | {MANIFEST: ""}
    if path not in listed:
        raise Http404(_("Ce fichier n’est pas dans cet export."))
    etag = f'"{listed[path]}"' if listed[path] else ""
    if etag and etag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers={"ETag": etag})
    content_type = _TYPES.get(Path(path).suffix, "application/json")
    response = FileResponse(
        (whole / path).open("rb"), content_type=content_type, as_attachment=path != MANIFEST, filename=_name(path, day)
    )
    response.headers["Cache-Control"] = "public, no-cache"
    if etag:
        response.headers["ETag"] = etag
    return response


def _name(path: str, day: str) -> str:
    return f"maillage-{day}-{path.replace('/', '-')}"


@open_data()
def dcat_catalogue(request: PortalRequest) -> HttpResponseBase:
    """The last dump, described in DCAT (JSON-LD)."""
    found = latest()
    manifest = manifest_of(found) if found else None

    def address(path: str) -> str:
        return absolute_url(request, path, request.portal.hosts)

    def file(path: str) -> str:
        return address(reverse("dump-file", args=(manifest["date"] if manifest else "", path)))

    found_there = dcat.catalogue(manifest, request.portal, address(reverse("open-data")), file)
    response = JsonResponse(found_there, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/ld+json"
    return response


@require_safe
@login_not_required
def profile_page(request: PortalRequest) -> HttpResponse:
    """The French profile of HSDS, for people."""
    terms = list(term_records().values())
    context = {
        "profile": profile_record(),
        "root": absolute_url(request, reverse("hsds-root"), request.portal.hosts),
        "trail": [(_("Données ouvertes"), reverse("open-data")), (_("Profil HSDS"), "")],
        "taxonomies": [
            (taxonomy, [term for term in terms if term["taxonomy_id"] == taxonomy["id"]]) for taxonomy in taxonomy_records()
        ],
    }
    return render(request, "interop/profile.html", context)


@open_data(hsds.catalogue_stamp)
def profile_json(request: PortalRequest) -> HttpResponseBase:
    """The French profile of HSDS, for programs."""
    return JsonResponse(profile_record(), json_dumps_params={"ensure_ascii": False})
