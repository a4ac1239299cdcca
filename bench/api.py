"""The orientation by the API, over HTTP: against a bare ninja endpoint that returns the same bytes, under the same server.

    python -m bench.api --data DIR      (DIR: a data folder with a loaded catalogue)

Both servers run at once and are asked in turn. The bare endpoint is asked three ways: with its response declared, as one writes with ninja
(`declared`); not declared (`plain`); as bytes made beforehand (`bytes`). Ours is asked a different situation each time, then the same one.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.http import BIN, ROOT, Server, free_port, situations

WAYS = ("declared", "plain", "bytes")


def ours(data: str) -> Server:
    """Maillage as `maillage run` serves it, without a limit on questions."""
    port = free_port()
    environment = {"MAILLAGE_DATA": data, "MAILLAGE_LOG_LEVEL": "ERROR", "MAILLAGE_API_PER_MINUTE": "0", "PYTHONPATH": str(ROOT)}
    return Server([str(BIN / "maillage"), "run", "--port", str(port)], environment, port, "/livez")


def bare(answer: Path) -> Server:
    """The bare endpoint."""
    port = free_port()
    command = [str(BIN / "granian"), "--interface", "wsgi", "--workers", "1", "--port", str(port), "bench.bare_ninja:application"]
    return Server(command, {"BARE_ANSWER": str(answer), "PYTHONPATH": str(ROOT)}, port, "/bytes")


def measure(data: str, requests: int = 300, warm: int = 30) -> dict[str, Any]:
    """Medians in ms, and the ratios."""
    paths = [path.replace("/resultats/", "/api/v1/orientation") for path in situations(requests + warm)]
    server = ours(data)
    other: Server | None = None
    try:
        bodies = sorted((server.get(path)[1] for path in paths[:warm]), key=len)
        with tempfile.TemporaryDirectory() as folder:
            answer = Path(folder) / "answer.json"
            answer.write_bytes(bodies[len(bodies) // 2])
            other = bare(answer)
            for way in WAYS:
                assert json.loads(other.get(f"/{way}")[1]) == json.loads(answer.read_bytes())
                for _ in range(warm):
                    other.get(f"/{way}")
            times: dict[str, list[float]] = {name: [] for name in ("ours", "ours_same", *WAYS)}
            for path in paths[warm:]:
                status, _, ms = server.get(path)
                assert status == 200, (path, status)
                times["ours"].append(ms)
                times["ours_same"].append(server.get(paths[0])[2])
                for way in WAYS:
                    times[way].append(other.get(f"/{way}")[2])
        found = {name: round(statistics.median(each), 2) for name, each in times.items()}
        return {
            "answer_bytes": len(bodies[len(bodies) // 2]),
            **{f"{name}_ms_median": value for name, value in found.items()},
            **{f"ratio_to_{way}": round(found["ours"] / found[way], 2) for way in WAYS},
            **{f"ratio_same_to_{way}": round(found["ours_same"] / found[way], 2) for way in WAYS},
        }
    finally:
        server.stop()
        if other:
            other.stop()


def main() -> None:
    """Print the measures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="data folder with a loaded catalogue")
    parser.add_argument("--requests", type=int, default=300)
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    os.environ["MAILLAGE_DATA"] = arguments.data
    print(json.dumps(measure(arguments.data, arguments.requests), indent=1))


if __name__ == "__main__":
    sys.exit(main())
