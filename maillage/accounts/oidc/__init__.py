"""An identity provider by OpenID Connect (ProConnect, or any other), configured by the environment. See docs/guides/accounts.md.

We ask it one thing: who this is, as an identifier (`sub`) that it never changes. No name and no e-mail address is asked for, read or kept, so none can
be used to take an account: a link between an account and a `sub` is made by its owner, signed in, and by nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.socialaccount.models import SocialAccount
from django.conf import settings

from maillage.accounts.models import Person


@dataclass(frozen=True, slots=True)
class Provider:
    """What the environment says of the provider."""

    name: str
    issuer: str
    client_id: str
    secret: str
    algorithm: str = "RS256"
    strong: tuple[str, ...] = ()  # the values of `acr` that count as two factors
    asks_strong: bool = False  # ask for them (the claims parameter)


def provider() -> Provider | None:
    """The provider, if one is configured."""
    return Provider(**settings.MAILLAGE_OIDC) if settings.MAILLAGE_OIDC else None


def links_of(person: Person) -> list[SocialAccount]:
    """The identities of providers linked to this account, oldest first."""
    return list(SocialAccount.objects.filter(user=person).order_by("date_joined", "pk"))


def person_linked(issuer: str, sub: str) -> Person | None:
    """Whose account this identity opens."""
    link = SocialAccount.objects.filter(provider=issuer, uid=sub, user__is_active=True).select_related("user").first()
    return link.user if link else None
