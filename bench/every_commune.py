"""Every commune of France at every stage: at least one contact, no exception (about 209,000 situations).

    python -m bench.every_commune [--data DIR] [--every N]

`--data` is a MAILLAGE_DATA folder; without a catalogue in it, the starter catalogue is loaded. `--every 10` takes one commune in ten.
Each situation goes through the whole orientation but for the offers' rows, which one situation in a hundred fetches too.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any


def measure(every: int = 1) -> dict[str, Any]:
    """Go through the communes on the database of this process; Django must be set up. `failures` lists at most 20 of them."""
    from maillage.catalogue.index import current_index
    from maillage.orientation.queries import orient
    from maillage.orientation.situation import Situation
    from maillage.territories import queries as territories
    from maillage.vocabulary.portals import portal_of_region
    from maillage.vocabulary.words import vocabulary

    offers = len(current_index().alive)
    counts: Counter[str] = Counter()
    failures: list[str] = []
    start = time.perf_counter()
    for commune in territories.all_communes()[::every]:
        portal = portal_of_region(commune.region)
        for stage in vocabulary().codes("stage"):
            counts["situations"] += 1
            shown = 20 if counts["situations"] % 100 == 0 else 0
            try:
                answer = orient(Situation(stage=stage, commune=commune), portal, limit=shown, near_limit=min(shown, 6))
            except Exception as error:  # what is counted here is precisely whatever may happen
                counts["exceptions"] += 1
                failures.append(f"{commune.code} {stage}: {error!r}")
                continue
            telephone = answer.contacts[0].phone if answer.contacts else ""
            missed = {
                "without_contact": not answer.contacts,
                "without_result": not answer.total,
                "in_difficulties_without_telephone": stage == "difficultes" and not telephone,
            }
            for name, missing in missed.items():
                if missing:
                    counts[name] += 1
                    counts[f"{name}_in_portals"] += portal is not None
                    failures.append(f"{commune.code} {stage}: {name}")
    return {"offers": offers, "seconds": round(time.perf_counter() - start, 1), **counts, "failures": failures[:20]}


def main() -> None:
    """Print one JSON object; exit 1 when a situation has no contact or raised."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    if options.data:
        os.environ["MAILLAGE_DATA"] = str(options.data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    os.environ.setdefault("MAILLAGE_LOG_LEVEL", "WARNING")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from maillage.catalogue.models import Offer

    if not Offer.objects.exists():
        call_command("load-regions", stdout=sys.stderr)
    measured = measure(options.every)
    print(json.dumps(measured, indent=2, ensure_ascii=False))
    sys.exit(bool(measured.get("exceptions") or measured.get("without_contact")))


if __name__ == "__main__":
    main()
