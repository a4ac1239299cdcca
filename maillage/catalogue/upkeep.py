"""Which portal's rules hold for a structure, whom to write to about it, and the signed link of a reminder."""

from __future__ import annotations

from typing import NamedTuple

from django.core import signing

from maillage.accounts.models import Person
from maillage.catalogue.described import electronic
from maillage.catalogue.models import Membership, Structure
from maillage.territories import queries as territories
from maillage.vocabulary.portals import Portal, portal_of_region, portals

_SALT = "maillage.catalogue.still-right"
#: Days during which the link of a reminder works; a new reminder comes each month.
LINK_DAYS = 120


def portal_of(structure: Structure) -> Portal:
    """The portal whose rules hold for a structure: that of the région where it stands, else the first one."""
    commune = territories.commune(structure.commune) if structure.commune else None
    return (portal_of_region(commune.region) if commune else None) or next(iter(portals().values()))


def managers_of(structure: Structure) -> list[Person]:
    """Those who keep its sheet now, the oldest first."""
    rows = Membership.objects.current().filter(structure=structure, role=Membership.Role.MANAGER, person__is_active=True)
    return [row.person for row in rows.select_related("person").order_by("created_at", "pk")]


def correspondents(structure: Structure, managers: list[Person] | None = None) -> list[Person | str]:
    """Whom a reminder is sent to: its managers, else the address of its sheet, else nobody."""
    people = managers_of(structure) if managers is None else managers
    address = electronic(structure.own_email)
    return list(people) if people else [address] if address else []


class Asked(NamedTuple):
    """What the link of a reminder holds: the structure, and the sheets to confirm as (kind, uid)."""

    structure: str
    sheets: tuple[tuple[str, str], ...]


def link_token(asked: Asked) -> str:
    """The signed end of the address. It holds no personal data."""
    return signing.dumps([asked.structure, [list(each) for each in asked.sheets]], salt=_SALT, compress=True)


def read_token(token: str) -> Asked | None:
    """What a link asks about; None when it is too old or was not made here."""
    try:
        structure, sheets = signing.loads(token, salt=_SALT, max_age=LINK_DAYS * 86_400)
        return Asked(str(structure), tuple((str(kind), str(uid)) for kind, uid in sheets))
    except (signing.BadSignature, ValueError, TypeError):
        return None
