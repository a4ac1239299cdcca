"""What the animation has to look at, structure by structure: stale, silent, broken, orphan, disputed, out of reach. A constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.catalogue.access import MODELS
from maillage.catalogue.actions.members import once_managed
from maillage.catalogue.described import electronic
from maillage.catalogue.enums import Silence
from maillage.catalogue.models import CheckedLink, ErrorReport, Membership, Offer, Relay, Structure
from maillage.catalogue.queries import standing_in
from maillage.territories import queries as territories
from maillage.territories.values import Place


class Trouble(StrEnum):
    """Why a structure is on the board. The value is the word of the address."""

    SILENT = "hors-resultats"
    STALE = "sans-reponse"
    ORPHAN = "orpheline"
    BROKEN = "lien-casse"
    REPORTED = "signalee"
    DISPUTED = "desaccord"
    UNREACHABLE = "injoignable"
    NEVER = "jamais-confirmee"


#: In the order of urgency: (what it is, what to do).
WORDS: dict[Trouble, tuple[str | Promise, str | Promise]] = {
    Trouble.SILENT: (
        _("Sortie des résultats, faute de réponse"),
        _("Appelez la structure, puis marquez la fiche comme vérifiée."),
    ),
    Trouble.STALE: (_("Rappel sans réponse"), _("Attendez le rappel suivant, ou appelez.")),
    Trouble.ORPHAN: (_("Plus de gestionnaire"), _("Confiez la fiche à un membre, ou invitez quelqu’un.")),
    Trouble.BROKEN: (_("Lien à vérifier"), _("Ouvrez la page\u202f; corrigez l’adresse sur la fiche.")),
    Trouble.REPORTED: (_("Erreur signalée"), _("Lisez le signalement et répondez.")),
    Trouble.DISPUTED: (_("Les sources se contredisent"), _("Ouvrez la fiche et choisissez.")),
    Trouble.UNREACHABLE: (_("Aucune adresse où écrire"), _("Cherchez une adresse, ou invitez quelqu’un de la structure.")),
    Trouble.NEVER: (_("Jamais confirmée"), _("Demandez à la structure de confirmer ses fiches.")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A structure and its troubles: for each, how many of its sheets (or 1)."""

    uid: str
    name: str
    departement: str  # code; empty when the sheet names no commune
    troubles: dict[Trouble, int]
    silent_since: date | None  # the oldest


def lines(place: Place | None = None) -> list[Line]:
    """Every visible structure that has a trouble, the most urgent first, then by name. Twelve queries, whatever the rows."""
    structures = Structure.objects.visible()
    if place is not None:
        structures = structures.filter(standing_in(place))
    heads = structures.order_by("name", "pk").values_list("pk", "uid", "name", "commune", "email", "hidden_contact")
    managed, once = _managers()
    left = set(once_managed().values_list("subject_uid", flat=True))  # whose members were forgotten
    flagged = set(CheckedLink.objects.filter(flagged_at__isnull=False).order_by("pk").values_list("url", flat=True))
    open_reports = ErrorReport.objects.filter(handled_at__isnull=True).order_by("pk").values_list("sheet_kind", "sheet_uid")
    reported = set(open_reports)
    counts: defaultdict[int, dict[Trouble, int]] = defaultdict(dict)
    oldest: dict[int, date] = {}
    for model, owner, link in ((Structure, "pk", "website"), (Offer, "structure_id", "url"), (Relay, "structure_id", "")):
        kind = model.KIND
        disputed = set(
            MODELS[kind]._default_manager.visible().exclude(disagreements={}).order_by("pk").values_list("pk", flat=True)
        )
        names = (owner, "pk", "uid", "verified_on", "silence", "silent_since", *([link] if link else []))
        for of, pk, uid, verified_on, silence, since, *url in (
            model._default_manager.visible().order_by(F("pk")).values_list(*names)
        ):
            found = counts[of]
            for trouble, holds in (
                (Trouble.SILENT, silence == Silence.SILENT),
                (Trouble.STALE, since is not None and silence != Silence.SILENT),
                (Trouble.BROKEN, bool(url) and url[0] in flagged),
                (Trouble.REPORTED, (kind, uid) in reported),
                (Trouble.DISPUTED, pk in disputed),
                (Trouble.NEVER, verified_on is None),
            ):
                if holds:
                    found[trouble] = found.get(trouble, 0) + 1
            if since is not None:
                oldest[of] = min(since, oldest.get(of, since))
    made = []
    for pk, uid, name, commune, email, hidden in heads:
        troubles = counts[pk]
        if (pk in once or uid in left) and pk not in managed:
            troubles[Trouble.ORPHAN] = 1
        if pk not in managed and not electronic(email or str((hidden or {}).get("email", ""))):
            troubles[Trouble.UNREACHABLE] = 1
        if troubles:
            found_commune = territories.commune(commune) if commune else None
            ordered = {each: troubles[each] for each in Trouble if each in troubles}
            made.append(Line(uid, name, found_commune.departement if found_commune else "", ordered, oldest.get(pk)))
    urgency = {each: rank for rank, each in enumerate(Trouble)}
    return sorted(made, key=lambda line: (urgency[next(iter(line.troubles))], line.name))


def _managers() -> tuple[set[int], set[int]]:
    """The structures that somebody manages now, and those that somebody once did."""
    rows = Membership.objects.filter(role=Membership.Role.MANAGER, state__in=(Membership.State.ACTIVE, Membership.State.ENDED))
    managed, once = set(), set()
    for pk, state, is_active in rows.order_by("pk").values_list("structure_id", "state", "person__is_active"):
        once.add(pk)
        if state == Membership.State.ACTIVE and is_active:
            managed.add(pk)
    return managed, once


def totals(found: Iterable[Line]) -> dict[Trouble, int]:
    """How many structures have each trouble."""
    counts = dict.fromkeys(Trouble, 0)
    for line in found:
        for trouble in line.troubles:
            counts[trouble] += 1
    return counts


def by_departement(found: Iterable[Line]) -> dict[str, dict[Trouble, int]]:
    """The same, département by département; the empty code is « commune non indiquée »."""
    groups: defaultdict[str, list[Line]] = defaultdict(list)
    for line in found:
        groups[line.departement].append(line)
    return {code: totals(groups[code]) for code in sorted(groups)}
