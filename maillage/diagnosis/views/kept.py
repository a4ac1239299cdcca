"""The kept diagnosis, under a private link: the holder's, or the adviser's who fills in the same grid."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from maillage.diagnosis import access, actions, compare, whereabouts
from maillage.diagnosis.access import ADVISER, HOLDER, Entry, LinkEnded
from maillage.diagnosis.code import decode
from maillage.diagnosis.compare import Agreement, Line, Move
from maillage.diagnosis.filling import KeptFilling
from maillage.diagnosis.forms import AnswerForm, ArrangeForm
from maillage.diagnosis.models import Assessment, Document, Evidence
from maillage.diagnosis.views.common import list_page, result_json, result_page, result_pdf, step_page
from maillage.diagnosis.wording import AGREEMENTS, MOVES, SHORT
from maillage.kit.absolute import absolute_url
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther, comes_from_here
from maillage.kit.typography import typographic
from maillage.vocabulary.middleware import PortalRequest

View = Callable[..., HttpResponseBase]


def private(*methods: str) -> Callable[[View], View]:
    """Decorates a view of a kept diagnosis: opens the link, refuses posts of other sites, keeps the page out of caches and search engines."""

    def decorate(view: View) -> View:
        @csrf_exempt  # the secret of the address is what a token would be, and posts come from here
        @cache_control(private=True, no_cache=True)  # not no-store: Back must find again what was typed
        @login_not_required
        @require_http_methods([*methods])
        @wraps(view)
        def answer(request: PortalRequest, secret: str, **rest: Any) -> HttpResponseBase:
            response: HttpResponseBase
            try:
                opened = access.entry(secret)
            except LinkEnded:
                response = ended(request)
            else:
                if request.method == "POST" and not comes_from_here(request):
                    response = render(request, "diagnosis/elsewhere.html", {"section": "diagnosis"}, status=403)
                else:
                    response = view(request, opened, **rest)
            response.headers["X-Robots-Tag"] = "noindex"
            return response

        return answer

    return decorate


def ended(request: PortalRequest) -> HttpResponse:
    """The page of a link that opens nothing. What was typed is shown again, so that it can be copied."""
    typed = request.POST.get("preuve", "")[: Evidence.LONGEST] if request.method == "POST" else ""
    return render(request, "diagnosis/ended.html", {"section": "diagnosis", "typed": typed}, status=410)


def filling_of(entry: Entry, assessment: Assessment | None = None, tour: int = 0) -> KeptFilling:
    """The assessment of a link (or another of the diagnosis) as a filling; `tour` when it is an earlier round."""
    shown = assessment or entry.assessment
    version = entry.version_of(shown)
    where = whereabouts.known(entry.diagnosis.stage, entry.diagnosis.commune)
    return KeptFilling(version, decode(version.grid, shown.answers).answers, where, entry.secret, tour)


def context_of(entry: Entry) -> dict[str, Any]:
    """What every page of a kept diagnosis needs."""
    return {
        "kept": entry,
        "expires": entry.diagnosis.expires_at,
        "pairs": [],
        "problems": [],
        "newer": "",
        "other_voice": entry.find(ADVISER if entry.is_holder else HOLDER, entry.assessment.round),
    }


def evidence_of(assessments: Iterable[Assessment]) -> dict[int, dict[str, str]]:
    """What supports the answers: assessment → criterion → text."""
    found: dict[int, dict[str, str]] = {each.pk: {} for each in assessments}
    for one, criterion, text in (
        Evidence.objects.filter(assessment__in=list(found)).order_by("pk").values_list("assessment_id", "criterion", "text")
    ):
        found[one][criterion] = text
    return found


def documents_of(assessment: Assessment) -> dict[str, list[Document]]:
    """The documents of an assessment, by criterion."""
    found: dict[str, list[Document]] = {}
    for document in Document.objects.filter(assessment=assessment).order_by("pk"):
        found.setdefault(document.criterion, []).append(document)
    return found


@private("GET", "HEAD")
def questions(request: PortalRequest, entry: Entry) -> HttpResponse:
    """The list of the questions."""
    return list_page(request, filling_of(entry), context_of(entry))


@private("GET", "HEAD", "POST")
def question(request: PortalRequest, entry: Entry, step: str) -> HttpResponse:
    """One question: the answer and what supports it are kept, then the next one."""
    filling = filling_of(entry)
    asked = filling.version.grid.by_code.get(step)
    if asked is None:
        return redirect(filling.list_url)
    context = {**context_of(entry), "may_add": access.may_add_documents(request.user)}
    if request.method == "POST":
        form = AnswerForm(request.POST, letters=asked.letters)
        if form.is_valid():
            actions.answer(entry, step, form.cleaned_data["reponse"], form.cleaned_data["preuve"])
            after = filling_of(access.entry(entry.secret))
            return SeeOther(after.list_url if request.POST.get("suite") == "liste" else after.after(step))
        context["evidence_problem"] = " ".join(map(str, form.errors.get("preuve", [])))
        context["evidence"] = request.POST.get("preuve", "")
        context["documents"] = documents_of(entry.assessment).get(step, [])
        problem = " ".join(map(str, form.errors.get("reponse", [])))
        context["problems"] = problems_of(form, {"reponse": "reponse", "preuve": "preuve"})
        return step_page(request, filling, asked, {**context, "chosen": form.cleaned_data.get("reponse", "")}, problem=problem)
    context["evidence"] = evidence_of([entry.assessment])[entry.assessment.pk].get(step, "")
    context["documents"] = documents_of(entry.assessment).get(step, [])
    return step_page(request, filling, asked, context)


def _shown(request: PortalRequest, entry: Entry) -> tuple[Assessment, KeptFilling]:
    """The assessment to show: the present one, or an earlier round of the same voice (`tour`)."""
    wanted = request.GET.get("tour", "")
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 4 else 0
    earlier = entry.find(entry.assessment.voice, number) if entry.is_holder else None
    if earlier is None or earlier.pk == entry.assessment.pk:
        return entry.assessment, filling_of(entry)
    return earlier, filling_of(entry, earlier, number)


@private("GET", "HEAD")
def profile(request: PortalRequest, entry: Entry) -> HttpResponse:
    """The profile; the holder's form of place is posted to `place`."""
    assessment, filling = _shown(request, entry)
    context = {**context_of(entry), "evidence": evidence_of([assessment])[assessment.pk]}
    return result_page(request, filling, context)


