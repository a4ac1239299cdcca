"""The royalty simulator: everything is in the address, nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup, escape

from maillage.crowdfunding.models import LARGEST
from maillage.crowdfunding.money import shared_out
from maillage.crowdfunding.reading import Reader, decimal_of
from maillage.crowdfunding.royalties.drawing import HEIGHT, LEFT, RIGHT, WIDTH, chart
from maillage.crowdfunding.royalties.schedule import SCENARIOS, Schedule, end_of, schedule
from maillage.crowdfunding.royalties.terms import Advice, Quarter, Terms, startup_minimum, warnings
from maillage.crowdfunding.states import day_in_paris
from maillage.crowdfunding.views.page import content, crowdfunding_page
from maillage.kit.spreadsheets import csv_bytes, xlsx_bytes
from maillage.kit.typography import day, money, money_writer
from maillage.vocabulary.middleware import PortalRequest

YEARS = 5
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Every parameter, in the order of the canonical address.
PARAMETERS = (
    "somme",
    "multiple",
    *(f"ca{year}" for year in range(1, YEARS + 1)),
    "debut",
    "marge",
    "resultat",
    "demarrage",
    "plafond",
)


def _quarters(today: date, first: int = 0, count: int = 12) -> list[Quarter]:
    """Quarters in a row, the one of `today` being number 0."""
    now = Quarter(today.year, (today.month - 1) // 3 + 1)
    return [now.plus(rank) for rank in range(first, first + count)]


def written(quarter: Quarter) -> str:
    """A quarter in the address: « 2027T1 »."""
    return f"{quarter.year}T{quarter.number}"


def said(quarter: Quarter) -> str:
    """A quarter in words."""
    return _("T%(number)s %(year)s") % {"number": quarter.number, "year": quarter.year}


def _year(reader: Reader, name: str) -> tuple[Decimal, ...] | None:
    """A year of turnover: one amount (shared out over the quarters) or four, separated by « ; »."""
    text = reader.typed(name)
    if not text:
        reader.refuse(name, _("Écrivez le chiffre d’affaires prévu de cette année, même s’il est nul."))
        return None
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if len(parts) not in (1, 4):
        reader.refuse(name, _("Écrivez un seul montant, ou quatre montants séparés par des points-virgules."))
        return None
    values = []
    for part in parts:
        value = decimal_of(part)
        if value is None or value > LARGEST or value != value.quantize(Decimal("0.01")):
            reader.refuse(
                name,
                _(
                    "«\u202f%(value)s\u202f» n’est pas un montant possible\u202f: écrivez un nombre positif, en euros, de %(most)s au plus."
                )
                % {"value": part[:40], "most": money(LARGEST)},
            )
            return None
        values.append(value)
    return shared_out(values[0], 4) if len(values) == 1 else tuple(values)


def read_terms(reader: Reader, today: date) -> Terms | None:
    """The terms that the address says; None when one of them is missing or absurd, with a sentence beside it."""
    if not any(reader.typed(name) for name in ("somme", "ca1")):
        return None
    amount = reader.number("somme", least=100, most=LARGEST, euros=True)
    if amount is None:
        reader.refuse("somme", _("Écrivez la somme que vous voulez lever."))
    cap = reader.number("plafond", least=1, most=10, default=Decimal(3))
    multiple = reader.number("multiple", least=Decimal("0.1"), most=10, default=Decimal("1.5"))
    if multiple is not None and cap is not None and multiple > cap:
        reader.refuse("multiple", _("Le multiple visé dépasse le plafond\u202f: baissez l’un ou relevez l’autre."))
    years = [_year(reader, f"ca{year}") for year in range(1, YEARS + 1)]
    start_text = reader.typed("debut")
    start: Quarter | None = _quarters(today, 1, 1)[0]
    if start_text:
        start = next((quarter for quarter in _quarters(today, -20, 80) if written(quarter) == start_text), None)
    if start is None:
        reader.refuse("debut", _("Choisissez un trimestre de la liste."))
    margin = reader.number("marge", least=0, most=100)
    net = reader.number("resultat", least=0, most=100)
    startup = reader.yes_no("demarrage")
    if all(year is not None for year in years) and not any(any(year or ()) for year in years):
        reader.refuse(
            "ca1", _("Une prévision nulle ne permet pas de calculer un taux\u202f: écrivez au moins un chiffre d’affaires.")
        )
    if reader.problems or amount is None or multiple is None or cap is None or start is None:
        return None
    turnover = tuple(value for year in years for value in year or ())
    return Terms(amount, multiple, turnover, start, margin, net, startup is True, cap)


def _advice(terms: Terms) -> list[str]:
    rate = _percent(terms.rate)
    sentences = {
        Advice.ABOVE_MARGIN: _(
            "Le taux (%(rate)s) dépasse 10\u202f%% de la marge sur coûts variables (%(most)s au plus). Baissez la somme ou le multiple."
        ),
        Advice.ABOVE_NET: _(
            "Le taux (%(rate)s) dépasse le résultat net en rythme de croisière (%(net)s)\u202f: les royalties mangeraient tout le résultat."
        ),
        Advice.BELOW_RANGE: _(
            "Le taux (%(rate)s) est sous 1\u202f%% du chiffre d’affaires\u202f: c’est inhabituel, vérifiez la prévision."
        ),
        Advice.ABOVE_RANGE: _(
            "Le taux (%(rate)s) dépasse 10\u202f%% du chiffre d’affaires\u202f: c’est inhabituel et lourd pour la trésorerie."
        ),
        Advice.BELOW_STARTUP: _(
            "Pour un démarrage, le taux conseillé est d’au moins 3\u202f%% par 100\u202f000\u202f€ levés\u202f: %(least)s ici."
        ),
    }
    values = {
        "rate": rate,
        "most": _percent((terms.margin or Decimal(0)) / 10),
        "net": _percent(terms.net or Decimal(0)),
        "least": _percent(startup_minimum(terms.amount)),
    }
    return [sentences[each] % values for each in warnings(terms)]


def _percent(value: Decimal, places: int = 2) -> str:
    text = f"{value:.{places}f}"
    return _("%(value)s\u202f%%") % {"value": text.replace(".", _(","))}


def _in_words(found: Schedule) -> dict[str, str]:
    change = int((found.share - 1) * 100)
    return {
        "name": _("Prévision") if not change else f"{'−' if change < 0 else '+'}\u202f{abs(change)}\u202f%",
        "total": money(found.total),
        "repaid": day(end_of(found.repaid_in)) if found.repaid_in else _("jamais dans cette simulation"),
        "ends": day(end_of(found.payments[-1].quarter)),
        "return": _("tout est perdu") if found.annual_return is None else _percent(found.annual_return, 1),
        "note": _("plafond atteint")
        if found.capped_in
        else _("prolongé au-delà de cinq ans")
        if found.payments[-1].extended
        else "",
    }


def _table(schedules: Sequence[Schedule], names: Sequence[str]) -> Markup:
    """The rows of the schedule: the quarter, the turnover forecast, then what is paid and its total in each scenario; a dash after its end.

    Written here and not by the template: 250 cells and spans, a third of the time of the page (as the cards of results, decision 9).
    """
    euros, quarter, in_all = money_writer(), _("T%(number)s %(year)s"), escape(_("en tout"))
    forecast, *labels = (
        f'<td role="cell" class="num"><span class="cell-label">{escape(name)} : </span>'
        for name in (_("Chiffre d’affaires prévu"), *names)
    )
    middle = schedules[len(schedules) // 2].payments
    rows = []
    longest = max(schedules, key=lambda each: len(each.payments)).payments
    for rank, payment in enumerate(longest):
        said = quarter % {"number": payment.quarter.number, "year": payment.quarter.year}
        cells = [f"{forecast}{euros(middle[rank].turnover) if rank < len(middle) else '–'}</td>"]
        for label, found in zip(labels, schedules, strict=True):
            if rank < len(found.payments):
                each = found.payments[rank]
                cells.append(f'{label}{euros(each.paid)} <span class="soft small">{in_all} {euros(each.total)}</span></td>')
            else:
                cells.append(f"{label}–</td>")
        rows.append(f'<tr role="row"><th scope="row" role="rowheader">{said}</th>{"".join(cells)}</tr>\n')
    return Markup("".join(rows))  # noqa: S704  # figures of ours, and texts that are escaped above


def canonical(reader: Reader) -> str:
    """The address that carries the inputs and nothing else, in one order."""
    return urlencode([(name, reader.typed(name).replace(" ", "")) for name in PARAMETERS if reader.typed(name)])


@require_safe
@login_not_required
def royalties(request: PortalRequest) -> HttpResponse:
    """The form, then the rate, the schedule, the scenarios and the curves."""
    reader, today = Reader(request.GET), day_in_paris(timezone.now())
    terms = read_terms(reader, today)
    quarters = _quarters(today)
    starts = [(written(quarter), said(quarter)) for quarter in quarters]
    if reader.typed("debut") and reader.typed("debut") not in dict(starts) and "debut" not in reader.problems:
        starts.insert(0, (reader.typed("debut"), reader.typed("debut")))
    context: dict[str, Any] = {
        "reader": reader,
        "years": range(1, YEARS + 1),
        "starts": starts,
        "default_start": written(quarters[1]),
        "terms": terms,
        "chooser_url": reverse("crowdfunding-forms"),
    }
    if terms:
        schedules = [schedule(terms, share) for share in SCENARIOS]
        scenarios, query = [_in_words(each) for each in schedules], canonical(reader)
        context |= {
            "rate": _percent(terms.rate),
            "target": terms.target,
            "advice": _advice(terms),
            "scenarios": scenarios,
            "rows": _table(schedules, [each["name"] for each in scenarios]),
            "chart": chart(schedules, terms.amount),
            "size": (WIDTH, HEIGHT, LEFT, RIGHT),
            "query": query,
            "csv_url": f"{reverse('royalties-export', args=('csv',))}?{query}",
            "xlsx_url": f"{reverse('royalties-export', args=('xlsx',))}?{query}",
        }
    page = content(request.portal, "royalties.jinja", context, title=_("Simuler des royalties"), problems=bool(reader.problems))
    return crowdfunding_page(request, page)


@require_safe
@login_not_required
def export(request: PortalRequest, kind: str) -> HttpResponse:
    """The schedule of every scenario as a file. 404 when the address says no contract."""
    reader = Reader(request.GET)
    terms = read_terms(reader, day_in_paris(timezone.now()))
    if terms is None:
        raise Http404
    header = ["scenario", "trimestre", "fin_du_trimestre", "chiffre_affaires", "verse", "cumul", "prolongation"]
    rows = [
        [
            f"{found.share:f}",
            written(each.quarter),
            end_of(each.quarter),
            each.turnover,
            each.paid,
            each.total,
            "oui" if each.extended else "non",
        ]
        for found in (schedule(terms, share) for share in SCENARIOS)
        for each in found.payments
    ]
    content, mime = (
        (csv_bytes(header, rows), "text/csv; charset=utf-8") if kind == "csv" else (xlsx_bytes(header, rows, "royalties"), XLSX)
    )
    return HttpResponse(content, content_type=mime, headers={"Content-Disposition": f'attachment; filename="royalties.{kind}"'})
