"""Addresses for machines, without a language."""

from __future__ import annotations

from django.urls import path

from maillage.crowdfunding.views import topup

urlpatterns = [path("api/v1/abondement", topup.api, name="api-topup")]
