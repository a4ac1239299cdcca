"""Public addresses of crowdfunding, and its part of the office."""

from __future__ import annotations

from django.urls import path, register_converter

from maillage.crowdfunding.views import campaigns, chooser, figures, royalties, topup


class _Kind:
    """The kind of a file, in its address."""

    regex = ""

    def to_python(self, value: str) -> str:
        """The kind."""
        return value

    def to_url(self, value: str) -> str:
        """Itself."""
        return value


class _Table(_Kind):
    regex = "csv|xlsx"


class _Data(_Kind):
    regex = "csv|json"


class _Picture(_Kind):
    regex = "png|jpg"


for _name, _converter in (("table-file", _Table), ("data-file", _Data), ("picture", _Picture)):
    register_converter(_converter, _name)

_HOME = "financement-participatif/"

urlpatterns = [
    path(_HOME, campaigns.campaigns, name="crowdfunding"),
    path(f"{_HOME}quelle-forme/", chooser.chooser, name="crowdfunding-forms"),
    path(f"{_HOME}royalties/", royalties.royalties, name="royalties"),
    path(f"{_HOME}royalties/versements.<table-file:kind>", royalties.export, name="royalties-export"),
    path(f"{_HOME}abondement/", topup.topup, name="topup"),
    path(f"{_HOME}chiffres/", figures.page, name="crowdfunding-figures"),
    path(f"{_HOME}chiffres/campagnes.<data-file:kind>", figures.data, name="crowdfunding-figures-data"),
    path(f"{_HOME}campagnes/<slug:handle>/", campaigns.campaign, name="campaign"),
    path(f"{_HOME}campagnes/<slug:uid>/<slug:digest>.<picture:kind>", campaigns.image, name="campaign-image"),
]
