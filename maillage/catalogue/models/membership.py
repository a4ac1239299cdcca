from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.catalogue.models.structure import Structure

#: How a claim was decided.
BY_DOMAIN, BY_SIREN, BY_PERSON, BY_INVITATION = "domain", "siren", "person", "invitation"


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Filters on who belongs to which structure."""

    def current(self) -> MembershipQuerySet:
        """Those that give access now."""
        return self.filter(state=Membership.State.ACTIVE)


class Membership(models.Model):
    """A person in a structure, from asked to ended. Only an active one gives access; an ended one is kept as history."""

    class Role(models.TextChoices):
        MANAGER = "gestion", _("Gestion de la fiche")
        ADVISER = "conseil", _("Conseil aux porteurs")
        RELAY = "accueil", _("Accueil dans un relais")

    class State(models.TextChoices):
        ASKED = "demandee", _("demandée")
        ACTIVE = "active", _("active")
        REFUSED = "refusee", _("refusée")
        ENDED = "terminee", _("terminée")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    structure = models.ForeignKey(Structure, models.CASCADE, related_name="memberships")
    role = models.CharField(_("rôle"), max_length=10, choices=Role.choices)
    state = models.CharField(_("état"), max_length=10, choices=State.choices, default=State.ASKED)
    proof = models.CharField(_("preuve"), max_length=20, blank=True)  # domain, siren, person, invitation: what it rests on
    note = models.TextField(_("message"), max_length=2000, blank=True)  # what the person wrote when asking
    decided_by = models.CharField(_("décidée par"), max_length=150, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Membership]] = models.Manager.from_queryset(MembershipQuerySet)()

    class Meta:
        verbose_name = _("appartenance")
        verbose_name_plural = _("appartenances")
        ordering = ("structure", "person", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "structure"), condition=Q(state__in=("demandee", "active")), name="membership_one_alive"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} – {self.structure} ({self.get_role_display()}, {self.get_state_display()})"


class Invitation(models.Model):
    """Somebody of a structure (or of the network's animation) asks a person to join it. Only a digest of its secret is kept; works once."""

    digest = models.CharField(max_length=64, unique=True)
    structure = models.ForeignKey(Structure, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("adresse électronique"))
    role = models.CharField(_("rôle"), max_length=10, choices=Membership.Role.choices)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    inviter_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.email} – {self.structure}"

    def is_open(self) -> bool:
        """Can it still be used?"""
        return self.used_at is None and self.revoked_at is None and self.expires_at > timezone.now()
