"""What the files of the starter catalogue hold, as the tables of docs/data/starter-catalogue.md.

`python -m tests.catalogue_counts` writes them into the page; `tests/documentation.py` says when they are no longer true.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from maillage.territories import queries as territories
from maillage.territories.values import Place

ROOT = Path(__file__).resolve().parent.parent
REGIONS = ROOT / "maillage" / "regions"
PAGE = ROOT / "docs" / "data" / "starter-catalogue.md"
BEGIN, END = "<!-- counted: python -m tests.catalogue_counts -->\n", "<!-- /counted -->"


def files() -> Iterator[tuple[str, dict[str, Any]]]:
    """(region folder, content) of each file."""
    for path in sorted(REGIONS.glob("*/catalogue/*.toml")):
        yield path.parent.parent.name, tomllib.loads(path.read_text(encoding="utf-8"))


def codes(name: str) -> list[str]:
    """The codes of a list of the common vocabulary, in order."""
    vocabulary = tomllib.loads((REGIONS / "vocabulary.toml").read_text(encoding="utf-8"))
    return [term["code"] for term in vocabulary[name]]


def markdown(columns: list[str], rows: list[list[Any]]) -> str:
    """A table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)


def serves(offer: dict[str, Any], departement: Place) -> bool:
    """Does an offer that is not for the whole of France serve a commune of this département?"""
    if any(part["level"] == "france" for part in offer["coverage"]):
        return False
    keys = [{f"{part['level']}:{part['code']}" for part in offer.get(name, ())} for name in ("coverage", "excluded")]
    communes = territories.communes_of("departement", departement.code)
    around = ({territory.key for territory in territories.territories_of(commune)} for commune in communes)
    return any(here & keys[0] and not here & keys[1] for here in around)


def tables() -> str:
    """The counts by region and kind, by region and stage, by département and stage, and what the sources are."""
    kinds, stages = codes("kind"), codes("stage")
    organisations, relays, sources = Counter[str](), Counter[str](), Counter[str]()
    by_kind, by_stage = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    offers: list[dict[str, Any]] = []
    for region, content in files():
        organisations[region] += 1
        relays[region] += len(content.get("relays", ()))
        sources[region] += len(content["sources"])
        for offer in content.get("offers", ()):
            offers.append(offer)
            by_kind[region, offer["kind"]] += 1
            by_stage.update((region, stage) for stage in offer.get("stages") or stages)
    regions = sorted(organisations)
    in_all = "**in all**"
    first = [
        [region, organisations[region], relays[region], sources[region], sum(by_kind[region, kind] for kind in kinds)]
        + [by_kind[region, kind] for kind in kinds]
        for region in regions
    ]
    first.append([in_all, *(sum(row[column] for row in first) for column in range(1, len(first[0])))])
    second = [[region, *(by_stage[region, stage] for stage in stages)] for region in regions]
    second.append([in_all, *(sum(row[column] for row in second) for column in range(1, len(stages) + 1))])
    third = []
    for place in territories.places("departement"):
        if {"52", "32"} & set(place.regions):
            here = [offer for offer in offers if serves(offer, place)]
            third.append(
                [place.name, *(sum(stage in (offer.get("stages") or stages) for offer in here) for stage in stages), len(here)]
            )
    return "\n".join((
        markdown(["region folder", "organisations", "relays", "pages read", "offers", *kinds], first),
        "Offers usable at each stage (an offer counts for each stage that it accepts):\n",
        markdown(["region folder", *stages], second),
        "Local offers (not for the whole of France) that serve at least one commune of the département:\n",
        markdown(["département", *stages, "in all"], third),
    ))  # fmt: skip


def main() -> None:
    """Write the tables into the page."""
    text = PAGE.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    PAGE.write_text(f"{head}{BEGIN}{tables()}{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
