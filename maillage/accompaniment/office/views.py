"""The animation's part: who waits for somebody, by territory, and what to do about it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from maillage.accompaniment import access, described, queries
from maillage.accompaniment.actions import animating, following
from maillage.accompaniment.actions.moving import present
from maillage.accompaniment.enums import OUTCOMES, Move, State
from maillage.accompaniment.forms import CloseForm, ToStructureForm
from maillage.accompaniment.models import Handover, Request
from maillage.accompaniment.proposals import proposals
from maillage.accompaniment.states import ANIMATION, WITH_HOLDER, WITH_RECIPIENT, Impossible, possible
from maillage.accompaniment.views.common import done, impossible
from maillage.accompaniment.working_days import working_days
from maillage.accounts.access import has_role
from maillage.accounts.models import Role
from maillage.catalogue.office.page import link, office_page, person_of, team_only
from maillage.journal.actions import accesses_to, looked
from maillage.journal.consents import consents_of, has_consent
from maillage.journal.models import Category
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther
from maillage.territories import queries as territories
from maillage.vocabulary.labels import label, labels
from maillage.vocabulary.portals import portals

PER_PAGE = 50
#: Groups of states of the list, in the order of the tabs.
GROUPS: dict[str, frozenset[State]] = {
    "animation": frozenset({State.QUEUE}),
    "structures": WITH_RECIPIENT,
    "porteurs": WITH_HOLDER,
    "repondues": frozenset({State.ACCEPTED, State.KNOWN}),
    "finies": frozenset({State.CLOSED, State.WITHDRAWN}),
}


def _tabs() -> dict[str, str]:
    return {
        "animation": _("À placer"),
        "structures": _("Chez une structure"),
        "porteurs": _("Attendent l’accord du porteur"),
        "repondues": _("Répondues"),
        "finies": _("Finies"),
    }


@require_safe
@team_only
def requests(request: HttpRequest) -> HttpResponse:
    """The queue, those that wait longest first. No holder is named here."""
    group = request.GET.get("etat", "animation")
    group = group if group in GROUPS else "animation"
    departement = request.GET.get("departement", "")
    known = {
        place.code: place.name
        for portal in portals().values()
        for code in portal.regions
        for place in territories.departements_of_region(code)
    }
    communes = territories.commune_codes_of("departement", departement) if departement in known else None
    counts = queries.counts_by_state()
    pager = Paginator(queries.queue(GROUPS[group], communes), PER_PAGE).get_page(request.GET.get("page"))
    last = {each.request_id: each for each in Handover.objects.filter(request__in=[one.pk for one in pager]).order_by("pk")}
    animates = has_role(person_of(request), Role.ANIMATION)
    today = timezone.localdate()
    rows = [
        [
            link(reverse("office-request", args=(one.uid,)), one.reference) if animates else one.reference,
            one.get_state_display(),
            last[one.pk].recipient_name if one.pk in last else "",
            _place(one),
            label("stage", one.stage) if one.stage else "",
            ", ".join(labels("need", one.needs)),
            _waited(working_days(timezone.localdate(one.waiting_since), today)),
        ]
        for one in pager
    ]
    context = {
        "tabs": [(code, words, sum(counts.get(state, 0) for state in GROUPS[code])) for code, words in _tabs().items()],
        "group": group,
        "departement": departement if departement in known else "",
        "departements": list(known.items()),
        "caption": _tabs()[group],
        "columns": [
            _("Demande"),
            _("État"),
            _("Dernier destinataire"),
            _("Commune"),
            _("Étape"),
            _("Sujets"),
            _("Attend depuis"),
        ],
        "rows": rows,
        "pager": pager,
        "pager_query": urlencode([pair for pair in (("etat", group), ("departement", departement)) if pair[1]]),
        "figures_url": reverse("office-request-figures"),
    }
    return office_page(request, "requests.html", context, part="requests", trail=[(_("Demandes"), "")])


def _waited(days: int) -> str:
    """How long a request has waited, in working days."""
    return ngettext("%(days)d jour ouvré", "%(days)d jours ouvrés", days) % {"days": days}


def _place(one: Request) -> str:
    commune = territories.commune(one.commune) if one.commune else None
    return f"{commune.name} ({commune.departement})" if commune else _("non dite")


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def request_page(request: HttpRequest, uid: str) -> HttpResponse:
    """One request: what the animation may read, and do."""
    person = person_of(request)
    demand = access.request_for_office(request, uid)
    here = reverse("office-request", args=(uid,))
    if request.method != "POST":
        return _page(request, demand)
    act = request.POST.get("acte", "")
    try:
        if act == "clore":
            form = CloseForm(request.POST, prefix="f")
            if not form.is_valid():
                return _page(request, demand, close_form=form, problems=problems_of(form))
            animating.close(demand, person=person, word=form.cleaned_data["mot"].strip())
            return SeeOther(f"{here}?fait=close")
        if act in ("proposer", "transmettre"):
            return _place_it(request, demand, here, act)
    except Impossible:
        return impossible(request, here)  # type: ignore[arg-type]  # a PortalRequest: the middleware has passed
    return _page(request, demand, problems=[{"message": _("Choisissez une des actions de la page."), "anchor": ""}])


def _place_it(request: HttpRequest, demand: Request, here: str, act: str) -> HttpResponse:
    person = person_of(request)
    form = ToStructureForm(request.POST, prefix="p", proposed=_proposed(demand))
    if not form.is_valid():
        return _page(request, demand, place_form=form, problems=problems_of(form))
    assert form.structure is not None
    if has_consent(demand, form.structure.uid, Category.CONTACT):
        following.agree_to_known(demand, form.structure, person=person)
        return SeeOther(f"{here}?fait=transmise")
    if act == "proposer":
        animating.propose(demand, form.structure, person=person, word=form.cleaned_data["mot"].strip())
        return SeeOther(f"{here}?fait=propose")
    if request.POST.get("accord") != "oui":
        problem = {"message": _("Cochez que la personne a dit oui, ou choisissez de lui écrire."), "anchor": "accord-oral"}
        return _page(request, demand, place_form=form, problems=[problem])
    following.agree_to(demand, form.structure, actor=ANIMATION, recorded_by=person, spoken=True)
    return SeeOther(f"{here}?fait=transmise")


def _proposed(demand: Request) -> dict[str, str]:
    return {each.uid: each.name for each in proposals(demand, 6)}


def _page(request: HttpRequest, demand: Request, **more: Any) -> HttpResponse:
    person = person_of(request)
    sight = access.sight_of_animation(demand)
    if sight.personal:
        keeper = access.keeper_of(demand)
        for category in (Category.CONTACT, Category.PROJECT):
            looked(person, demand, category, organisation=keeper.name, person=demand.person)
    moves = possible(State(demand.state), ANIMATION)
    handover = present(demand)
    context = {
        "demand": demand,
        "done": done(request),  # type: ignore[arg-type]  # a PortalRequest
        "sight": sight,
        "handover": handover,
        "project": described.project_of(demand),
        "holder": described.holder_of(demand) if sight.personal else [],
        "story": described.story(access.story_for(demand, sight), for_holder=False, personal=sight.personal),
        "agreements": consents_of(demand).filter(category=Category.CONTACT).order_by("pk"),
        "looks": accesses_to(demand).filter(category=Category.CONTACT)[:20],
        "may_place": Move.PROPOSE in moves,
        "may_close": Move.CLOSE in moves,
        "place_form": ToStructureForm(prefix="p", proposed=_proposed(demand)),
        "close_form": CloseForm(prefix="f"),
        "spoken": _("Vous lui lisez\u202f: «\u202f%(words)s\u202f»") % {"words": _spoken()},
        "problems": [],
        **more,
    }
    trail = [(_("Demandes"), reverse("office-requests")), (demand.reference, "")]
    return office_page(request, "request.html", context, part="requests", trail=trail)


def _spoken() -> str:
    return _(
        "Êtes-vous d’accord pour que cette structure reçoive votre nom, vos coordonnées, ce que vous avez écrit et ce que les structures précédentes ont répondu, pour vous répondre\u202f?"
    )


@require_safe
@team_only
def figures(request: HttpRequest) -> HttpResponse:
    """How many requests, and what became of them. The whole office may read it: nobody is named, small counts stay inside."""
    rows = queries.figures()
    context = {
        "caption": _("Demandes par mois, étape, sujet et territoire"),
        "columns": [
            _("Mois"),
            _("Étape"),
            _("Sujet"),
            _("Département"),
            _("Issue"),
            _("Nombre"),
            _("Délai médian (jours ouvrés)"),
        ],
        "rows": [
            [
                each.month,
                label("stage", each.stage) if each.stage else _("non dite"),
                label("need", each.need) if each.need else _("non dit"),
                each.departement or _("non dit"),
                OUTCOMES[each.outcome],
                each.count,
                "–" if each.days is None else f"{each.days:g}".replace(".", ","),
            ]
            for each in rows[-400:][::-1]
        ],
    }
    trail = [(_("Demandes"), reverse("office-requests")), (_("Chiffres"), "")]
    return office_page(request, "request_figures.html", context, part="requests", trail=trail)
