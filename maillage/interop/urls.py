"""Addresses: where data comes from (public), and the pages of the office about sources."""

from __future__ import annotations

from django.urls import path

from maillage.interop.office.views import changes, duplicates, sources
from maillage.interop.views.sources import sources as public_sources

urlpatterns = [
    path("d-ou-viennent-ces-fiches/", public_sources, name="sources"),
    path("gestion/sources/", sources.source_list, name="office-sources"),
    path("gestion/sources/changements/", changes.changes, name="office-changes"),
    path("gestion/sources/doublons/", duplicates.duplicates, name="office-duplicates"),
    path("gestion/sources/doublons/<int:pk>/", duplicates.duplicate, name="office-duplicate"),
    path("gestion/sources/fusions/", duplicates.merges, name="office-merges"),
    path("gestion/sources/fusions/<int:pk>/defaire/", duplicates.undo, name="office-undo"),
    path("gestion/sources/lectures/<int:pk>/", sources.decide_run, name="office-run"),
    path("gestion/sources/<slug:code>/", sources.source, name="office-source"),
]
