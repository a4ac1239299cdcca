"""The same words, from another producer."""

from maillage_sources.guichet_essai.mapping import clean, map

__all__ = ["clean", "map"]
