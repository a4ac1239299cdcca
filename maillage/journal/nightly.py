"""What the journal does at night."""

from __future__ import annotations

from maillage.journal.outbox import queue
from maillage.kit.nightly import Step


def purge_messages() -> str:
    """Forget what old messages said."""
    return f"{queue.purge()} message(s) vidé(s)."


STEPS = (Step("messages", "Oubli des anciens messages", purge_messages, order=90),)
