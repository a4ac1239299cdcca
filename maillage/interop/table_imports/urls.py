from __future__ import annotations

from django.urls import path

from maillage.interop.table_imports.views import columns, overview, upload

urlpatterns = [
    path("", overview.tables, name="office-tables"),
    path("nouveau/", upload.new, name="office-new-table"),
    path("<slug:uid>/", overview.table, name="office-table"),
    path("<slug:uid>/forme/", upload.shape, name="office-table-shape"),
    path("<slug:uid>/colonnes/", columns.columns, name="office-table-columns"),
    path("<slug:uid>/valeurs/", columns.values, name="office-table-values"),
    path("<slug:uid>/verifier/", overview.check, name="office-table-check"),
    path("<slug:uid>/confirmer/", overview.confirm, name="office-table-confirm"),
    path("<slug:uid>/ecarter/", overview.discard, name="office-table-discard"),
    path("<slug:uid>/a-corriger.csv", overview.corrections, name="office-table-corrections"),
]
