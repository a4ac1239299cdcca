from __future__ import annotations

from django.urls import path

from maillage.observatory.supply import views

urlpatterns = [
    path("manques/", views.supply, name="observatory-supply"),
    path("manques/offres/", views.behind, name="observatory-offers"),
    path("manques/communes/", views.empty, name="observatory-hole"),
]
