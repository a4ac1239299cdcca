"""The personal data of accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import Person
from maillage.kit.personal import NotPersonal, Personal, Replay

PERSONAL = (
    Personal(
        model="accounts.Person",
        title=_("Votre compte"),
        rows=lambda holder: Q(pk=holder.key),
        columns=("email", "name", "password"),
        shows=("email", "name", "role", "is_active", "last_login", "created_at"),
    ),
    Personal(
        model="accounts.SignInLink",
        title=_("Liens de connexion qui vous ont été donnés"),
        rows=lambda holder: Q(person=holder.key),
        columns=("person", "digest"),
        shows=("expires_at", "used_at", "person__email"),
    ),
)

NOT_PERSONAL = (
    NotPersonal("sessions.Session", ("session_data",), "signé, illisible sans la clé ; finit avec le compte, vidé chaque nuit"),
    NotPersonal("auth.Permission", ("name",), "table de Django, sans personne"),
    NotPersonal("auth.Group", ("name",), "table de Django, sans personne"),
)


def _people() -> Iterable[tuple[str, datetime, Callable[[], None]]]:
    from importlib import import_module

    erase = import_module("maillage.journal.privacy.erasure").erase  # stands above, and is only needed by a restore
    for person in Person.objects.order_by("pk"):
        yield person.email, person.created_at, lambda person=person: erase(person)  # type: ignore[misc]  # a default binds the loop's value


REPLAYS = (Replay("person", _people),)
