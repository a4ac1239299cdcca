"""Addresses of requests for contact: asking, the holder's private page, the structure's, the animation's."""

from __future__ import annotations

from django.urls import path

from maillage.accompaniment.office import views as office
from maillage.accompaniment.views import answer, ask, follow, mine

_FOLLOW = "demande/<str:secret>/"

urlpatterns = [
    path("demander-un-contact/", ask.ask, name="request"),
    path("demander-un-contact/au-guichet/", ask.ask_at_counter, name="request-at-counter"),
    path(_FOLLOW, follow.follow, name="request-follow"),
    path(f"{_FOLLOW}fiche/", follow.sheet, name="request-sheet"),
    path(f"{_FOLLOW}utile/", follow.useful, name="request-useful"),
    path("repondre/<str:secret>/", answer.answer_by_link, name="request-answer"),
    path("mes-demandes/", mine.mine, name="my-requests"),
    path("ma-structure/<slug:uid>/demandes/", answer.received, name="structure-requests"),
    path("ma-structure/<slug:uid>/demandes/<slug:request_uid>/", answer.received_one, name="structure-request"),
    path("gestion/demandes/", office.requests, name="office-requests"),
    path("gestion/demandes/chiffres/", office.figures, name="office-request-figures"),
    path("gestion/demandes/<slug:uid>/", office.request_page, name="office-request"),
]
