"""Public addresses of the catalogue; those of the office are in office/urls.py."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, register_converter

from maillage.catalogue.models import Offer, Relay, Structure
from maillage.catalogue.space.views.members import claim, invitation
from maillage.catalogue.views import upkeep
from maillage.catalogue.views.contact import contact_ask, contact_shown
from maillage.catalogue.views.report import report, report_thanks
from maillage.catalogue.views.still_right import still_right
from maillage.catalogue.views.structure import structure


class KindConverter:
    """The kind of a sheet, in French in the address: `/signaler/offre/…` for `Offer.KIND`."""

    regex = "offre|structure|relais"
    _words = ((Offer.KIND, "offre"), (Structure.KIND, "structure"), (Relay.KIND, "relais"))

    def to_python(self, value: str) -> str:
        """The kind that a word of the address names."""
        return next(kind for kind, word in self._words if word == value)

    def to_url(self, value: str) -> str:
        """The word of a kind. Raises ValueError (no such address) for another kind."""
        for kind, word in self._words:
            if kind == value:
                return word
        raise ValueError(value)


register_converter(KindConverter, "kind")

urlpatterns: list[URLPattern | URLResolver] = [
    path("gestion/", include("maillage.catalogue.office.urls")),
    path("structures/<slug:handle>/", structure, name="structure"),
    path("structures/<slug:handle>/c-est-ma-structure/", claim, name="claim"),
    path("ma-structure/", include("maillage.catalogue.space.urls")),
    path("tenue-des-fiches/", upkeep.board, name="upkeep"),
    path("tenue-des-fiches/tableau.csv", upkeep.board_csv, name="upkeep-csv"),
    path("invitation/<str:secret>/", invitation, name="invitation"),
    path("toujours-exact/<str:token>/", still_right, name="still-right"),
    path("contact/<kind:kind>/<slug:handle>/", contact_ask, name="contact-ask"),
    path("contact/<kind:kind>/<slug:handle>/<str:token>/", contact_shown, name="contact-shown"),
    path("signaler/<kind:kind>/<slug:handle>/", report, name="report"),
    path("signaler/<kind:kind>/<slug:handle>/merci/", report_thanks, name="report_thanks"),
]
