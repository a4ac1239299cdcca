from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ErrorReport(models.Model):
    """« Signaler une erreur »: what a visitor says is wrong on a sheet, for the back office. Nothing identifies the visitor
    unless an e-mail address was given on purpose, to be answered."""

    class Reason(models.TextChoices):
        """What is wrong."""

        CONTACT = "contact", _("Le contact ne répond pas ou a changé")
        CLOSED = "closed", _("Ce dispositif n’existe plus")
        CONDITIONS = "conditions", _("Les conditions ou les montants ont changé")
        TERRITORY = "territory", _("Le territoire n’est pas le bon")
        OTHER = "other", _("Autre chose")
        STRUCTURE = "structure", _("La structure dit ce qu’il faut corriger")  # answer to a reminder, never offered to visitors

    sheet_kind = models.CharField(max_length=12)
    sheet_uid = models.CharField(max_length=12)
    sheet_name = models.CharField(max_length=300)
    portal = models.CharField(max_length=60)
    reason = models.CharField(_("ce qui ne va pas"), max_length=12, choices=Reason.choices)
    message = models.TextField(_("précisions"), max_length=2000, blank=True)
    email = models.EmailField(_("adresse pour vous répondre"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.CharField(max_length=150, blank=True)
    answer = models.TextField(_("suite donnée"), blank=True)

    class Meta:
        verbose_name = _("signalement")
        verbose_name_plural = _("signalements")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.sheet_name} : {self.get_reason_display()}"
