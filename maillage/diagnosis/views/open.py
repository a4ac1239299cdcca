"""The open diagnosis: no account, no cookie, nothing kept. Version and answers are in the address."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from maillage.accounts.models import Person
from maillage.diagnosis import actions, whereabouts
from maillage.diagnosis.code import Reading, decode
from maillage.diagnosis.filling import ANSWERS, OpenFilling
from maillage.diagnosis.forms import KeepForm
from maillage.diagnosis.versions import NoSuchVersion, offered, version
from maillage.diagnosis.views.common import list_page, result_json, result_page, result_pdf, step_page
from maillage.kit.absolute import absolute_url
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther, comes_from_here, network_of
from maillage.kit.rate import RateLimit
from maillage.kit.typography import typographic
from maillage.vocabulary.middleware import PortalRequest

#: How many diagnoses one network may keep, per process: an advice session at a counter stays under it.
KEEPING = RateLimit(allowed=20, seconds=600)
#: What is read of a code: more than the longest grid.
_READ = 200


@login_not_required
@require_safe
def start(request: PortalRequest) -> HttpResponse:
    """Which grid to fill in."""
    language = get_language()
    grids = [
        {
            "url": reverse("diagnosis-list", args=(each.code, each.number)),
            "title": typographic(each.grid.title.said(language)),
            "intro": typographic(each.grid.intro.said(language)),
            "count": len(each.grid.criteria),
            "minutes": each.grid.minutes,
        }
        for each in offered(request.portal.code)
    ]
    return render(request, "diagnosis/start.html", {"section": "diagnosis", "grids": grids})


View = Callable[..., HttpResponse]


def _filled(view: View) -> View:
    """Gives a view the filling that the address says; a version that does not exist gets a page that says what to do."""

    @wraps(view)
    def answer(request: PortalRequest, grid: str, number: int, **rest: Any) -> HttpResponse:
        given = request.POST if request.method == "POST" else request.GET
        code = given.get(ANSWERS, "")[:_READ].strip()
        try:
            found = version(grid, number)
        except NoSuchVersion as missing:
            return _no_such_version(request, grid, number, code, missing.latest)
        reading = decode(found.grid, code)
        where = whereabouts.read(given)
        return view(request, OpenFilling(found, reading.answers, where), reading, **rest)

    return answer


def _no_such_version(request: PortalRequest, grid: str, number: int, code: str, latest: int | None) -> HttpResponse:
    current = reverse("diagnosis-list", args=(grid, latest)) if latest is not None else ""
    if current and code:
        current += f"?{request.GET.urlencode()}"
    context = {"section": "diagnosis", "number": number, "code": code, "current": current, "latest": latest}
    return render(request, "diagnosis/no_version.html", context, status=404)


def _problems(reading: Reading) -> list[dict[str, str]]:
    """What was not understood in the code of the answers, in sentences."""
    problems = []
    if reading.unknown:
        signs = ", ".join(sign[:1] for sign in reading.unknown[:5])
        problems.append(
            _(
                "L’adresse contient des réponses que nous n’avons pas comprises (%(signs)s)\u202f: ces questions sont restées sans réponse."
            )
            % {"signs": signs}
        )
    if reading.too_many:
        problems.append(
            _("L’adresse contient plus de réponses que la grille n’a de questions\u202f: nous avons lu les premières.")
        )
    return [{"message": problem, "anchor": ""} for problem in problems]


def _context(filling: OpenFilling, reading: Reading) -> dict[str, Any]:
    newer = ""
    if filling.version.number != filling.version.latest:
        new = version(filling.version.code)
        code = actions.carried(filling.version, filling.code, new)
        newer = OpenFilling(new, decode(new.grid, code).answers, filling.where).list_url
    return {"kept": None, "problems": _problems(reading), "newer": newer, "pairs": filling.pairs}


@login_not_required
@require_safe
@_filled
def questions(request: PortalRequest, filling: OpenFilling, reading: Reading) -> HttpResponse:
    """The list of the questions."""
    return list_page(request, filling, _context(filling, reading))


@login_not_required
@require_safe
@_filled
def question(request: PortalRequest, filling: OpenFilling, reading: Reading, step: str) -> HttpResponse:
    """One question. When `reponse` comes, the answer goes into the address of the next page."""
    asked = filling.version.grid.by_code.get(step)
    if asked is None:
        return redirect(filling.list_url)
    letter = request.GET.get("reponse", "")
    if letter and letter not in asked.letters:
        problem = _("Nous n’avons pas compris cette réponse\u202f: choisissez une de celles qui sont proposées.")
        return step_page(request, filling, asked, _context(filling, reading), problem=problem)
    if letter or "suite" in request.GET:
        answers = {**filling.answers, step: letter} if letter else filling.answers
        filled = OpenFilling(filling.version, answers, filling.where)
        return redirect(filled.list_url if request.GET.get("suite") == "liste" else filled.after(step))
    return step_page(request, filling, asked, _context(filling, reading))


@login_not_required
@require_safe
@_filled
def profile(request: PortalRequest, filling: OpenFilling, reading: Reading) -> HttpResponse:
    """The profile; a typed commune becomes its code in the address."""
    if request.GET.get("saisie") and not filling.where.problem:
        return redirect(filling.result_url)
    return result_page(request, filling, _context(filling, reading))


@login_not_required
@require_safe
@_filled
def profile_pdf(request: PortalRequest, filling: OpenFilling, reading: Reading) -> HttpResponse:
    """The profile as a PDF."""
    address = absolute_url(request, filling.result_url, request.portal.hosts)
    return result_pdf(request, filling, _context(filling, reading), {}, printed_url=address)


@login_not_required
@require_safe
@_filled
def profile_json(request: PortalRequest, filling: OpenFilling, reading: Reading) -> HttpResponse:
    """The profile for a program."""
    return result_json(request, filling, {}, {}, url=absolute_url(request, filling.result_url, request.portal.hosts))


@csrf_exempt  # no cookie, so no token: see kit.http.comes_from_here
@cache_control(private=True, no_cache=True)
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@_filled
def keep(request: PortalRequest, filling: OpenFilling, reading: Reading) -> HttpResponse:
    """Ask until when to keep the answers, then keep them and go to their private link."""
    status, wait = 200, 0
    form = KeepForm(request.POST) if request.method == "POST" else KeepForm()
    if request.method == "POST":
        if not comes_from_here(request):
            form.add_error(None, _("Ce message vient d’un autre site. Envoyez-le depuis cette page."))
            status = 403
        elif form.is_valid():
            wait = ceil(KEEPING.wait(network_of(request)))
            if not wait:
                secret = actions.keep(
                    filling,
                    days=form.cleaned_data["days"],
                    counted=form.cleaned_data["counted"],
                    portal=request.portal.code,
                    owner=request.user if isinstance(request.user, Person) else None,
                )
                return SeeOther(reverse("private-list", args=(secret,)))
            form.add_error(
                None,
                _(
                    "Beaucoup de diagnostics ont été gardés d’ici en peu de temps. Attendez %(minutes)d min, puis envoyez encore une fois."
                )
                % {"minutes": ceil(wait / 60)},
            )
            status = 429
    context = {
        "section": "diagnosis",
        "filling": filling,
        "form": form,
        "pairs": filling.pairs,
        "problems": problems_of(form, {"days": "id_days_0", "counted": "id_counted"}),
    }
    response = render(request, "diagnosis/keep.html", context, status=status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response
