"""Addresses for programs, without a language: the same for everyone."""

from __future__ import annotations

from django.urls import path

from maillage.interop.api.app import urlpatterns as api
from maillage.interop.views.mcp import mcp
from maillage.interop.views.widget import widget_script

urlpatterns = [
    *api,
    path("widget.js", widget_script, name="widget-script"),
    path("mcp", mcp, name="mcp"),
]
