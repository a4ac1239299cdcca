"""Addresses for machines, without a language: the same for everyone."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
