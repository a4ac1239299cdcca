"""The pages of the self-diagnosis against a bare Django page of the same size, asked in turn on the same machine.

python -m bench.diagnosis --data DIR
"""

from __future__ import annotations

import argparse
import json
import os
import random

from bench.http import against_bare, free_port, maillage

#: Page → the end of its address.
PAGES = {"list": "", "question": "question/but-ecrit/", "result": "resultat/"}


def addresses(page: str, count: int, seed: int = 11) -> list[str]:
    """Addresses of a page with random answers, half of them with a stage and a commune."""
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        code = chance.choice("1230s") + "".join(chance.choice("nppeeooxs") for _ in range(chance.randint(5, 20)))
        place = "&etape=creation&commune=53084" if chance.random() < 0.5 else ""
        found.append(f"/autodiagnostic/complete/1/{PAGES[page]}?r={code}{place}")
    return found


def measure(data: str, requests: int = 300) -> dict[str, dict[str, float | int]]:
    """Every page of `PAGES`."""
    server = maillage(data, free_port())
    try:
        return {page: against_bare(server, addresses(page, requests + 30)) for page in PAGES}
    finally:
        server.stop()


def main() -> None:
    """Print the measures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="data folder with a loaded catalogue")
    parser.add_argument("--requests", type=int, default=300)
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    os.environ["MAILLAGE_DATA"] = arguments.data
    print(json.dumps(measure(arguments.data, arguments.requests), indent=1))


if __name__ == "__main__":
    main()
