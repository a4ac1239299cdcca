"""Who may do what to a sheet: one table, read by the pages (which buttons to show) and by the actions (which enforce it).

The table in words and the drawing of the states are in docs/workflows.md; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db import models
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.accounts.access import has_role
from maillage.accounts.models import Person, Role
from maillage.catalogue.enums import TRANSITIONS, Status
from maillage.catalogue.models import Offer, Relay, Structure

AnySheet = Structure | Offer | Relay
MODELS: Mapping[str, type[Structure] | type[Offer] | type[Relay]] = {model.KIND: model for model in (Structure, Offer, Relay)}


class Act(models.TextChoices):
    """What a person may do to a sheet in the office."""

    EDIT = "modifier", _("Modifier")
    SUBMIT = "soumettre", _("Envoyer en relecture")
    RETURN = "renvoyer", _("Renvoyer en rédaction")
    PUBLISH = "publier", _("Publier")
    SUSPEND = "suspendre", _("Suspendre")
    ARCHIVE = "archiver", _("Archiver")
    REOPEN = "rouvrir", _("Rouvrir en brouillon")
    VERIFY = "verifier", _("Marquer comme vérifiée")
    RELEASE = "liberer", _("Rendre les champs à la source")
    CONFIRM = "confirmer", _("Confirmer ce qui est déduit")


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states, by whom, to which state (None: the state does not change), and the verb of the journal."""

    role: Role
    states: frozenset[str]
    to: str | None = None
    verb: str = ""


EVERY_STATE = frozenset(Status.values)
ALIVE = EVERY_STATE - {Status.ARCHIVED}

POLICY: Mapping[str, Rule] = {
    Act.SUBMIT: Rule(Role.REDACTION, frozenset({Status.DRAFT}), Status.REVIEW, "submitted"),
    Act.RETURN: Rule(Role.ANIMATION, frozenset({Status.REVIEW}), Status.DRAFT, "returned"),
    Act.PUBLISH: Rule(Role.ANIMATION, frozenset({Status.REVIEW, Status.SUSPENDED}), Status.PUBLISHED, "published"),
    Act.SUSPEND: Rule(Role.ANIMATION, frozenset({Status.PUBLISHED}), Status.SUSPENDED, "suspended"),
    Act.ARCHIVE: Rule(Role.ANIMATION, frozenset({Status.DRAFT, Status.PUBLISHED, Status.SUSPENDED}), Status.ARCHIVED, "archived"),
    Act.REOPEN: Rule(Role.ANIMATION, frozenset({Status.ARCHIVED}), Status.DRAFT, "reopened"),
    Act.VERIFY: Rule(Role.ANIMATION, ALIVE, None, "verified"),
    Act.RELEASE: Rule(Role.ANIMATION, ALIVE, None, "edited"),
    Act.CONFIRM: Rule(Role.ANIMATION, ALIVE, None, "confirmed"),
}

#: Who edits depends on the state: what visitors read is changed by those who may publish it.
EDITORS: Mapping[str, Role | None] = {
    Status.DRAFT: Role.REDACTION,
    Status.REVIEW: Role.ANIMATION,
    Status.PUBLISHED: Role.ANIMATION,
    Status.SUSPENDED: Role.ANIMATION,
    Status.ARCHIVED: None,
}

assert all(rule.to in TRANSITIONS[state] for rule in POLICY.values() if rule.to for state in rule.states), "see enums.TRANSITIONS"


class Answer(NamedTuple):
    """May it be done? Otherwise `reason` is a French sentence for the person."""

    allowed: bool
    reason: str | Promise = ""


YES = Answer(True)


class NotAllowed(Exception):
    """The act is refused; the message is the French reason."""


def may(person: Person, act: str, sheet: AnySheet) -> Answer:
    """May this person do this act to this sheet, as it is now?"""
    status = Status(sheet.status)
    if sheet.merged_into:
        return Answer(False, _("Cette fiche a été fusionnée avec une autre : défaites la fusion pour la reprendre."))
    if act == Act.EDIT:
        editor = EDITORS[status]
        if editor is None:
            return Answer(False, _("Cette fiche est archivée : rouvrez-la pour la modifier."))
        if has_role(person, editor):
            return YES
        return Answer(
            False, _("Cette fiche n’est plus un brouillon : l’animation du réseau peut la modifier, ou la renvoyer en rédaction.")
        )
    rule = POLICY[act]
    if not has_role(person, rule.role):
        return Answer(False, _("Cet acte revient à l’animation du réseau."))
    if status not in rule.states:
        return Answer(False, _("L’état actuel de la fiche ne le permet pas. Rechargez la page pour voir où elle en est."))
    if act == Act.RELEASE and not sheet.kept_fields:
        return Answer(False, _("Aucun champ n’a été modifié ici."))
    if act == Act.CONFIRM and not sheet.deduced:
        return Answer(False, _("Rien n’est déduit dans cette fiche."))
    return YES


def require(person: Person, act: str, sheet: AnySheet) -> None:
    """Raise NotAllowed, with the reason, unless the person may do this act."""
    answer = may(person, act, sheet)
    if not answer.allowed:
        raise NotAllowed(str(answer.reason))


def may_create(person: Person) -> Answer:
    """May this person create sheets?"""
    return YES if has_role(person, Role.REDACTION) else Answer(False, _("Votre compte ne permet pas de créer des fiches."))


def acts_for(person: Person, sheet: AnySheet) -> list[Act]:
    """The acts this person may do now, in the order of the buttons."""
    return [act for act in Act if may(person, act, sheet).allowed]


def sheet_for(person: Person, kind: str, uid: str) -> AnySheet:
    """The sheet, for somebody of the office; Http404 for anybody else and when it does not exist."""
    if not has_role(person, Role.REDACTION):
        raise Http404
    model = MODELS[kind]
    related = [] if kind == Structure.KIND else ["structure"]
    sheet = model._default_manager.filter(uid=uid).select_related(*related).first()
    if sheet is None:
        raise Http404
    return sheet
