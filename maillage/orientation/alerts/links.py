"""The private link of an alert: signed, so that nothing secret is kept."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core import signing
from django.urls import reverse

from maillage.journal.messages import site_address
from maillage.orientation.models import Alert
from maillage.vocabulary.portals import portals

_SALT = "maillage.orientation.alert"


def path_of(alert: Alert) -> str:
    """The page from which its receiver confirms, renews and stops an alert."""
    return reverse("alert", args=(signing.dumps(alert.pk, salt=_SALT),))


def url_of(alert: Alert) -> str:
    """The same, whole, for an e-mail. Call it in the language of the alert."""
    return site_of(alert) + path_of(alert)


def site_of(alert: Alert) -> str:
    """Where the links of its e-mails lead: the portal where it was asked for, while a portal still has this host; else the installation's."""
    host = urlsplit(alert.site).hostname
    known = any(host in portal.hosts for portal in portals().values())
    return alert.site if host and known else site_address()


def alert_of(token: str) -> tuple[bool, Alert | None]:
    """Was this link made here, and its alert if it is still there."""
    try:
        pk = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return False, None
    return True, Alert.objects.filter(pk=pk).first()
