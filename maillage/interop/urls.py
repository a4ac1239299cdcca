"""Pages for people about the data that leave."""

from __future__ import annotations

from django.urls import path

from maillage.interop.views.open_data import open_data_page, profile_page
from maillage.interop.views.validate import validate

urlpatterns = [
    path("donnees/", open_data_page, name="open-data"),
    path("valider/", validate, name="validate"),
    path("hsds/profil/", profile_page, name="hsds-profile"),
]
