"""Tables of the observatory: what was counted. Nothing here names anybody."""

from __future__ import annotations

from maillage.observatory.models.demand import Area, DemandCell, DemandTotal, FormerTerritory, RollUp
from maillage.observatory.models.siting import SitingRun
from maillage.observatory.models.snapshots import MonthlySupply
from maillage.observatory.models.visitors import VisitorDay

__all__ = [
    "Area",
    "DemandCell",
    "DemandTotal",
    "FormerTerritory",
    "MonthlySupply",
    "RollUp",
    "SitingRun",
    "VisitorDay",
]
