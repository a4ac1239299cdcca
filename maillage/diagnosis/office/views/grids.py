"""The grids and their versions: list, one version, new draft, publish."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.catalogue.office.page import link, office_page, person_of, team_only
from maillage.diagnosis.grid import Grid as GridContent
from maillage.diagnosis.grid import GridError, read_grid
from maillage.diagnosis.models import Grid, GridVersion
from maillage.diagnosis.office import actions
from maillage.diagnosis.office.actions import NotAllowed
from maillage.diagnosis.office.forms import NewGridForm, differences
from maillage.kit.form_problems import problems_of
from maillage.kit.http import SeeOther
from maillage.kit.typography import day
from maillage.vocabulary.labels import label
from maillage.vocabulary.words import vocabulary

PART = "grids"


def version_url(version: GridVersion, page: str = "office-grid") -> str:
    """A page of a version in the office."""
    return reverse(page, args=(version.grid.code, version.number))


def found(code: str, number: int) -> GridVersion:
    """The version of an address. Raises Http404."""
    version = GridVersion.objects.select_related("grid").filter(grid__code=code, number=number).first()
    if version is None:
        raise Http404
    return version


def trail(*rest: tuple[str, str]) -> list[tuple[str, str]]:
    """Grids › rest."""
    return [(_("Grilles"), reverse("office-grids") if rest else ""), *rest]


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def grids(request: HttpRequest) -> HttpResponse:
    """Every version of every grid; a new grid is copied from one of them."""
    versions = list(GridVersion.objects.select_related("grid").order_by("grid__order", "grid__code", "-number"))
    sources = [(str(version.pk), version.name) for version in versions if version.is_published]
    form = NewGridForm(request.POST or None, sources=sources)
    if request.method == "POST" and form.is_valid():
        source = next(version for version in versions if str(version.pk) == form.cleaned_data["source"])
        try:
            region: str = request.portal.code  # type: ignore[attr-defined]  # set by portal_middleware
            made = actions.new_grid(form.cleaned_data["code"], source, region=region, person=person_of(request))
        except NotAllowed as refused:
            form.add_error("code", str(refused))
        else:
            messages.success(request, _("La grille est créée, en brouillon."))
            return SeeOther(version_url(made))
    rows = [
        [
            link(version_url(version), version.name),
            version.get_status_display(),
            version.grid.region or _("tous les portails"),
            day(version.published_at) if version.published_at else "—",
            _("oui") if version.grid.offered else _("non"),
        ]
        for version in versions
    ]
    context = {
        "caption": _("Versions des grilles"),
        "columns": [_("Version"), _("État"), _("Région"), _("Publiée le"), _("Proposée")],
        "rows": rows,
        "form": form,
        "problems": problems_of(form),
    }
    return office_page(request, "grids.html", context, part=PART, trail=trail())


@require_safe
@team_only
def grid(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One version: its criteria; for a draft, what it changes, what is missing before it may be published."""
    version = found(code, number)
    published = list(
        GridVersion.objects.filter(grid=version.grid, status=actions.PUBLISHED)
        .order_by("-number")
        .only("number", "content", "grid")
    )
    before = next((each for each in published if each.number < version.number), None)
    content: dict[str, Any] = version.content
    rows = []
    for rank, entry in enumerate(content["criterion"], 1):
        title = entry["title"]["fr"]
        address = reverse("office-grid-criterion", args=(code, number, entry["code"]))
        rows.append(
            [str(rank), title if version.is_published else link(address, title), entry["family"], label("need", entry["need"])]
        )
    context = {
        "version": version,
        "content": content,
        "problems_before_publication": _missing(content) if not version.is_published else [],
        "differences": differences(_content(before), content) if not version.is_published else None,
        "has_draft": GridVersion.objects.filter(grid=version.grid, status=actions.DRAFT).exists(),
        "caption": _("Critères, dans l’ordre"),
        "columns": [_("Rang"), _("Critère"), _("Famille"), _("Besoin")],
        "rows": rows,
        "latest": published[0].number if published else None,
    }
    return office_page(request, "grid.html", context, part=PART, trail=trail((version.name, "")))


def _content(version: GridVersion | None) -> GridContent | None:
    return read_grid(version.content) if version else None


def _missing(content: dict[str, Any]) -> list[str]:
    try:
        read_grid(content, frozenset(vocabulary().codes("need")))
    except GridError as error:
        return str(error).splitlines()
    return []


@require_POST
@team_only
def new_draft(request: HttpRequest, code: str) -> HttpResponse:
    """Make the next version, as a draft."""
    try:
        made = actions.new_draft(code, person=person_of(request))
    except Grid.DoesNotExist:
        raise Http404 from None
    return SeeOther(version_url(made))


@require_POST
@team_only
def publish(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Publish a draft, give it up, propose the grid or withdraw it (`acte`). A refusal is said on the page of the version."""
    version, person = found(code, number), person_of(request)
    act = request.POST.get("acte", "")
    try:
        if act == "publier":
            version = actions.publish(version, person=person)
            messages.success(request, _("La version est publiée. Elle ne changera plus."))
        elif act == "abandonner":
            actions.discard(version, person=person)
            messages.success(request, _("Le brouillon est abandonné."))
            return SeeOther(reverse("office-grids"))
        elif act in ("proposer", "retirer"):
            actions.offer(version, act == "proposer", person=person)
            messages.success(request, _("C’est fait. Les résultats déjà obtenus restent lisibles."))
    except NotAllowed as refused:
        messages.error(request, str(refused))
    except GridError:
        messages.error(request, _("Cette version n’est pas complète\u202f: la liste de ce qui manque est ci-dessous."))
    return SeeOther(version_url(GridVersion.objects.select_related("grid").get(pk=version.pk)))
