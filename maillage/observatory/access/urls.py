from __future__ import annotations

from django.urls import path

from maillage.observatory.access import views

urlpatterns = [
    path("acces/", views.distances, name="observatory-access"),
    path("equite/", views.equity, name="observatory-equity"),
]
