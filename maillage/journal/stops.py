"""Who does not want which kind of message: by account, or by the digest of an address; the signed link that stops with one click."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import salted_hmac

from maillage.accounts.models import Person
from maillage.journal.kinds import is_stoppable, kinds
from maillage.journal.models import Message, Stop

_SALT = "maillage.journal.stop"
#: A link found in a message of last year still stops; this only bounds what an old key can do.
LINK_LIFE = 5 * 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whose messages a link stops: an account, or the digest of an address."""

    person: int | None
    digest: str
    kind: str


def digest_of(address: str, key: str | None = None) -> str:
    """A digest of an address that nobody can compute without the key of this installation."""
    return salted_hmac("maillage.address", address.strip().lower(), secret=key, algorithm="sha256").hexdigest()


def _digests(address: str) -> list[str]:
    return [digest_of(address, key) for key in (None, *settings.SECRET_KEY_FALLBACKS)]


def _stops(person: Person | None, address: str) -> Q:
    return Q(person=person) | Q(digest__in=_digests(address)) if person else Q(digest__in=_digests(address))


def is_stopped(kind: str, address: str, person: Person | None = None) -> bool:
    """Did this person, or the holder of this address, stop this kind?"""
    return is_stoppable(kind) and Stop.objects.filter(_stops(person, address), kind=kind).exists()


def stopped_kinds(person: Person) -> set[str]:
    """The kinds that this person stopped, whichever way."""
    return set(Stop.objects.filter(_stops(person, person.email)).values_list("kind", flat=True))


def choose(person: Person, wanted: set[str]) -> None:
    """Keep the choice of a person: the kinds that may be stopped and are not `wanted` come no more."""
    with transaction.atomic():
        for code, kind in kinds().items():
            if not kind.stoppable:
                continue
            if code in wanted:
                Stop.objects.filter(_stops(person, person.email), kind=code).delete()
            else:
                _stop(Receiver(person.pk, "", code))


def link(kind: str, address: str, person: Person | None) -> str:
    """The path of the page that stops this kind for this receiver; it holds no address."""
    who = f"p{person.pk}" if person else digest_of(address)
    return reverse("message-stop", args=(signing.dumps([who, kind], salt=_SALT),))


def read_link(token: str) -> Receiver | None:
    """Whose messages this link stops; None when it was not made here, or for a kind that may not be stopped."""
    try:
        who, kind = signing.loads(token, salt=_SALT, max_age=LINK_LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if not is_stoppable(kind):
        return None
    return Receiver(int(who[1:]), "", kind) if who.startswith("p") else Receiver(None, who, kind)


def has_stopped(receiver: Receiver) -> bool:
    """Has the receiver of this link stopped this kind?"""
    who = Q(person_id=receiver.person) if receiver.person else Q(digest=receiver.digest)
    return Stop.objects.filter(who, kind=receiver.kind).exists()


def stop(receiver: Receiver) -> None:
    """No message of this kind goes to this receiver from now on; those that wait are dropped. Idempotent."""
    with transaction.atomic():
        _stop(receiver)


def _stop(receiver: Receiver) -> None:
    person = Person.objects.filter(pk=receiver.person).first() if receiver.person else None
    if receiver.person and person is None:
        return  # the account is gone: nothing is sent to it
    Stop.objects.get_or_create(person=person, digest=receiver.digest, kind=receiver.kind)
    waiting = Message.objects.filter(kind=receiver.kind, state__in=(Message.State.READY, Message.State.SENDING))
    if person:
        waiting.filter(person=person).delete()
        return
    gone = [pk for pk, to in waiting.values_list("pk", "to") if receiver.digest in _digests(to)]
    Message.objects.filter(pk__in=gone).delete()
