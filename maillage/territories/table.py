"""Reads the shipped files into memory, once per process and only when first needed.

A commune stays one line of text until somebody asks for it: a web process looks at a few hundred communes in a day, and
35,000 objects would cost 25 MB and a third of a second for nothing.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from sys import intern
from typing import Any

from maillage.territories import grammar, invented
from maillage.territories.grammar import Forms
from maillage.territories.values import FRANCE, Commune, Edition, Place, Territory

_FLAGS = {"": None, "oui": True, "non": False}


@dataclass(frozen=True, slots=True)
class Table:
    """The reference data as read. `lines` holds the text of each commune, in order of code."""

    lines: Mapping[str, str]
    successor: Mapping[str, str]  # former code → current code
    places: Mapping[Territory, Place]  # all levels but communes
    neighbours: Mapping[Territory, tuple[Territory, ...]]
    edition: Edition


def data_file(name: str) -> str:
    """The text of a shipped file."""
    return lzma.decompress(files("maillage.territories").joinpath("data", name).read_bytes()).decode()


@cache
def table() -> Table:
    """The reference data; the first call reads it (about a tenth of a second)."""
    content = json.loads(data_file("places.json.xz"))
    for level, facts in invented.places():
        content[level].append(facts)
    for level, around in invented.neighbours().items():
        content["neighbours"][level] |= around
    edition = content["edition"]
    return Table(
        lines={line[:5]: line for line in data_file("communes.tsv.xz").splitlines()} | invented.lines(),
        successor=content["successor"],
        places=_places(content),
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


@cache
def commune_at(code: str) -> Commune:
    """The commune of a current code, the same object each time. Raises KeyError for any other text."""
    return read_commune(table().lines[code])


@cache
def members() -> Mapping[Territory, tuple[str, ...]]:
    """The codes of the communes of each EPCI, département and région, and of France, in order of code."""
    lines = table().lines
    found: dict[Territory, list[str]] = {}
    containers: dict[tuple[str, ...], list[list[str]]] = {}  # the lists to which communes of one EPCI and département go
    for code, line in lines.items():
        container = tuple(line.split("\t", 8)[5:8])
        if container not in containers:
            levels = zip(("epci", "departement", "region"), container, strict=True)
            containers[container] = [found.setdefault(Territory(level, of), []) for level, of in levels if of]
        for codes in containers[container]:
            codes.append(code)
    return {FRANCE: tuple(lines)} | {territory: tuple(codes) for territory, codes in found.items()}


def read_commune(line: str) -> Commune:
    """A commune from its line of the shipped file."""
    (
        code, name, name_type, population, postcodes, epci, departement, region,
        lon, lat, point, former_codes, density, frr, qpv,
    ) = line.split("\t")  # fmt: skip
    return Commune(
        code=code,
        name=name,
        name_type=int(name_type),
        population=int(population),
        postcodes=tuple(postcodes.split()),
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


def _places(content: dict[str, Any]) -> dict[Territory, Place]:
    found: dict[Territory, Place] = {}

    def add(level: str, facts: list[Any], forms: Forms, long_name: str = "") -> None:
        code, name, _, population, communes, departements, regions = facts
        found[Territory(level, code)] = Place(
            level=level,
            code=code,
            name=name,
            long_name=long_name or name,
            the=forms.the,
            of=forms.of,
            at=forms.at,
            population=population,
            communes=communes,
            departements=tuple(departements),
            regions=tuple(regions),
        )

    for facts in content["epci"]:
        add("epci", facts, grammar.epci_forms(facts[1]), grammar.epci_long_name(facts[1]))
    for facts in content["departement"]:
        add("departement", facts, grammar.departement_forms(*facts[:3]))
    for facts in content["region"]:
        add("region", facts, grammar.region_forms(*facts[:3]))
    add("france", content["france"], grammar.FRANCE)
    return found
