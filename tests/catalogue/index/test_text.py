"""How words of a query meet words of an offer."""

from __future__ import annotations

import pytest
from pyroaring import BitMap

from maillage.catalogue.index.bitmaps import Bitmaps
from maillage.catalogue.index.text import WORDS_AT_MOST, Text, WordGatherer, Words, query_words


def text_index(*texts: str) -> tuple[Text, BitMap]:
    gatherer = WordGatherer()
    for position, text in enumerate(texts):
        gatherer.add(position, text)
    return Text(Words(Bitmaps(gatherer.folded()))), BitMap(range(len(texts)))


def found(query: str, *texts: str) -> list[str]:
    index, alive = text_index(*texts)
    positions = index.search(query, alive)
    assert positions is not None
    return [texts[position] for position in positions]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("TRESORERIE", "Trésorerie"),  # accents and capitals
        ("trésorerie", "TRESORERIE"),
        ("coeur", "Au cœur de l’œuvre"),  # ligatures
        ("œuvre", "Oeuvre"),
        ("cre\u0301ation", "création"),  # an accent typed as a character of its own
        ("coopératives", "coopérative"),  # inflections
        ("financement", "financements"),
        ("cooperative", "coopératives"),
        ("emploi", "l’emploi"),  # elision
        ("l'emploi", "emplois"),
        ("rendez vous", "rendez-vous"),  # hyphen
        ("asso", "association"),  # beginning of a word
        ("rdv", "RDV, sur place"),
        ("53", "Mayenne (53)"),  # two characters, whole
        ("acompagnement", "accompagnement"),  # a letter missing
        ("accompagneement", "accompagnement"),  # one too many
        ("acconpagnement", "accompagnement"),  # a wrong one
        ("accompangement", "accompagnement"),  # two neighbours swapped
        ("qccompagnement", "accompagnement"),  # the first one wrong
        ("finnacem", "financement"),  # a typo in a beginning
        ("acompagnements", "accompagnement"),  # a typo in an inflected word
    ],
)
def test_a_word_is_found_as_people_type_it(query: str, text: str) -> None:
    assert found(query, text, "tout autre chose") == [text]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("em", "emploi"),  # two letters begin too many words
        ("loi", "emploi"),  # the middle or the end of a word
        ("prt", "prêt"),  # a typo in a short word
        ("2025", "2026"),  # a number is not a typo of another
        ("12345", "12346"),
        ("acompanement", "accompagnement"),  # two typos
        ("emploi culture", "emploi"),  # every word is required
    ],
)
def test_other_words_are_not_found(query: str, text: str) -> None:
    assert found(query, text) == []


def test_a_typo_is_forgiven_only_when_nobody_holds_the_word_as_written() -> None:
    assert found("bourse", "une bourse", "une course") == ["une bourse"]
    assert found("bourse", "une course") == ["une course"]


def test_the_word_of_an_offer_that_left_does_not_keep_typos_from_being_forgiven() -> None:
    index, alive = text_index("une bourse", "une course")
    assert index.search("bourse", alive - BitMap([0])) == BitMap([1])


def test_each_word_may_come_from_another_part_of_the_offer() -> None:
    assert found("couture laval", "Atelier de couture\nà Laval", "Couture au Mans") == ["Atelier de couture\nà Laval"]


@pytest.mark.parametrize("query", ["", "  ", "de la", "l’", "?!", "à"])
def test_a_query_that_says_nothing_filters_nothing(query: str) -> None:
    index, alive = text_index("emploi")
    assert index.search(query, alive) is None


def test_stop_words_and_repetitions_are_left_out() -> None:
    assert query_words("Un prêt pour la création, pour un PRÊT") == ["pret", "creation"]


def test_a_query_as_long_as_a_book_looks_at_its_first_words_only() -> None:
    assert len(query_words(" ".join(f"mot{number}" for number in range(10_000)))) == WORDS_AT_MOST


def test_changed_words_replace_those_of_before() -> None:
    index, alive = text_index("menuiserie", "couture")
    again = index.changed(BitMap([0]), {"poterie": BitMap([2])})
    once_more = again.changed(BitMap([2]), {"vannerie": BitMap([3])})
    assert index.search("menuiserie", alive) == BitMap([0])
    assert again.search("poterie", BitMap([1, 2])) == BitMap([2])
    assert once_more.search("poterie", BitMap([1, 3])) == BitMap()
    assert once_more.search("vannerie", BitMap([1, 3])) == BitMap([3])
