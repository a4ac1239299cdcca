"""Visitors: about as many as there are, nobody known, nothing left on their device, nothing lost between processes."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from statistics import mean

import pytest
from django.db import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from maillage.observatory.models import VisitorDay
from maillage.observatory.visitors import counting, queries
from maillage.observatory.visitors.bots import is_bot
from maillage.observatory.visitors.salt import forget_before, salt_of
from maillage.observatory.visitors.sketch import REGISTERS, STANDARD_ERROR, Sketch
from maillage.orientation.queries import PARIS
from tests.conftest import StrictClient

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
NOON = datetime(2026, 11, 24, 12, tzinfo=PARIS)
hashes = st.lists(st.integers(0, 2**64 - 1), max_size=60)


def sketch_of(seen: list[int]) -> Sketch:
    sketch = Sketch()
    for each in seen:
        sketch.add(each)
    return sketch


@given(hashes, hashes)
def test_two_sketches_merged_are_the_sketch_of_both(first: list[int], second: list[int]) -> None:
    merged = sketch_of(first)
    merged.merge(bytes(sketch_of(second).registers))
    assert merged.registers == sketch_of(second + first + first).registers


@pytest.mark.parametrize("size", [1, 10, 300, 4_000, 30_000])
def test_estimates_are_as_close_to_exact_sets_as_they_say(size: int) -> None:
    rounds = 12 if size > 10_000 else 40
    chance, errors = random.Random(size), []
    for _ in range(rounds):
        exact = {int.from_bytes(blake2b(chance.randbytes(12), digest_size=8).digest()) for _ in range(size)}
        errors.append(sketch_of(list(exact)).estimate() / len(exact) - 1)
    assert abs(mean(errors)) < 4 * STANDARD_ERROR / rounds**0.5 + 0.001, "no bias"
    assert mean(error**2 for error in errors) ** 0.5 < 1.6 * STANDARD_ERROR


def test_nothing_seen_is_nobody_and_the_fullest_sketch_is_a_number() -> None:
    assert Sketch().estimate() == 0
    assert Sketch(bytes([53]) * REGISTERS).estimate() > 10**15
    with pytest.raises(ValueError, match="4096"):
        Sketch(b"short")


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (BROWSER, False),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1",
            False,
        ),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)", True),
        ("Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 Chrome/99.0 Mobile Safari/537.36", False),
        ("curl/8.5.0", True),
        ("", True),
    ],
)
def test_programs_are_left_out_by_their_name(agent: str, expected: bool) -> None:
    assert is_bot(agent) is expected


@pytest.fixture
def counter(settings: object, tmp_path: Path) -> counting.Counter:
    settings.MAILLAGE_DATA = tmp_path  # type: ignore[attr-defined]  # pytest-django's settings
    made = counting.Counter()
    made.prepare(NOON)
    return made


def test_the_secret_of_a_day_is_shared_then_deleted(tmp_path: Path) -> None:
    day = date(2026, 11, 24)
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(salt_of(day, tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found[0]) == 32
    assert [path.stat().st_mode & 0o777 for path in tmp_path.iterdir()] == [0o600]
    forget_before(day, tmp_path)
    assert salt_of(day, tmp_path) == found[0]
    forget_before(day + timedelta(days=1), tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert salt_of(day, tmp_path) != found[0]


@pytest.mark.django_db
def test_a_visitor_who_comes_back_is_one_visitor_even_in_another_process(counter: counting.Counter) -> None:
    other = counting.Counter()
    other.prepare(NOON)
    for number in range(30):
        assert counter.see(f"10.0.0.{number % 20}", BROWSER, "essor", NOON)
        assert other.see(f"10.0.0.{number % 25}", BROWSER, "essor", NOON)
    assert counter.flush(NOON) == 1
    assert other.flush(NOON) == 1
    assert counter.flush(NOON) == 0, "nothing new is nothing to write"
    row = VisitorDay.objects.get()
    assert (row.day, row.portal, row.pages) == (date(2026, 11, 24), "essor", 60)
    assert abs(row.visitors - 25) <= 1
    assert b"10.0.0" not in bytes(row.registers or b"")


@pytest.mark.django_db
def test_at_midnight_in_paris_a_new_day_begins_and_yesterday_is_forgotten(counter: counting.Counter, tmp_path: Path) -> None:
    late = datetime(2026, 12, 31, 23, 59, 50, tzinfo=PARIS)
    counter.prepare(late)
    assert len(list(tmp_path.iterdir())) == 2, "the next day is ready before it begins"
    assert counter.see("10.0.0.1", BROWSER, "essor", late)
    assert counter.see("10.0.0.1", BROWSER, "essor", late + timedelta(seconds=20))
    after = late + timedelta(minutes=1)
    counter.prepare(after)
    counter.flush(after)
    assert [path.name for path in tmp_path.iterdir()] == ["visitors-2027-01-01.salt"]
    assert not counter.see("10.0.0.1", BROWSER, "essor", late), "yesterday has no secret any more"
    assert [(row.day.year, row.visitors) for row in VisitorDay.objects.order_by("day")] == [(2026, 1), (2027, 1)]
    assert counting.forget(after.date()) == 1
    assert [bool(row.registers) for row in VisitorDay.objects.order_by("day")] == [False, True]


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_days_when_clocks_change_are_whole_days(day: date, counter: counting.Counter) -> None:
    start = datetime(day.year, day.month, day.day, 0, 30, tzinfo=PARIS)
    for hours in (0, 1, 2, 3, 12, 22):
        moment = (start.timestamp() + hours * 3600, PARIS)
        now = datetime.fromtimestamp(*moment)
        counter.prepare(now)
        assert counter.see("10.0.0.1", BROWSER, "essor", now)
    counter.flush(now)
    assert VisitorDay.objects.get().pages == 6
    assert VisitorDay.objects.get().day == day


@pytest.mark.django_db
def test_a_database_that_refuses_keeps_the_count_for_the_next_turn(
    counter: counting.Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.see("10.0.0.1", BROWSER, "essor", NOON)
    with monkeypatch.context() as broken:
        broken.setattr(counting, "_merge", lambda *args: (_ for _ in ()).throw(DatabaseError("locked")))
        assert counter.flush(NOON) == 0
    assert counter.flush(NOON) == 1
    assert VisitorDay.objects.get().pages == 1


@pytest.fixture
def counting_here(counter: counting.Counter, monkeypatch: pytest.MonkeyPatch) -> Iterator[counting.Counter]:
    counter.prepare(datetime.now(PARIS))
    monkeypatch.setattr(counting, "_counter", counter)
    yield counter
    counter.flush(datetime.now(PARIS))


def pages_of(counter: counting.Counter) -> int:
    return sum(counter._pages.values())


@pytest.mark.django_db
def test_a_page_is_counted_and_leaves_nothing(counting_here: counting.Counter, client: StrictClient) -> None:
    answer = client.get("/", headers={"user-agent": BROWSER})
    assert pages_of(counting_here) == 1
    assert not answer.cookies
    assert VisitorDay.objects.count() == 0, "a GET writes nothing"


@pytest.mark.django_db
def test_what_is_not_a_page_seen_by_somebody_is_not_counted(counting_here: counting.Counter, client: StrictClient) -> None:
    client.head("/", headers={"user-agent": BROWSER})
    client.get("/rien-ici/", headers={"user-agent": BROWSER})
    client.get("/api/v1/vocabularies", headers={"user-agent": BROWSER})
    client.get("/", headers={"user-agent": "Googlebot/2.1"})
    client.get("/", headers={"user-agent": BROWSER, "sec-purpose": "prefetch"})
    client.get("/robots.txt", headers={"user-agent": "Mozilla/5.0 quiet"})
    client.get("/", headers={"user-agent": "Mozilla/5.0 quiet"})
    assert pages_of(counting_here) == 0


@pytest.mark.django_db
def test_a_count_that_fails_does_not_reach_the_page(
    counting_here: counting.Counter, client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "network_of", lambda request: 1 / 0)
    assert client.get("/", headers={"user-agent": BROWSER}).status_code == 200


@pytest.mark.django_db
def test_a_year_is_compared_with_the_same_days_of_the_year_before() -> None:
    counts = {date(2025, 5, 1): 40, date(2025, 5, 2): 60, date(2025, 9, 1): 999, date(2026, 5, 1): 50, date(2026, 5, 2): 60}
    VisitorDay.objects.bulk_create(
        [VisitorDay(day=day, portal="essor", visitors=count, pages=count) for day, count in counts.items()]
    )
    now, before = queries.years("essor", date(2026, 5, 3))
    assert (now.year, now.visitors, now.days, now.change) == (2026, 110, 2, 10.0)
    assert (before.visitors, before.change) == (1099, None)
    assert queries.years("essor", date(2026, 5, 2))[0].visitors == 50, "a day under way is not counted"
    assert queries.months("essor", date(2026, 6, 1))[202605] == 110
