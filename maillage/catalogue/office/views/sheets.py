"""Lists of sheets, one sheet, its preview and its history."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.accounts.models import Role
from maillage.catalogue import access, queries
from maillage.catalogue.access import Act, AnySheet
from maillage.catalogue.actions.edits import waiting_edit
from maillage.catalogue.actions.sheets import what_is_missing
from maillage.catalogue.advice import checklist
from maillage.catalogue.described import described
from maillage.catalogue.forms.sheets import FORMS
from maillage.catalogue.models import Offer, Structure
from maillage.catalogue.office import extensions, sentences
from maillage.catalogue.office.forms import FilterForm
from maillage.catalogue.office.kinds import KINDS
from maillage.catalogue.office.page import (
    link,
    office_page,
    person_of,
    sheet_trail,
    sheet_url,
    status_badge,
    team_only,
)
from maillage.catalogue.office.preview import preview_of
from maillage.catalogue.quality import score
from maillage.catalogue.rows import row_of
from maillage.catalogue.space.queries import standing_of
from maillage.catalogue.templatetags.sheets import origin
from maillage.catalogue.upkeep import managers_of
from maillage.vocabulary.labels import label

PER_PAGE = 25


@require_safe
@team_only
def sheet_list(request: HttpRequest, kind: str) -> HttpResponse:
    """The sheets of a kind, with filters."""
    words = KINDS[kind]
    form = FilterForm(request.GET, kind=kind)
    found = queries.sheets(kind, form.filters(), queries.today())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    columns, rows = _table(kind, list(page))
    context = {
        "words": words,
        "form": form,
        "pager": page,
        "pager_query": form.query(),
        "columns": columns,
        "rows": rows,
        "caption": _("%(shown)s sur %(total)s") % {"shown": len(rows), "total": page.paginator.count},
    }
    return office_page(request, "list.html", context, part=kind, trail=[(capfirst(str(words.many)), "")])


def _table(kind: str, sheets: list[Any]) -> tuple[list[str], list[list[Any]]]:
    """The columns and cells of a list: they differ by kind."""
    if kind == Structure.KIND:
        columns = [_("Structure"), _("État"), _("Offres"), _("Relais"), _("Vérifiée")]
        return columns, [
            [link(sheet_url(sheet), sheet.name), status_badge(sheet), sheet.offer_count, sheet.relay_count, _verified(sheet)]
            for sheet in sheets
        ]
    if kind == Offer.KIND:
        columns = [_("Offre"), _("Structure"), _("Nature"), _("État"), _("Vérifiée")]
        natures = [label("kind", sheet.kind) for sheet in sheets]
    else:
        columns = [_("Relais"), _("Structure"), _("Niveau"), _("État"), _("Vérifié")]
        natures = [label("level", sheet.level) for sheet in sheets]
    return columns, [
        [link(sheet_url(sheet), sheet.name), sheet.structure.name, nature, status_badge(sheet), _verified(sheet)]
        for sheet, nature in zip(sheets, natures, strict=True)
    ]


def _verified(sheet: AnySheet) -> str:
    return date_format(sheet.verified_on, "j F Y") if sheet.verified_on else _("jamais")


@require_safe
@team_only
def sheet(request: HttpRequest, kind: str, uid: str) -> HttpResponse:
    """One sheet: where it is, what can be done, what it says, what happened to it."""
    person = person_of(request)
    found = access.sheet_for(person, kind, uid)
    history = [sentences.line(entry) for entry in queries.history(found)[:6]]
    offers, relays = queries.sheets_of(found) if isinstance(found, Structure) else ([], [])
    acts = access.acts_for(person, found)
    context = {
        "sheet": found,
        "words": KINDS[kind],
        "badge": status_badge(found),
        "acts": [act for act in acts if act not in (Act.EDIT, Act.RELEASE, Act.CONFIRM)],
        "may_edit": Act.EDIT in acts,
        "edit_refused": "" if Act.EDIT in acts else access.may(person, Act.EDIT, found).reason,
        "asks": Act.EDIT not in acts and person.role == Role.REDACTION,
        "fields": filled(found),
        "missing": what_is_missing(found),
        "quality": quality_of(found),
        "kept": [(name, sentences.field_label(kind, name)) for name in found.kept_fields] if Act.RELEASE in acts else [],
        "deduced": [(name, sentences.field_label(kind, name), rule) for name, rule in found.deduced.items()],
        "confirms": Act.CONFIRM in acts,
        "disagreements": _disagreements(found),
        "origins": _origins(found),
        "merged_into": type(found)._default_manager.filter(uid=found.merged_into).first() if found.merged_into else None,
        "notes": extensions.notes(found),
        "proposed_edit": waiting_edit(found),
        "standing": standing_of(found) if isinstance(found, Structure) else None,
        "managers": managers_of(found) if isinstance(found, Structure) else [],
        "history": history[:5],
        "more_history": len(history) > 5,
        "open_reports": queries.open_reports_of(found),
        "offers": [(offer, status_badge(offer)) for offer in offers],
        "relays": [(relay, status_badge(relay)) for relay in relays],
        "public_url": public_url(found),
    }
    return office_page(request, "sheet.html", context, part=kind, trail=sheet_trail(found))


def quality_of(sheet: AnySheet) -> dict[str, Any] | None:
    """The quality score of an offer as it would leave to data.inclusion, and its check-list; None for another kind."""
    if not isinstance(sheet, Offer):
        return None
    today = queries.today()
    found = score(described(row_of(sheet), today), today)
    return {"value": found.value, "checks": checklist(found)}


def filled(sheet: AnySheet) -> list[tuple[str, list[str]]]:
    """(field, its items in words) for the fields that hold something, in the order of the form."""
    found = []
    for name in (name for _title, _hint, names in FORMS[sheet.KIND].GROUPS for name in names):
        name = "hidden_contact" if name == "hide_contact" else name
        value = getattr(sheet, name)
        if value in (None, "", [], {}) or name in ("name", "exceptions"):  # exceptions are said with the hours
            continue
        if isinstance(value, list):
            items = [sentences.item_words(sheet.KIND, name, item) for item in value]
        elif hasattr(value, "isoformat"):
            items = [sentences.item_words(sheet.KIND, name, value.isoformat())]
        else:
            items = [sentences.item_words(sheet.KIND, name, value)]
        found.append((sentences.field_label(sheet.KIND, name), items))
    return found


def _disagreements(sheet: AnySheet) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """(field, what each source says: its name, the value in words, the day) where sources disagree."""
    return [
        (
            sentences.field_label(sheet.KIND, name),
            [(origin(voice["source"]), sentences.words(sheet.KIND, name, voice["value"]), voice["on"]) for voice in voices],
        )
        for name, voices in sheet.disagreements.items()
    ]


def _origins(sheet: AnySheet) -> list[list[str]]:
    """[field, source, id there, day] for a sheet of which several sources speak."""
    return [
        [sentences.field_label(sheet.KIND, name), origin(said["source"]), said["ref"], said["on"]]
        for name, said in sheet.provenance.items()
    ]


def public_url(sheet: AnySheet) -> str:
    """Where visitors read it; empty while they cannot."""
    if isinstance(sheet, Structure):
        return sheet.get_absolute_url() if sheet.is_visible else ""
    if not (sheet.is_visible and sheet.structure.is_visible):
        return ""
    return sheet.get_absolute_url() if isinstance(sheet, Offer) else sheet.structure.get_absolute_url()


@require_safe
@team_only
def preview(request: HttpRequest, kind: str, uid: str) -> HttpResponse:
    """The public page as visitors will read it, whatever the state of the sheet."""
    return preview_of(request, access.sheet_for(person_of(request), kind, uid))


@require_safe
@team_only
def history(request: HttpRequest, kind: str, uid: str) -> HttpResponse:
    """Everything that happened to a sheet."""
    found = access.sheet_for(person_of(request), kind, uid)
    page = Paginator(queries.history(found), PER_PAGE).get_page(request.GET.get("page"))
    context = {"sheet": found, "pager": page, "pager_query": "", "lines": [sentences.line(entry) for entry in page]}
    trail = sheet_trail(found, (_("Historique"), ""))
    return office_page(request, "history.html", context, part=kind, trail=trail)
