"""What the catalogue does at night: silence first, then reminders."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from maillage.catalogue.actions.upkeep import remind, settle
from maillage.catalogue.models import Membership, Offer, Relay, Structure
from maillage.kit.nightly import Step


def freshness() -> str:
    """Write what silence costs, then remind the structures that have something to confirm."""
    day = timezone.localdate()
    moved = sum(settle(day).values())
    written = 0
    for pk in _worth_asking():
        written += remind(Structure.objects.get(pk=pk), day)
    return f"{written} rappel(s) écrit(s), {moved} fiche(s) dont le silence compte autrement."


def _worth_asking() -> list[int]:
    """Structures that may have something to confirm: somebody answers for them, or once confirmed something."""
    managed = Membership.objects.current().filter(structure=OuterRef("pk"), role=Membership.Role.MANAGER)
    answered = Q(verified_on__isnull=False) | Q(silent_since__isnull=False)
    offers, relays = (model._default_manager.visible().filter(answered, structure=OuterRef("pk")) for model in (Offer, Relay))
    found = Structure.objects.filter(merged_into="").filter(Exists(managed) | answered | Exists(offers) | Exists(relays))
    return list(found.order_by("pk").values_list("pk", flat=True))


STEPS = (Step(name="freshness", title="Confirmation des fiches", run=freshness, order=30),)
