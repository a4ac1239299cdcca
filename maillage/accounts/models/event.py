from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models.person import Person


class SecurityEvent(models.Model):
    """Something that concerns the safety of an account: written once, never changed. No address of the network is kept."""

    class Kind(models.TextChoices):
        ACCOUNT_OPENED = "account-opened", _("Compte ouvert")
        SIGNED_IN = "signed-in", _("Connexion")
        SIGNED_OUT = "signed-out", _("Déconnexion")
        CODE_ASKED = "code-asked", _("Code demandé")
        CODE_FAILED = "code-failed", _("Code refusé")
        PASSWORD_FAILED = "password-failed", _("Mot de passe refusé")
        SECOND_FAILED = "second-failed", _("Second facteur refusé")
        FACTOR_ADDED = "factor-added", _("Second facteur ajouté")
        FACTOR_REMOVED = "factor-removed", _("Second facteur retiré")
        RECOVERY_MADE = "recovery-made", _("Nouveaux codes de secours")
        RECOVERY_USED = "recovery-used", _("Code de secours utilisé")
        PASSWORD_CHANGED = "password-changed", _("Mot de passe changé")
        ADDRESS_CHANGED = "address-changed", _("Adresse changée")
        ROLE_CHANGED = "role-changed", _("Rôle changé")
        SESSION_ENDED = "session-ended", _("Session fermée")
        SESSIONS_ENDED = "sessions-ended", _("Toutes les sessions fermées")
        PROVIDER_LINKED = "provider-linked", _("Fournisseur d’identité relié")
        PROVIDER_UNLINKED = "provider-unlinked", _("Fournisseur d’identité délié")
        PROVIDER_REFUSED = "provider-refused", _("Fournisseur d’identité : réponse refusée")
        REFUSED = "refused", _("Accès refusé")

    at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="security_events")
    actor = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")  # when it is somebody else
    device = models.CharField(max_length=60, blank=True)
    detail = models.CharField(max_length=120, blank=True)  # codes only: a method, a role; nothing that somebody typed

    class Meta:
        verbose_name = _("événement de sécurité")
        verbose_name_plural = _("événements de sécurité")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("person", "-at"), name="security_event_person"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Written once: a line that exists is never changed."""
        if not self._state.adding:
            raise TypeError("Une ligne du journal de sécurité ne se modifie pas.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused: only `events.forget_old` removes lines, by age."""
        raise TypeError("Une ligne du journal de sécurité ne s’efface pas une à une.")
