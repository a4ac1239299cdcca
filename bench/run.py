"""`make bench`: every measure of the issue, in one run, written to bench/results/ with the date and the machine.

    python -m bench.run [--keep DIR] [--million]

Catalogues of 10,000 and 100,000 offers come from the shared generator when it is beside the project, else from our fictitious region.
Each part runs in a process of its own, one after the other; what is compared is compared within this run. `--keep` keeps the data folders
for another run, `--million` adds 1,000,000 offers (about half an hour).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).resolve().parent / "results"
SHARED = ROOT.parent / "shared"
BIN = Path(sys.executable).parent


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    memory = next((line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal")), "")
    names = [
        line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")
    ]
    return {
        "processor": names[0] if names else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(int(memory.split()[1]) / 2**20, 1) if memory else None,
        "python": platform.python_version(),
        "system": platform.system(),
    }


def environment(data: Path) -> dict[str, str]:
    """The environment of a process that works on this data folder (SQLite)."""
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "MAILLAGE_PORTAL", "MAILLAGE_REGIONS"}}
    return {**kept, "MAILLAGE_DATA": str(data), "MAILLAGE_LOG_LEVEL": "WARNING", "PYTHONPATH": str(ROOT)}


def run(*command: str, data: Path) -> str:
    """Run a command on a data folder; gives what it prints, stops everything if it fails."""
    done = subprocess.run(command, cwd=ROOT, env=environment(data), stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} : code {done.returncode}\n{done.stdout}")
    return done.stdout


def measured(module: str, *arguments: str, data: Path) -> Any:
    """The JSON that a bench module prints."""
    print(f"… {module} {' '.join(arguments)}", flush=True)
    return json.loads(run(sys.executable, "-m", module, *arguments, data=data))


def make_offers(count: int, folder: Path) -> Path:
    """The folder of a catalogue of `count` offers in Maillage JSONL, made if it is not there."""
    made = folder / f"offers-{count}"
    if (made / "offers.jsonl").is_file():
        return made
    print(f"… catalogue de {count} offres", flush=True)
    generator, communes = SHARED / "bench" / "generate.py", SHARED / "data" / "communes_2026.csv"
    if generator.is_file():
        sizes = ["--offers", str(count), "--structures", str(max(1, count * 3 // 10)), "--queries", "1000"]
        subprocess.run(
            [sys.executable, str(generator), "--communes", str(communes), "--out", str(made), *sizes],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return made
    run(str(BIN / "maillage"), "demo-region", str(made), "--scale", str(max(1, count // 745)), data=folder / "demo")
    return made / "valombre"


def load(offers: Path, data: Path) -> dict[str, Any] | None:
    """Import the catalogue into a new data folder, timed; None when the folder is kept from another run."""
    if (data / "maillage.sqlite3").is_file():
        return None
    data.mkdir(parents=True, exist_ok=True)
    run(str(BIN / "maillage"), "migrate", "--verbosity", "0", data=data)
    count = sum(1 for _ in (offers / "offers.jsonl").open(encoding="utf-8"))
    print(f"… import de {count} offres", flush=True)
    start = time.perf_counter()
    run(str(BIN / "maillage"), "import", "jsonl", str(offers), data=data)
    seconds = time.perf_counter() - start
    return {"offers": count, "seconds": round(seconds, 1), "offers_per_s_structures_included": round(count / seconds)}


def measure_size(count: int, folder: Path) -> dict[str, Any]:
    """Every measure on a catalogue of this size."""
    offers = make_offers(count, folder)
    data = folder / f"data-{count}"
    found: dict[str, Any] = {"import": load(offers, data)}  # start of the process included
    found["index"] = measured("bench.index", "--data", str(data), "--queries", str(offers / "queries.jsonl"), data=data)
    found["orientation"] = measured("bench.orientation", "--offers", str(offers), "--data", str(data), data=data)
    found["http"] = measured("bench.http", "--data", str(data), data=data)
    found["api"] = measured("bench.api", "--data", str(data), data=data)
    found["dump"] = measured("bench.dump", "--data", str(data), data=data)
    found["observatory_supply"] = measured("bench.observatory_supply", "--data", str(data), data=data)
    return found


def main() -> None:
    """Measure everything and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--million", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="maillage-bench-") as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        starter = folder / "starter"
        result: dict[str, Any] = {"date": str(date.today()), "machine": machine()}
        result["territories"] = measured("bench.territories", data=starter)
        result["starter"] = {
            "every_commune": measured("bench.every_commune", "--every", "10", "--data", str(starter), data=starter),
            "http": measured("bench.http", "--data", str(starter), data=starter),
            "diagnosis": measured("bench.diagnosis", "--data", str(starter), data=starter),
            "crowdfunding": measured("bench.crowdfunding", "--data", str(starter), data=starter),
            "observatory_supply": measured("bench.observatory_supply", "--data", str(starter), "--siting", data=starter),
        }
        result["tables"] = measured("bench.tables", data=folder / "tables")
        result["merging"] = measured("bench.merging", data=folder / "merging")
        result["observatory_demand"] = measured("bench.observatory_demand", data=folder / "observatory-demand")
        for count in (10_000, 100_000, *([1_000_000] if options.million else [])):
            result[str(count)] = measure_size(count, folder)
        small, large = (result[size]["http"]["page_ms_median"] for size in ("10000", "100000"))
        result["page_100000_over_10000"] = round(large / small, 2)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{result['date']}.json"
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{path.relative_to(ROOT)} écrit.")


if __name__ == "__main__":
    main()
