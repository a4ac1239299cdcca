"""The results page over HTTP: against a bare Django page of the same size, under the same server, one worker each.

    python -m bench.http --data DIR      (DIR: a data folder with a loaded catalogue)

Both servers run at once and are asked in turn, so that the machine's moods fall on both; what counts is the ratio.
CPU is read from /proc, the server's processes only. Traffic goes to loopback, bounded in count.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server process of ours: its port, its CPU and its memory (with its children)."""

    def __init__(self, command: list[str], environment: dict[str, str], port: int, ready: str) -> None:
        self.port = port
        started = time.perf_counter()
        self.process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while True:
            if self.process.poll() is not None or time.perf_counter() - started > 300:
                raise RuntimeError(f"the server did not start: {command}")
            try:
                if self.get(ready)[0] == 200:
                    break
            except OSError:
                self.connection.close()
                time.sleep(0.02)
        self.first_answer_s = time.perf_counter() - started

    def get(self, path: str, **headers: str) -> tuple[int, bytes, float]:
        """Status, body and milliseconds of one GET on the kept connection."""
        start = time.perf_counter()
        self.connection.request("GET", path, headers=headers)
        answer = self.connection.getresponse()
        body = answer.read()
        return answer.status, body, (time.perf_counter() - start) * 1e3

    def pids(self) -> list[int]:
        """The process and its living descendants."""
        found, queue = [], [self.process.pid]
        while queue:
            pid = queue.pop()
            found.append(pid)
            try:
                queue += [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
            except OSError:
                continue
        return found

    def cpu_s(self) -> float:
        """CPU seconds used so far by those processes."""
        total = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / os.sysconf("SC_CLK_TCK")

    def worker_rss_mb(self) -> float:
        """Resident memory of the largest process: the web process (the others only watch it)."""
        sizes = []
        for pid in self.pids():
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS"):
                    sizes.append(int(line.split()[1]) / 1024)
        return max(sizes)

    def stop(self) -> None:
        """End the process that we started."""
        self.connection.close()
        self.process.terminate()
        self.process.wait(timeout=30)


def maillage(data: str, port: int) -> Server:
    """Maillage as `maillage run` serves it, on this data folder."""
    return Server(
        [str(BIN / "maillage"), "run", "--port", str(port)],
        {"MAILLAGE_DATA": data, "MAILLAGE_LOG_LEVEL": "ERROR"},
        port,
        "/livez",
    )


def bare(size: int, port: int) -> Server:
    """A bare Django page of `size` bytes: settings with nothing in them, one view, one template."""
    return Server(
        [str(BIN / "granian"), "--interface", "wsgi", "--workers", "1", "--port", str(port), "bench.bare:application"],
        {"BARE_SIZE": str(size), "PYTHONPATH": str(ROOT)},
        port,
        "/",
    )


def situations(count: int, seed: int = 7) -> list[str]:
    """Addresses of results pages: people live where people live, mostly."""
    from maillage.territories.queries import all_communes
    from maillage.vocabulary.words import vocabulary

    chance, words = random.Random(seed), vocabulary()
    communes = [commune for commune in all_communes() if commune.code[0] != "V"]
    weights = [max(commune.population, 50) ** 0.9 for commune in communes]
    paths = []
    for _ in range(count):
        commune = chance.choices(communes, weights)[0] if chance.random() < 0.6 else chance.choice(communes)
        stage = chance.choice(words.codes("stage"))
        need = f"&besoin={chance.choice(words.codes('need'))}" if chance.random() < 0.6 else ""
        paths.append(f"/resultats/?etape={stage}&commune={commune.code}{need}")
    return paths


def measure(data: str, requests: int = 300, warm: int = 30) -> dict[str, object]:
    """Run both servers and ask them in turn; medians in ms, the ratio, CPU per page, bytes."""
    server = maillage(data, free_port())
    other: Server | None = None
    try:
        paths = situations(requests + warm)
        sizes = []
        for path in paths[:warm]:
            status, body, _ = server.get(path)
            assert status == 200, (path, status)
            sizes.append(len(body))
        other = bare(int(statistics.median(sizes)), free_port())
        for _ in range(warm):
            other.get("/")
        ours, theirs, compressed = [], [], []
        cpu, other_cpu = server.cpu_s(), other.cpu_s()
        for path in paths[warm:]:
            status, body, ms = server.get(path)
            assert status == 200, (path, status)
            ours.append(ms)
            compressed.append(len(gzip.compress(body, 6)))
            theirs.append(other.get("/")[2])
        cpu_page = (server.cpu_s() - cpu) * 1e3 / requests
        return {
            "page_ms_median": round(statistics.median(ours), 2),
            "page_ms_p95": round(sorted(ours)[int(0.95 * len(ours))], 2),
            "bare_page_ms_median": round(statistics.median(theirs), 2),
            "ratio_to_bare_page": round(statistics.median(ours) / statistics.median(theirs), 2),
            "cpu_ms_per_page": round(cpu_page, 2),
            "bare_cpu_ms_per_page": round((other.cpu_s() - other_cpu) * 1e3 / requests, 2),
            "html_bytes_median": int(statistics.median(sizes)),
            "html_gzip_bytes_max": max(compressed),
            "start_to_first_answer_s": round(server.first_answer_s, 2),
            "web_process_rss_mb": round(server.worker_rss_mb(), 1),
        }
    finally:
        server.stop()
        if other:
            other.stop()


def against_bare(server: Server, paths: list[str], warm: int = 30) -> dict[str, float | int]:
    """Medians in ms of these pages and of a bare page of their size, their ratio, and the largest compressed size."""
    sizes, ours, theirs, compressed = [], [], [], []
    for path in paths[:warm]:
        status, body, _ms = server.get(path)
        assert status == 200, (path, status)
        sizes.append(len(body))
    other = bare(int(statistics.median(sizes)), free_port())
    try:
        for _ in range(warm):
            other.get("/")
        for path in paths[warm:]:
            _status, body, ms = server.get(path)
            ours.append(ms)
            compressed.append(len(gzip.compress(body, 6)))
            theirs.append(other.get("/")[2])
    finally:
        other.stop()
    return {
        "page_ms_median": round(statistics.median(ours), 2),
        "bare_page_ms_median": round(statistics.median(theirs), 2),
        "ratio_to_bare_page": round(statistics.median(ours) / statistics.median(theirs), 2),
        "html_bytes_median": int(statistics.median(sizes)),
        "html_gzip_bytes_max": max(compressed),
    }


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
    main()
