"""Reads the shipped files into memory, once per process and only when first needed."""

from __future__ import annotations

import json
import lzma
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from sys import intern
from typing import Any

from maillage.territories import grammar
from maillage.territories.grammar import Forms
from maillage.territories.values import FRANCE, Commune, Edition, Place, Territory

#: TNCC of INSEE is one digit: anything else in the file is an error of the build.
_FLAGS = {"": None, "oui": True, "non": False}


@dataclass(frozen=True, slots=True)
class Table:
    """The reference data as read. `communes` is in order of code; `successor` leads from a former code to a current one."""

    communes: Mapping[str, Commune]
    successor: Mapping[str, str]
    former_names: tuple[tuple[str, str, str], ...]  # (former code, name, code of the current commune)
    places: Mapping[Territory, Place]  # all levels but communes
    members: Mapping[Territory, tuple[Commune, ...]]  # all levels but communes
    neighbours: Mapping[Territory, tuple[Territory, ...]]
    edition: Edition


def data_file(name: str) -> str:
    """The text of a shipped file."""
    return lzma.decompress(files("maillage.territories").joinpath("data", name).read_bytes()).decode()


@cache
def table() -> Table:
    """The reference data; the first call reads it (a fraction of a second)."""
    lines = data_file("communes.tsv.xz").split("\n")
    communes = {commune.code: commune for commune in map(_commune, lines[1:-1])}
    content = json.loads(data_file("places.json.xz"))
    former_names = tuple((former, name, code) for former, name, code in content["former"])
    successor = {former: code for former, _, code in former_names if former not in communes}
    for commune in communes.values():
        for former in commune.former_codes:
            successor.setdefault(former, commune.code)
    members = _members(communes)
    edition = content["edition"]
    return Table(
        communes=communes,
        successor=successor,
        former_names=former_names,
        places=_places(content, members),
        members=members,
        neighbours={
            Territory(level, code): tuple(Territory(level, other) for other in others)
            for level, around in content["neighbours"].items()
            for code, others in around.items()
        },
        edition=Edition(
            communes=edition["communes"],
            epci=edition["epci"],
            outlines=edition["outlines"],
            built_from=tuple(edition["built_from"]),
            zonings=tuple((zoning, day, source) for zoning, day, source in edition["zonings"]),
        ),
    )


def _commune(line: str) -> Commune:
    (
        code, name, name_type, population, postcodes, epci, departement, region,
        lon, lat, point, former_codes, density, frr, qpv,
    ) = line.split("\t")  # fmt: skip
    return Commune(
        code=code,
        name=name,
        name_type=int(name_type),
        population=int(population),
        postcodes=tuple(map(intern, postcodes.split())),
        epci=intern(epci) or None,
        departement=intern(departement),
        region=intern(region),
        lon=float(lon),
        lat=float(lat),
        point=intern(point),
        former_codes=tuple(former_codes.split()),
        density=int(density) if density else None,
        frr=intern(frr) or None,
        qpv=_FLAGS[qpv],
    )


def _members(communes: Mapping[str, Commune]) -> dict[Territory, tuple[Commune, ...]]:
    found: dict[Territory, list[Commune]] = {}
    for commune in communes.values():
        if commune.epci:
            found.setdefault(Territory("epci", commune.epci), []).append(commune)
        found.setdefault(Territory("departement", commune.departement), []).append(commune)
        found.setdefault(Territory("region", commune.region), []).append(commune)
    return {FRANCE: tuple(communes.values())} | {territory: tuple(members) for territory, members in found.items()}


def _places(content: dict[str, Any], members: Mapping[Territory, tuple[Commune, ...]]) -> dict[Territory, Place]:
    found: dict[Territory, Place] = {}

    def add(territory: Territory, name: str, forms: Forms, long_name: str = "") -> None:
        communes = members[territory]
        found[territory] = Place(
            *territory,
            name=name,
            long_name=long_name or name,
            the=forms.the,
            of=forms.of,
            at=forms.at,
            population=sum(commune.population for commune in communes),
            communes=len(communes),
            departements=tuple(sorted({commune.departement for commune in communes})),
            regions=tuple(sorted({commune.region for commune in communes})),
        )

    for code, name, _ in content["epci"]:
        add(Territory("epci", code), name, grammar.epci_forms(name), grammar.epci_long_name(name))
    for code, name, name_type, _, _ in content["departements"]:
        add(Territory("departement", code), name, grammar.departement_forms(code, name, name_type))
    for code, name, name_type, _ in content["regions"]:
        add(Territory("region", code), name, grammar.region_forms(code, name, name_type))
    add(FRANCE, "France", grammar.FRANCE)
    return found
