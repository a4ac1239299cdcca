"""Writes on alerts: asked for, confirmed, renewed, stopped, expired."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from maillage.journal.messages import tell
from maillage.journal.models import Message
from maillage.journal.privacy import ledger
from maillage.orientation.alerts.links import site_of, url_of
from maillage.orientation.alerts.matching import Versions, found_by, situation_of
from maillage.orientation.models import Alert
from maillage.orientation.personal import identity_of
from maillage.orientation.situation import Situation
from maillage.orientation.views.filters import address, words_of

#: An alert ends a year after it was confirmed or renewed; its receiver is asked a month before.
LIFE, NOTICE = timedelta(days=365), timedelta(days=30)
#: Days during which an alert may be confirmed, and alerts that one address may have.
CONFIRM_DAYS, ALERTS_PER_ADDRESS = 7, 20
_DAYS = {Alert.Frequency.DAILY: 1, Alert.Frequency.WEEKLY: 7, Alert.Frequency.MONTHLY: 30}


def next_day(frequency: str, after: date) -> date:
    """The first day on which an alert may tell again."""
    return after + timedelta(days=_DAYS[Alert.Frequency(frequency)])


def ask(email: str, situation: Situation, frequency: str, language: str, site: str = "") -> None:
    """Somebody asks for an alert: whoever reads this address is asked to confirm. Says nothing of what exists already.

    Asked for again, the waiting alert is replaced and the link sent again; an alert in progress takes the new frequency only when its
    receiver confirms, so nobody else can change it. `site`: the start of the addresses of the portal, when it has a host of its own
    (`kit.absolute.portal_root`).
    """
    email, query = email.strip().lower(), situation.query()
    with transaction.atomic():
        if Alert.objects.filter(email=email).count() >= ALERTS_PER_ADDRESS:
            return
        try:
            with transaction.atomic():
                alert = Alert.objects.create(email=email, query=query, frequency=frequency, language=language, site=site)
        except IntegrityError:
            alert = Alert.objects.get(email=email, query=query)
            if alert.state == Alert.State.PENDING:
                Alert.objects.filter(pk=alert.pk).update(
                    frequency=frequency, language=language, site=site, created_at=timezone.now()
                )
                alert.refresh_from_db()
        with translation.override(language):
            context = {**described(alert), "active": alert.state == Alert.State.ACTIVE, "days": CONFIRM_DAYS}
        tell(
            email,
            "orientation/mail/confirm_alert",
            context,
            kind="alert-confirm",
            language=language,
            urgent=True,
            site=site_of(alert),
        )


def described(alert: Alert) -> dict[str, object]:
    """What its e-mails and its page say of an alert: the filters in words, the live page, its own page. In the language in force."""
    situation = situation_of(alert.query)
    return {
        "words": words_of(situation),
        "results_url": site_of(alert) + address(situation),
        "alert_url": url_of(alert),
        "frequency": alert.get_frequency_display(),
    }


def confirm(alert: Alert) -> None:
    """Begin: what fits today is known, what comes later will be told. Idempotent."""
    today = timezone.localdate()
    with transaction.atomic():
        current = Alert.objects.select_for_update().get(pk=alert.pk)
        if current.state == Alert.State.ACTIVE:
            return
        found = found_by(situation_of(current.query), today)
        versions = Versions.read().of
        current.known = {str(key): versions[key] for key in sorted(found) if key in versions}
        current.state = Alert.State.ACTIVE
        current.next_on, current.expires_on = next_day(current.frequency, today), today + LIFE
        current.save()


def renew(alert: Alert) -> None:
    """One more year."""
    Alert.objects.filter(pk=alert.pk, state=Alert.State.ACTIVE).update(expires_on=timezone.localdate() + LIFE)


def stop(alert: Alert) -> None:
    """End it: nothing is left of it, nor of what it was about to tell; a restored backup does not bring it back."""
    with transaction.atomic():
        transaction.on_commit(partial(ledger.write, "alert", identity_of(alert)))
        forget_messages([alert.pk])
        Alert.objects.filter(pk=alert.pk).delete()


def forget_messages(keys: list[int]) -> None:
    """Drop the messages of these alerts that have not left."""
    for key in keys:
        Message.objects.filter(key__startswith=f"alert:{key}:", state__in=("ready", "sending")).delete()


def expire(today: date) -> int:
    """Delete the alerts that nobody confirmed in time or renewed; ask to renew those that end soon. Returns how many ended."""
    limit = timezone.now() - timedelta(days=CONFIRM_DAYS)
    ending = Alert.objects.filter(state=Alert.State.ACTIVE, expires_on__lte=today + NOTICE, expires_on__gt=today).order_by("pk")
    for alert in ending:
        with transaction.atomic(), translation.override(alert.language):
            tell(
                alert.email,
                "orientation/mail/renew_alert",
                {**described(alert), "expires_on": alert.expires_on},
                kind="alert-renewal",
                key=f"alert:{alert.pk}:renewal:{alert.expires_on}",
                language=alert.language,
                stop_url=url_of(alert),
                site=site_of(alert),
            )
    deleted, _rows = Alert.objects.filter(state=Alert.State.PENDING, created_at__lt=limit).delete()
    gone, _rows = Alert.objects.filter(state=Alert.State.ACTIVE, expires_on__lte=today).delete()
    return deleted + gone
