"""What happened, whom to tell, who looked, what was agreed, what ran at night."""

from __future__ import annotations

from maillage.journal.models.entry import Entry
from maillage.journal.models.message import Message, Stop
from maillage.journal.models.nightly import StepRun
from maillage.journal.models.privacy import Access, Category, Consent, Notice

__all__ = ("Access", "Category", "Consent", "Entry", "Message", "Notice", "StepRun", "Stop")
