"""What is wrong with the settings of messages and of the night, said at start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from maillage.journal.outbox.address import read_email_url
from maillage.journal.outbox.quiet import read_quiet_hours


@register()
def settings_are_understood(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """EMAIL_URL, MAILLAGE_QUIET_HOURS and MAILLAGE_NIGHT_HOUR say something that we understand."""
    problems: list[CheckMessage] = []
    try:
        read_email_url(settings.EMAIL_URL, settings.MAILLAGE_DATA)
    except ValueError as error:
        problems.append(Error(str(error), id="maillage.E005"))
    try:
        read_quiet_hours(settings.MAILLAGE_QUIET_HOURS)
    except ValueError as error:
        problems.append(Error(f"MAILLAGE_QUIET_HOURS : {error}", id="maillage.E006"))
    hour = settings.MAILLAGE_NIGHT_HOUR
    if hour != "non" and not (hour.isdecimal() and int(hour) < 24):
        problems.append(Error("MAILLAGE_NIGHT_HOUR doit être une heure de 0 à 23, ou « non ».", id="maillage.E007"))
    return problems
