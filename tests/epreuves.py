"""`make epreuves`: the long programmes (faults, walks, every situation), not run by `make test`. About an hour on two cores."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.services import browser, postgresql

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run every test marked `epreuve` and every commune at every stage, then 200 kills of each programme of `faults` on each database.

    0 when all passed.
    """
    chromium = browser()
    environment = {**os.environ, "MAILLAGE_CHROMIUM": chromium.value}
    codes = [
        subprocess.run(
            [sys.executable, "-m", "pytest", "-m", "epreuve", *sys.argv[1:]], cwd=ROOT, env=environment, check=False
        ).returncode
    ]
    codes.append(subprocess.run([sys.executable, "-m", "bench.every_commune"], cwd=ROOT, env=environment, check=False).returncode)
    faults = [
        [sys.executable, "-m", "tests.faults.kill_imports", "--kills", "200"],
        [sys.executable, "-m", "tests.faults.kill_sources", "--kills", "200"],
        [sys.executable, "-m", "tests.faults.kill_rollup", "--kills", "200"],
        [sys.executable, "-m", "tests.faults.kill_siting", "--kills", "200"],
        [sys.executable, "-m", "tests.faults.kill_messages", "--kills", "200", "--messages", "10000"],
    ]
    without = {k: v for k, v in environment.items() if k != "DATABASE_URL"}
    codes += [subprocess.run(fault, cwd=ROOT, env=without, check=False).returncode for fault in faults]
    with postgresql() as server:
        if server.value:
            there = {**environment, "DATABASE_URL": server.value}
            codes += [subprocess.run(fault, cwd=ROOT, env=there, check=False).returncode for fault in faults]
        else:
            print(f"NON VÉRIFIÉ : coupures sur PostgreSQL : {server.missing}")
            codes.append(1)
    return int(any(codes))


if __name__ == "__main__":
    raise SystemExit(main())
