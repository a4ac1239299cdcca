"""data.inclusion v1: its API with a token, or JSON files (v1 records, or a dump of Dora's base).

Each structure is given with the themes of its services under `THEMES`: the mapping sees one record at a time, and a structure
whose services are all out of scope is left out with them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from maillage.interop.sources import downloads, files
from maillage.interop.sources.contract import Raw, Unreadable
from maillage.interop.sources.data_inclusion import dump

API = "https://api.data.inclusion.gouv.fr/api/v1"
#: Which of the two entities a payload is: the API says it by its address only.
ENTITY, THEMES = "§entité", "§thématiques"
#: The family of themes that is asked to the API: the only one for people who have a project.
FAMILY = "creer-une-entreprise"
_SIZE = 1000


def read(origin: Path | None, since: Mapping[str, str]) -> Iterator[Raw]:
    """Every service and structure of the files; from the API, the services of the family and the structures that carry them."""
    structures, services = _from_api() if origin is None else _from_files(origin)
    themes: dict[str, set[str]] = {}
    for service in services:
        if isinstance(service, Mapping):
            themes.setdefault(str(service.get("structure_id")), set()).update(map(str, service.get("thematiques") or ()))
    for structure in structures:
        if isinstance(structure, Mapping):
            structure = {**structure, THEMES: sorted(themes.get(str(structure.get("id")), ()))}
        yield _raw("structure", structure)
    for service in services:
        yield _raw("service", service)


def _raw(entity: str, record: Any) -> Raw:
    payload = (
        {**record, ENTITY: entity} if isinstance(record, Mapping) else {files.BROKEN: "cet enregistrement n’est pas un objet."}
    )
    return Raw(f"{entity}:{payload['id']}" if payload.get("id") else "", payload, str(payload.get("date_maj") or ""))


def _from_files(origin: Path) -> tuple[list[Any], list[Any]]:
    """A file with both lists, a file with one, or a folder with `structures*.json` and `services*.json`."""
    if origin.is_dir():
        found = [_from_file(path) for path in sorted(origin.glob("*.json")) if not dump.is_reference(path)]
        if not found:
            raise Unreadable(
                f"« {origin.name} » ne contient pas de fichier JSON : donnez le dossier qui contient structures et services."
            )
        return [one for structures, _ in found for one in structures], [one for _, services in found for one in services]
    return _from_file(origin)


def _from_file(path: Path) -> tuple[list[Any], list[Any]]:
    data = files.read(path)
    value = files.json_value(data, path.name)
    if isinstance(value, dict) and isinstance(value.get("services"), list) and isinstance(value.get("structures"), list):
        structures, services = value["structures"], value["services"]
    else:
        records = files.json_records(data, path.name, "items", "results")
        services = [one for one in records if isinstance(one, Mapping) and "structure_id" in one]
        structures = [one for one in records if not (isinstance(one, Mapping) and "structure_id" in one)]
    return dump.resolved(structures, services, path) if dump.is_dump(structures, services) else (structures, services)


def _from_api() -> tuple[list[Any], list[Any]]:
    address = (os.environ.get("MAILLAGE_DATA_INCLUSION_URL", "").strip() or API).rstrip("/")
    token = os.environ.get("MAILLAGE_DATA_INCLUSION_TOKEN", "").strip()
    if not token:
        raise Unreadable("data.inclusion demande un jeton : mettez-le dans MAILLAGE_DATA_INCLUSION_TOKEN.")
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    services = list(downloads.pages(f"{address}/services", headers=headers, params={"thematiques": FAMILY}, size=_SIZE))
    carriers = dict.fromkeys(str(service.get("structure_id")) for service in services if isinstance(service, Mapping))
    return list(_structures(address, headers, carriers)), services


def _structures(address: str, headers: Mapping[str, str], wanted: Iterable[str]) -> Iterator[Any]:
    """The structures that carry services of the family, one by one: asking for all of them would bring a hundred times more."""
    for ref in wanted:
        yield downloads.answer_json(downloads.ask(f"{address}/structures/{ref}", headers=headers))
