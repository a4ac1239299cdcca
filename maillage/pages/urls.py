"""Public pages that compose several apps."""

from __future__ import annotations

from django.urls import path

from maillage.pages.views.home import home

urlpatterns = [
    path("", home, name="home"),
]
