"""« Où placer les N prochains ? »: ask, watch, cancel, read the answer, take it away."""

from __future__ import annotations

import csv
from typing import Any

import numpy as np
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.accounts.models import Person
from maillage.catalogue.forms.fields import territory_label
from maillage.kit import typography
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther
from maillage.observatory.access.distances import nearest_km
from maillage.observatory.access.ground import ground
from maillage.observatory.access.wording import figure, percent
from maillage.observatory.maps.choropleth import credit
from maillage.observatory.maps.dots import Dot, dots
from maillage.observatory.maps.scale import Key
from maillage.observatory.models import SitingRun
from maillage.observatory.siting import runs, worker
from maillage.observatory.siting.access import animation_only, run_named
from maillage.observatory.siting.forms import SitingForm, named
from maillage.observatory.siting.problem import COVERING
from maillage.observatory.supply import asked as supply
from maillage.observatory.typed import READ, Typed, place_typed
from maillage.territories import queries as territories
from maillage.territories.queries import parse_key
from maillage.territories.values import Place
from maillage.vocabulary.middleware import PortalRequest

PER_PAGE, DRAWN_AT_MOST = 20, 1_500
State = SitingRun.State
_BADGES = {State.DONE: "badge-ok", State.RUNNING: "badge-warn", State.WAITING: "badge-warn", State.FAILED: "badge-alarm"}


