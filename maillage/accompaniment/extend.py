"""Lend the apps below the way to the pages of requests: the office's menu and board, the space of a structure, « Mon compte »."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from maillage.accompaniment import access, queries
from maillage.accompaniment.enums import State
from maillage.accounts import extensions as account
from maillage.accounts.models import Person
from maillage.accounts.policy import Action
from maillage.catalogue.models import Structure
from maillage.catalogue.office import extensions
from maillage.catalogue.personas import may_in_structure
from maillage.catalogue.space import extensions as space


def extend() -> None:
    """Called once, when the apps are ready."""
    extensions.MENU.append(extensions.MenuEntry("requests", "office-requests", _("Demandes")))
    extensions.WAITING.append(_waiting)
    space.PARTS.append(_of_structure)
    account.PLACES.append(_of_account)


def _waiting() -> list[extensions.Waits]:
    count = queries.counts_by_state().get(State.QUEUE, 0)
    return [extensions.Waits(count, gettext("demandes à placer"), reverse("office-requests"), alarm=True)]


def _of_structure(person: Person, structure: Structure) -> list[space.Part]:
    """The requests that a structure received, for those who answer for it; how many wait for an answer."""
    if not may_in_structure(person, structure, Action.REQUEST_ANSWER):
        return []
    count = queries.waiting_in(structure)
    waits = ngettext(
        "Une demande de contact attend votre réponse.", "%(n)d demandes de contact attendent votre réponse.", count
    ) % {"n": count}
    return [space.Part(reverse("structure-requests", args=(structure.uid,)), gettext("Demandes reçues"), waits if count else "")]


def _of_account(person: Person) -> list[account.Place]:
    """What a person asked for; the counter, for those who write for somebody."""
    found = [account.Place(reverse("my-requests"), _("Mes demandes de contact"))]
    if access.may_write_at_counter(person):
        found.append(account.Place(reverse("request-at-counter"), _("Écrire une demande au guichet")))
    return found
