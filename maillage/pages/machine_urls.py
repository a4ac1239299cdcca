"""Addresses for machines, without a language: the same for everyone."""

from __future__ import annotations

from django.urls import path

from maillage.pages.views import machine, sitemap

urlpatterns = [
    path("livez", machine.livez, name="livez"),
    path("healthz", machine.livez, name="healthz"),
    path("readyz", machine.readyz, name="readyz"),
    path("sitemap.xml", sitemap.sitemap_index, name="sitemap_xml"),
    path("sitemap-<slug:name>-<int:number>.xml", sitemap.sitemap_part, name="sitemap_part"),
    path("favicon.ico", machine.favicon, name="favicon"),
    path("robots.txt", machine.robots, name="robots"),
    path("style-<slug:digest>.css", machine.style, name="stylesheet"),
]
