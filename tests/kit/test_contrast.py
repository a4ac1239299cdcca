from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.kit.contrast import contrast_ratio

colours = st.tuples(*[st.integers(0, 255)] * 3).map(lambda rgb: "#{:02x}{:02x}{:02x}".format(*rgb))


def test_black_on_white_is_the_strongest_contrast() -> None:
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21)


def test_the_grey_that_wcag_examples_call_just_enough_is_just_enough() -> None:
    assert contrast_ratio("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@given(colours, colours)
def test_contrast_does_not_depend_on_the_order_and_stays_in_its_range(one: str, other: str) -> None:
    assert contrast_ratio(one, other) == contrast_ratio(other, one)
    assert 1 <= contrast_ratio(one, other) <= 21.0001


@given(colours)
def test_a_colour_has_no_contrast_with_itself(colour: str) -> None:
    assert contrast_ratio(colour, colour) == 1
