"""Answers remembered for texts that people and partners write: as many as said, and never for a long text."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

#: A text of more characters is answered and forgotten: a cell of a table may hold a million of them, and a thousand such cells would stay in memory.
LONGEST = 300


def remembered(answers: int) -> Callable[[Callable[Asked, Answer]], Callable[Asked, Answer]]:
    """For a function of texts (and nothing else that is long) that always answers the same: keep so many answers, the last used."""

    def around(function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
        kept = lru_cache(maxsize=answers)(function)

        @wraps(function)
        def ask(*texts: Asked.args, **named: Asked.kwargs) -> Answer:
            long = any(isinstance(text, str) and len(text) > LONGEST for text in (*texts, *named.values()))
            return function(*texts, **named) if long else kept(*texts, **named)  # type: ignore[arg-type]  # texts are hashable

        return ask

    return around
