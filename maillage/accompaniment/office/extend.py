"""Lend the office the pages of requests: an entry of its menu, and what waits on its board."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.accompaniment import queries
from maillage.accompaniment.enums import State
from maillage.catalogue.office import extensions


def extend_office() -> None:
    """Called once, when the apps are ready."""
    extensions.MENU.append(extensions.MenuEntry("requests", "office-requests", _("Demandes")))
    extensions.WAITING.append(_waiting)


def _waiting() -> list[extensions.Waits]:
    count = queries.counts_by_state().get(State.QUEUE, 0)
    return [extensions.Waits(count, gettext("demandes à placer"), reverse("office-requests"), alarm=True)]
