"""The dump described with the words of DCAT 3 (JSON-LD), for data portals that harvest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from maillage.interop.dumps.dump import LICENCE
from maillage.interop.dumps.pieces import OTHERS_FILE
from maillage.vocabulary.portals import Portal

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEDIA = "https://www.iana.org/assignments/media-types/"
#: How the name of a file ends → media type of what is in it.
_TYPES = {
    ".jsonl.gz": "application/jsonl",
    ".geojson.gz": "application/geo+json",
    ".json.gz": "application/json",
    ".csv.gz": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def catalogue(manifest: Mapping[str, Any] | None, portal: Portal, page: str, file: Callable[[str], str]) -> dict[str, Any]:
    """The catalogue of one dump. `page` is the whole address of « Données ouvertes », `file` gives that of a file of the dump."""
    publisher = {"@type": "foaf:Organization", "foaf:name": portal.legal.publisher or portal.organiser_name or portal.name}
    found: dict[str, Any] = {
        "@context": CONTEXT,
        "@id": f"{page}catalogue.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": {"@value": f"Données ouvertes – {portal.name}", "@language": "fr"},
        "dct:description": {
            "@value": "Structures, relais et offres d’appui aux projets de l’économie sociale et solidaire.",
            "@language": "fr",
        },
        "dct:language": {"@id": "http://publications.europa.eu/resource/authority/language/FRA"},
        "dct:publisher": publisher,
        "foaf:homepage": {"@id": page},
        "dct:license": {"@id": LICENCE["url"]},
        "dcat:dataset": [],
    }
    if manifest is None:
        return found
    modified = {"@value": manifest["made_at"], "@type": "xsd:dateTime"}
    dataset = {
        "@id": f"{page}#catalogue",
        "@type": "dcat:Dataset",
        "dct:title": {"@value": f"Catalogue de l’appui aux projets ESS – {portal.territory}", "@language": "fr"},
        "dct:description": {"@value": "Chaque nuit, les fiches publiées, dans plusieurs formats.", "@language": "fr"},
        "dct:identifier": "maillage-catalogue",
        "dct:modified": modified,
        "dct:publisher": publisher,
        "dct:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/DAILY"},
        "dcat:keyword": ["économie sociale et solidaire", "accompagnement", "financement", "création d’activité"],
        "dcat:landingPage": {"@id": page},
        "dcat:distribution": [_distribution(entry, file(entry["path"]), page) for entry in manifest["files"]],
    }
    return found | {"dct:modified": modified, "dcat:dataset": [dataset]}


def _distribution(entry: Mapping[str, Any], address: str, page: str) -> dict[str, Any]:
    ending = next(ending for ending in _TYPES if entry["path"].endswith(ending))
    found: dict[str, Any] = {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": entry["path"],
        "dcat:accessURL": {"@id": page},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {"@id": _MEDIA + _TYPES[ending]},
        "dcat:byteSize": {"@value": str(entry["bytes"]), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": entry["sha256"],
        },
    }
    if ending.endswith(".gz"):
        found["dcat:compressFormat"] = {"@id": f"{_MEDIA}application/gzip"}
    if entry["path"] == OTHERS_FILE:
        found["dct:rights"] = {"@value": "Chaque fiche garde la licence de sa source.", "@language": "fr"}
    else:
        found["dct:license"] = {"@id": LICENCE["url"]}
    return found