@private("POST")
def place(request: PortalRequest, entry: Entry) -> HttpResponse:
    """Keep where the project stands and is, then show the profile again."""
    where = whereabouts.read(request.POST)
    filling = filling_of(entry)
    if where.problem:
        shown = KeptFilling(filling.version, filling.answers, where, filling.secret)
        return result_page(
            request, shown, {**context_of(entry), "evidence": evidence_of([entry.assessment])[entry.assessment.pk]}
        )
    actions.place(entry, where)
    return SeeOther(filling.result_url)


@private("GET", "HEAD")
def profile_pdf(request: PortalRequest, entry: Entry) -> HttpResponse:
    """The profile as a PDF. The private link is not printed on it: a sheet goes from hand to hand."""
    assessment, filling = _shown(request, entry)
    return result_pdf(request, filling, context_of(entry), evidence_of([assessment])[assessment.pk], printed_url="")


@private("GET", "HEAD")
def profile_json(request: PortalRequest, entry: Entry) -> HttpResponse:
    """The profile for a program, with what supports the answers."""
    assessment, filling = _shown(request, entry)
    names = {criterion: [document.name for document in found] for criterion, found in documents_of(assessment).items()}
    return result_json(request, filling, evidence_of([assessment])[assessment.pk], names, url="")


#: Which verdicts are brought out, and how.
_AGREEMENT_BADGES = {Agreement.SAME: "ok", Agreement.APART: "alarm", Agreement.ONE_SIDED: "warn"}
_MOVE_BADGES = {Move.UP: "ok", Move.KNOWN: "ok", Move.DOWN: "alarm", Move.OTHER: "warn"}


