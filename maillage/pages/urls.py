"""Public pages that compose several apps."""

from __future__ import annotations

from django.urls import path

from maillage.pages.views.about import accessibility, legal, site_map
from maillage.pages.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("mentions-legales/", legal, name="legal"),
    path("accessibilite/", accessibility, name="accessibility"),
    path("plan-du-site/", site_map, name="sitemap"),
]
