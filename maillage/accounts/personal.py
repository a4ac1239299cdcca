"""The personal data of accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import Person
from maillage.kit.personal import Fate, NotPersonal, Personal, Replay

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
    Personal(
        model="accounts.Code",
        title=_("Les codes qui vous ont été envoyés"),
        rows=lambda holder: Q(person=holder.key) | Q(email__iexact=holder.email),
        columns=("email", "person", "digest", "link_digest"),
        shows=("purpose", "email", "expires_at", "used_at"),
    ),
    Personal(
        model="accounts.Session",
        title=_("Où vous êtes connecté"),
        rows=lambda holder: Q(person=holder.key),
        columns=("person", "session_data"),
        shows=("opened_at", "device", "expire_date", "person__email"),
    ),
    Personal(
        model="accounts.SecurityEvent",
        title=_("Ce qui a touché la sécurité de votre compte"),
        rows=lambda holder: Q(person=holder.key),
        columns=("person",),
        shows=("at", "kind", "device", "detail", "person__email"),
        fate=Fate.ANONYMISE,
        blanks={"person": None, "device": ""},
        reason=_("le journal de sécurité reste vérifiable un an, sans vous nommer"),
    ),
    Personal(
        model="accounts.SecurityEvent",
        title=_("Ce que vous avez fait sur d’autres comptes"),
        rows=lambda holder: Q(actor=holder.key),
        columns=("actor",),
        shows=("at", "kind", "detail", "actor__email"),
        fate=Fate.ANONYMISE,
        blanks={"actor": None},
        reason=_("le journal de sécurité reste vérifiable un an, sans vous nommer"),
    ),
    Personal(
        model="mfa.Authenticator",
        title=_("Vos seconds facteurs"),
        rows=lambda holder: Q(user=holder.key),
        columns=("user",),
        shows=("type", "created_at", "last_used_at", "user__email"),
    ),
    Personal(
        model="account.EmailAddress",
        title=_("Vos adresses"),
        rows=lambda holder: Q(user=holder.key) | Q(email__iexact=holder.email),
        columns=("user", "email"),
        shows=("email", "verified", "primary"),
    ),
    Personal(
        model="socialaccount.SocialAccount",
        title=_("Les fournisseurs d’identité reliés à votre compte"),
        rows=lambda holder: Q(user=holder.key),
        columns=("user",),
        shows=("provider", "uid", "last_login", "date_joined", "extra_data"),
    ),
)

NOT_PERSONAL = (
    NotPersonal("socialaccount.SocialApp", ("name",), "nom d’un fournisseur d’identité"),
    NotPersonal("auth.Permission", ("name",), "table de Django, sans personne"),
    NotPersonal("auth.Group", ("name",), "table de Django, sans personne"),
)


def _people() -> Iterable[tuple[str, datetime, Callable[[], None]]]:
    from importlib import import_module

    erase = import_module("maillage.journal.privacy.erasure").erase  # stands above, and is only needed by a restore
    for person in Person.objects.order_by("pk"):
        yield person.email, person.created_at, lambda person=person: erase(person)  # type: ignore[misc]  # a default binds the loop's value


REPLAYS = (Replay("person", _people),)