@require_http_methods(["GET", "HEAD", "POST"])
@animation_only
def siting(request: PortalRequest) -> HttpResponse:
    """The form, and the questions asked so far."""
    if request.method == "POST":
        form = SitingForm(request.POST)
        if form.is_valid():
            assert isinstance(request.user, Person)
            values = form.cleaned_data
            run = runs.ask(
                request.user, values["territory"], values["method"], values["count"], values["threshold"], values["candidates"],
                keep_existing=values["keep_existing"],
            )  # fmt: skip
            worker.wake()
            return SeeOther(reverse("observatory-siting-run", args=(run.uid,)))
        problems = problems_of(form)
    else:
        place = supply.read(request.GET, request.portal).place
        named_there = request.GET.get("territoire", "")[:READ].strip()
        typed = place_typed(named_there) if named_there else Typed(place)
        form = SitingForm(
            initial={
                "territory": territory_label(typed.place.key, typed.place) if typed.place else named_there,
                "count": 3,
                "threshold": 20,
                "method": COVERING,
                "keep_existing": True,
            }
        )
        problems = [{"message": typed.sentence, "anchor": form["territory"].id_for_label}] if typed.sentence else []
    pager = Paginator(SitingRun.objects.order_by("-created_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **_page([(_("Où placer les prochains"), "")]),
        "form": form,
        "choices": named(form["territory"].value() or "") if form["territory"].errors else [],
        "problems": problems,
        "columns": [_("Question"), _("État"), _("Demandée")],
        "rows": [
            [
                format_html('<a href="{}">{}</a>', reverse("observatory-siting-run", args=(run.uid,)), _title(run)),
                _badge(run),
                f"{typography.day(timezone.localdate(run.created_at))}, {run.author_name}",
            ]
            for run in pager
        ],
        "pager": pager,
        "pager_query": "",
    }
    return render(request, "observatory/siting.html", context, status=422 if form.is_bound else 200)


@require_safe
@animation_only
def run(request: HttpRequest, uid: str) -> HttpResponse:
    """A question: how far it is, or its answer commune by commune."""
    found = run_named(uid)
    answer, place = found.answer, _place(found)
    context: dict[str, Any] = {
        **_page([(_("Où placer les prochains"), reverse("observatory-siting")), (_title(found), "")]),
        "run": found,
        "title": _title(found),
        "badge": _badge(found),
        "progress": _progress(found),
        "asked": _asked(found),
        "answer": answer,
        "sentence": _sentence(found) if answer else "",
        "proof": _proof(answer) if answer else "",
        "columns": [_("Commune"), _("Ordre"), _("Habitants qui gagnent un accès")],
        "rows": [
            [
                format_html('<a href="{}">{}</a>', reverse("territory", args=("commune", row["code"])), row["name"]),
                str(rank),
                typography.number(row["gained"]),
            ]
            for rank, row in enumerate(answer["chosen"], start=1)
        ]
        if answer
        else [],
        "figure": _map(found, place) if answer and place else "",
        "what_if": "?"
        + "&".join(
            [
                f"territoire={found.territory}",
                f"seuil={found.threshold}",
                *(f"ouvrir={row['code']}" for row in answer["chosen"][:12]),
            ]
        )
        if answer
        else "",
    }
    return render(request, "observatory/siting_run.html", context)


@require_POST
@animation_only
def cancel(request: HttpRequest, uid: str) -> HttpResponse:
    """Stop a question."""
    found = run_named(uid)
    assert isinstance(request.user, Person)
    if not runs.cancel(request.user, found):
        messages.info(request, _("Ce calcul était déjà terminé."))
    return SeeOther(reverse("observatory-siting-run", args=(uid,)))


@require_safe
@animation_only
def export(request: HttpRequest, uid: str, kind: str) -> HttpResponse:
    """The answer as CSV or JSON."""
    found = run_named(uid)
    answer = found.answer
    if not answer or kind not in ("csv", "json"):
        raise Http404
    name = f"implantation-{found.uid}.{kind}"
    question = {
        "territoire": found.territory, "methode": found.method, "lieux": found.count, "seuil_km": found.threshold,
        "communes_possibles": found.candidates, "relais_actuels_comptes": found.keep_existing,
    }  # fmt: skip
    if kind == "json":
        response: HttpResponse = JsonResponse(
            {"question": question, "reponse": answer}, json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
    else:
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response.write("\ufeff")
        writer = csv.writer(response)
        writer.writerow(["ordre", "code_insee", "commune", "lon", "lat", "habitants_gagnes", "ecart_prouve_au_plus", "compte_le"])
        for rank, row in enumerate(answer["chosen"], start=1):
            writer.writerow(
                [
                    rank,
                    row["code"],
                    row["name"],
                    row["lon"],
                    row["lat"],
                    row["gained"],
                    f"{answer['gap']:.6f}",
                    answer["counted_on"],
                ]
            )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(trail: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "section": "observatory",
        "trail": [(_("Observatoire"), reverse("observatory")), (_("Ce qui manque"), reverse("observatory-supply")), *trail],
    }


def _place(found: SitingRun) -> Place | None:
    return territories.place(*parse_key(found.territory))


def _title(found: SitingRun) -> str:
    place = _place(found)
    return _("%(n)s lieux, %(place)s") % {"n": found.count, "place": place.name if place else found.territory}


def _badge(found: SitingRun) -> SafeString:
    return format_html('<span class="badge {}">{}</span>', _BADGES.get(State(found.state), ""), found.get_state_display())


def _asked(found: SitingRun) -> str:
    if found.method == COVERING:
        text = _("Le plus d’habitants à moins de %(km)s km d’un lieu") % {"km": found.threshold}
    else:
        text = _("La plus petite distance moyenne (seuil affiché\u202f: %(km)s km)") % {"km": found.threshold}
    possible = (
        _("%(n)s communes possibles") % {"n": len(found.candidates)} if found.candidates else _("toutes les communes possibles")
    )
    existing = _("relais actuels comptés") if found.keep_existing else _("sans compter les relais actuels")
    return f"{text} · {possible} · {existing}"


def _progress(found: SitingRun) -> str:
    told = found.progress
    if not told:
        return _("Le calcul va commencer.")
    step = {
        "recherche": _("recherche de bonnes réponses"),
        "preuve": _("preuve que rien n’est meilleur"),
        "borne": _("calcul d’une borne"),
    }
    text = step.get(told.get("step", ""), "")
    if found.method == COVERING:
        return _("Étape\u202f: %(step)s. Meilleure réponse pour l’instant\u202f: %(people)s habitants de plus.") % {
            "step": text,
            "people": typography.number(told.get("value") or 0),
        }
    return _("Étape\u202f: %(step)s.") % {"step": text}


def _sentence(found: SitingRun) -> str:
    answer = found.answer
    share = percent(answer["covered_after"] / answer["people"]) if answer["people"] else percent(None)
    before = percent(answer["covered_before"] / answer["people"]) if answer["people"] else percent(None)
    return _(
        "%(gained)s habitants gagneraient un accès à moins de %(km)s km\u202f: %(after)s du territoire, au lieu de %(before)s. "
        "La distance moyenne serait de %(mean)s km."
    ) % {
        "gained": typography.number(answer["covered_after"] - answer["covered_before"]),
        "km": found.threshold,
        "after": share,
        "before": before,
        "mean": figure(answer["mean_km"], decimals=1),
    }


def _proof(answer: dict[str, Any]) -> str:
    if answer["gap"] <= 1e-6:
        return _("C’est prouvé\u202f: aucun autre choix ne fait mieux.")
    return _("Ce n’est pas prouvé\u202f: un autre choix ferait mieux de %(gap)s\u202f%% au plus (écart à la borne prouvée).") % {
        "gap": figure(100 * answer["gap"], decimals=2)
    }


def _map(found: SitingRun, place: Place) -> SafeString:
    """Communes near a chosen place or not, and the chosen ones by their number."""
    here, chosen = ground(*place.territory), found.answer["chosen"]
    near = nearest_km(here, np.array([row["lon"] for row in chosen]), np.array([row["lat"] for row in chosen])) <= found.threshold
    before = set(found.answer.get("near_before", ()))
    points = [Dot(row["lon"], row["lat"], 5, 0, rank) for rank, row in enumerate(chosen, start=1)]
    if len(here) <= DRAWN_AT_MOST:
        points += [
            Dot(float(lon), float(lat), 2 if code in before else 5 if reached else 0, int(people))
            for code, lon, lat, reached, people in zip(here.codes, here.lon, here.lat, near, here.people, strict=True)
        ]
    keys = [
        Key(2, _("déjà assez près")),
        Key(5, _("à moins de %(km)s km d’un lieu proposé") % {"km": found.threshold}),
        Key(0, _("plus loin")),
    ]
    return dots(list(place.departements), points, title=_("Les lieux proposés, par leur ordre"), keys=keys, note=credit())
