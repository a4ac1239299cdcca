"""Is a text opening hours in OSM syntax? If not, why, in French."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]  # its type file forgets ParserError


def problem(text: str) -> str:
    """Why this text is not opening hours, as a sentence with an example; empty when it is right."""
    if not text.strip():
        return ""
    try:
        OpeningHours(text, country="FR")
    except ParserError as error:
        where = re.search(r"--> \d+:(\d+)", str(error))
        rest = text[int(where[1]) - 1 :].strip() if where else ""
        at = _("à partir de « %(rest)s »") % {"rest": rest[:40]} if rest else _("à la fin")
        return _(
            "Ces horaires ne sont pas compris %(at)s. Écrivez par exemple « Mo-Fr 09:00-12:00,14:00-17:00 » : "
            "jours Mo Tu We Th Fr Sa Su, heures sur quatre chiffres, « ; » entre deux règles, « PH off » pour les jours fériés."
        ) % {"at": at}
    return ""
