"""Who belongs to a structure: claim, join, invite, decide, hand over, leave. Everybody concerned is told in the same transaction."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Container, Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import Person
from maillage.accounts.personas import animators
from maillage.accounts.policy import Action
from maillage.catalogue.access import NotAllowed
from maillage.catalogue.domains import proves, proving
from maillage.catalogue.models import Invitation, Membership, Structure
from maillage.catalogue.models.membership import BY_DOMAIN, BY_INVITATION, BY_PERSON, BY_SIREN
from maillage.catalogue.personas import may_in_structure
from maillage.catalogue.upkeep import managers_of
from maillage.journal.actions import record
from maillage.journal.messages import site_address, tell
from maillage.journal.models import Entry

INVITATION_LIFE = timedelta(days=14)


def proving_domains(structure: Structure) -> frozenset[str]:
    """The domains that prove a claim: those of the sheet's site and address, unless another structure of the catalogue gives the same.

    A domain shared by several structures (a federation, a town hall) says that one works there, not for which of them.
    """
    own = proving(structure.website, (structure.own_email,))
    if not own:
        return own
    others = Structure.objects.filter(merged_into="").exclude(pk=structure.pk).order_by("pk")
    shared: set[str] = set()
    for website, email, hidden in others.values_list("website", "email", "hidden_contact"):
        shared |= own & proving(website, (email, str((hidden or {}).get("email", ""))))
    return own - shared


def ask(structure: Structure, role: str, *, person: Person, note: str = "", siren: str = "") -> Membership:
    """Claim a sheet, or ask to join its structure. Asked twice: the first stands. Raises NotAllowed.

    With nobody managing it, an address of the structure's own domain is proof enough and the claim is accepted at once. A SIREN that
    matches is only a hint, as anybody can read it: a person decides, the managers if there are some, otherwise the animation.
    """
    if not may_in_structure(person, structure, Action.STRUCTURE_JOIN):
        raise NotAllowed(_("Vous appartenez déjà à cette structure."))
    with transaction.atomic():
        structure = _held(structure)
        alive = _alive(structure).filter(person=person).first()
        if alive is not None:
            return alive
        managers = managers_of(structure)
        proof = BY_SIREN if siren and siren == structure.siren else ""
        accepted = not managers and role == Membership.Role.MANAGER and proves(person.email, proving_domains(structure))
        membership = Membership.objects.create(
            person=person,
            structure=structure,
            role=role,
            note=note,
            proof=BY_DOMAIN if accepted else proof,
            state=Membership.State.ACTIVE if accepted else Membership.State.ASKED,
            decided_at=timezone.now() if accepted else None,
        )
        record("claimed" if not managers else "join-asked", structure, actor=person, note=str(membership.get_role_display()))
        if accepted:
            record("joined", structure, actor=person, changes={"role": ["", role]}, note="domain")
            _tell_changed(
                structure, [person], _("Votre adresse est du domaine de la structure\u202f: vous tenez maintenant sa fiche.")
            )
            _tell_changed(
                structure,
                animators(),
                _("%(who)s tient maintenant cette fiche\u202f: son adresse est du domaine de la structure.") % {"who": person},
            )
        else:
            page = reverse("space-members", args=(structure.uid,)) if managers else reverse("office-members")
            context = {"structure": structure, "person": person, "membership": membership, "url": site_address() + page}
            for to in managers or animators():
                tell(to, "catalogue/mail/member_asked", context, kind="structure")
    return membership


def decide(membership: Membership, *, accept: bool, person: Person, note: str = "") -> Membership:
    """Accept or refuse who asks to join. Decided already: it stays so. Raises NotAllowed."""
    with transaction.atomic():
        structure = _held_for(person, membership.structure, Action.STRUCTURE_INVITE)
        current = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
        if current.state != Membership.State.ASKED:
            return current
        current.state = Membership.State.ACTIVE if accept else Membership.State.REFUSED
        current.proof = current.proof or BY_PERSON
        current.decided_at, current.decided_by = timezone.now(), str(person)[:150]
        current.save()
        verb = "joined" if accept else "join-refused"
        record(verb, structure, actor=person, changes={"role": ["", current.role]}, note=note or str(current.person))
        context = {"structure": structure, "accepted": accept, "note": note, "membership": current}
        context["url"] = site_address() + (reverse("space", args=(structure.uid,)) if accept else structure.get_absolute_url())
        tell(current.person, "catalogue/mail/member_decided", context, kind="structure")
        if accept:
            others = [one for one in managers_of(structure) if one not in (person, current.person)]
            _tell_changed(
                structure,
                others,
                _("%(who)s a rejoint votre structure\u202f: %(role)s.")
                % {"who": current.person, "role": current.get_role_display()},
            )
    return current


def digest_of(secret: str) -> str:
    """What is kept of the secret of an invitation."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invite(structure: Structure, email: str, role: str, *, person: Person) -> Invitation:
    """Invite an address to join. One open invitation for an address: asking again replaces it. Raises NotAllowed."""
    secret = secrets.token_urlsafe(32)
    email = email.strip().lower()
    with transaction.atomic():
        structure = _held_for(person, structure, Action.STRUCTURE_INVITE)
        _open_invitations(structure).filter(email=email).update(revoked_at=timezone.now())
        invitation = Invitation.objects.create(
            digest=digest_of(secret), structure=structure, email=email, role=role, invited_by=person,
            inviter_name=str(person)[:150], expires_at=timezone.now() + INVITATION_LIFE,
        )  # fmt: skip
        record("invited", structure, actor=person, note=str(invitation.get_role_display()))
        context = {
            "structure": structure,
            "invitation": invitation,
            "url": site_address() + reverse("invitation", args=(secret,)),
        }
        tell(email, "catalogue/mail/member_invited", context, kind="structure", not_after=invitation.expires_at)
    return invitation


