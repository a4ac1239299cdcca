"""Run in a process apart, on the fictitious region: what the observatory finds there, and what a slow reading of the rows finds.

    MAILLAGE_REGIONS=… MAILLAGE_DATA=… python -m tests.observatory.valombre DIR

Territories are read once per process: that is why it is not a test of the usual process. Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import django


def main() -> None:
    """Import the region, count, compare, print."""
    django.setup()
    from django.core.management import call_command

    from maillage.catalogue.index import current_index
    from maillage.catalogue.models import Offer
    from maillage.observatory.supply.criteria import EVERYTHING
    from maillage.observatory.supply.gaps import gaps
    from maillage.observatory.supply.matrix import matrix
    from maillage.observatory.supply.supports import offers_of
    from maillage.territories import queries
    from tests.catalogue.worlds import TODAY
    from tests.observatory import oracle

    call_command("migrate", verbosity=0)
    call_command("import", "jsonl", str(Path(sys.argv[1])), stdout=sys.stderr)
    index = current_index()
    departements = [place.territory for place in queries.departements_of_region("99")]
    found = matrix(index, departements, today=TODAY, supports=offers_of(index))
    offers = list(Offer.objects.select_related("structure").order_by("pk"))
    different = []
    for row in found.rows:
        communes = list(queries.communes_of(*row.place.territory))
        for stage, kind in row.cells:
            if kind == "incubation":
                named = [
                    each
                    for each in offers
                    if any(word in (each.name + each.summary).lower() for word in ("incubat", "couveuse", "pépinière"))
                ]
                slow = oracle.cell(named, communes, stage, "", EVERYTHING, TODAY)
            else:
                slow = oracle.cell(offers, communes, stage, kind, EVERYTHING, TODAY)
            if slow != row.cell(stage, kind):
                different.append([row.place.code, stage, kind, str(slow), str(row.cell(stage, kind))])
    missing = [gap for gap in gaps(found, partial=False) if gap.kind == "incubation" and gap.every_stage]
    every = [gap for gap in gaps(found, partial=False) if gap.kind == "hebergement" and gap.every_stage]
    print(
        json.dumps(
            {
                "different": different,
                "without_incubation": sorted(gap.place.code for gap in missing),
                "without_premises": sorted(gap.place.code for gap in every),
                "sentences": [gap.sentence for gap in missing],
            },
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
