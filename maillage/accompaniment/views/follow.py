"""The holder's private page: where the request is, who looked, what may be done; the printed sheet; « était-ce utile ? »."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accompaniment import access, described
from maillage.accompaniment.actions import following, forgetting
from maillage.accompaniment.actions.moving import present
from maillage.accompaniment.deadlines import CLOSE, ESCALATE, REMIND
from maillage.accompaniment.enums import Move, State
from maillage.accompaniment.forms import UsefulForm, WordForm
from maillage.accompaniment.models import Handover, Request
from maillage.accompaniment.proposals import proposals
from maillage.accompaniment.recipients import box_for, box_to_read
from maillage.accompaniment.states import HOLDER, WITH_HOLDER, WITH_RECIPIENT, Impossible, possible
from maillage.accompaniment.views.common import done, impossible, private
from maillage.accompaniment.working_days import after_working_days, working_days
from maillage.catalogue.models import Structure
from maillage.journal.actions import accesses_to
from maillage.journal.consents import consents_of
from maillage.journal.models import Category
from maillage.kit.absolute import absolute_url
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther
from maillage.kit.qr import qr_code
from maillage.vocabulary.middleware import PortalRequest

#: How many looks the page lists.
LOOKS = 50


@private(access.by_follow_link, "GET", "HEAD", "POST")
def follow(request: PortalRequest, demand: Request, *, secret: str) -> HttpResponse:
    """Where it is, and what the holder may do."""
    if request.method != "POST":
        return _page(request, demand, secret)
    act = ACTS.get(request.POST.get("acte", ""))
    if act is None:
        return _page(request, demand, secret, problems=[{"message": _("Choisissez une des actions de la page."), "anchor": ""}])
    try:
        return act(request, demand, secret)
    except Impossible:
        return impossible(request, reverse("request-follow", args=(secret,)))


def _here(secret: str, fact: str) -> SeeOther:
    return SeeOther(reverse("request-follow", args=(secret,)) + f"?fait={fact}")


def _word(request: PortalRequest, demand: Request, secret: str) -> HttpResponse:
    form = WordForm(request.POST)
    if not form.is_valid():
        return _page(request, demand, secret, word=form, problems=problems_of(form))
    following.add_word(demand, form.cleaned_data["mot"].strip())
    return _here(secret, "mot")


def _withdraw(request: PortalRequest, demand: Request, secret: str) -> HttpResponse:
    if request.POST.get("sur") != "oui":
        return _page(
            request, demand, secret, problems=[{"message": _("Cochez la case pour retirer votre demande."), "anchor": "sur"}]
        )
    following.withdraw(demand)
    return _here(secret, "")


def _erase(request: PortalRequest, demand: Request, secret: str) -> HttpResponse:
    if request.POST.get("toujours") != "oui":
        return _page(
            request, demand, secret, problems=[{"message": _("Cochez la case pour tout effacer."), "anchor": "toujours"}]
        )
    forgetting.erase(demand)
    return _here(secret, "efface")


def _revoke(request: PortalRequest, demand: Request, secret: str) -> HttpResponse:
    following.revoke(demand, request.POST.get("destinataire", "")[:40].replace("\0", ""))
    return _here(secret, "retrait")


def _allow(request: PortalRequest, demand: Request, secret: str) -> HttpResponse:
    following.allow(demand, box_to_read(access.keeper_of(demand)))
    return _here(secret, "accord")


def _agree(request: PortalRequest, demand: Request, secret: str) -> HttpResponse:
    """Agree to one structure among those shown: nothing else can be chosen here."""
    wanted = request.POST.get("structure", "")
    structure = next((each for each in _next(demand) if each.uid == wanted), None)
    if structure is None:
        return _page(
            request,
            demand,
            secret,
            problems=[{"message": _("Cette structure n’est plus proposée. Choisissez parmi celles de la page."), "anchor": ""}],
        )
    if request.POST.get("accord") != structure.uid:
        said = _("Cochez l’accord pour %(name)s\u202f: sans lui, rien ne part.") % {"name": structure.name}
        return _page(request, demand, secret, problems=[{"message": said, "anchor": f"accord-{structure.uid}"}])
    following.agree_to(demand, structure)
    return _here(secret, "accord")


def _refuse(request: PortalRequest, demand: Request, secret: str) -> HttpResponse:
    following.refuse(demand)
    return _here(secret, "pris")


def _no_news(request: PortalRequest, demand: Request, secret: str) -> HttpResponse:
    if not may_say_no_news(demand, timezone.localdate()):
        raise Impossible("too early")
    following.no_news(demand)
    return _here(secret, "pris")


ACTS: dict[str, Callable[[PortalRequest, Request, str], HttpResponse]] = {
    "mot": _word,
    "retirer": _withdraw,
    "effacer": _erase,
    "revoquer": _revoke,
    "lire": _allow,
    "accepter": _agree,
    "refuser": _refuse,
    "sans-nouvelle": _no_news,
}


def may_say_no_news(demand: Request, today: date) -> bool:
    """« Toujours sans nouvelle » is for those who waited five working days: before, the structure has had no time."""
    allowed = Move.NO_NEWS in possible(State(demand.state), HOLDER)
    return allowed and working_days(timezone.localdate(demand.waiting_since), today) >= REMIND


def _next(demand: Request) -> list[Structure]:
    """Who may be asked now: the structure that was proposed, else those that routing finds besides those who had it."""
    if demand.state not in WITH_HOLDER:
        return []
    if demand.proposed:
        return [demand.proposed] if demand.proposed.is_visible else []
    return proposals(demand, 3)


def _page(request: PortalRequest, demand: Request, secret: str, **more: Any) -> HttpResponse:
    keeper = access.keeper_of(demand)
    agreements = list(consents_of(demand).filter(category=Category.CONTACT).order_by("pk"))
    asking = _next(demand)
    handover = present(demand)
    since = timezone.localdate(demand.waiting_since)
    waits = demand.state in WITH_RECIPIENT
    context = {
        "demand": demand,
        "secret": secret,
        "sent": request.GET.get("fait") == "envoyee",
        "done": done(request),
        "handover": handover,
        "remind_on": after_working_days(since, REMIND) if waits else None,
        "escalate_on": after_working_days(since, ESCALATE) if waits else None,
        "close_days": CLOSE,
        "project": described.project_of(demand),
        "holder": described.holder_of(demand),
        "story": described.story(access.story_for(demand, access.Sight(True)), for_holder=True),
        "agreements": agreements,
        "looks": _looks(demand),
        "asking": [(each, box_for(each)) for each in asking],
        "let_in": None
        if demand.is_over
        or demand.state != State.QUEUE
        or any(one.recipient_uid == keeper.uid and not one.revoked_at for one in agreements)
        else box_to_read(keeper),
        "keeper": keeper,
        "no_news": may_say_no_news(demand, timezone.localdate()),
        "may_be_useful": Handover.objects.filter(request=demand, answered_at__isnull=False).exists(),
        "word": WordForm(),
        "problems": [],
        **more,
    }
    return render(request, "accompaniment/follow.html", context)


def _looks(demand: Request) -> list[tuple[Any, str]]:
    """Who looked and when: one line for each look, whatever the categories it opened."""
    seen = dict.fromkeys(
        (each.at.replace(second=0, microsecond=0), each.organisation) for each in accesses_to(demand)[: 4 * LOOKS]
    )
    return list(seen)[:LOOKS]


@private(access.by_follow_link, "GET", "HEAD")
def sheet(request: PortalRequest, demand: Request, *, secret: str) -> HttpResponse:
    """A sheet to print and to keep: what was sent to whom, what happens next, a code that leads to the private page."""
    url = absolute_url(request, reverse("request-follow", args=(secret,)), request.portal.hosts)
    since = timezone.localdate(demand.waiting_since)
    context = {
        "demand": demand,
        "secret": secret,
        "url": url,
        "qr": qr_code(url),
        "handover": present(demand),
        "project": described.project_of(demand),
        "holder": described.holder_of(demand),
        "agreements": consents_of(demand).filter(category=Category.CONTACT, revoked_at__isnull=True).order_by("pk"),
        "remind_on": after_working_days(since, REMIND),
        "escalate_on": after_working_days(since, ESCALATE),
        "close_days": CLOSE,
        "counter": demand.at_counter,
        "keeper": access.keeper_of(demand),
        "sent": request.GET.get("fait") == "envoyee",
    }
    return render(request, "accompaniment/sheet.html", context)


@private(access.by_follow_link, "GET", "HEAD", "POST")
def useful(request: PortalRequest, demand: Request, *, secret: str) -> HttpResponse:
    """« Était-ce utile ? »: one button, and what followed if the holder wants to tell."""
    form = UsefulForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        following.say_useful(demand, form.cleaned_data["utile"], form.cleaned_data["suite"].strip())
        return _here(secret, "merci")
    context = {
        "demand": demand,
        "secret": secret,
        "form": form,
        "handover": Handover.objects.filter(request=demand, answered_at__isnull=False).order_by("-pk").first(),
        "problems": problems_of(form, {"utile": "reponses"}),
    }
    return render(request, "accompaniment/useful.html", context)
