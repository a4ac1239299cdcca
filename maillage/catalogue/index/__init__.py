"""The index: an immutable reading of the visible catalogue, held by each process (see docs/algorithms/index.md)."""

from maillage.catalogue.index.conditions import Condition
from maillage.catalogue.index.contacts import Contacts, Entry
from maillage.catalogue.index.refresh import current_index, reset
from maillage.catalogue.index.snapshot import FACETS, Coverage, Snapshot

__all__ = ["FACETS", "Condition", "Contacts", "Coverage", "Entry", "Snapshot", "current_index", "reset"]
