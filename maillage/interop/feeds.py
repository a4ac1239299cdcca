"""What is new and what closes, for feed readers and calendars: Atom (RFC 4287) and iCalendar (RFC 5545), per situation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import numpy as np

from maillage.catalogue.index import current_index
from maillage.catalogue.models import Offer
from maillage.kit.typography import day, typographic
from maillage.orientation.matching.selection import Selection
from maillage.orientation.situation import Situation
from maillage.vocabulary.labels import label

#: Entries of a feed, and deadlines of a calendar: beyond, a reader reads nothing more.
ENTRIES, DEADLINES = 50, 200
#: Characters that XML 1.0 does not have.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ATOM = "http://www.w3.org/2005/Atom"


def newest_offers(situation: Situation, today: date, limit: int = ENTRIES) -> list[Offer]:
    """The offers of a situation that came last into the catalogue, the newest first."""
    selection = Selection(current_index(), situation, today)
    keys = np.sort(selection.snapshot.columns.pk[np.array(selection.results, dtype=np.int64)])[::-1][:limit]
    return _in_order([int(key) for key in keys])


def closing_offers(situation: Situation, today: date, limit: int = DEADLINES) -> list[Offer]:
    """The open offers of a situation that have a deadline, the first to close first."""
    selection = Selection(current_index(), situation, today)
    columns = selection.snapshot.columns
    positions = np.array(selection.results, dtype=np.int64)
    dated = positions[columns.closes[positions] > 0]
    order = np.lexsort((columns.pk[dated], columns.closes[dated]))[:limit]
    return _in_order([int(key) for key in columns.pk[dated[order]]])


def _in_order(keys: list[int]) -> list[Offer]:
    """The offers of these primary keys, in their order, in one statement."""
    found = Offer.objects.visible().filter(pk__in=keys).select_related("structure").order_by("pk").in_bulk()
    return [found[key] for key in keys if key in found]


def atom(title: str, own: str, page: str, offers: Iterable[Offer], url_of: Callable[[Offer], str], language: str) -> bytes:
    """A feed: `own` is its address, `page` the page that shows the same, `url_of` the whole address of an offer.

    An entry keeps the id of its sheet for ever, and is updated when the sheet changes: a reader never sees it twice.
    """
    offers = list(offers)
    feed = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": language})
    _text(feed, "title", title)
    _text(feed, "id", own)
    ElementTree.SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": own})
    ElementTree.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page})
    _text(feed, "updated", _moment(max((offer.modified_at for offer in offers), default=datetime(1970, 1, 1, tzinfo=UTC))))
    for offer in offers:
        entry = ElementTree.SubElement(feed, "entry")
        _text(entry, "title", typographic(offer.name))
        _text(entry, "id", f"urn:maillage:offer:{offer.uid}")
        ElementTree.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": url_of(offer)})
        _text(entry, "published", _moment(offer.created_at))
        _text(entry, "updated", _moment(offer.modified_at))
        _text(ElementTree.SubElement(entry, "author"), "name", typographic(offer.structure.name))
        ElementTree.SubElement(entry, "category", {"term": offer.kind, "label": label("kind", offer.kind)})
        _text(entry, "summary", _summary(offer))
        if offer.licence:
            _text(entry, "rights", offer.licence)
    body: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _summary(offer: Offer) -> str:
    until = f" ({day(offer.closes)})" if offer.closes else ""
    return typographic((offer.summary or offer.name) + until)


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = _UNSEEN.sub(" ", text)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
