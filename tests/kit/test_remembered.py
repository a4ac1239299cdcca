"""Answers are remembered for short texts only."""

from __future__ import annotations

from maillage.kit.remembered import LONGEST, remembered


def test_a_short_text_is_asked_once_and_a_long_one_each_time():
    asked: list[str] = []

    @remembered(10)
    def size(text: str, unit: str = "") -> int:
        asked.append(text[:1])
        return len(text)

    for _again in range(2):
        assert size("a" * LONGEST) == LONGEST
        assert size("b" * (LONGEST + 1)) == LONGEST + 1
        assert size("c", unit="u" * 1_000) == 1
    assert asked == ["a", "b", "c", "b", "c"]


def test_the_answers_least_used_are_forgotten():
    asked: list[str] = []

    @remembered(2)
    def same(text: str) -> str:
        asked.append(text)
        return text

    for text in "abca":
        same(text)
    assert asked == ["a", "b", "c", "a"]
