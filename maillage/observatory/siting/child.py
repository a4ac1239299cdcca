"""The solver in a process of its own, so that a page never waits for it and a person can stop it: python -m maillage.observatory.siting.child

Reads one JSON object on the standard input, writes one per line: {"step", "value", "bound"} while it works, then {"answer"}.
Without Django: it starts in a fifth of a second.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import numpy as np

from maillage.observatory.siting.problem import SECONDS, Problem, distances_km
from maillage.observatory.siting.solve import solve


def problem_of(asked: dict[str, Any]) -> Problem:
    """The problem written as JSON: points in degrees, distances computed here; a null in `already` is « no place yet »."""
    points = {name: np.array(asked[name], dtype=np.float64) for name in ("lon", "lat", "people", "from_lon", "from_lat")}
    already = np.array([np.inf if km is None else km for km in asked["already"]], dtype=np.float64)
    km = distances_km(points["from_lon"], points["from_lat"], points["lon"], points["lat"])
    return Problem(asked["method"], asked["count"], asked["threshold"], points["people"], km, already)


def main() -> None:
    """Solve what is asked."""
    asked = json.load(sys.stdin)

    def tell(step: str, value: float, bound: float | None) -> None:
        print(json.dumps({"step": step, "value": value, "bound": bound}), flush=True)

    answer = solve(problem_of(asked), asked.get("seconds", SECONDS), tell)
    fields = {name: getattr(answer, name) for name in ("chosen", "value", "bound", "gap", "how")}
    print(json.dumps({"answer": fields}), flush=True)


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, json.JSONDecodeError):  # whoever asked was killed: half a question, or nobody to read the answer
        os._exit(1)
