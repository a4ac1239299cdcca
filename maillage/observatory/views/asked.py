"""The parameters that my pages share: a year, a stage, a span of months, a territory. What is not understood becomes a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict
from django.utils.translation import gettext as _

from maillage.kit.typography import typographic
from maillage.observatory.months import read_month
from maillage.observatory.supply.asked import Problem
from maillage.observatory.typed import READ, place_typed
from maillage.territories.values import Place
from maillage.vocabulary.words import vocabulary


def year(parameters: QueryDict, shown: Sequence[int], problems: list[Problem]) -> int | None:
    """The year of `annee`, among those shown; the latest when nothing is said or it is not one of them."""
    text = parameters.get("annee", "").strip()
    if text and text not in map(str, shown):
        choices = ", ".join(map(str, shown)) or _("aucune pour l’instant")
        problems.append(
            Problem(
                _("L’année «\u202f%(said)s\u202f» n’est pas montrée. Années montrées\u202f: %(years)s.")
                % {"said": _short(text), "years": choices},
                "annee",
            )
        )
    elif text:
        return int(text)
    return shown[0] if shown else None


def stage(parameters: QueryDict, problems: list[Problem]) -> str:
    """The stage of `etape`; empty for all."""
    text = parameters.get("etape", "").strip()
    if text and text not in vocabulary().codes("stage"):
        problems.append(Problem(_("Cette étape n’existe pas\u202f: «\u202f%(said)s\u202f».") % {"said": _short(text)}, "etape"))
        return ""
    return text


def month(parameters: QueryDict, name: str, default: int, problems: list[Problem]) -> int:
    """The month of a parameter (« 2026-11 »)."""
    text = parameters.get(name, "").strip()
    found = read_month(text) if text else default
    if found is None:
        problems.append(
            Problem(_("«\u202f%(said)s\u202f» n’est pas un mois\u202f: écrivez-le comme 2026-11.") % {"said": _short(text)}, name)
        )
    return found or default


def place(parameters: QueryDict, default: Place, problems: list[Problem], levels: Sequence[str] = ()) -> Place:
    """The territory of `territoire`. `levels`: those that the page knows (all when empty)."""
    text = parameters.get("territoire", "").strip()
    if not text:
        return default
    typed = place_typed(text)
    if typed.sentence:
        problems.append(Problem(typed.sentence, "territoire"))
    elif typed.place is None or (levels and typed.place.level not in levels):
        problems.append(
            Problem(_("Ce territoire n’est pas connu ici\u202f: «\u202f%(said)s\u202f».") % {"said": _short(text)}, "territoire")
        )
        return default
    return typed.place or default


def _short(text: str) -> str:
    return typographic(text[:READ]) + ("…" if len(text) > READ else "")
