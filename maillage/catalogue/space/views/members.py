"""Who belongs to a structure: claim, join, invite, decide, change roles, hand over, leave."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from maillage.accounts.models import Person
from maillage.accounts.policy import Action
from maillage.catalogue import addresses
from maillage.catalogue.access import NotAllowed
from maillage.catalogue.actions import members as actions
from maillage.catalogue.domains import domain_of_email
from maillage.catalogue.models import Membership, Structure
from maillage.catalogue.personas import may_in_structure
from maillage.catalogue.space import queries
from maillage.catalogue.space.access import invitation_of, membership_of, person_of, structure_of
from maillage.catalogue.space.forms import ClaimForm, InviteForm
from maillage.catalogue.space.page import space_page
from maillage.catalogue.upkeep import managers_of
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, handle: str) -> HttpResponse:
    """« C’est ma structure »: claim its sheet, or ask to join those who keep it."""
    person = person_of(request)
    found = addresses.find(Structure.objects.all(), handle)
    structure = found.sheet
    if found.gone:
        return render(request, "catalogue/gone.html", {"sheet": structure, "others": ()}, status=410)
    managed = bool(managers_of(structure))
    alive = Membership.objects.filter(person=person, structure=structure, state__in=("demandee", "active")).first()
    domains = actions.proving_domains(structure)
    form = ClaimForm(request.POST or None, initial={"role": Membership.Role.MANAGER})
    status = 200
    if request.method == "POST" and alive is None and form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.ask(structure, data["role"], person=person, note=data["note"], siren=data["siren"])
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
            status = 403
        else:
            if made.state == Membership.State.ACTIVE:
                messages.success(request, _("Vous tenez maintenant la fiche de votre structure."))
                return SeeOther(reverse("space", args=(structure.uid,)))
            messages.success(request, _("Votre demande est envoyée. Vous aurez la réponse par courriel."))
            return SeeOther(reverse("spaces"))
    context = {
        "sheet": structure,
        "managed": managed,
        "alive": alive,
        "proven": not managed and domain_of_email(person.email) in domains,
        "domains": sorted(domains),
        "form": form,
        "problems": problems_of(form),
        "trail": [(structure.name, structure.get_absolute_url()), (_("C’est ma structure"), "")],
    }
    return space_page(request, "claim.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, uid: str) -> HttpResponse:
    """Who belongs to it; those who keep it invite here."""
    person = person_of(request)
    structure = structure_of(request, uid)
    form = InviteForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite(structure, form.cleaned_data["email"], form.cleaned_data["role"], person=person)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
            status = 403
        else:
            messages.success(request, _("L’invitation est partie. Elle sert une seule fois, pendant quatorze jours."))
            return SeeOther(reverse("space-members", args=(structure.uid,)))
    context = {
        **queries.members_of(structure),
        "form": form,
        "problems": problems_of(form),
        "roles": Membership.Role.choices,
        "manages": may_in_structure(person, structure, Action.STRUCTURE_INVITE),
        "me": person.pk,
    }
    return space_page(request, "members.html", context, structure=structure, trail=[(_("Membres"), "")], status=status)


@require_POST
def member(request: HttpRequest, uid: str, pk: int) -> HttpResponse:
    """One act on one membership: accept, refuse, change the role, end, hand over."""
    person = person_of(request)
    structure = structure_of(request, uid, Action.STRUCTURE_INVITE)
    membership = membership_of(structure, pk)
    act = request.POST.get("acte", "")
    try:
        if act in ("accepter", "refuser"):
            actions.decide(membership, accept=act == "accepter", person=person, note=request.POST.get("note", "")[:1000])
            said = _("La demande est acceptée.") if act == "accepter" else _("La demande est refusée.")
        elif act == "role" and request.POST.get("role") in Membership.Role.values:
            actions.change_role(membership, request.POST["role"], person=person)
            said = _("Le rôle est changé.")
        elif act == "fin":
            actions.end(membership, person=person)
            said = _("Cette personne n’a plus accès à l’espace de la structure.")
        elif act == "transmettre":
            actions.hand_over(membership, person=person)
            messages.success(request, _("La fiche est transmise, et vous avez quitté la structure."))
            return SeeOther(reverse("spaces"))
        else:
            raise NotAllowed(_("Cet acte n’existe pas. Rechargez la page."))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    if not may_in_structure(person, structure, Action.STRUCTURE_MEMBERS):
        return SeeOther(reverse("spaces"))
    return SeeOther(reverse("space-members", args=(structure.uid,)))


@require_POST
def invitation_revoke(request: HttpRequest, uid: str, pk: int) -> HttpResponse:
    """Take an invitation back."""
    person = person_of(request)
    structure = structure_of(request, uid, Action.STRUCTURE_INVITE)
    actions.revoke_invitation(invitation_of(structure, pk), person=person)
    messages.success(request, _("L’invitation est reprise\u202f: son lien ne marche plus."))
    return SeeOther(reverse("space-members", args=(structure.uid,)))


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, uid: str) -> HttpResponse:
    """Leave a structure: the page says what one loses."""
    person = person_of(request)
    structure = structure_of(request, uid, Action.STRUCTURE_LEAVE)
    mine = Membership.objects.current().get(structure=structure, person=person)
    if request.method == "POST":
        try:
            actions.end(mine, person=person)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Vous avez quitté cette structure."))
        return SeeOther(reverse("spaces"))
    last = mine.role == Membership.Role.MANAGER and len(managers_of(structure)) == 1
    others = Membership.objects.current().filter(structure=structure).exclude(pk=mine.pk).count()
    trail = [(_("Quitter"), "")]
    return space_page(request, "leave.html", {"mine": mine, "last": last, "others": others}, structure=structure, trail=trail)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """The page of an invitation: looking at it uses nothing; the button does, signed in with the address it was sent to."""
    found = actions.invitation_for(secret)
    if found is None or not found.is_open():
        return render(request, "space/invitation.html", {"invitation": None}, status=410)
    problem = ""
    if request.method == "POST":
        if not isinstance(request.user, Person):
            return redirect_to_login(request.get_full_path(), reverse("sign-in"))
        try:
            actions.accept_invitation(found, person=request.user)
        except NotAllowed as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("Bienvenue dans l’espace de votre structure."))
            return SeeOther(reverse("space", args=(found.structure.uid,)))
    mine = isinstance(request.user, Person) and request.user.email.lower() == found.email
    context = {"invitation": found, "mine": mine, "problem": problem, "here": request.path}
    return render(request, "space/invitation.html", context, status=403 if problem else 200)
