"""Addresses of exchanges for people: where data comes from, what follows a search, what partners embed, open data; the office's pages about sources."""

from __future__ import annotations

from django.urls import path

from maillage.interop.office.views import changes, duplicates, sources
from maillage.interop.views import feeds
from maillage.interop.views.api_page import api_page
from maillage.interop.views.open_data import open_data_page, profile_page
from maillage.interop.views.sources import sources as public_sources
from maillage.interop.views.validate import validate
from maillage.interop.views.widget import embed, widget, widget_style

urlpatterns = [
    path("d-ou-viennent-ces-fiches/", public_sources, name="sources"),
    path("flux/nouveautes.atom", feeds.new_offers, name="feed-new"),
    path("flux/appels.atom", feeds.calls, name="feed-calls"),
    path("flux/dates-limites.ics", feeds.deadlines, name="deadlines"),
    path("api/", api_page, name="api"),
    path("widget/", widget, name="widget"),
    path("widget/couleurs.css", widget_style, name="widget-style"),
    path("integrer/", embed, name="embed"),
    path("donnees/", open_data_page, name="open-data"),
    path("valider/", validate, name="validate"),
    path("hsds/profil/", profile_page, name="hsds-profile"),
    path("gestion/sources/", sources.source_list, name="office-sources"),
    path("gestion/sources/changements/", changes.changes, name="office-changes"),
    path("gestion/sources/doublons/", duplicates.duplicates, name="office-duplicates"),
    path("gestion/sources/doublons/<int:pk>/", duplicates.duplicate, name="office-duplicate"),
    path("gestion/sources/fusions/", duplicates.merges, name="office-merges"),
    path("gestion/sources/fusions/<int:pk>/defaire/", duplicates.undo, name="office-undo"),
    path("gestion/sources/lectures/<int:pk>/", sources.decide_run, name="office-run"),
    path("gestion/sources/<slug:code>/", sources.source, name="office-source"),
]
