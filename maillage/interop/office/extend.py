"""What sources add to the office of the catalogue."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from maillage.catalogue.access import AnySheet
from maillage.catalogue.enums import Status
from maillage.catalogue.office import extensions
from maillage.catalogue.office.extensions import MenuEntry, Waits


def extend_office() -> None:
    """Called once, when the app starts."""
    extensions.MENU.append(MenuEntry("sources", "office-sources", lazy("Sources")))
    extensions.WAITING.append(_waiting)
    extensions.NOTES.append(_notes)


def _waiting() -> list[Waits]:
    from maillage.interop.queries import waiting  # only when asked for: apps are not all loaded when this one starts

    found = waiting()
    return [
        Waits(
            found.quarantines,
            ngettext("source en quarantaine\u202f: ses données d’hier restent en ligne", "sources en quarantaine\u202f: leurs données d’hier restent en ligne", found.quarantines),
            reverse("office-sources"),
            alarm=True,
        ),
        Waits(found.proposals, ngettext("changement proposé par une source", "changements proposés par les sources", found.proposals), reverse("office-changes")),
        Waits(found.duplicates, ngettext("doublon possible", "doublons possibles", found.duplicates), reverse("office-duplicates")),
    ]  # fmt: skip


def _notes(sheet: AnySheet) -> list[str]:
    """Why its records wait, while it does; and since when its source no longer gives it."""
    from maillage.interop.models import Link

    sentences: dict[str, None] = {}
    for link in Link.objects.filter(kind=sheet.KIND, target=sheet.uid).select_related("record").order_by("pk")[:20]:
        if sheet.status in (Status.REVIEW, Status.DRAFT):
            sentences.update(dict.fromkeys(link.record.reasons))
        if link.missing_since:
            day = link.missing_since.strftime("%d/%m/%Y")
            sentences[f"La source « {link.record.source} » ne la donne plus depuis le {day} ; elle reste en ligne 30 jours."] = (
                None
            )
    return list(sentences)
