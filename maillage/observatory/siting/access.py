"""Who may ask where to put places: the animation, for whom the machine works a while. For anybody else the pages do not exist."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse

from maillage.accounts.access import role_required
from maillage.accounts.models import Role
from maillage.observatory.models import SitingRun

animation_only: Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]] = role_required(Role.ANIMATION)


def run_named(uid: str) -> SitingRun:
    """The question of an address; Http404 when it does not exist. Colleagues see one another's questions."""
    run = SitingRun.objects.filter(uid=uid).first()
    if run is None:
        raise Http404
    return run
