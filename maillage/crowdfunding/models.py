"""Campaigns of crowdfunding. No money passes here: a campaign leads to its platform."""

from __future__ import annotations

import secrets
from datetime import date
from decimal import Decimal
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from maillage.catalogue.models import Structure
from maillage.crowdfunding.rules import rules
from maillage.crowdfunding.states import CampaignState, day_in_paris, state_on
from maillage.territories import queries as territories

UID_LENGTH = 12
#: The largest amount that is written, euros: beyond, it is a mistake of typing.
LARGEST = Decimal(100_000_000)


class CampaignStatus(models.TextChoices):
    """Who sees it: its structure and the office, or everybody. What happens to the campaign itself is its state, computed from its dates."""

    DRAFT = "brouillon", _("Brouillon")
    PROPOSED = "proposee", _("À relire")
    PUBLISHED = "publiee", _("Publiée")
    WITHDRAWN = "retiree", _("Retirée")


def _new_uid() -> str:
    return "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz234567") for _letter in range(UID_LENGTH))


def in_state(state: CampaignState, today: date) -> Q:
    """The condition of a state, for the database: the same as `states.state_on` (a test compares them)."""
    over, reached = Q(closes__lt=today), Q(collected__gte=F("goal"))
    known = Q(as_of__gte=F("closes"))
    paid_anyway = Q(all_or_nothing=False, collected__gt=0)
    return {
        CampaignState.UPCOMING: Q(opens__gt=today),
        CampaignState.OPEN: Q(opens__lte=today, closes__gte=today),
        CampaignState.SUCCEEDED: over & reached,
        CampaignState.AWAITED: over & ~reached & (Q(as_of__isnull=True) | Q(as_of__lt=F("closes"))),
        CampaignState.PARTIAL: over & ~reached & known & paid_anyway,
        CampaignState.FAILED: over
        & ~reached
        & known
        & (Q(all_or_nothing__isnull=True) | Q(all_or_nothing=True) | Q(collected=0)),
    }[state]


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Filters on campaigns."""

    def visible(self) -> Self:
        """What a visitor may see."""
        return self.filter(status=CampaignStatus.PUBLISHED)

    def of_regions(self, regions: tuple[str, ...]) -> Self:
        """Those whose commune is in one of these régions (INSEE codes)."""
        codes = [found.code for region in regions for found in territories.departements_of_region(region)]
        return self.filter(departement__in=codes)


class Campaign(models.Model):
    """One campaign. Its key is (`source`, `ref`): who told us of it, and its id there, so that an import is idempotent.

    `form`, `platform` and `sector` are codes of the rules and of the vocabulary. `closes` is the last day, included, in Paris.
    `collected`, `contributors` are the figures on `as_of`. A project may have no structure yet: `holder` then says who carries it.
    """

    KIND: ClassVar[str] = "campaign"

    uid = models.CharField(max_length=UID_LENGTH, unique=True, default=_new_uid, editable=False)
    source = models.CharField(_("source"), max_length=60)
    ref = models.CharField(_("identifiant dans la source"), max_length=200)
    status = models.CharField(_("état"), max_length=12, choices=CampaignStatus.choices, default=CampaignStatus.DRAFT)
    name = models.CharField(_("nom du projet"), max_length=200)
    summary = models.CharField(_("le projet en une phrase"), max_length=300)
    description = models.TextField(_("présentation"), blank=True)
    holder = models.CharField(_("qui porte le projet"), max_length=200, blank=True)
    structure = models.ForeignKey(
        Structure, models.SET_NULL, null=True, blank=True, related_name="campaigns", verbose_name=_("structure")
    )
    commune = models.CharField(_("commune (code INSEE)"), max_length=5)
    departement = models.CharField(_("département"), max_length=3, editable=False)  # of the commune, to filter by région
    platform = models.CharField(_("plateforme"), max_length=60)
    form = models.CharField(_("forme"), max_length=40)
    sector = models.CharField(_("thème"), max_length=40, blank=True)
    goal = models.DecimalField(_("objectif (€)"), max_digits=12, decimal_places=2)
    collected = models.DecimalField(_("somme collectée (€)"), max_digits=12, decimal_places=2, default=Decimal(0))
    contributors = models.PositiveIntegerField(_("nombre de contributeurs"), null=True, blank=True)
    as_of = models.DateField(_("chiffres au"), null=True, blank=True)
    opens = models.DateField(_("premier jour"))
    closes = models.DateField(_("dernier jour"))
    minimum = models.DecimalField(_("contribution minimale (€)"), max_digits=12, decimal_places=2, null=True, blank=True)
    all_or_nothing = models.BooleanField(_("tout ou rien"), null=True, blank=True)
    counterpart = models.CharField(_("contrepartie"), max_length=500, blank=True)
    url = models.CharField(_("page de la campagne"), max_length=1000)
    image_alt = models.CharField(_("ce que montre l’image"), max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    modified_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager[Campaign]] = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campagne")
        verbose_name_plural = _("campagnes")
        ordering = ("closes", "pk")
        indexes = (
            models.Index(fields=("status", "departement", "closes"), name="campaign_lists"),
            models.Index(fields=("modified_at",), name="campaign_last_saved"),  # asked at each page: crowdfunding/memory.py
        )
        constraints = (
            models.UniqueConstraint(fields=("source", "ref"), name="campaign_key"),
            models.CheckConstraint(condition=Q(status__in=CampaignStatus.values), name="campaign_status_known"),
            models.CheckConstraint(condition=Q(closes__gte=F("opens")), name="campaign_dates_in_order"),
            models.CheckConstraint(condition=Q(goal__gt=0, collected__gte=0), name="campaign_amounts_positive"),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Save, with the département of the commune."""
        found = territories.commune(self.commune)
        self.departement = found.departement if found else ""
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed through unchanged

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("campaign", args=(self.handle,))

    @property
    def handle(self) -> str:
        """What its address ends with: words for people, then the uid that finds it."""
        words = slugify(self.name)[:60].strip("-")
        return f"{words}-{self.uid}" if words else self.uid

    def state(self, today: date | None = None) -> CampaignState:
        """Where it is today (in Paris)."""
        return state_on(
            today or day_in_paris(timezone.now()),
            opens=self.opens,
            closes=self.closes,
            goal=self.goal,
            collected=self.collected,
            as_of=self.as_of,
            all_or_nothing=self.all_or_nothing,
        )

    @property
    def is_risky(self) -> bool:
        """May a contributor lose what is put in?"""
        form = rules().forms.get(self.form)
        return form.risky if form else True

    @property
    def percent(self) -> int:
        """How much of the goal is collected, in whole percent, rounded down: 99.9 % is not 100 %."""
        return int(self.collected * 100 / self.goal)


class CampaignImage(models.Model):
    """The picture of a campaign. In the database, so that a backup holds it; served by a view of ours, with our headers."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="image", primary_key=True)
    content = models.BinaryField()
    kind = models.CharField(max_length=4)  # png or jpg, from its first bytes
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.campaign_id}.{self.kind}"
