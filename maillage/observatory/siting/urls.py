from __future__ import annotations

from django.urls import path

from maillage.observatory.siting.views import runs, what_if

urlpatterns = [
    path("et-si/", what_if.what_if, name="observatory-what-if"),
    path("implantation/", runs.siting, name="observatory-siting"),
    path("implantation/<slug:uid>/", runs.run, name="observatory-siting-run"),
    path("implantation/<slug:uid>/annuler/", runs.cancel, name="observatory-siting-cancel"),
    path("implantation/<slug:uid>/reponse.<slug:kind>", runs.export, name="observatory-siting-export"),
]
