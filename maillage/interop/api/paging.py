"""Pages of a list, by a cursor: the key after which the next page starts.

The order is that of the primary keys, which never change and only grow: a sheet that is edited between two pages stays where it was, a
sheet that is deleted shifts nobody, a new sheet comes at the end. So a walk from cursor to cursor sees each sheet once.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from maillage.interop.api.answers import Refused
from maillage.kit.absolute import absolute_url

Item = TypeVar("Item")

#: Sheets on a page, by default and at most.
PAGE, PAGE_AT_MOST = 50, 200
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """What one page holds: its items, how many there are in all, and the key of the last one when there are more after it."""

    items: Sequence[Item]
    total: int
    last: str | None = None


def cursor_of(kind: str, key: str) -> str:
    """The opaque text that starts a page after `key` in the lists of a kind."""
    return base64.urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")


def key_of(kind: str, cursor: str) -> str:
    """The key that a cursor holds; empty for no cursor. Raises Refused for a text that we did not make for this kind of list."""
    if not cursor:
        return ""
    try:
        if len(cursor) > _LONGEST:
            raise ValueError
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
        found, separator, key = text.partition(":")
        if found != kind or not separator or not key or cursor_of(kind, key) != cursor:
            raise ValueError
    except (ValueError, binascii.Error) as error:
        raise wrong_cursor(cursor) from error
    return key


def number_of(kind: str, cursor: str) -> int:
    """The primary key that a cursor holds; 0 for no cursor."""
    key = key_of(kind, cursor)
    if not key:
        return 0
    if not key.isascii() or not key.isdigit() or len(key) > 18:
        raise wrong_cursor(cursor)
    return int(key)


def wrong_cursor(cursor: str) -> Refused:
    """What to say of a cursor that is not one."""
    sentence = _(
        "curseur n’est pas une valeur que cette liste a donnée\u202f: recommencez sans lui, ou suivez l’adresse «\u202fnext\u202f»."
    )
    return Refused(422, sentence, [{"parameter": "curseur", "value": cursor[:120], "sentence": sentence}])


def next_address(request: HttpRequest, kind: str, page: Page[Any]) -> str:
    """The address of the page after this one; empty on the last page."""
    if page.last is None:
        return ""
    asked = request.GET.copy()
    asked["curseur"] = cursor_of(kind, page.last)
    hosts = getattr(request, "portal").hosts  # noqa: B009  # PortalRequest; ninja's views are typed with Django's
    return absolute_url(request, f"{request.path}?{asked.urlencode()}", hosts)


def page_content(request: HttpRequest, kind: str, page: Page[Any]) -> tuple[dict[str, Any], str]:
    """The members of a page, and the address of the next one."""
    following = next_address(request, kind, page)
    return {"total": page.total, "items": list(page.items), "next": following or None}, following
