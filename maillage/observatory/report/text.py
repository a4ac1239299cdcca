"""Sentences made from the figures: the same on the pages and in the yearly report. No sentence without a figure, none about a hidden one."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from maillage.kit.typography import number
from maillage.observatory import wording
from maillage.observatory.demand.publication import Published
from maillage.observatory.models.demand import EVERY
from maillage.observatory.visitors.queries import Year
from maillage.observatory.visitors.sketch import STANDARD_ERROR
from maillage.vocabulary.words import vocabulary


def searches(found: Published | None) -> list[str]:
    """What was asked in a year."""
    if found is None:
        return [_("Aucune recherche n’est encore comptée.")]
    when = wording.year_title(found.first, found.last)
    if found.total is None:
        return [_("Moins de cinq recherches ont été comptées %(when)s.") % {"when": when}]
    sentences = [
        ngettext("%(n)s recherche a été faite %(when)s.", "%(n)s recherches ont été faites %(when)s.", found.total)
        % {"n": number(found.total), "when": when}
    ]
    if shares := found.shares():
        sentences.append(
            _(
                "Quand l’étape est dite, elles portent pour %(upstream)s sur l’amont de la création et la création, "
                "et pour %(development)s sur le développement."
            )
            % {"upstream": wording.percent(shares[0]), "development": wording.percent(shares[1])}
        )
    return [*sentences, *_nothing(found), *_needs(found)]


def _nothing(found: Published) -> list[str]:
    row = found.needs.get(EVERY)
    if row is None or row.searches is None or row.empty is None or not row.searches:
        return []
    if not row.empty:
        return [_("Toutes ont trouvé au moins une offre.")]
    few = (
        ""
        if row.few is None
        else _(", et %(few)s une ou deux offres seulement") % {"few": wording.percent(row.few / row.searches)}
    )
    return [_("%(share)s n’ont rien trouvé%(few)s.") % {"share": wording.percent(row.empty / row.searches), "few": few}]


def _needs(found: Published) -> list[str]:
    named = {need: row.searches for need, row in found.needs.items() if need not in ("", EVERY) and row.searches}
    if not named:
        return []
    first = sorted(
        named,
        key=lambda need: (
            -(named[need] or 0),
            vocabulary().codes("need").index(need) if need in vocabulary().codes("need") else 99,
        ),
    )[:3]
    words = [f"{wording.need(need)} ({number(named[need] or 0)})" for need in first]
    return [_("Les besoins les plus nommés\u202f: %(needs)s.") % {"needs": ", ".join(words)}]


def visitors(years: Sequence[Year]) -> list[str]:
    """How many people came, and the trend, with what the estimate is worth."""
    if not years:
        return [_("Aucun visiteur n’est encore compté.")]
    found = []
    for year in years[:2]:
        if year.visitors < 5:
            continue
        text = ngettext(
            "%(year)s\u202f: environ %(n)s visiteur, en %(days)s jours comptés",
            "%(year)s\u202f: environ %(n)s visiteurs, en %(days)s jours comptés",
            year.visitors,
        ) % {"year": year.year, "n": number(year.visitors), "days": number(year.days)}
        if year.change is not None:
            text += _(" (%(change)s par rapport aux mêmes jours de %(before)s)") % {
                "change": wording.signed(year.change),
                "before": year.year - 1,
            }
        found.append(text + ".")
    return found or [_("Trop peu de visiteurs pour un nombre.")]


def visitors_method() -> str:
    """How visitors are counted, printed beside their number."""
    error = f"{200 * STANDARD_ERROR:.1f}"
    if (get_language() or "fr").startswith("fr"):
        error = error.replace(".", ",")
    return _(
        "Sans cookie, sans identifiant, sans bandeau\u202f: chaque jour, l’adresse et le nom du navigateur sont mêlés à un secret du jour, en mémoire, "
        "puis oubliés avec lui. Il n’en reste qu’un nombre, juste à %(error)s\u202f%% près (95 fois sur 100). Une personne qui revient un autre jour compte "
        "une fois de plus\u202f; des personnes qui partagent la même adresse et le même navigateur comptent pour une. Les robots qui se nomment, et ceux "
        "qui lisent le plan du site, sont laissés de côté."
    ) % {"error": error}


def small_cells_method() -> str:
    """Why some counts are not shown."""
    return _(
        "Les nombres de recherches et de personnes de 1 à 4 sont masqués, et d’autres avec eux, pour que les totaux ne les rendent pas. L’année en cours "
        "s’arrête au dernier trimestre clos. Les offres et les structures ne sont pas des personnes\u202f: elles sont montrées toutes."
    )
