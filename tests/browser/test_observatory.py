"""The page of a territory for those it elected: two A4 sheets, whatever the territory."""

from __future__ import annotations

import io

import pikepdf
import pytest

from tests.browser.conftest import Visit


@pytest.mark.browser
@pytest.mark.parametrize(
    "path", ["departement/53/", "departement/44/", "region/52/", "epci/200048551/", "commune/53130/", "commune/97101/"]
)
def test_a_territory_prints_on_two_sheets_at_most(visit: Visit, path: str) -> None:
    page = visit(f"/observatoire/territoires/{path}", width=1280)
    document = pikepdf.open(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    assert len(document.pages) <= 2
