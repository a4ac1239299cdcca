"""Great-circle distance."""

from math import acos, cos, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.territories.distance import EARTH_KM, distance_km

LON, LAT = st.floats(-180, 180), st.floats(-90, 90)


def test_paris_to_marseille_is_about_660_km():
    assert distance_km(2.3522, 48.8566, 5.3698, 43.2965) == pytest.approx(660.5, abs=1)


@given(LON, LAT, LON, LAT)
def test_it_equals_the_law_of_cosines(lon1, lat1, lon2, lat2):
    cosine = sin(radians(lat1)) * sin(radians(lat2)) + cos(radians(lat1)) * cos(radians(lat2)) * cos(radians(lon2 - lon1))
    # the law of cosines is blind below about 100 m and at the antipodes
    assert distance_km(lon1, lat1, lon2, lat2) == pytest.approx(EARTH_KM * acos(max(-1.0, min(1.0, cosine))), abs=0.2)


@given(LON, LAT, LON, LAT)
def test_going_and_coming_back_are_equal_and_staying_is_nothing(lon1, lat1, lon2, lat2):
    assert distance_km(lon1, lat1, lon2, lat2) == pytest.approx(distance_km(lon2, lat2, lon1, lat1))
    assert distance_km(lon1, lat1, lon1, lat1) == 0
