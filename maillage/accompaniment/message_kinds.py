"""The kinds of messages that requests write. Each answers an act of its receiver, or waits for one: none may be stopped without leaving somebody without news."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from maillage.journal.kinds import Kind

KINDS = (
    Kind(
        "request-news",
        _("Nouvelles de vos demandes de contact"),
        _("Vous recevez ce message parce qu’une demande de contact a été faite avec votre adresse."),
        stoppable=False,
    ),
    Kind(
        "request-to-answer",
        _("Demandes de contact à répondre"),
        _("Vous recevez ce message parce que votre structure est dans ce catalogue, avec cette adresse."),
        stoppable=False,
    ),
    Kind(
        "request-to-find",
        _("Demandes de contact à placer"),
        _("Vous recevez ce message parce que vous animez le réseau."),
        stoppable=False,
    ),
)
