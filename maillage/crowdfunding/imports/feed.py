"""Read the feed of a platform: a JSON list, turned into rows by the mapping of its data file. Asked outside requests, by a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from maillage.crowdfunding.imports.files import LARGEST_ROWS, Row, UnreadableFile, cell_text
from maillage.crowdfunding.rules import Feed
from maillage.kit.fetch import Answer, Limits, safe_fetch

LIMITS = Limits(bytes=10_000_000, seconds=30)
Fetch = Callable[[str], Answer]


def _fetch(url: str) -> Answer:
    return safe_fetch(url, limits=LIMITS)


def read_feed(feed: Feed, fetch: Fetch = _fetch) -> list[Row]:
    """The rows of a feed, numbered from 1. Raises UnreadableFile, FetchError or Refused, with a French sentence."""
    answer = fetch(feed.url)
    if answer.status != 200:
        raise UnreadableFile(f"Le flux a répondu {answer.status} au lieu de 200 : rien n’est changé.")
    items = dug(answer.json(), feed.items)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise UnreadableFile("Le flux n’est pas la liste d’objets attendue : rien n’est changé.")
    if len(items) > LARGEST_ROWS:
        raise UnreadableFile(f"Le flux a plus de {LARGEST_ROWS} campagnes : rien n’est changé.")
    rows = []
    for number, item in enumerate(items, 1):
        row = {column: cell_text(dug(item, path)) for column, path in feed.fields.items()}
        rows.append((number, {**row, **feed.constants}))
    return rows


def dug(value: Any, path: str) -> Any:
    """What is at a dotted path (`project.location.insee`, `images.0.url`); None when there is nothing, the value itself for an empty path."""
    for part in path.split(".") if path else ():
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value
