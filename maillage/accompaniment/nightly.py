"""What requests ask of the night."""

from __future__ import annotations

from maillage.accompaniment.actions import forgetting, night
from maillage.accompaniment.deadlines import Duty
from maillage.kit.nightly import Step

#: What the step says of each duty, in the order of a request's life.
SAID = {
    Duty.REMIND_RECIPIENT: "structure(s) relancée(s)",
    Duty.ESCALATE: "confiée(s) à l’animation",
    Duty.REMIND_ANIMATION: "rappelée(s) à l’animation",
    Duty.REMIND_HOLDER: "accord(s) rappelé(s)",
    Duty.ASK_USEFUL: "question(s) posée(s)",
    Duty.CLOSE: "close(s)",
}


def send_news() -> str:
    """Reminders, escalations, questions and closures that are due."""
    done = night.run()
    told = ", ".join(f"{done[duty]} {words}" for duty, words in SAID.items() if done[duty])
    return f"Demandes de contact\u202f: {told or 'rien n’était dû'}."


def forget_old() -> str:
    """Requests of two years ago: their holders are told, then forgotten."""
    done = forgetting.forget_old()
    return f"Demandes anciennes\u202f: {done['told']} préavis, {done['forgotten']} anonymisée(s)."


STEPS = (
    Step(name="requests", title="Demandes de contact", run=send_news, order=30),
    Step(name="requests-retention", title="Demandes anciennes à oublier", run=forget_old, order=80),
)
