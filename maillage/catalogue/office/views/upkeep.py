"""The animation’s board: what is stale, broken, orphan or disputed, by territory; and asking a structure to confirm."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from maillage.accounts.access import role_required
from maillage.accounts.models import Role
from maillage.catalogue import queries
from maillage.catalogue.access import NotAllowed, sheet_for
from maillage.catalogue.actions import upkeep
from maillage.catalogue.models import Structure
from maillage.catalogue.office import upkeep_board
from maillage.catalogue.office.page import link, office_page, person_of, sheet_url, team_only
from maillage.catalogue.office.upkeep_board import WORDS, Line, Trouble
from maillage.kit.http import SeeOther
from maillage.territories import queries as territories
from maillage.territories.values import Place

PER_PAGE = 50
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the board was narrowed to. `place` is None for the whole catalogue; `problem` is a sentence about what was not understood."""

    trouble: Trouble | None
    place: Place | None
    text: str
    problem: str


def read(query: QueryDict) -> Asked:
    """The address of a board. What is not understood narrows nothing; the page says so."""
    text = query.get("territoire", "").strip()[:100]
    place = queries.place_named(text) if text else None
    word = query.get("quoi", "")
    problem = "" if place or not text else _("Ce territoire n’est pas connu\u202f: la liste n’en tient pas compte.")
    return Asked(Trouble(word) if word in set(Trouble) else None, place, text, problem)


def board_context(asked: Asked, page: str, *, board: str, table: str, sheet: Callable[[Line], str]) -> dict[str, Any]:
    """Figures, a table by département, then the structures: what the template of every board shows.

    `page`: the number asked for. `board`, `table`: the addresses of the page and of its CSV. `sheet`: where a structure leads.
    """
    found = upkeep_board.lines(asked.place)
    counts = upkeep_board.totals(found)
    shown = [line for line in found if asked.trouble is None or asked.trouble in line.troubles]
    if asked.trouble is None:
        shown = [
            line for line in shown if set(line.troubles) - {Trouble.NEVER, Trouble.UNREACHABLE}
        ]  # these have their own lists
    pager = Paginator(shown, PER_PAGE).get_page(page)
    query = urlencode([(name, value) for name, value in (("quoi", asked.trouble or ""), ("territoire", asked.text)) if value])
    return {
        "board_url": board,
        "table_url": table,
        "figures": [
            {
                "trouble": each,
                "title": WORDS[each][0],
                "todo": WORDS[each][1],
                "count": counts[each],
                "chosen": each == asked.trouble,
            }
            for each in Trouble
        ],
        "trouble": asked.trouble,
        "todo": WORDS[asked.trouble][1] if asked.trouble else "",
        "text": asked.text,
        "problems": [{"anchor": "territoire", "message": asked.problem}] if asked.problem else [],
        "place_query": urlencode({"territoire": asked.text}) if asked.text else "",
        "query": query,
        "pager": pager,
        "pager_query": query,
        "columns": [_("Structure"), _("Département"), _("Ce qui ne va pas"), _("Sans réponse depuis")],
        "rows": [_row(line, sheet(line)) for line in pager],
        "caption": ngettext("%(n)s structure", "%(n)s structures", len(shown)) % {"n": len(shown)},
        "territory_columns": [_("Département"), *(str(WORDS[each][0]) for each in Trouble)],
        "territory_rows": [
            [_departement(code), *(numbers[each] or "–" for each in Trouble)]
            for code, numbers in upkeep_board.by_departement(found).items()
        ],
    }


@require_safe
@team_only
def board(request: HttpRequest) -> HttpResponse:
    """The board of those who keep the catalogue: structures lead to their sheet in the office."""
    context = board_context(
        read(request.GET),
        request.GET.get("page", ""),
        board=reverse("office-upkeep"),
        table=reverse("office-upkeep-csv"),
        sheet=lambda line: reverse("office-sheet", args=(Structure.KIND, line.uid)),
    )
    return office_page(request, "upkeep.html", context, part="upkeep", trail=[(_("Tenue des fiches"), "")])


def _row(line: Line, url: str) -> list[object]:
    troubles = format_html_join(
        "", "<li>{}{}</li>", ((WORDS[each][0], f" ({count})" if count > 1 else "") for each, count in line.troubles.items())
    )
    return [
        link(url, line.name),
        _departement(line.departement),
        format_html('<ul class="plain">{}</ul>', troubles),
        date_format(line.silent_since, "j F Y") if line.silent_since else "–",
    ]


def _departement(code: str) -> str:
    place = territories.place("departement", code) if code else None
    return f"{place.name} ({code})" if place else _("commune non indiquée")


@require_safe
@team_only
def board_csv(request: HttpRequest) -> HttpResponse:
    """The same structures, all of them, as a table for a spreadsheet."""
    return table_of(read(request.GET))


def table_of(asked: Asked) -> HttpResponse:
    """What a board shows, whole, as CSV."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        ["uid", _("Structure"), _("Département"), *(str(words) for words, _todo in WORDS.values()), _("Sans réponse depuis")]
    )
    for line in upkeep_board.lines(asked.place):
        if asked.trouble is None or asked.trouble in line.troubles:
            since = line.silent_since.isoformat() if line.silent_since else ""
            writer.writerow(
                [line.uid, _cell(line.name), line.departement, *(line.troubles.get(each, 0) for each in Trouble), since]
            )
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="tenue-des-fiches.csv"'
    return response


def _cell(text: str) -> str:
    """A name that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


@require_POST
@role_required(Role.ANIMATION)
def ask_structure(request: HttpRequest, uid: str) -> HttpResponse:
    """Ask a structure to confirm its sheets, now."""
    person = person_of(request)
    structure = sheet_for(person, Structure.KIND, uid)
    if not isinstance(structure, Structure):
        raise Http404
    try:
        written = upkeep.ask_to_confirm(structure, queries.today(), person=person)
    except (NotAllowed, ValueError) as refusal:
        messages.error(request, str(refusal))
    else:
        if written:
            messages.success(request, _("Le rappel est parti\u202f: la structure peut répondre sans compte."))
        else:
            messages.success(
                request, _("Rien à demander\u202f: ses fiches sont confirmées, ou elle a demandé à ne plus recevoir de rappels.")
            )
    return SeeOther(sheet_url(structure))
