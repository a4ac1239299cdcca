"""Who may enter the office. A person without the role gets 404: a stranger does not learn that the page exists."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse

from maillage.accounts import events
from maillage.accounts.models import Person, Role

#: The ladder of the office: each role may do what those before it may. The other roles (officers) are beside it.
RANK = {Role.NONE: 0, Role.REDACTION: 1, Role.ANIMATION: 2, Role.ADMINISTRATION: 3}


def has_role(person: Person | AnonymousUser, role: Role) -> bool:
    """Does this person have this role, or one that includes it?"""
    if not isinstance(person, Person) or not person.is_active:
        return False
    if role not in RANK:
        return person.role == role
    return RANK.get(Role(person.role), 0) >= RANK[role]


def not_theirs(request: HttpRequest, what: str) -> Http404:
    """What a getter raises: noted as a security event, and 404. `what` is a code (an action, a role), never what was typed.

    Call it alike for what is somebody else's and for what does not exist: neither the answer nor its cost tells one from the other.
    """
    events.refused(request, what)
    return Http404()


def role_required(role: Role) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Decorates a view: 404 without the role (signing in is asked for before, by LoginRequiredMiddleware)."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not has_role(request.user, role):
                raise not_theirs(request, f"role:{role}")
            return view(request, *args, **kwargs)

        return guarded

    return decorate
