"""What the journal does at night."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings

from maillage.journal.outbox import queue
from maillage.journal.privacy import ledger, retention
from maillage.kit.nightly import Step


def purge_messages() -> str:
    """Forget what old messages said."""
    return f"{queue.purge()} message(s) vidé(s)."


def forget_people() -> str:
    """Tell, then erase, who has not come for two years; erase again who was erased before a restore."""
    again = ledger.replay_if_waiting()
    done = retention.run()
    return f"{done.told} compte(s) prévenu(s), {done.erased} effacé(s), {again} effacement(s) refait(s)."


def clear_sessions() -> str:
    """Delete the sessions that are over."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return "Sessions finies effacées."


STEPS = (
    Step("retention", "Fin de conservation des comptes", forget_people, order=80),
    Step("messages", "Oubli des anciens messages", purge_messages, order=90),
    Step("sessions", "Oubli des sessions finies", clear_sessions, order=95),
)
