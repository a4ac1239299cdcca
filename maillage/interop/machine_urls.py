"""Addresses for programs, without a language: the same for everyone."""

from __future__ import annotations

from maillage.interop.api.app import urlpatterns as api

urlpatterns = [*api]
