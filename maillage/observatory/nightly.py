"""What the observatory does at night: see `work`."""

from __future__ import annotations

from maillage.kit.nightly import Step
from maillage.observatory import work

STEPS = (
    Step("searches", "Comptage des recherches", work.count_searches, order=20),
    Step("supply", "Offre du mois", work.keep_month, order=30),
    Step("visitors", "Oubli des esquisses de visiteurs", work.forget_visitors, order=95),
)
