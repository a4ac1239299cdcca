"""Slows down those who try passwords: so many sign-ins per account and per address, counted in the database.

The count is shared by every process and moves before the password is looked at, so that parallel guesses gain nothing.
Keys are digests: the table names neither people nor addresses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from maillage.accounts.models import Attempts

WINDOW = timedelta(minutes=15)
#: From one network to one account, to one account from everywhere, from one network to every account.
PAIR, ACCOUNT, NETWORK = 6, 40, 60


@dataclass(frozen=True, slots=True)
class Verdict:
    """May this sign-in be tried? Otherwise, how many seconds to wait."""

    allowed: bool
    wait: int = 0


def _key(*parts: str) -> str:
    return salted_hmac("maillage.accounts.throttle", "\0".join(parts), algorithm="sha256").hexdigest()


def _keys(email: str, network: str) -> list[tuple[str, int]]:
    email = email.strip().lower()
    return [
        (_key("pair", email, network), PAIR),
        (_key("account", email), ACCOUNT),
        (_key("network", network), NETWORK),
    ]


def _count(key: str, now: datetime) -> Attempts:
    """One more attempt under this key, in a window that starts with the first one."""
    Attempts.objects.get_or_create(key=key, defaults={"count": 0, "until": now + WINDOW})
    Attempts.objects.filter(key=key, until__lte=now).update(count=0, until=now + WINDOW)
    Attempts.objects.filter(key=key).update(count=F("count") + 1)
    return Attempts.objects.get(key=key)


def attempt(email: str, network: str) -> Verdict:
    """Count one sign-in attempt and say whether it may go on. Call it before checking the password."""
    now = timezone.now()
    with transaction.atomic():
        Attempts.objects.filter(until__lt=now - WINDOW).delete()
        waits = [(row.until - now).seconds + 1 for key, limit in _keys(email, network) if (row := _count(key, now)).count > limit]
    return Verdict(False, max(waits)) if waits else Verdict(True)


def succeeded(email: str, network: str) -> None:
    """Forget the attempts from this network to this account: its owner is there."""
    Attempts.objects.filter(key=_keys(email, network)[0][0]).delete()
