"""Accounts of the office, for those who administer."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.accounts.access import role_required
from maillage.accounts.actions import sign_in_link
from maillage.accounts.models import Person, Role, SecurityEvent
from maillage.accounts.second_factor import has_factor
from maillage.catalogue.actions import people as actions
from maillage.catalogue.office.forms import NewPersonForm, PersonForm
from maillage.catalogue.office.page import link, office_page, person_of
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther

administrators_only = role_required(Role.ADMINISTRATION)


@require_safe
@administrators_only
def people(request: HttpRequest) -> HttpResponse:
    """Every account."""
    rows = [
        [
            link(reverse("office-person", args=(person.pk,)), person.email),
            person.name or "—",
            person.get_role_display() if person.is_active else _("Compte fermé"),
            date_format(person.last_login, "j F Y") if person.last_login else _("jamais"),
        ]
        for person in Person.objects.order_by("email")
    ]
    columns = [_("Adresse"), _("Nom"), _("Rôle"), _("Dernière connexion")]
    context = {"columns": columns, "rows": rows, "caption": _("Comptes")}
    return office_page(request, "people.html", context, part="people", trail=[(_("Comptes"), "")])


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def new_person(request: HttpRequest) -> HttpResponse:
    """Open an account; its page then gives a sign-in link to hand over."""
    form = NewPersonForm(request.POST or None, initial={"role": Role.REDACTION})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        person = actions.open_account(
            data["email"], data["name"], data["role"], actor=person_of(request), territory=data["territory"]
        )
        messages.success(request, _("Le compte est ouvert. Donnez à la personne un lien de connexion."))
        return SeeOther(reverse("office-person", args=(person.pk,)))
    context = {
        "form": form,
        "problems": problems_of(form),
    }
    trail = [(_("Comptes"), reverse("office-people")), (_("Nouveau compte"), "")]
    return office_page(request, "new_person.html", context, part="people", trail=trail)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its role, whether it is open, and a sign-in link to hand over."""
    found = Person.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    given = ""
    held = f"{found.territory_level}:{found.territory_code}" if found.territory_code else ""
    form = PersonForm(initial={"role": found.role, "is_active": found.is_active, "territory": held})
    if request.method == "POST" and "lien" in request.POST and found.is_active:
        with transaction.atomic():
            given = sign_in_link(found, settings.SITE_URL or request.build_absolute_uri("/"))
            actions.link_given(found, actor=person_of(request))
    elif request.method == "POST" and "facteur" in request.POST:
        actions.remove_factors(found, actor=person_of(request))
        messages.success(request, _("Son second facteur est retiré, ses sessions sont fermées, et la personne est prévenue."))
        return SeeOther(reverse("office-person", args=(found.pk,)) if found != request.user else reverse("sign-in"))
    elif request.method == "POST":
        form = PersonForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                actions.change_account(
                    found, data["role"], is_active=data["is_active"], actor=person_of(request), territory=data["territory"]
                )
            except ValueError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Le compte est changé. Ses sessions ouvertes sont fermées."))
                return SeeOther(reverse("office-people") if found != request.user else reverse("sign-in"))
    context = {
        "person": found,
        "form": form,
        "given": given,
        "has_factor": has_factor(found),
        "events": SecurityEvent.objects.filter(person=found).order_by("-at", "-pk")[:20],
        "problems": [{"anchor": "", "message": text} for texts in form.errors.values() for text in texts],
    }
    trail = [(_("Comptes"), reverse("office-people")), (str(found), "")]
    return office_page(request, "person.html", context, part="people", trail=trail)


@require_safe
@administrators_only
def security_events(request: HttpRequest) -> HttpResponse:
    """What concerned the safety of every account, the latest first."""
    pager = Paginator(SecurityEvent.objects.select_related("person", "actor").order_by("-at", "-pk"), 100).get_page(
        request.GET.get("page")
    )
    rows = [
        [
            date_format(timezone.localtime(event.at), "j F Y, H:i"),
            event.get_kind_display(),
            str(event.person) if event.person else "—",
            event.device or "—",
            ", ".join(filter(None, [event.detail_in_words, str(event.actor) if event.actor else ""])) or "—",
        ]
        for event in pager
    ]
    columns = [_("Quand"), _("Quoi"), _("Compte"), _("Appareil"), _("Précision")]
    context = {"columns": columns, "rows": rows, "caption": _("Événements de sécurité"), "pager": pager, "pager_query": ""}
    trail = [(_("Comptes"), reverse("office-people")), (_("Événements de sécurité"), "")]
    return office_page(request, "security_events.html", context, part="people", trail=trail)
