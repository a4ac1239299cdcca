"""A limit counted in the database: the same for every process and machine, for what writes to people or keeps rows.

`kit.rate` is the same in the memory of one process, for what is only read: it costs no write.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from maillage.accounts.models import Attempts


class SharedRate:
    """At most `allowed` acts for one key in `seconds` from the first one, whatever the process. Only a digest of the key is kept."""

    def __init__(self, name: str, allowed: int, seconds: int) -> None:
        self.name = name
        self.allowed = allowed
        self.seconds = seconds

    def wait(self, key: str) -> float:
        """Count one act of this key. 0 when it may go on, else the seconds to wait (the refused act is not counted)."""
        now = timezone.now()
        digest = salted_hmac("maillage.accounts.shared_rate", f"{self.name}\0{key}", algorithm="sha256").hexdigest()
        rows = Attempts.objects.filter(key=digest)
        with transaction.atomic():
            Attempts.objects.get_or_create(key=digest, defaults={"count": 0, "until": now + timedelta(seconds=self.seconds)})
            rows.filter(until__lte=now).update(count=0, until=now + timedelta(seconds=self.seconds))
            if rows.filter(count__lt=self.allowed).update(count=F("count") + 1):  # one statement: two at once never share a place
                return 0.0
            until = rows.values_list("until", flat=True).get()
        return max(1.0, (until - now).total_seconds())
