"""Words of strangers in our e-mails."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from maillage.accompaniment.plain import LONGEST, forbidden, harmless, one_line, quoted

LINK = re.compile(r"(?i)\b(?:https?|ftp|mailto|javascript):\S|www\.\w|\w\.(?:fr|com|org|example)\b")
PARTS = st.sampled_from(
    ["https://", "HTTP://", "www.", "piege", ".example", ".com", "mailto:", "a@b.fr", " ", "\n", "é", "\u202e", "javascript:x"]
)


@given(st.lists(PARTS, max_size=12).map("".join))
def test_no_link_is_left(text: str) -> None:
    assert not LINK.search(harmless(text))
    assert not LINK.search(quoted(text))


@given(st.text(max_size=2000))
def test_each_line_is_quoted_and_the_whole_is_short(text: str) -> None:
    found = quoted(text)
    assert all(line.startswith(">") for line in found.splitlines())
    assert len(found) <= 3 * LONGEST
    assert "\n" not in one_line(text)
    assert "\r" not in one_line(text)


def test_ordinary_sentences_are_left_as_they_are() -> None:
    text = "Nous sommes trois. Rendez-vous à 14 h ; budget : 10 000 €. C’est pour l’été."
    assert harmless(text) == text


def test_numbers_that_nobody_should_send() -> None:
    assert forbidden("1 85 05 78 006 084 36") == "nir"
    assert forbidden("FR76 3000 6000 0112 3456 7890 189") == "iban"
    assert forbidden("Nous sommes 12, appelez le 06 12 34 56 78, SIRET 123 456 789 00012, budget 185 000 €") == ""