@private("GET", "HEAD")
def compared(request: PortalRequest, entry: Entry) -> HttpResponse:
    """The two voices, in the last round that an adviser was invited to; and what moved since the holder's round before."""
    number = entry.assessment.round
    heard = max((each.round for each in entry.assessments if each.voice == ADVISER and each.round <= number), default=number)
    now, before = entry.find(HOLDER, number), entry.find(HOLDER, number - 1)
    holder, adviser = entry.find(HOLDER, heard), entry.find(ADVISER, heard)
    assert now is not None
    assert holder is not None
    evidence = evidence_of([each for each in (holder, adviser, now) if each])
    filling = filling_of(entry, holder)
    grid = filling.version.grid
    language = get_language()

    def lines(found: Iterable[Line], words: Any, badges: Any, assessment: Assessment) -> list[dict[str, Any]]:
        return [
            {
                "title": typographic(line.criterion.title.said(language)),
                "first": SHORT[line.first],
                "second": SHORT[line.second],
                "verdict": words[line.verdict],
                "badge": badges.get(line.verdict, ""),
                "evidence": evidence[assessment.pk].get(line.criterion.code, ""),
                "other_evidence": evidence[adviser.pk].get(line.criterion.code, "") if adviser else "",
            }
            for line in found
        ]

    two = compare.voices(grid, filling.answers, decode(grid, adviser.answers).answers) if adviser else ()
    earlier = filling_of(entry, before) if before else None
    present = filling_of(entry, now)
    moved = compare.moves(earlier.version.grid, earlier.answers, present.version.grid, present.answers) if earlier else ()
    context = {
        **context_of(entry),
        "filling": filling_of(entry),
        "adviser": adviser,
        "heard": heard if adviser and heard != number else 0,
        "before": before,
        "voices": lines(two, AGREEMENTS, _AGREEMENT_BADGES, holder),
        "agreed": sum(1 for line in two if line.verdict == Agreement.SAME),
        "apart": sum(1 for line in two if line.verdict == Agreement.APART),
        "moves": lines((line for line in moved if line.verdict != Move.SAME), MOVES, _MOVE_BADGES, now),
        "still": sum(1 for line in moved if line.verdict == Move.SAME),
    }
    return render(request, "diagnosis/compare.html", context | {"section": "diagnosis"})


@private("GET", "HEAD", "POST")
def arrange(request: PortalRequest, entry: Entry) -> HttpResponse:
    """What is kept and until when, the adviser's link, a new round, deletion. For the holder only: an adviser is sent to the list."""
    filling = filling_of(entry)
    if not entry.is_holder:
        return redirect(filling.list_url)
    kept_now = {"counted": "on" if entry.diagnosis.counted else "", "days": ""}
    form = ArrangeForm(kept_now)
    deletion_problem = ""
    if request.method == "POST":
        act = request.POST.get("acte", "")
        if act == "effacer" and request.POST.get("sur") == "oui":
            actions.delete([entry.diagnosis.pk])
            return SeeOther(reverse("diagnosis-deleted"))
        if act == "inviter":
            actions.invite(entry)
            return SeeOther(filling.settings_url)
        if act == "fermer":
            actions.close_invitation(entry)
            return SeeOther(filling.settings_url)
        if act == "refaire":
            actions.begin_again(entry)
            return SeeOther(filling.list_url)
        if act == "effacer":
            deletion_problem = _("Cochez «\u202fOui, effacer pour toujours\u202f» pour effacer ce diagnostic.")
        elif (form := ArrangeForm(request.POST)).is_valid():
            actions.arrange(entry, days=form.cleaned_data["days"], counted=form.cleaned_data["counted"])
            return SeeOther(filling.settings_url)
    adviser = entry.find(ADVISER, entry.assessment.round)
    open_link = adviser is not None and adviser.secret_digest is not None
    secret = access.adviser_secret(entry.secret, adviser) if adviser and open_link else ""
    hosts = request.portal.hosts
    context = {
        **context_of(entry),
        "filling": filling,
        "form": form,
        "problems": [
            *problems_of(form, {"days": "id_days_0", "counted": "id_counted"}),
            *([{"message": deletion_problem, "anchor": "sur"}] if deletion_problem else []),
        ],
        "deletion_problem": deletion_problem,
        "own_link": absolute_url(request, filling.list_url, hosts),
        "adviser": adviser,
        "adviser_link": absolute_url(request, reverse("private-list", args=(secret,)), hosts) if secret else "",
        "rounds": [(number, f"{reverse('private-result', args=(entry.secret,))}?tour={number}") for number in entry.rounds[:-1]],
        "newer": filling.version.latest > filling.version.number,
    }
    return render(request, "diagnosis/settings.html", context | {"section": "diagnosis"})


@login_not_required
@require_safe
def deleted(request: PortalRequest) -> HttpResponse:
    """Everything was deleted."""
    return render(request, "diagnosis/deleted.html", {"section": "diagnosis"})
