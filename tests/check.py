"""`make check`: everything a machine can say about the code without running it. Runs all, then says what failed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS: list[tuple[str, list[str]]] = [
    ("ruff : règles", ["ruff", "check", "."]),
    ("ruff : mise en forme", ["ruff", "format", "--check", "."]),
    ("mypy : types", ["mypy"]),
    ("djlint : gabarits", ["djlint", "maillage", "--lint", "--quiet"]),
    ("import-linter : sens des imports", ["lint-imports"]),
    ("migrations à jour", ["maillage", "makemigrations", "--check", "--dry-run"]),
    ("vérifications de Django", ["maillage", "check", "--fail-level", "WARNING"]),
    ("traductions à jour", ["python", "-m", "maillage.locale.build", "--check"]),
    ("documentation à jour", ["python", "-m", "tests.documentation"]),
]


def main() -> int:
    """Run every check; 0 when all pass."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="maillage-check-") as data:
        environment = {**os.environ, "MAILLAGE_DATA": data, "PYTHONWARNINGS": "default"}
        for name, command in CHECKS:
            start = time.monotonic()
            done = subprocess.run(
                [str(BIN / command[0]), *command[1:]], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
            )
            seconds = time.monotonic() - start
            print(f"{'✓' if done.returncode == 0 else '✗'} {name} ({seconds:.0f} s)", flush=True)
            if done.returncode != 0:
                failed.append(name)
                print(done.stdout + done.stderr, flush=True)
    if failed:
        print(f"{len(failed)} vérification(s) à reprendre : {', '.join(failed)}.")
        return 1
    print(f"{len(CHECKS)} vérifications passées.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
