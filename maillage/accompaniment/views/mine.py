"""« Mes demandes »: those that an account sent, with the way to each private page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from maillage.accompaniment import queries
from maillage.accompaniment.telling import follow_path
from maillage.accounts.models import Person
from maillage.vocabulary.middleware import PortalRequest


@require_safe
def mine(request: PortalRequest) -> HttpResponse:
    """The requests of the account."""
    person = request.user
    assert isinstance(person, Person)
    rows = [(each, follow_path(each, language=get_language() or "fr")) for each in queries.of_person(person)[:200]]
    return render(request, "accompaniment/mine.html", {"rows": rows})
