"""Which addresses are due, in which order, and what each visit changes. Rule and order: docs/algorithms/freshness.md."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from maillage.catalogue.links import Health, after, due
from maillage.catalogue.models import CheckedLink, Offer, Structure
from maillage.catalogue.models.link import digest_of
from maillage.catalogue.rows import visible
from maillage.catalogue.templatetags.sheets import web
from maillage.interop.links.visit import Visitor
from maillage.territories import queries as territories
from maillage.territories.values import parse_key


@dataclass(frozen=True, slots=True)
class Done:
    """What one run did: addresses visited, those newly flagged, those that answer again, and those left for the next run."""

    visited: int
    flagged: int
    restored: int
    left: int

    def __str__(self) -> str:
        left = f", {self.left} reportée(s)" if self.left else ""
        return (
            f"{self.visited} adresse(s) visitée(s), {self.flagged} à vérifier, {self.restored} qui répond(ent) de nouveau{left}."
        )


def addresses() -> Counter[str]:
    """Every address of a visible sheet, with the weight of its visits: how many inhabitants may be shown the sheets that hold it.

    Nobody's visits are counted on this site: an offer is shown to those it covers, and that is what is known. A structure adds one
    per published offer.
    """
    weights: Counter[str] = Counter()
    for url, coverage in visible(Offer).order_by("pk").values_list("url", "coverage"):
        if web(url):
            weights[url] += sum(_inhabitants(key) for key in coverage)
    offers = Counter(visible(Offer).order_by("pk").values_list("structure_id", flat=True))
    for pk, url in visible(Structure).order_by("pk").values_list("pk", "website"):
        if web(url):
            weights[url] += 1 + offers[pk]
    return weights


def _inhabitants(key: str) -> int:
    try:
        place = territories.place(*parse_key(key))
    except ValueError:
        return 0
    return place.population if place else 0


def waiting(at: datetime) -> list[str]:
    """The addresses to visit now, the most shown first, hosts taken in turn so that no one host is waited for."""
    weights = addresses()
    known = {link.url: link for link in CheckedLink.objects.order_by("pk")}
    ready = [
        url
        for url in weights
        if due(known[url].checked_at if url in known else None, known[url].failures if url in known else 0, at)
    ]
    ready.sort(key=lambda url: (-weights[url], url))
    by_host: defaultdict[str, list[str]] = defaultdict(list)
    for url in ready:
        by_host[urlsplit(url).netloc.lower()].append(url)
    turns: Iterator[Sequence[str | None]] = zip_longest(*by_host.values())
    return [url for turn in turns for url in turn if url]


def check(
    *,
    visitor: Visitor | None = None,
    now: Callable[[], datetime] = timezone.now,
    minutes: float = 30,
    clock: Callable[[], float] = time.monotonic,
) -> Done:
    """Visit what is due, for so many minutes at most; each result is written at once, so that a stop loses nothing."""
    visitor = visitor or Visitor()
    until = clock() + minutes * 60
    todo = waiting(now())
    visited = flagged = restored = 0
    for url in todo:
        if clock() >= until:
            break
        seen = visitor.visit(url)
        before, health = note(url, seen.answered, seen.said, now())
        visited += 1
        flagged += before is None and health.flagged_at is not None
        restored += before is not None and health.flagged_at is None
    _forget()
    return Done(visited, flagged, restored, len(todo) - visited)


def note(url: str, answered: bool | None, said: str, at: datetime) -> tuple[datetime | None, Health]:
    """Write one visit; returns since when the address was flagged before, and what is known of it now."""
    with transaction.atomic():
        link, _created = CheckedLink.objects.select_for_update().get_or_create(digest=digest_of(url), defaults={"url": url})
        before = link.flagged_at
        health = after(Health(link.failures, link.failing_since, link.flagged_at), answered, at)
        link.failures, link.failing_since, link.flagged_at = health.failures, health.failing_since, health.flagged_at
        link.checked_at, link.said = at, said[:300]
        if answered:
            link.ok_at = at
        link.save()
    return before, health


def _forget() -> None:
    """Addresses that no sheet holds any more."""
    held = {digest_of(url) for url in addresses()}
    gone = [pk for pk, digest in CheckedLink.objects.order_by("pk").values_list("pk", "digest") if digest not in held]
    CheckedLink.objects.filter(pk__in=gone).delete()
