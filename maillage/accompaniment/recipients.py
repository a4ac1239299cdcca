"""To whom a request goes, exactly: who receives what, where, and the words by which the holder agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from maillage.accompaniment.candidates import Wanted, organiser_of, portal_for
from maillage.catalogue.models import Membership, Offer, Relay, Structure
from maillage.vocabulary.portals import Portal

Sheet = Structure | Offer | Relay


@dataclass(frozen=True, slots=True)
class Organiser:
    """Who keeps the portal, as a recipient: its sheet when there is one, else its name alone."""

    uid: str
    name: str
    structure: Structure | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: a structure and the address of the sheet from which it was asked. No structure: the organiser."""

    structure: Structure | None
    email: str = ""
    phone: str = ""
    about: Sheet | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """One agreement to ask: for which recipient, in which words, and whether nothing leaves without it."""

    uid: str
    name: str
    wording: str
    role: str
    email: str = ""
    phone: str = ""
    required: bool = False


def organiser(portal: Portal, wanted: Wanted | None = None) -> Organiser:
    """The organiser that answers for a place."""
    chosen = portal_for(wanted, portal) if wanted else portal
    sheet = organiser_of(chosen)
    if sheet:
        return Organiser(sheet.uid, sheet.name, sheet)
    return Organiser(f"portail:{chosen.code}", chosen.organiser_name or chosen.name)


def target(structure: Structure | None, about: Sheet | None = None) -> Target:
    """Where to write to a structure: the address of the sheet it was asked from, else its own, else those of its members."""
    if structure is None:
        return Target(None)
    own = about if about is not None and not isinstance(about, Structure) and about.structure_id == structure.pk else None
    email = (own.email if own else "") or structure.email or (members_emails(structure)[:1] or [""])[0]
    return Target(structure, email, (own.phone if own else "") or structure.phone, about)


def members_emails(structure: Structure) -> list[str]:
    """The addresses of those who answer for a structure, managers first."""
    answering = (Membership.Role.MANAGER, Membership.Role.ADVISER)
    found = Membership.objects.filter(
        structure=structure, state=Membership.State.ACTIVE, role__in=answering, person__is_active=True
    )
    return [
        email
        for _role, email in sorted(found.order_by("pk").values_list("role", "person__email"), key=lambda row: row[0] != "gestion")
    ]


def boxes(to: Target, keeper: Organiser, *, spoken: bool = False) -> list[Box]:
    """The agreements to ask before a request leaves, in the order of the page.

    `spoken`: the words are read aloud to somebody at a counter.
    """
    structure = to.structure
    if structure is None or structure.uid == keeper.uid:
        email = to.email or (keeper.structure.email if keeper.structure else "")
        return [
            _box(
                keeper.uid,
                keeper.name,
                _("reçoit votre demande et vous répond"),
                _receives(keeper.name),
                spoken,
                email,
                to.phone,
                True,
            )
        ]
    if to.email:
        later = _("peut la lire si personne ne répond en dix jours ouvrés, pour trouver quelqu’un d’autre")
        return [
            _box(structure.uid, structure.name, _("reçoit votre demande et vous répond"), _receives(structure.name), spoken, to.email, to.phone, True),
            _box(keeper.uid, keeper.name, later, _reads(keeper.name, structure.name), spoken),
        ]  # fmt: skip
    relays = _(
        "reçoit votre demande, parce que nous n’avons pas d’adresse électronique de la structure choisie, et l’appelle pour vous"
    )
    answers = _("reçoit votre demande par téléphone et vous répond")
    return [
        _box(keeper.uid, keeper.name, relays, _receives(keeper.name), spoken, required=True),
        _box(structure.uid, structure.name, answers, _receives(structure.name), spoken, "", to.phone, True),
    ]


def box_for(structure: Structure, *, spoken: bool = False) -> Box:
    """The agreement to ask for one more recipient, to whom the story of the request goes too."""
    words = _(
        "J’accepte que %(name)s reçoive mon nom, mes coordonnées, ce que j’ai écrit et ce que les structures précédentes ont répondu, pour me répondre."
    ) % {"name": structure.name}
    return _box(
        structure.uid,
        structure.name,
        _("reçoit votre demande et vous répond"),
        words,
        spoken,
        target(structure).email,
        structure.phone,
    )


def box_to_read(keeper: Organiser) -> Box:
    """The agreement that lets the animation read a request it must find somebody for."""
    words = _("J’accepte que %(name)s lise ma demande, mon nom et mes coordonnées, pour trouver quelqu’un d’autre.") % {
        "name": keeper.name
    }
    return _box(keeper.uid, keeper.name, _("lit votre demande pour trouver quelqu’un"), words, False)


def _box(
    uid: str, name: str, role: str, words: str, spoken: bool, email: str = "", phone: str = "", required: bool = False
) -> Box:
    said = (
        _("Lu à voix haute à la personne, qui a répondu oui\u202f: «\u202f%(words)s\u202f»") % {"words": words}
        if spoken
        else words
    )
    return Box(uid, name, said, role, email, phone, required)


def _receives(name: str) -> str:
    return _("J’accepte que %(name)s reçoive mon nom, mes coordonnées et ce que j’ai écrit, pour me répondre.") % {"name": name}


def _reads(name: str, first: str) -> str:
    said = {"name": name, "first": first}
    return (
        _(
            "J’accepte que %(name)s lise aussi ma demande, mon nom et mes coordonnées si %(first)s ne répond pas en dix jours ouvrés, pour trouver quelqu’un d’autre."
        )
        % said
    )


def missing(asked: Sequence[Box], agreed: Sequence[str]) -> list[Box]:
    """The agreements without which nothing leaves."""
    return [box for box in asked if box.required and box.uid not in agreed]
