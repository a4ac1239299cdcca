"""A request for contact, the structures it was sent to, and its story."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.accompaniment.enums import Channel, Ending, Move, Reason, State, Useful
from maillage.catalogue.models import Structure


class Request(models.Model):
    """What a holder asks, with what is needed to answer. Written once; afterwards only its state moves.

    Somebody may have written it for the holder at a counter (`agent`, for `agent_structure`). `waiting_since` is when the present wait
    began and `wait` its number: the delays and the keys of messages count from there.
    """

    KIND: ClassVar[str] = "request"

    uid = models.CharField(max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)  # of the secret of the holder's link
    expires_at = models.DateTimeField()
    portal = models.CharField(max_length=60)
    language = models.CharField(max_length=5, default="fr")

    needed = models.TextField(_("ce dont il est besoin"))
    holder_name = models.CharField(_("nom"), max_length=120, blank=True)
    email = models.EmailField(_("adresse électronique"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    channel = models.CharField(_("moyen préféré"), max_length=12, choices=Channel.choices, default=Channel.ANY)
    moment = models.CharField(_("moment préféré"), max_length=120, blank=True)

    stage = models.CharField(_("étape"), max_length=30, blank=True)
    commune = models.CharField(_("commune"), max_length=5, blank=True)
    needs = models.JSONField(_("besoins"), default=list, blank=True)
    sectors = models.JSONField(_("secteurs"), default=list, blank=True)
    legal_form = models.CharField(_("forme juridique"), max_length=30, blank=True)
    about_kind = models.CharField(max_length=12, blank=True)  # the sheet from which it was asked
    about_uid = models.CharField(max_length=12, blank=True)
    about_name = models.CharField(max_length=300, blank=True)

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="requests")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    agent_structure = models.ForeignKey(Structure, models.SET_NULL, null=True, blank=True, related_name="+")
    at_counter = models.BooleanField(default=False)

    state = models.CharField(_("état"), max_length=12, choices=State.choices, default=State.SENT)
    waiting_since = models.DateTimeField(default=timezone.now)
    wait = models.PositiveSmallIntegerField(default=1)
    reminded_at = models.DateTimeField(null=True, blank=True)  # during this wait
    escalated_at = models.DateTimeField(null=True, blank=True)  # during this wait
    asked_at = models.DateTimeField(null=True, blank=True)  # « était-ce utile ? »
    proposed = models.ForeignKey(
        Structure, models.SET_NULL, null=True, blank=True, related_name="+"
    )  # waits for the holder's agreement
    useful = models.CharField(_("était-ce utile\u202f?"), max_length=10, choices=Useful.choices, blank=True)
    followed = models.TextField(_("ce qui a suivi"), blank=True)
    ending = models.CharField(max_length=12, choices=Ending.choices, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_contact_at = models.DateTimeField(default=timezone.now, editable=False)  # retention counts from there
    noticed_at = models.DateTimeField(null=True, blank=True, editable=False)  # when the holder was told that it will be forgotten
    forgotten_at = models.DateTimeField(null=True, blank=True, editable=False)  # only what may be counted is left

    class Meta:
        verbose_name = _("demande de contact")
        verbose_name_plural = _("demandes de contact")
        ordering = ("-created_at", "-pk")
        constraints = (models.CheckConstraint(condition=Q(state__in=State.values), name="request_state_known"),)
        indexes = (models.Index(fields=("state", "waiting_since"), name="request_waiting"),)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """How people who follow it call it; says nothing of the holder."""
        return _("Demande %(ref)s") % {"ref": self.reference}

    @property
    def reference(self) -> str:
        """A short number to say on the telephone."""
        return f"{self.uid[:4]}-{self.uid[4:8]}".upper()

    @property
    def is_over(self) -> bool:
        """Does nothing move any more?"""
        return self.state in (State.CLOSED, State.WITHDRAWN)


class Handover(models.Model):
    """A request in the hands of one recipient: a structure, or the organiser when it has no sheet. The last one is the present one.

    `email` is where the message went; empty: no address is known and the animation of the network transmits.
    """

    request = models.ForeignKey(Request, models.CASCADE, related_name="handovers")
    structure = models.ForeignKey(Structure, models.SET_NULL, null=True, blank=True, related_name="handovers")
    recipient_uid = models.CharField(max_length=40)
    recipient_name = models.CharField(max_length=300)
    email = models.CharField(max_length=254, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)  # of the secret of the link that answers
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=16, choices=Move.choices, blank=True)  # ACCEPT, DECLINE, KNOW or REDIRECT
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    word = models.TextField(blank=True)
    caller = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("transmission")
        verbose_name_plural = _("transmissions")
        ordering = ("request", "pk")
        indexes = (models.Index(fields=("structure", "answered_at"), name="handover_answers"),)

    def __str__(self) -> str:
        return f"{self.recipient_name} {self.sent_at:%Y-%m-%d}"


class Line(models.Model):
    """One line of the story of a request: what happened, by whom or to whom, with which words."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="story")
    at = models.DateTimeField(default=timezone.now)
    move = models.CharField(max_length=16, choices=Move.choices)
    who = models.CharField(max_length=300, blank=True)
    word = models.TextField(blank=True)

    class Meta:
        verbose_name = _("ligne de l’histoire")
        verbose_name_plural = _("lignes de l’histoire")
        ordering = ("request", "at", "pk")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.move}"
