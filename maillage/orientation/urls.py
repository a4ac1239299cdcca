"""The journey of a visitor: questions, then results. Everything is in the address."""

from __future__ import annotations

from django.urls import path

from maillage.orientation.views.questions import question
from maillage.orientation.views.results import results

urlpatterns = [
    path("questions/<slug:step>/", question, name="questions"),
    path("resultats/", results, name="results"),
]
