"""What requests ask of the night."""

from __future__ import annotations

from maillage.accompaniment.actions import night
from maillage.kit.nightly import Step


def send_news() -> str:
    """Reminders, escalations, questions and closures that are due."""
    done = night.run()
    return f"{sum(done.values())} demande(s) suivie(s) : {', '.join(f'{name} {count}' for name, count in sorted(done.items()))}".rstrip(
        ": "
    )


STEPS = (Step(name="requests", title="Demandes de contact", run=send_news, order=30),)
