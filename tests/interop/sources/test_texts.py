"""Producers' HTML becomes text that people read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.interop.sources.texts import folded, shorten, tidy


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Un pr&ecirc;t à taux&nbsp;z&eacute;ro.</p><p>Sans garantie.</p>", "Un prêt à taux zéro.\n\nSans garantie."),
        ("<ul><li>une</li><li><p>deux</p></li></ul>", "- une\n- deux"),
        ("une<br>deux<br/>trois", "une\ndeux\ntrois"),
        ('<a href="https://exemple.org/a">La page</a>', "La page (https://exemple.org/a)"),
        ('<a href="https://exemple.org/">exemple.org</a>', "exemple.org"),
        ('<a href="mailto:ici@exemple.org">ici@exemple.org</a>', "ici@exemple.org"),
        ('<a href="javascript:alert(1)">Cliquez</a>', "Cliquez"),
        ("<script>alert(1)</script><style>p{}</style>Texte", "Texte"),
        ("<img src=x onerror=alert(1)>Texte", "Texte"),
        ("&lt;p&gt;Deux fois &amp;eacute;chapp&amp;eacute;&lt;/p&gt;", "Deux fois échappé"),
        ("Texte sans balise,\nsur deux lignes", "Texte sans balise,\nsur deux lignes"),
        ("<p>Avec balise,\nsur deux lignes</p>", "Avec balise, sur deux lignes"),
        ("moins de <10 salariés & 2 M€", "moins de <10 salariés & 2 M€"),
        (
            "<table><tr><td>Taux</td><td>30 %</td></tr><tr><td>Plafond</td><td>5 000 €</td></tr></table>",
            "Taux 30 %\n\nPlafond 5 000 €",
        ),
        ("<p></p><p> </p>", ""),
        ("", ""),
        ("a\x00b\u200bc", "abc"),
    ],
)
def test_html_becomes_the_text_that_a_person_reads(html: str, text: str) -> None:
    assert tidy(html) == text


_PIECES = st.sampled_from(["<p>", "</p>", "<li>", "&lt;b&gt;", "&amp;lt;i&amp;gt;", "<script>", "</script>", "<a href='x'>", "</a>", "<!--", "-->", "mot", " ", "\n", "<", ">", "&", "é"])  # fmt: skip


@given(st.lists(_PIECES | st.text(max_size=5), max_size=20).map("".join))
def test_no_tag_and_no_control_character_is_left_whatever_comes_in(html: str) -> None:
    text = tidy(html)
    assert not re.search(r"</?[a-zA-Z][^<>]*>|<!--", text)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text)
    assert "\n\n\n" not in text
    assert text == text.strip()


def test_a_summary_stops_at_the_end_of_a_sentence() -> None:
    assert shorten("Une phrase. Une autre, plus longue.", 20) == "Une phrase."
    assert shorten("Une seule phrase bien trop longue", 20) == "Une seule phrase…"
    assert shorten("Deux\n\nlignes.", 20) == "Deux lignes."


@given(st.text(max_size=200), st.integers(20, 100))
def test_a_summary_never_goes_beyond_its_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit
    assert "\n" not in shorten(text, limit)


def test_labels_are_compared_without_accents_capitals_or_signs() -> None:
    assert folded("Prêt d’honneur / Œuvre") == "pret d honneur oeuvre"
    assert folded("  INGÉNIERIE   Juridique / administrative ") == "ingenierie juridique administrative"
