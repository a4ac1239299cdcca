"""Public addresses of crowdfunding, and its part of the office."""

from __future__ import annotations

from django.urls import path

from maillage.crowdfunding.views import chooser, royalties

_HOME = "financement-participatif/"

urlpatterns = [
    path(f"{_HOME}quelle-forme/", chooser.chooser, name="crowdfunding-forms"),
    path(f"{_HOME}royalties/", royalties.royalties, name="royalties"),
    path(f"{_HOME}royalties/versements.<str:kind>", royalties.export, name="royalties-export"),
]
