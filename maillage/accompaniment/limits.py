"""How many requests may leave: per network, per address or account, per agent at a counter. Beyond: 429, and what was typed stays."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from django.utils import timezone

from maillage.accompaniment import queries
from maillage.accounts.models import Person
from maillage.accounts.shared_rate import SharedRate

#: Per network (an IPv4 address or the /64 of an IPv6 one), for every process. A shared computer in a library stays under it.
NETWORK = SharedRate("request-network", allowed=8, seconds=600)
#: Per agent at a counter, who writes for many.
AGENT = SharedRate("request-agent", allowed=40, seconds=3600)
#: Per e-mail address, telephone or account, counted in the database for every process: nobody's mailbox is filled from here.
CONTACT, CONTACT_OVER = 5, timedelta(hours=24)


def wait_before_sending(network: str, email: str, phone: str, person: Person | None) -> int:
    """Seconds to wait before one more request leaves; 0 when it may leave now (it is then counted for the network)."""
    if queries.lately(email, phone, person, timezone.now() - CONTACT_OVER) >= CONTACT:
        return 3600
    return ceil(NETWORK.wait(network))


def wait_at_counter(agent: Person) -> int:
    """The same for an agent who writes for somebody."""
    return ceil(AGENT.wait(str(agent.pk)))
