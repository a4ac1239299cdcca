"""The same lines, from another producer."""

from maillage_sources.guichet_essai.reader import read

__all__ = ["read"]
