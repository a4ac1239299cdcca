"""Addresses: French words, the same under /en/ for English. Each app holds its own; this file only assembles them."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    # what visitors ask for most comes first: each address is compared with those before it
    *i18n_patterns(
        path("", include("maillage.pages.urls")),
        path("", include("maillage.orientation.urls")),
        path("", include("maillage.diagnosis.urls")),
        path("", include("maillage.crowdfunding.urls")),
        path("", include("maillage.interop.urls")),
        path("gestion/tableaux/", include("maillage.interop.table_imports.urls")),
        path("", include("maillage.accompaniment.urls")),
        path("", include("maillage.observatory.urls")),
        path("", include("maillage.catalogue.urls")),
        path("", include("maillage.accounts.urls")),
        path("", include("maillage.journal.urls")),
        prefix_default_language=False,
    ),
    path("", include("maillage.pages.machine_urls")),
    path("", include("maillage.crowdfunding.machine_urls")),
    path("", include("maillage.interop.machine_urls")),  # its last address answers 404 for the rest of /api/v1/
]

handler400 = "maillage.pages.errors.bad_request"
handler403 = "maillage.pages.errors.forbidden"
handler404 = "maillage.pages.errors.not_found"
handler500 = "maillage.pages.errors.server_error"
