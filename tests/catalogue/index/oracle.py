"""What the index should answer, read from the database offer by offer, in the plainest way."""

from __future__ import annotations

from collections.abc import Iterable

from pyroaring import BitMap

from maillage.catalogue.index import Snapshot
from maillage.catalogue.index.text import PREFIX_FROM, TYPO_FROM, folded, query_words, raw_words, stem
from maillage.catalogue.models import Offer
from maillage.territories import queries
from maillage.vocabulary.words import vocabulary

FIELDS = {
    "kind": "kind",
    "stage": "stages",
    "need": "needs",
    "sector": "sectors",
    "legal_form": "legal_forms",
    "audience": "audiences",
    "mode": "modes",
    "cost": "cost",
    "instrument": "instrument",
}


def visible_offers() -> list[Offer]:
    return [
        offer
        for offer in Offer.objects.select_related("structure").order_by("pk")
        if offer.is_visible and offer.structure.is_visible and offer.silence != 2
    ]


def pks(snapshot: Snapshot, positions: BitMap) -> set[int]:
    """Primary keys of the offers at these positions, each of which must be alive and there once."""
    assert positions <= snapshot.alive
    found = [int(snapshot.columns.pk[position]) for position in positions]
    assert len(found) == len(set(found))
    return set(found)


def codes(offer: Offer, facet: str) -> list[str]:
    if facet == "freshness":
        return ["confirmee" if offer.verified_on else "a-confirmer"]
    value = getattr(offer, FIELDS[facet])
    return value if isinstance(value, list) else [value] if value else []


def names(offer: Offer, keys: Iterable[str]) -> bool:
    """Does the offer cover a place with these territory keys, zonings aside?"""
    keys = set(keys)
    return bool(keys & set(offer.coverage)) and not keys & set(offer.excluded)


def zoning_of(offer: Offer, zonings: Iterable[str], unknown: Iterable[str]) -> str:
    required = set(offer.zonings)
    if not required or required & set(zonings):
        return "holds"
    return "unknown" if required & set(unknown) else "fails"


def serves_departement(offer: Offer, departement: str) -> bool:
    """Is there one commune of the département, looked at one by one, that the offer covers?"""
    return any(
        names(offer, [territory.key for territory in queries.territories_of(commune)])
        for commune in queries.communes_of("departement", departement)
    )


def words_of(offer: Offer) -> set[str]:
    labels = [
        vocabulary().label(name, code) for name, held in (("need", offer.needs), ("sector", offer.sectors)) for code in held
    ]
    texts = [offer.name, offer.summary, offer.description, offer.structure.name, *labels]
    return {folded(word) for text in texts for word in raw_words(text)}


def found_by_text(query: str) -> set[int] | None:
    words = query_words(query)
    if not words:
        return None
    offers = {offer.pk: words_of(offer) for offer in visible_offers()}
    found = set(offers)
    for word in words:
        holders = {pk for pk, held in offers.items() if any(as_written(word, other) for other in held)}
        found &= holders or {pk for pk, held in offers.items() if any(nearly(word, other) for other in held)}
    return found


def as_written(word: str, other: str) -> bool:
    return stem(word) == stem(other) or (len(word) >= PREFIX_FROM and other.startswith(word))


def nearly(word: str, other: str) -> bool:
    prefixes = {other[:size] for size in range(len(word) - 1, len(word) + 2)}
    return any(one_letter_away(word, prefix) for prefix in prefixes) or one_letter_away(stem(word), stem(other))


def one_letter_away(typed: str, meant: str) -> bool:
    """Edit distance at most one, two neighbours swapped counting for one (Damerau, optimal string alignment), by the table."""
    if len(typed) < TYPO_FROM or not typed.isalpha():
        return False
    rows = [[max(i, j) if 0 in (i, j) else 0 for j in range(len(meant) + 1)] for i in range(len(typed) + 1)]
    for i in range(1, len(typed) + 1):
        for j in range(1, len(meant) + 1):
            cost = typed[i - 1] != meant[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
            if i > 1 and j > 1 and typed[i - 1] == meant[j - 2] and typed[i - 2] == meant[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1] <= 1
