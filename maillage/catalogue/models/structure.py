from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.catalogue.enums import Nonprofit
from maillage.catalogue.models.sheet import Sheet, SheetQuerySet, address_of


class Structure(Sheet):
    """An organisation that supports projects, or funds them. It is not an offer: it has several."""

    KIND = "structure"

    description = models.TextField(_("présentation"), blank=True)
    types = models.JSONField(_("types"), default=list, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    rna = models.CharField("RNA", max_length=10, blank=True)
    legal_form = models.CharField(_("forme juridique"), max_length=30, blank=True)
    networks = models.JSONField(_("réseaux"), default=list, blank=True)
    # [{role, territory: {level, code}, since, until, authority}]: dated, with the authority that grants them
    roles = models.JSONField(_("rôles"), default=list, blank=True)
    nonprofit = models.CharField(_("nature"), max_length=10, choices=Nonprofit.choices, blank=True)
    website = models.CharField(_("site"), max_length=1000, blank=True)
    opening_hours = models.CharField(_("horaires (syntaxe OSM)"), max_length=500, blank=True)
    accessibility = models.CharField(_("accessibilité du lieu"), max_length=1000, blank=True)
    languages = models.JSONField(_("langues"), default=list, blank=True)
    # months between two confirmations, chosen by the structure within the portal's limits; empty: the portal's own
    rhythm_months = models.PositiveSmallIntegerField(_("rythme de confirmation"), null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True, editable=False)  # the last reminder, whatever its sheets

    objects: ClassVar[SheetQuerySet[Structure]] = SheetQuerySet.as_manager()  # type: ignore[assignment]  # typed as its queryset

    class Meta(Sheet.Meta):
        verbose_name = _("structure")
        verbose_name_plural = _("structures")

    def get_absolute_url(self) -> str:
        """The public page of the structure."""
        return address_of(self.KIND, self.handle)
