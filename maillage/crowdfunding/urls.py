"""Public addresses of crowdfunding, and its part of the office."""

from __future__ import annotations

from django.urls import path, register_converter

from maillage.crowdfunding.access import CampaignAct
from maillage.crowdfunding.office import views as office
from maillage.crowdfunding.space import views as space
from maillage.crowdfunding.views import campaigns, chooser, figures, royalties, topup


class _Kind:
    """A word of a closed list, in an address."""

    regex = ""

    def to_python(self, value: str) -> str:
        """The word."""
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


class _Act(_Kind):
    regex = "|".join(CampaignAct)


for _name, _converter in (("table-file", _Table), ("data-file", _Data), ("picture", _Picture), ("campaign-act", _Act)):
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
    path("ma-structure/<slug:uid>/campagnes/", space.campaigns, name="space-campaigns"),
    path("ma-structure/<slug:uid>/campagnes/nouvelle/", space.new, name="space-new-campaign"),
    path("ma-structure/<slug:uid>/campagnes/<slug:campaign_uid>/", space.campaign, name="space-campaign"),
    path("ma-structure/<slug:uid>/campagnes/<slug:campaign_uid>/modifier/", space.edit, name="space-edit-campaign"),
    path("ma-structure/<slug:uid>/campagnes/<slug:campaign_uid>/<campaign-act:act>/", space.act, name="space-campaign-act"),
    path("gestion/campagnes/", office.campaigns, name="office-campaigns"),
    path("gestion/campagnes/nouvelle/", office.new, name="office-new-campaign"),
    path("gestion/campagnes/importer/", office.import_file, name="office-import-campaigns"),
    path("gestion/campagnes/<slug:uid>/", office.campaign, name="office-campaign"),
    path("gestion/campagnes/<slug:uid>/modifier/", office.edit, name="office-edit-campaign"),
    path("gestion/campagnes/<slug:uid>/<campaign-act:act>/", office.act, name="office-campaign-act"),
]
