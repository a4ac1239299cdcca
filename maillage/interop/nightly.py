"""What interop does at night: look whether the addresses of the sheets answer."""

from __future__ import annotations

from maillage.interop.links.check import check
from maillage.kit.nightly import Step


def links() -> str:
    """Visit what is due this week, half an hour at most."""
    return str(check())


STEPS = (Step(name="links", title="Visite des liens des fiches", run=links, order=90),)
