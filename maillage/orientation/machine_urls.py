"""Addresses for machines, without a language: the same for everyone."""

from __future__ import annotations

from django.urls import path

from maillage.orientation.views import api

urlpatterns = [
    path("api/v1/orientation", api.orientation, name="api-orientation"),
    path("api/v1/communes", api.communes, name="api-communes"),
]
