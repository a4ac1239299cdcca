"""Exact counts: what each answer to each question would give, and what dropping a filter would give."""

from __future__ import annotations

from pyroaring import BitMap

from maillage.orientation.matching.selection import FACET_OF, Selection
from maillage.orientation.situation import LIST_OF, Situation
from maillage.vocabulary.words import vocabulary

#: Field of a situation, by facet, in the order in which facets are shown.
FIELDS = {
    "stage": "stage",
    "kind": "kinds",
    "need": "needs",
    "sector": "sectors",
    "legal_form": "legal_form",
    "audience": "audiences",
    "mode": "modes",
    "cost": "costs",
}
#: Facets whose empty list on an offer restricts nothing.
_OPEN_WHEN_EMPTY = frozenset(FIELDS) - {"kind"}


def facet_counts(selection: Selection) -> dict[str, dict[str, int]]:
    """facet → code → the total of the same situation with that field set to exactly that code."""
    return {facet: _counts(selection, facet, field) for facet, field in FIELDS.items()}


def _counts(selection: Selection, facet: str, field: str) -> dict[str, int]:
    snapshot, situation = selection.snapshot, selection.situation
    implying = {implication.when[field] for implication in vocabulary().implications if field in implication.when}
    if implying:  # an answer that implies facts also changes which free conditions hold
        rest = selection.without(field, "conditions")
        usual = _with_conditions(selection, rest, situation.without(field))
        special = {code: _with_conditions(selection, rest, situation.with_only(field, code)) for code in implying}
    else:
        usual = selection.without(field) if field in selection.passing else selection.results
        special = {}
    open_to_all = snapshot.unrestricted(facet) if facet in _OPEN_WHEN_EMPTY else BitMap()
    usually_open = usual.intersection_cardinality(open_to_all)
    counts = {}
    for code in vocabulary().codes(LIST_OF[field]):
        offers = special.get(code)
        if offers is None:
            counts[code] = usually_open + usual.intersection_cardinality(snapshot.stating(facet, code))
        else:
            stating = snapshot.stating(facet, code)
            counts[code] = offers.intersection_cardinality(open_to_all) + offers.intersection_cardinality(stating)
    return counts


def _with_conditions(selection: Selection, offers: BitMap, situation: Situation) -> BitMap:
    """The offers whose free conditions the facts of this situation do not refuse."""
    return offers.difference(*(asking for _, asking in selection.refused_conditions(situation.known_facts())))


def kind_counts(selection: Selection) -> dict[str, int]:
    """kind → number of results, for kinds that have some, in vocabulary order."""
    counts = {
        code: selection.results.intersection_cardinality(selection.snapshot.stating("kind", code))
        for code in vocabulary().codes("kind")
    }
    return {code: count for code, count in counts.items() if count}


def relaxations(selection: Selection) -> tuple[tuple[str, str, int], ...]:
    """When nothing is left: (field, code, total) for each said value whose removal alone gives results, most results first.

    When no single value does, whole fields are tried, with an empty code. The commune is never dropped: offers elsewhere are of
    no help, and near misses already show what stops next door.
    """
    situation = selection.situation
    values = [(field, code) for field in FACET_OF for code in situation.values(field)]
    values += [("text", "")] if situation.text else []
    values += [(fact, "") for fact in situation.facts]
    several = [(field, "") for field in FACET_OF if len(situation.values(field)) > 1]
    return _worth_dropping(selection, values) or _worth_dropping(selection, several)


def _worth_dropping(selection: Selection, values: list[tuple[str, str]]) -> tuple[tuple[str, str, int], ...]:
    totals = []
    for field, code in values:
        situation = selection.situation.without(field, code or None)
        total = len(Selection(selection.snapshot, situation, selection.day).results)
        if total:
            totals.append((field, code, total))
    return tuple(sorted(totals, key=lambda item: -item[2]))
