"""The personal data of the orientation: alerts. A search record holds nothing about anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.kit.personal import Personal, Replay
from maillage.orientation.models import Alert

PERSONAL = (
    Personal(
        model="orientation.Alert",
        title=_("Vos alertes"),
        rows=lambda holder: Q(email__iexact=holder.email),
        columns=("email",),
        shows=("email", "query", "frequency", "state", "created_at", "expires_on"),
    ),
)

NOT_PERSONAL = ()


def identity_of(alert: Alert) -> str:
    """What the ledger of erasures knows an alert by."""
    return f"{alert.email} {alert.query}"


def _alerts() -> Iterable[tuple[str, datetime, Callable[[], None]]]:
    for alert in Alert.objects.order_by("pk"):
        yield identity_of(alert), alert.created_at, lambda pk=alert.pk: Alert.objects.filter(pk=pk).delete()  # type: ignore[misc]


REPLAYS = (Replay("alert", _alerts),)