def revoke_invitation(invitation: Invitation, *, person: Person) -> None:
    """Take an invitation back: its link no longer works. Raises NotAllowed."""
    with transaction.atomic():
        _held_for(person, invitation.structure, Action.STRUCTURE_INVITE)
        if Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None).update(revoked_at=timezone.now()):
            record("invitation-revoked", invitation.structure, actor=person)


def invitation_for(secret: str) -> Invitation | None:
    """The invitation of this secret, whatever its state; reading it consumes nothing."""
    return Invitation.objects.filter(digest=digest_of(secret)).select_related("structure").first()


def accept_invitation(invitation: Invitation, *, person: Person) -> Membership:
    """Use an invitation, once. Raises NotAllowed when it cannot be used any more, or was sent to another address."""
    with transaction.atomic():
        structure = _held(invitation.structure)
        current = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        if not current.is_open():
            raise NotAllowed(_("Cette invitation a déjà servi, a été reprise ou a plus de quatorze jours."))
        if person.email.lower() != current.email:
            raise NotAllowed(_("Cette invitation a été envoyée à une autre adresse que celle de votre compte."))
        current.used_at = timezone.now()
        current.save(update_fields=["used_at"])
        alive = _alive(structure).filter(person=person).first()
        if alive is not None and alive.state == Membership.State.ACTIVE:
            return alive
        membership = alive or Membership(person=person, structure=structure)
        membership.role, membership.state, membership.proof = current.role, Membership.State.ACTIVE, BY_INVITATION
        membership.decided_at, membership.decided_by = timezone.now(), current.inviter_name
        membership.save()
        record("joined", structure, actor=person, changes={"role": ["", current.role]}, note="invitation")
        others = [one for one in managers_of(structure) if one != person]
        _tell_changed(
            structure,
            others,
            _("%(who)s a rejoint votre structure\u202f: %(role)s.") % {"who": person, "role": membership.get_role_display()},
        )
    return membership


def change_role(membership: Membership, role: str, *, person: Person) -> None:
    """Give another role to a member; giving « gestion » hands the sheet over. Raises NotAllowed."""
    with transaction.atomic():
        structure = _held_for(person, membership.structure, Action.STRUCTURE_INVITE)
        current = _active(membership)
        if current.role == role:
            return
        before, current.role = current.role, role
        current.save(update_fields=["role"])
        record("member-role", structure, actor=person, changes={"role": [before, role]}, note=str(current.person))
        _tell_changed(
            structure, [current.person], _("Votre rôle a changé\u202f: %(role)s.") % {"role": current.get_role_display()}
        )
        _look_for_managers(structure, before, person)


def end(membership: Membership, *, person: Person) -> None:
    """End somebody's membership, or one's own (leave). Access ends at the next request. Raises NotAllowed."""
    own = membership.person_id == person.pk
    with transaction.atomic():
        structure = _held_for(person, membership.structure, Action.STRUCTURE_LEAVE if own else Action.STRUCTURE_INVITE)
        current = _active(membership)
        current.state, current.ended_at = Membership.State.ENDED, timezone.now()
        current.save(update_fields=["state", "ended_at"])
        record(
            "left" if own else "member-ended",
            structure,
            actor=person,
            changes={"role": [current.role, ""]},
            note="" if own else str(current.person),
        )
        if own:
            _tell_changed(structure, managers_of(structure), _("%(who)s a quitté votre structure.") % {"who": current.person})
        else:
            _tell_changed(structure, [current.person], _("Votre accès à l’espace de la structure a pris fin."), reachable=False)
        _look_for_managers(structure, current.role, person)


def hand_over(membership: Membership, *, person: Person) -> None:
    """Make another member manager and leave, in one act: the structure is never without one. Raises NotAllowed."""
    with transaction.atomic():
        mine = _active(_alive(membership.structure).filter(person=person).first())
        change_role(membership, Membership.Role.MANAGER, person=person)
        end(mine, person=person)


