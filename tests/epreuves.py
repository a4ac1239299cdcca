"""`make epreuves`: the long programmes (faults, walks, every situation), not run by `make test`. About an hour on two cores."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.services import browser, postgresql

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run every test marked `epreuve`, every commune at every stage, then 200 kills of an import and of a roll-up on each database; 0 when all passed."""
    chromium = browser()
    environment = {**os.environ, "MAILLAGE_CHROMIUM": chromium.value}
    codes = [
        subprocess.run(
            [sys.executable, "-m", "pytest", "-m", "epreuve", *sys.argv[1:]], cwd=ROOT, env=environment, check=False
        ).returncode
    ]
    codes.append(subprocess.run([sys.executable, "-m", "bench.every_commune"], cwd=ROOT, env=environment, check=False).returncode)
    without = {key: value for key, value in environment.items() if key != "DATABASE_URL"}
    programmes = [[sys.executable, "-m", f"tests.faults.{name}", "--kills", "200"] for name in ("kill_imports", "kill_rollup")]
    for kills in programmes:
        codes.append(subprocess.run(kills, cwd=ROOT, env=without, check=False).returncode)
    with postgresql() as server:
        if server.value:
            for kills in programmes:
                there = {**environment, "DATABASE_URL": server.value}
                codes.append(subprocess.run(kills, cwd=ROOT, env=there, check=False).returncode)
        else:
            print(f"NON VÉRIFIÉ : coupures sur PostgreSQL : {server.missing}")
            codes.append(1)
    return int(any(codes))


if __name__ == "__main__":
    raise SystemExit(main())
