"""Tell what is new: the alerts that are due, by groups; the reads of a group are the same in number whatever its size."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone, translation

from maillage.catalogue.index import Snapshot, current_index
from maillage.catalogue.models import Offer
from maillage.journal.messages import tell
from maillage.kit.typography import typographic
from maillage.orientation.alerts.actions import described, expire, next_day
from maillage.orientation.alerts.links import site_of, url_of
from maillage.orientation.alerts.matching import Versions, found_by, situation_of
from maillage.orientation.models import Alert, Told

#: Alerts read at once, and offers that one e-mail names (the others are counted: the page shows them all).
GROUP, NAMED = 500, 20


@dataclass(slots=True)
class Ran:
    """What a run did."""

    due: int = 0
    told: int = 0
    ended: int = 0


def run(today: date | None = None) -> Ran:
    """Write the e-mails of the alerts that are due, then end those that are over. Running twice tells nothing twice."""
    today = today or timezone.localdate()
    done = Ran()
    after = 0
    snapshot = current_index()
    versions = Versions.read().of
    while True:
        due = Alert.objects.filter(state=Alert.State.ACTIVE, next_on__lte=today, expires_on__gt=today, pk__gt=after)
        group = list(due.order_by("pk")[:GROUP])
        if not group:
            break
        after = group[-1].pk
        done.due += len(group)
        done.told += _tell_group(group, versions, snapshot, today)
    done.ended = expire(today)
    return done


def _tell_group(group: list[Alert], versions: dict[int, str], snapshot: Snapshot, today: date) -> int:
    told: dict[int, set[tuple[int, str]]] = defaultdict(set)
    rows = Told.objects.filter(alert__in=group).order_by("pk").values_list("alert_id", "offer_id", "version")
    for owner, offer, version in rows:
        told[owner].add((offer, version))
    news: dict[int, dict[int, str]] = {}
    for alert in group:
        known = {(int(key), version) for key, version in alert.known.items()} | told[alert.pk]
        found = {key: versions[key] for key in found_by(situation_of(alert.query), today, snapshot) if key in versions}
        news[alert.pk] = {key: version for key, version in found.items() if (key, version) not in known}
    wanted = {key for new in news.values() for key in new}
    offers = Offer.objects.visible().filter(pk__in=wanted).select_related("structure").order_by("pk").in_bulk()
    quiet: dict[str, list[int]] = defaultdict(list)
    count = 0
    for alert in group:
        shown = [offers[key] for key in sorted(news[alert.pk], reverse=True) if key in offers]
        if not shown:
            quiet[alert.frequency].append(alert.pk)
            continue
        count += _tell(alert, shown, news[alert.pk], today)
    for frequency, keys in quiet.items():
        Alert.objects.filter(pk__in=keys).update(next_on=next_day(frequency, today))
    return count


def _tell(alert: Alert, offers: list[Offer], versions: dict[int, str], today: date) -> bool:
    """One e-mail, and what it told, in one transaction: two runs at once write it once (the unique rows of `Told`)."""
    with transaction.atomic():
        current = Alert.objects.select_for_update().filter(pk=alert.pk, next_on=alert.next_on).first()
        if current is None:
            return False  # stopped, or told by another process
        Told.objects.bulk_create([Told(alert=alert, offer=offer, version=versions[offer.pk], on=today) for offer in offers])
        Alert.objects.filter(pk=alert.pk).update(next_on=next_day(alert.frequency, today))
        with translation.override(alert.language):
            context = {
                **described(alert),
                "count": len(offers),
                "more": max(0, len(offers) - NAMED),
                "offers": [
                    {
                        "name": typographic(offer.name),
                        "structure": typographic(offer.structure.name),
                        "summary": typographic(offer.summary),
                        "closes": offer.closes,
                        "url": site_of(alert) + offer.get_absolute_url(),
                    }
                    for offer in offers[:NAMED]
                ],
            }
            tell(
                alert.email,
                "orientation/mail/alert",
                context,
                kind="alert",
                key=f"alert:{alert.pk}:{today}",
                language=alert.language,
                stop_url=url_of(alert),
                site=site_of(alert),
            )
    return True
