"""Make a PDF/UA-1 file from a typst template and plain data. No system font, no network, a bounded number at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from threading import BoundedSemaphore
from typing import Any

from maillage.kit.pdf.glyphs import drawable

#: How many sheets one process makes at the same time, and how long a request waits for its turn (seconds).
AT_ONCE, PATIENCE = 2, 5.0
#: The largest data of one sheet (characters). A plan of 30 offers with the longest texts stays below half of it (orientation, `plan_data`).
LONGEST = 1_000_000

_turns = BoundedSemaphore(AT_ONCE)


class Busy(Exception):
    """Too many sheets are being made: ask again in a few seconds."""


def _drawable(value: Any) -> Any:
    """The same JSON value with every string made of characters that the embedded fonts have."""
    if isinstance(value, str):
        return drawable(value)
    if isinstance(value, Mapping):
        return {key: _drawable(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_drawable(each) for each in value]
    return value


@cache
def _template(package: str, name: str) -> bytes:
    return files(package).joinpath(name).read_bytes()


def pdf_from(package: str, template: str, data: Mapping[str, Any], timestamp: int) -> bytes:
    """The PDF of a template (a file of `package`) filled with `data` (JSON values). `timestamp` (seconds) is its date.

    Data reaches typst as one JSON string, so that nothing in it is ever read as markup. Only the fonts embedded in typst are used.
    Raises Busy when the turn does not come, ValueError when the data is too large.
    """
    import typst  # not above: a process that reads no such file does without its memory

    text = json.dumps(_drawable(data), ensure_ascii=False)
    if len(text) > LONGEST:
        raise ValueError(f"the sheet holds {len(text)} characters, at most {LONGEST} are drawn")
    if not _turns.acquire(timeout=PATIENCE):
        raise Busy
    try:
        content: bytes = typst.compile(
            _template(package, template),
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"data": text},
            pdf_standards="ua-1",
            timestamp=timestamp,
        )
    finally:
        _turns.release()
    return content
