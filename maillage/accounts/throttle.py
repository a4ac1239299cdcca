"""Slows down those who try: so many attempts per account and per network, counted in the database.

The count is shared by every process and moves before the secret is looked at, so that parallel guesses gain nothing.
Keys are digests: the table names neither people nor addresses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from maillage.accounts.models import Attempts

WINDOW = timedelta(minutes=15)


class Limits(NamedTuple):
    """From one network to one account, to one account from everywhere, from one network to every account; per quarter of an hour."""

    pair: int
    account: int
    network: int


#: From one network to one account, to one account from everywhere, from one network to every account.
PAIR, ACCOUNT, NETWORK = 6, 40, 60
LIMITS = {
    "password": Limits(PAIR, ACCOUNT, NETWORK),
    "ask-code": Limits(5, 10, 60),  # messages sent to somebody who did not ask for them
    "code": Limits(25, 50, 100),  # each code has its own five tries: this bounds those of several codes
    "second-factor": Limits(10, 20, 100),
    "provider": Limits(20, 20, 100),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """May this be tried? Otherwise, how many seconds to wait."""

    allowed: bool
    wait: int = 0


def _key(*parts: str) -> str:
    return salted_hmac("maillage.accounts.throttle", "\0".join(parts), algorithm="sha256").hexdigest()


def _keys(account: str, network: str, kind: str) -> list[tuple[str, int]]:
    account, limits = account.strip().lower(), LIMITS[kind]
    return [
        (_key(kind, "pair", account, network), limits.pair),
        (_key(kind, "account", account), limits.account),
        (_key(kind, "network", network), limits.network),
    ]


def _count(key: str, now: datetime) -> Attempts:
    """One more attempt under this key, in a window that starts with the first one."""
    Attempts.objects.get_or_create(key=key, defaults={"count": 0, "until": now + WINDOW})
    Attempts.objects.filter(key=key, until__lte=now).update(count=0, until=now + WINDOW)
    Attempts.objects.filter(key=key).update(count=F("count") + 1)
    return Attempts.objects.get(key=key)


def attempt(account: str, network: str, kind: str = "password") -> Verdict:
    """Count one attempt and say whether it may go on. Call it before looking at the secret.

    `account` is an e-mail address or any stable name; it need not exist. `kind` is a line of LIMITS.
    """
    now = timezone.now()
    with transaction.atomic():
        Attempts.objects.filter(until__lt=now - WINDOW).delete()
        waits = [
            (row.until - now).seconds + 1
            for key, limit in _keys(account, network, kind)
            if (row := _count(key, now)).count > limit
        ]
    return Verdict(False, max(waits)) if waits else Verdict(True)


def succeeded(account: str, network: str, kind: str = "password") -> None:
    """Forget the attempts from this network to this account: its owner is there."""
    Attempts.objects.filter(key=_keys(account, network, kind)[0][0]).delete()
