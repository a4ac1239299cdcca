"""Thousands of damaged files: always a verdict, quickly, in little memory. `make epreuves` runs a hundred thousand.

MAILLAGE_MUTATIONS=10000 python -m pytest tests/interop/validator/test_mutations.py -m epreuve -s
"""

from __future__ import annotations

import os
import random
import resource
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.interop.validator.validate import validate
from tests.interop.validator.files import mutated, originals

FILES = originals()
#: What the page promises for one file: seconds of processor, and MiB in all for the process.
SECONDS, MEMORY = 2.0, 300


def told(content: bytes) -> None:
    report = validate(content)
    assert report.stopped or report.records, "a file is read, or a sentence says why not"
    assert report.refused <= report.records
    for group in (*report.errors, *report.warnings):
        assert report.where(group)
        assert group.reason.isprintable()
        assert all(example.isprintable() for example in group.examples)


@settings(max_examples=300)
@given(st.integers(0, 2**63))
def test_a_damaged_file_always_gets_a_verdict(seed: int) -> None:
    told(mutated(random.Random(seed), FILES)[1])


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_get_a_verdict(content: bytes) -> None:
    told(content)


@pytest.mark.epreuve
def test_a_hundred_thousand_damaged_files() -> None:
    count, slowest = int(os.environ.get("MAILLAGE_MUTATIONS", "100000")), (0.0, "")
    for seed in range(count):
        name, content = mutated(random.Random(seed), FILES)
        start = time.process_time()
        try:
            told(content)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {name}") from error
        slowest = max(slowest, (time.process_time() - start, f"seed {seed}: {name}, {len(content)} bytes"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{count} files; slowest {slowest[0]:.2f} s ({slowest[1]}); memory of the process {memory:.0f} MiB")
    assert slowest[0] <= SECONDS, slowest
    assert memory <= MEMORY
