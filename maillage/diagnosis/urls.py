"""Addresses of the self-diagnosis: open (everything in the address), kept (under a private link), and the office of the grids."""

from __future__ import annotations

from django.urls import path

from maillage.diagnosis.office.views import counts, edit, grids
from maillage.diagnosis.views import files, kept
from maillage.diagnosis.views import open as opened

_OPEN = "autodiagnostic/<slug:grid>/<int:number>/"
_KEPT = "autodiagnostic/prive/<str:secret>/"
_GRID = "gestion/grilles/<slug:code>/<int:number>/"

urlpatterns = [
    path("autodiagnostic/", opened.start, name="diagnosis"),
    path("autodiagnostic/efface/", kept.deleted, name="diagnosis-deleted"),
    path(_KEPT, kept.questions, name="private-list"),
    path(f"{_KEPT}question/<slug:step>/", kept.question, name="private-step"),
    path(f"{_KEPT}question/<slug:step>/documents/", files.add_document, name="private-add-document"),
    path(f"{_KEPT}documents/<int:pk>/", files.document, name="private-document"),
    path(f"{_KEPT}documents/<int:pk>/retirer/", files.remove_document, name="private-remove-document"),
    path(f"{_KEPT}resultat/", kept.profile, name="private-result"),
    path(f"{_KEPT}resultat.pdf", kept.profile_pdf, name="private-pdf"),
    path(f"{_KEPT}resultat.json", kept.profile_json, name="private-json"),
    path(f"{_KEPT}lieu/", kept.place, name="private-place"),
    path(f"{_KEPT}regards/", kept.compared, name="private-compare"),
    path(f"{_KEPT}reglages/", kept.arrange, name="private-settings"),
    path(_OPEN, opened.questions, name="diagnosis-list"),
    path(f"{_OPEN}question/<slug:step>/", opened.question, name="diagnosis-step"),
    path(f"{_OPEN}resultat/", opened.profile, name="diagnosis-result"),
    path(f"{_OPEN}resultat.pdf", opened.profile_pdf, name="diagnosis-pdf"),
    path(f"{_OPEN}resultat.json", opened.profile_json, name="diagnosis-json"),
    path(f"{_OPEN}garder/", opened.keep, name="diagnosis-keep"),
    path("gestion/grilles/", grids.grids, name="office-grids"),
    path("gestion/grilles/<slug:code>/brouillon/", grids.new_draft, name="office-grid-draft"),
    path(_GRID, grids.grid, name="office-grid"),
    path(f"{_GRID}publier/", grids.publish, name="office-grid-publish"),
    path(f"{_GRID}textes/", edit.texts, name="office-grid-texts"),
    path(f"{_GRID}criteres/nouveau/", edit.new_criterion, name="office-grid-new-criterion"),
    path(f"{_GRID}criteres/<slug:criterion>/", edit.criterion, name="office-grid-criterion"),
    path(f"{_GRID}chiffres/", counts.counts, name="office-grid-counts"),
]
