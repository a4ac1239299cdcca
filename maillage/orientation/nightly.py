"""What the orientation does at night."""

from __future__ import annotations

from maillage.kit.nightly import Step
from maillage.orientation.alerts.run import run


def tell_alerts() -> str:
    """Write the e-mails of the alerts that are due."""
    done = run()
    return f"{done.due} alerte(s) due(s), {done.told} message(s) écrit(s), {done.ended} alerte(s) terminée(s)."


STEPS = (Step("alerts", "Alertes", tell_alerts, order=50),)
