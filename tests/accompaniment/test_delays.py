"""Working days and deadlines, without a database: public holidays, ends of years, changes of hour, random lives."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from opening_hours import OpeningHours  # type: ignore[attr-defined]  # its stubs forget it

from maillage.accompaniment.deadlines import ASK, CLOSE, ESCALATE, REMIND, Duty, Wait, duty
from maillage.accompaniment.enums import Move, State
from maillage.accompaniment.states import ALIVE, ANIMATION, HOLDER, NIGHT, OVER, RECIPIENT, RULES, after, possible
from maillage.accompaniment.working_days import after_working_days, holidays, is_working, working_days

PARIS = ZoneInfo("Europe/Paris")
DAYS = st.dates(date(2024, 1, 1), date(2036, 12, 31))


def test_the_public_holidays_are_those_that_another_library_knows() -> None:
    closed = OpeningHours("PH", timezone=PARIS, country="FR")
    for year in range(2024, 2037):
        day = date(year, 1, 1)
        theirs = set()
        while day.year == year:
            if closed.is_open(datetime(day.year, day.month, day.day, 12, tzinfo=PARIS)):
                theirs.add(day)
            day += timedelta(days=1)
        assert holidays(year) == theirs, year


@given(DAYS, st.integers(0, 40))
def test_counting_and_adding_working_days_agree(start: date, count: int) -> None:
    end = after_working_days(start, count)
    assert working_days(start, end) == count
    assert count == 0 or is_working(end)


def test_the_end_of_the_year_and_the_bridge_of_may() -> None:
    assert after_working_days(date(2026, 12, 23), 5) == date(2026, 12, 31)  # Christmas is a Friday
    assert after_working_days(date(2026, 12, 28), 5) == date(2027, 1, 5)
    assert working_days(date(2026, 5, 7), date(2026, 5, 15)) == 4  # the 8th and Ascension do not count


def life(start: date, steps: list[tuple[int, str]]) -> list[tuple[date, str]]:
    """A request's life: each day the night, then sometimes somebody acts. Gives what the holder was told, with the day."""
    state, since, reminded, asked, escalated = State.SENT, start, False, False, None
    told: list[tuple[date, str]] = [(start, "sent")]
    acts = {start + timedelta(days=offset): choice for offset, choice in steps}
    for offset in range(1, 200):
        today = start + timedelta(days=offset)
        owed = duty(Wait(state, since, reminded, asked, escalated), today)
        if owed:
            told.append((today, f"{owed} {since}"))
        if owed in (Duty.REMIND_RECIPIENT, Duty.REMIND_HOLDER, Duty.REMIND_ANIMATION):
            reminded = True
        elif owed == Duty.ESCALATE:
            state, escalated, reminded = after(state, Move.ESCALATE, NIGHT), today, False
        elif owed == Duty.ASK_USEFUL:
            asked = True
        elif owed == Duty.CLOSE:
            state = after(state, Move.CLOSE, NIGHT)
        if today in acts and state not in OVER:
            actor = {"r": RECIPIENT, "h": HOLDER, "a": ANIMATION}[acts[today][0]]
            moves = sorted(possible(state, actor))
            if moves:
                move = moves[int(acts[today][1:]) % len(moves)]
                state = after(state, move, actor)
                if RULES[move].fresh:
                    since, reminded, escalated = today, False, None
                told.append((today, f"{move} {today}"))
        if state in OVER:
            return told
    raise AssertionError(f"still {state} after 200 days: {told}")


STEPS = st.lists(st.tuples(st.integers(1, 120), st.from_regex(r"[rha][0-9]", fullmatch=True)), max_size=8)


@given(DAYS, STEPS)
def test_everybody_gets_news_and_no_news_twice(start: date, steps: list[tuple[int, str]]) -> None:
    told = life(start, steps)
    assert len(told) == len(set(told))
    kinds = [what for _, what in told if what.startswith(("remind", "escalate", "ask", "close"))]
    # a reminder of the animation may follow that of the structure in one wait: they are two things
    assert len(kinds) == len(set(kinds))
    silent = [(later - earlier).days for (earlier, _), (later, _) in pairwise(told)]
    assert max(silent) <= CLOSE + 1  # nobody is left without a word for more than a month


@given(DAYS)
def test_a_structure_that_says_nothing(start: date) -> None:
    told = [(day, what.split()[0]) for day, what in life(start, [])]
    assert told[:3] == [
        (start, "sent"),
        (after_working_days(start, REMIND), "remind-recipient"),
        (after_working_days(start, ESCALATE), "escalate"),
    ]
    assert told[-1][1] == "close"
    assert told[-1][0] >= start + timedelta(days=CLOSE)


@given(DAYS, st.sampled_from([State.ACCEPTED, State.KNOWN]))
def test_once_answered_it_is_asked_whether_it_was_useful_then_closed(start: date, state: State) -> None:
    assert duty(Wait(state, start), after_working_days(start, ASK)) == Duty.ASK_USEFUL
    assert duty(Wait(state, start, asked=True), start + timedelta(days=CLOSE)) == Duty.CLOSE


@given(DAYS, st.sampled_from(sorted(ALIVE)), st.booleans(), st.integers(0, 400))
def test_a_night_that_comes_late_still_owes_one_thing(start: date, state: State, reminded: bool, late: int) -> None:
    owed = duty(Wait(state, start, reminded, asked=True), start + timedelta(days=late))
    assert owed is not None or late < CLOSE


def test_what_is_over_owes_nothing() -> None:
    for state in OVER:
        assert duty(Wait(state, date(2026, 1, 1)), date(2027, 1, 1)) is None
