"""Addresses of the observatory, all under /observatoire/."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("observatoire/", include("maillage.observatory.demand.urls")),
    path("observatoire/", include("maillage.observatory.supply.urls")),
    path("observatoire/", include("maillage.observatory.access.urls")),
    path("observatoire/", include("maillage.observatory.siting.urls")),
]
