from maillage.observatory.models.siting import SitingRun

__all__ = ["SitingRun"]
