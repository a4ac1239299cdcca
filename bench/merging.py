"""Merging 100,000 offers against 100,000: how long it takes to find, and to propose, the pairs that may be the same aid.

    python -m bench.merging [--offers 100000] [--data DIR]

Two sources of fictitious offers; three in ten of the second are offers of the first, with their words in another order, a typing
mistake, or another address of the same page. The database is a new SQLite file. Prints one JSON object, with the share of these pairs that
were found and how many pairs that are not the same were proposed with them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

_WHAT = ("Aide", "Prêt", "Fonds", "Prime", "Garantie", "Avance", "Appui", "Bourse", "Concours", "Chèque", "Subvention", "Soutien")
_FOR = (
    "création", "reprise", "emploi", "numérique", "transition", "formation", "investissement", "export", "innovation",
    "énergie", "commerce", "culture", "insertion", "recherche", "foncier", "installation", "mobilité", "mutualisation",
)  # fmt: skip
_KINDS = ("financement", "conseil", "formation", "immateriel")


def made_offers(count: int, seed: int) -> list[tuple[str, str, str, str]]:
    """(name, kind, département, page) of fictitious offers, the names drawn from few common words and invented rarer ones."""
    draw = random.Random(seed)
    rare = ["".join(draw.choice("bcdfglmnprstv") + draw.choice("aeiou") for _ in range(3)) for _ in range(max(200, count // 20))]
    found = []
    for number in range(count):
        words = [draw.choice(_WHAT), draw.choice(_FOR), draw.choice(rare)] + ([draw.choice(rare)] if draw.random() < 0.7 else [])
        found.append(
            (
                " ".join(words),
                draw.choice(_KINDS[:3]),
                f"{draw.randint(1, 95):02d}".replace("20", "21"),
                f"https://p{number}.example.org/aides/{number}",
            )
        )
    return found


def again(offer: tuple[str, str, str, str], draw: random.Random) -> tuple[str, str, str, str]:
    """The same offer as another producer tells it."""
    name, kind, departement, page = offer
    words = name.split()
    draw.shuffle(words)
    name = " ".join(words)
    if draw.random() < 0.5:
        at = draw.randrange(1, len(name))
        name = name[:at] + name[at + 1 :]
    page = page.replace("https://", "http://www.") + "/?utm_source=autre" if draw.random() < 0.5 else ""
    return name, kind, departement, page


def measure(count: int) -> dict[str, Any]:
    """Write the two sources, then find and propose."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from maillage.catalogue import revision
    from maillage.catalogue.enums import Status
    from maillage.catalogue.models import Offer, Structure
    from maillage.catalogue.models.sheet import uid_for
    from maillage.interop.merging.candidates import candidates, faces
    from maillage.interop.merging.propose import propose
    from maillage.interop.models import Duplicate

    call_command("migrate", verbosity=0, skip_checks=True)
    draw = random.Random(7)
    first, second = made_offers(count, 1), made_offers(count, 2)
    twins = {}
    for place in range(count * 3 // 10):
        second[place] = again(first[place], draw)
        twins[uid_for("offer", "deux", str(place))] = uid_for("offer", "un", str(place))
    with transaction.atomic():
        host = Structure.objects.create(source="un", ref="s", name="Organisme fictif", status=Status.PUBLISHED)
        for source, offers in (("un", first), ("deux", second)):
            Offer.objects.bulk_create(
                (
                    Offer(
                        uid=uid_for("offer", source, str(number)), source=source, ref=str(number), structure=host, name=name,
                        kind=kind, coverage=[f"departement:{departement}"], url=page, status=Status.PUBLISHED,
                    )
                    for number, (name, kind, departement, page) in enumerate(offers)
                ),
                batch_size=2_000,
            )  # fmt: skip
        revision.moved(everything=True)
    start = time.perf_counter()
    every = faces("offer")
    read = time.perf_counter() - start
    found = candidates(every)
    searched = time.perf_counter() - start - read
    proposed = propose("offer")
    whole = time.perf_counter() - start - read - searched
    pairs = {(pair.first, pair.second) for pair in found}
    right = sum(tuple(sorted(twin)) in pairs for twin in twins.items())
    return {
        "database": connection.vendor, "offers": [count, count], "read_s": round(read, 1), "search_s": round(searched, 1),
        "read_search_and_propose_s": round(whole, 1), "pairs": len(found), "proposed": proposed,
        "kept": Duplicate.objects.count(), "twins": len(twins), "twins_found": round(right / len(twins), 4),
        "others_proposed": len(found) - right, "memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", type=int, default=100_000)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="maillage-bench-merging-") as temporary:
        os.environ["MAILLAGE_DATA"] = str(options.data or temporary)
        os.environ["DJANGO_SETTINGS_MODULE"] = "maillage.config.settings"
        import django

        django.setup()
        print(json.dumps(measure(options.offers), indent=1))


if __name__ == "__main__":
    main()
