from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.catalogue.models.sheet import Sheet, SheetQuerySet
from maillage.catalogue.models.structure import Structure


class Relay(Sheet):
    """A place where people are welcomed: a desk, a permanence, a point of a network, with its opening hours."""

    KIND = "relay"

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="relays")
    level = models.CharField(_("niveau"), max_length=40)  # vocabulary `level`
    network = models.CharField(_("réseau"), max_length=40, blank=True)  # vocabulary `role`: piva, guid-asso…
    specialities = models.JSONField(_("spécialités"), default=list, blank=True)  # vocabulary `need` and `sector` codes
    opening_hours = models.CharField(_("horaires (syntaxe OSM)"), max_length=500, blank=True)
    by_appointment = models.BooleanField(_("sur rendez-vous"), default=False)
    itinerant = models.TextField(_("permanences itinérantes"), blank=True)
    accessibility = models.CharField(_("accessibilité du lieu"), max_length=1000, blank=True)
    languages = models.JSONField(_("langues"), default=list, blank=True)
    services = models.TextField(_("services sur place"), blank=True)
    coverage = models.JSONField(_("territoire desservi"), default=list, blank=True)  # ["epci:200…"]; empty = whoever comes
    mark_until = models.DateField(_("label valable jusqu’au"), null=True, blank=True)

    objects: ClassVar[SheetQuerySet[Relay]] = SheetQuerySet.as_manager()  # type: ignore[assignment]  # typed as its queryset

    class Meta(Sheet.Meta):
        verbose_name = _("relais")
        verbose_name_plural = _("relais")
