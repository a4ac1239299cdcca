"""People who sign in. A visitor needs no account."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does for the network. The first four are a ladder: each may do in the office what the one before it may.

    Who belongs to a structure (adviser, manager, relay agent) has no role here: see `catalogue.models.Membership`.
    """

    NONE = "aucun", _("Sans accès à la gestion")  # an account that keeps no sheet
    REDACTION = "redaction", _("Rédaction")  # create and edit drafts, send them for review
    ANIMATION = "animation", _("Animation du réseau")  # review, publish, suspend, archive
    ADMINISTRATION = "administration", _("Administration")  # accounts too
    REGION = "region", _("Agent de la Région")  # reads boards and figures; keeps no sheet
    LOCAL = "collectivite", _("Agent d’une collectivité")  # the same, for one territory


class PersonManager(BaseUserManager["Person"]):
    """Creates people with a normalised e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Create a person; without a password, only a sign-in link lets the person in. Raises ValueError without e-mail."""
        if not email:
            raise ValueError("Une adresse électronique est nécessaire pour créer un compte.")
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Create an administrator (Django's createsuperuser calls this)."""
        return self.create_user(email, password, **{"role": Role.ADMINISTRATION, **fields})

    def get_by_natural_key(self, username: str | None) -> Person:
        """Find a person by e-mail address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody with an account, known by e-mail address."""

    email = models.EmailField(_("adresse électronique"), unique=True)
    name = models.CharField(_("nom"), max_length=120, blank=True)
    role = models.CharField(_("rôle"), max_length=20, choices=Role.choices, default=Role.NONE)
    #: The territory entrusted to an officer (departement:53, epci:200048551…); empty: none.
    territory_level = models.CharField(_("échelon du territoire"), max_length=20, blank=True)
    territory_code = models.CharField(_("code du territoire"), max_length=20, blank=True)
    is_active = models.BooleanField(_("actif"), default=True)
    sign_outs = models.PositiveIntegerField(default=0, editable=False)  # moves to end every session of the person
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")
        ordering = ("email",)
        constraints = (
            models.UniqueConstraint(Lower("email"), name="person_email_unique"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="person_role_known"),
        )

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session must match to stay open: the password and the count of « se déconnecter partout » (Django's hook)."""
        return salted_hmac(
            "maillage.accounts.session", f"{self.password}:{self.sign_outs}", secret=secret, algorithm="sha256"
        ).hexdigest()
