"""`make test`: every test on SQLite, the browser tests, then the database tests again on PostgreSQL.

What cannot run here is said « NON VÉRIFIÉ », with the reason and what to install; with CI=true that is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.services import browser, postgresql

ROOT = Path(__file__).resolve().parent.parent


def _pytest(title: str, arguments: list[str], **environment: str) -> bool:
    print(f"\n=== {title}", flush=True)
    command = [sys.executable, "-m", "pytest", *arguments, *sys.argv[1:]]
    clean = {
        key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "MAILLAGE_PORTAL", "MAILLAGE_REGIONS"}
    }
    return subprocess.run(command, cwd=ROOT, env={**clean, **environment}, check=False).returncode == 0


def main() -> int:
    """Run everything that this machine allows; 0 when all that ran passed (and, in CI, everything ran)."""
    unverified: list[str] = []
    passed = _pytest("SQLite : tests unitaires, de propriété et d’ensemble", ["-n", "2", "-m", "not browser and not epreuve"])

    chromium = browser()
    if chromium.value:
        passed &= _pytest("Navigateur", ["-n", "2", "-m", "browser and not epreuve"], MAILLAGE_CHROMIUM=chromium.value)
    else:
        unverified.append(f"parcours dans un navigateur : {chromium.missing}")

    with postgresql() as server:
        if server.value:
            passed &= _pytest(
                "PostgreSQL : les tests qui touchent la base",
                ["-n", "2", "-m", "not browser and not epreuve"],
                DATABASE_URL=server.value,
                MAILLAGE_TESTS="database",
            )
        else:
            unverified.append(f"tests sur PostgreSQL : {server.missing}")

    for what in unverified:
        print(f"NON VÉRIFIÉ : {what}")
    if unverified and os.environ.get("CI") == "true":
        print("En intégration continue, ce qui n’est pas vérifié est un échec.")
        return 1
    return 0 if passed else 1


if __name__ == "__main__":
    raise SystemExit(main())
