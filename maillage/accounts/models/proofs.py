"""What proves who somebody is, for a short while: links, codes; and how many times it was tried."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models.person import Person


class SignInLink(models.Model):
    """A sign-in link that was given to a person. Only a digest of its secret is kept; it works once."""

    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="sign_in_links")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.person} {self.expires_at:%Y-%m-%d %H:%M}"


class Attempts(models.Model):
    """How many sign-ins were tried lately for one account or from one address (`key` is a digest: see `throttle`)."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"


class Code(models.Model):
    """A six-digit code sent to an address. Its digest only is kept, with that of the link of the same message; one of the two works, once.

    `handle` is what the browser that asked holds in its session: a code typed elsewhere opens nothing.
    """

    class Purpose(models.TextChoices):
        SIGN_IN = "sign-in", _("se connecter")  # or open an account: both begin with the proof of an address
        CONFIRM = "confirm", _("confirmer que c’est vous")
        ADDRESS = "address", _("changer d’adresse")

    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    email = models.EmailField()  # rows are deleted when they are too old to be used: see `codes.ask`
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="codes")
    handle = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64)
    link_digest = models.CharField(max_length=64, unique=True)
    wanted = models.CharField(max_length=500, blank=True)  # the page that asked for a sign-in
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.expires_at:%Y-%m-%d %H:%M}"
