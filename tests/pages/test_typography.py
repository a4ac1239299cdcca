"""The French of the interface: typographic apostrophes, and no-break spaces where a line must not end."""

from __future__ import annotations

import re

from maillage.locale.build import extracted

#: A plain space before a double sign or inside « », or a typewriter apostrophe between two letters.
WRONG = re.compile(r"\S [;:!?»](?:\s|$)|« |[^\W\d_]'[^\W\d_]")
#: Data files are typed by people who keep a catalogue: their texts pass through the filter `typo` when they are shown.
DATA = ".toml"


def test_no_line_of_the_interface_can_end_before_a_double_sign() -> None:
    wrong = [
        f"{location[0]}: {text}"
        for message in extracted()
        for text in (message.id if isinstance(message.id, tuple) else (message.id,))
        for location in message.locations
        if text and not location[0].endswith(DATA) and WRONG.search(text)
    ]
    assert wrong == []
