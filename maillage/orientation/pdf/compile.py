"""Make a PDF/UA-1 file from a typst template and plain data. No system font, no network, a bounded number at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from threading import BoundedSemaphore
from typing import Any

import typst

#: How many sheets one process makes at the same time, and how long a request waits for its turn (seconds).
AT_ONCE, PATIENCE = 2, 5.0
#: The largest data of one sheet (characters). A plan of 30 offers is far below; beyond, something is wrong.
LONGEST = 400_000

_turns = BoundedSemaphore(AT_ONCE)


class Busy(Exception):
    """Too many sheets are being made: ask again in a few seconds."""


@cache
def _template(name: str) -> bytes:
    return files("maillage.orientation.pdf").joinpath(name).read_bytes()


def pdf_from(template: str, data: Mapping[str, Any], timestamp: int) -> bytes:
    """The PDF of a template of this folder filled with `data` (JSON values). `timestamp` (seconds) is its date.

    Data reaches typst as one JSON string, so that nothing in it is ever read as markup. Only the fonts embedded in typst are used.
    Raises Busy when the turn does not come, ValueError when the data is too large.
    """
    text = json.dumps(data, ensure_ascii=False)
    if len(text) > LONGEST:
        raise ValueError(f"the sheet holds {len(text)} characters, at most {LONGEST} are drawn")
    if not _turns.acquire(timeout=PATIENCE):
        raise Busy
    try:
        content: bytes = typst.compile(
            _template(template),
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"data": text},
            pdf_standards="ua-1",
            timestamp=timestamp,
        )
    finally:
        _turns.release()
    return content
