"""Free conditions against known facts: `catalogue.holds`, which requests for contact use too."""

from maillage.catalogue.holds import holds, state

__all__ = ("holds", "state")
