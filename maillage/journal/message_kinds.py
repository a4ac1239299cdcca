"""The kinds of messages that the journal itself writes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from maillage.journal.kinds import Kind

KINDS = (
    Kind(
        "security",
        _("Codes et sécurité de votre compte"),
        _("Vous recevez ce message parce que quelqu’un, vous sans doute, se connecte ou change ce qui protège votre compte."),
        stoppable=False,
    ),
    Kind(
        "retention",
        _("Fin de conservation de vos données"),
        _("Vous recevez ce message parce que vos données vont être effacées, faute de contact."),
        stoppable=False,
    ),
)
