from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.catalogue.enums import Recurrence
from maillage.catalogue.models.sheet import Sheet, SheetQuerySet
from maillage.catalogue.models.structure import Structure


class OfferQuerySet(SheetQuerySet["Offer"]):
    """Chainable filters on offers."""

    def open_on(self, day: date) -> Self:
        """Offers whose calendar is open that day (a missing date restricts nothing)."""
        return self.filter(
            Q(opens__isnull=True) | Q(opens__lte=day),
            Q(closes__isnull=True) | Q(closes__gte=day),
        )


class Offer(Sheet):
    """One support offer of a structure: advice, training, money, premises, network or information.

    Lists hold vocabulary codes; an empty list restricts nothing. `coverage` and `excluded` hold territory keys
    (`departement:53`, `france`…): coverage belongs to the offer, never to its structure.
    """

    KIND = "offer"

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="offers")
    summary = models.CharField(_("en une phrase"), max_length=500, blank=True)
    description = models.TextField(_("description"), blank=True)
    kind = models.CharField(_("nature"), max_length=20)
    stages = models.JSONField(_("étapes"), default=list, blank=True)
    needs = models.JSONField(_("besoins"), default=list, blank=True)
    sectors = models.JSONField(_("secteurs"), default=list, blank=True)
    legal_forms = models.JSONField(_("formes juridiques"), default=list, blank=True)
    audiences = models.JSONField(_("publics"), default=list, blank=True)
    modes = models.JSONField(_("accueil"), default=list, blank=True)
    cost = models.CharField(_("coût"), max_length=20, blank=True)
    cost_detail = models.CharField(_("précisions sur le coût"), max_length=500, blank=True)
    coverage = models.JSONField(_("territoire couvert"), default=list)
    excluded = models.JSONField(_("territoires exclus"), default=list, blank=True)
    zonings = models.JSONField(_("zonages exigés"), default=list, blank=True)
    conditions = models.JSONField(_("conditions"), default=list, blank=True)  # [{field, operator, value, label}]
    documents = models.JSONField(_("pièces à fournir"), default=list, blank=True)
    how_to_apply = models.TextField(_("comment faire"), blank=True)
    instrument = models.CharField(_("instrument"), max_length=30, blank=True)
    amount_min = models.DecimalField(_("montant minimum (€)"), max_digits=14, decimal_places=2, null=True, blank=True)
    amount_max = models.DecimalField(_("montant maximum (€)"), max_digits=14, decimal_places=2, null=True, blank=True)
    rate_max = models.DecimalField(_("taux maximum (%)"), max_digits=6, decimal_places=2, null=True, blank=True)
    opens = models.DateField(_("ouvre le"), null=True, blank=True)
    closes = models.DateField(_("ferme le"), null=True, blank=True)
    recurrence = models.CharField(_("calendrier"), max_length=12, choices=Recurrence.choices, blank=True)
    url = models.CharField(_("page de l’offre"), max_length=1000, blank=True)

    objects: ClassVar[OfferQuerySet] = OfferQuerySet.as_manager()  # type: ignore[assignment]  # typed as its queryset

    class Meta(Sheet.Meta):
        verbose_name = _("offre")
        verbose_name_plural = _("offres")

    def get_absolute_url(self) -> str:
        """The public page of the offer."""
        return reverse("offer", args=(self.handle,))

    def is_open_on(self, day: date) -> bool:
        """Is its calendar open that day?"""
        return (self.opens is None or self.opens <= day) and (self.closes is None or day <= self.closes)