def moves_with(away: Structure, kept: Structure) -> list[int]:
    """When two structures are made one, members and those who asked follow to the sheet that is kept; returns the memberships moved.

    Somebody of both keeps one membership: that of the sheet kept, with the wider of the two roles. Call it in the merge's transaction.
    """
    there = {row.person_id: row for row in _alive(kept)}
    moved = []
    for row in _alive(away).order_by("pk"):
        other = there.get(row.person_id)
        if other is None:
            row.structure = kept
            row.save(update_fields=["structure"])
            moved.append(row.pk)
        elif (other.state == Membership.State.ASKED and row.state == Membership.State.ACTIVE) or (
            row.state == other.state and row.role == Membership.Role.MANAGER != other.role
        ):
            other.role, other.state, other.decided_at = row.role, row.state, row.decided_at
            other.save(update_fields=["role", "state", "decided_at"])
    _open_invitations(away).update(structure=kept)
    return moved


def moves_back(pks: Iterable[int], away: Structure) -> None:
    """Undo `moves_with`, for those who are still there and not elsewhere in the structure that comes back."""
    for row in Membership.objects.filter(pk__in=list(pks)).order_by("pk"):
        if not _alive(away).filter(person=row.person_id).exists() or row.state not in _ALIVE:
            row.structure = away
            row.save(update_fields=["structure"])


_ALIVE = (Membership.State.ASKED, Membership.State.ACTIVE)


def _alive(structure: Structure) -> QuerySet[Membership]:
    return Membership.objects.filter(structure=structure, state__in=_ALIVE)


def _open_invitations(structure: Structure) -> QuerySet[Invitation]:
    return Invitation.objects.filter(structure=structure, used_at=None, revoked_at=None)


def _held(structure: Structure) -> Structure:
    """The structure, held until the end of the transaction: two acts on its members wait for each other."""
    return Structure.objects.select_for_update(of=("self",)).get(pk=structure.pk)


def _active(membership: Membership | None) -> Membership:
    current = Membership.objects.select_for_update(of=("self",)).filter(pk=membership.pk if membership else 0).first()
    if current is None or current.state != Membership.State.ACTIVE:
        raise NotAllowed(_("Cette appartenance n’est plus active. Rechargez la page."))
    return current


def _held_for(person: Person, structure: Structure, action: Action) -> Structure:
    """The structure, held, for somebody who may do this in it once it is held. Raises NotAllowed.

    Asked after the wait: of two managers who remove each other at the same instant, the second is a manager no more.
    """
    current = _held(structure)
    if not may_in_structure(person, current, action):
        raise NotAllowed(_("Cet acte revient aux gestionnaires de la structure."))
    return current


def _tell_changed(structure: Structure, people: Iterable[Person], sentence: str, *, reachable: bool = True) -> None:
    url = site_address() + (reverse("spaces") if not reachable else reverse("space", args=(structure.uid,)))
    for to in people:
        tell(to, "catalogue/mail/members_changed", {"structure": structure, "sentence": sentence, "url": url}, kind="structure")


def closed(person: Person) -> None:
    """This account was closed: the structures that it alone managed go to the queue of the animation. Call it in the closing's transaction."""
    rows = Membership.objects.current().filter(person=person, role=Membership.Role.MANAGER, structure__merged_into="")
    for row in rows.select_related("structure").order_by("pk"):
        _look_for_managers(_held(row.structure), row.role, None)


def forget(rows: QuerySet[Membership]) -> None:
    """Erase the memberships of somebody who asks to be forgotten. A structure that loses its last manager by it is not left unnoticed.

    The rows were what said that somebody once managed it: from now on the line « orphaned » of the journal says it (see `once_managed`).
    """
    managed = rows.filter(role=Membership.Role.MANAGER, state__in=(Membership.State.ACTIVE, Membership.State.ENDED))
    pks = managed.filter(structure__merged_into="").order_by("structure").values_list("structure", flat=True)
    structures = [_held(one) for one in Structure.objects.filter(pk__in=list(pks)).order_by("pk")]
    kept = {one.pk for one in structures if managers_of(one)}
    people = {row.person_id for row in rows}
    rows.delete()
    for structure in structures:
        if structure.pk in kept:
            _look_for_managers(structure, Membership.Role.MANAGER, None, untold=people)
        elif not once_managed().filter(subject_uid=structure.uid).exists():
            record("orphaned", structure)  # nobody kept it already, and the animation was told then


def once_managed() -> QuerySet[Entry]:
    """The journal's word that nobody manages a structure any more, for those whose members were forgotten. Compare `subject_uid`."""
    return Entry.objects.filter(verb="orphaned", subject_kind=Structure.KIND).order_by("pk")


def _look_for_managers(structure: Structure, role_before: str, person: Person | None, untold: Container[int] = ()) -> None:
    """A structure that loses its last manager goes to the queue of the animation, which is told (but for the people `untold`)."""
    if role_before != Membership.Role.MANAGER or managers_of(structure):
        return
    record("orphaned", structure, actor=person)
    members = _alive(structure).filter(state=Membership.State.ACTIVE, person__is_active=True)
    context = {
        "structure": structure,
        "members": [row.person for row in members.select_related("person").order_by("pk")],
        "url": site_address() + reverse("office-members"),
    }
    for to in animators():
        if to.pk not in untold:
            tell(to, "catalogue/mail/orphaned", context, kind="structure")
