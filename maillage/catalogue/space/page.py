"""What the pages of the space share: its menu of parts and its breadcrumb."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from maillage.accounts.policy import Action
from maillage.catalogue.models import Structure
from maillage.catalogue.personas import may_in_structure
from maillage.catalogue.space.access import person_of
from maillage.kit.typography import typographic


def space_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    structure: Structure | None = None,
    trail: Sequence[tuple[str | Promise, str]] = (),
    status: int = 200,
    folder: str = "space",
) -> HttpResponse:
    """Render a page of the space; `trail` follows « Mes structures › the structure »."""
    head: list[tuple[str | Promise, str]] = [(_("Mes structures"), reverse("spaces") if structure else "")]
    shared: dict[str, Any] = {"structure": structure}
    if structure is not None:
        head.append((typographic(structure.name), reverse("space", args=(structure.uid,)) if trail else ""))
        person = person_of(request)
        shared["may"] = {
            "edit": may_in_structure(person, structure, Action.STRUCTURE_EDIT),
            "confirm": may_in_structure(person, structure, Action.STRUCTURE_CONFIRM),
            "invite": may_in_structure(person, structure, Action.STRUCTURE_INVITE),
            "leave": may_in_structure(person, structure, Action.STRUCTURE_LEAVE),
            "history": may_in_structure(person, structure, Action.STRUCTURE_HISTORY),
        }
    return render(request, f"{folder}/{template}", {**shared, "trail": [*head, *trail], **context}, status=status)
