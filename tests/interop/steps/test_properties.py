"""Whatever the order, the repetitions, the partial reads and the kills: the same records end in the same catalogue."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from maillage.interop.models import Link, Proposal, RawRecord, Run
from maillage.interop.sources.registry import source
from maillage.interop.steps import keep, publish, understand, vanish
from maillage.interop.steps.run import sync
from tests.interop.dump import dump
from tests.interop.steps.conftest import DAY, FICTITIOUS, aid

FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "org": st.sampled_from(["org-1", "org-2"]), "phone": st.sampled_from(["0243000001", "0243000002"]),
        "amount": st.integers(1, 3), "closes": st.sampled_from(["2027-01-31", "2027-02-28"]), "kind": st.sampled_from(["conseil", "?"]),
        "broken": st.just(True), "public_only": st.just(True), "org_ref_only": st.just(True), "review": st.just(["À voir."]),
    },
)  # fmt: skip
#: Many records that do not move: what is drawn besides is never half of the source, so that no read is an accident.
STEADY = [aid(number) for number in range(100, 120)]
RECORDS = st.dictionaries(st.integers(1, 9), FIELDS, min_size=1, max_size=9)


def state() -> list[Any]:
    """What two equal histories have in common: sheets, records, what waits."""
    records = RawRecord.objects.order_by("source", "ref").values_list("ref", "digest", "outcome", "reasons", "missing_since")
    proposals = Proposal.objects.order_by("kind", "uid", "field", "pk").values_list("uid", "field", "before", "after", "state")
    links = Link.objects.order_by("record__ref", "kind", "ref").values_list(
        "record__ref", "kind", "ref", "target", "missing_since"
    )
    return [dump(), list(records), list(proposals), list(links)]


def read(records: list[dict[str, Any]], day: date) -> Run:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "donnees.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        return sync(source("guichet-essai"), path, today=day)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside leaves nothing."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def after(*reads: Callable[[], Any]) -> list[Any]:
    with undone():
        for one in reads:
            one()
        return state()


class Convergence(TestCase):  # type: ignore[misc]  # hypothesis gives each example a transaction of its own
    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
    @given(first=RECORDS, second=RECORDS, shuffle=st.randoms(use_true_random=False))
    def test_order_and_repetition_change_nothing(self, first: Any, second: Any, shuffle: Any) -> None:
        old = [aid(number, **fields) for number, fields in first.items()]
        new = [aid(number, **fields) for number, fields in second.items()]
        mixed = [*new, *new[::2]]
        shuffle.shuffle(mixed)
        tomorrow = DAY + timedelta(days=1)
        straight = after(lambda: read(old, DAY), lambda: read(new, tomorrow))
        crooked = after(lambda: read(old[::-1], DAY), lambda: read(mixed, tomorrow), lambda: read(new[::-1], tomorrow))
        assert straight == crooked

    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
    @given(first=RECORDS, second=RECORDS, cut=st.integers(0, 9))
    def test_a_partial_read_then_a_whole_one_end_as_the_whole_one(self, first: Any, second: Any, cut: int) -> None:
        old = [aid(number, **fields) for number, fields in first.items()] + STEADY
        new = STEADY + [aid(number, **fields) for number, fields in second.items()]
        tomorrow = DAY + timedelta(days=1)
        partial = [*new[: len(STEADY) + cut], {"stop": "Quota."}]
        runs: list[Run] = []
        whole = after(lambda: runs.append(read(old, DAY)), lambda: runs.append(read(new, tomorrow)))
        in_two = after(
            lambda: runs.append(read(old, DAY)),
            lambda: runs.append(read(partial, tomorrow)),
            lambda: runs.append(read(new, tomorrow)),
        )
        assert all(run.state == Run.State.DONE for run in runs)
        assert in_two == whole

    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
    @given(records=RECORDS)
    def test_counts_add_up(self, records: Any) -> None:
        run = read([aid(number, **fields) for number, fields in records.items()], DAY)
        counts = run.counts
        assert counts["records"] == len(records)
        if run.state == Run.State.DONE:
            assert counts["published"] + counts["waiting"] + counts["left_out"] + counts["refused"] == len(records)
            assert not RawRecord.objects.filter(outcome="").exists()


@pytest.fixture(autouse=True, scope="module")
def _sources() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAILLAGE_SOURCES", str(FICTITIOUS))
        yield


class Killed(BaseException):
    """The process dies here."""


@pytest.mark.django_db
@pytest.mark.parametrize("at", range(14))
def test_a_run_killed_between_two_batches_and_started_again_ends_the_same(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    for module in (keep, understand, publish, vanish):
        monkeypatch.setattr(module, "BATCH", 3)
    old = [aid(n, amount=n) for n in range(12)]
    new = [aid(n, amount=n + n % 2, closes="2027-01-31", org=f"org-{n % 3}") for n in range(4, 15)] + [aid(20, broken=True)]
    tomorrow = DAY + timedelta(days=1)
    straight = after(lambda: read(old, DAY), lambda: read(new, tomorrow))

    with undone():
        read(old, DAY)
        turns = iter(range(10_000))
        real = transaction.Atomic.__enter__

        def fatal(self: Any) -> Any:
            if next(turns) == at * 3:
                raise Killed
            return real(self)

        with (
            monkeypatch.context() as patch,
            pytest.raises(Killed) if at < 13 else suppress(Killed),
        ):  # the last instant may come after the end
            patch.setattr(transaction.Atomic, "__enter__", fatal)
            read(new, tomorrow)
        read(new, tomorrow)
        assert state() == straight
