from __future__ import annotations

from django.urls import path, register_converter

from maillage.catalogue.access import Act
from maillage.catalogue.office.kinds import KindConverter
from maillage.catalogue.office.views import acts, board, edit, outbox, people, reports, sheets


class ActConverter:
    """The acts that have a page of their own."""

    regex = "|".join(act for act in Act if act not in (Act.EDIT, Act.RELEASE, Act.CONFIRM))

    def to_python(self, value: str) -> Act:
        """The act of the address."""
        return Act(value)

    def to_url(self, value: str) -> str:
        """The word of the address."""
        return str(value)


register_converter(KindConverter, "sheets")
register_converter(ActConverter, "act")

urlpatterns = [
    path("", board.board, name="office"),
    path("signalements/", reports.reports, name="office-reports"),
    path("signalements/<int:pk>/", reports.report, name="office-report"),
    path("messages/", outbox.messages, name="office-messages"),
    path("messages/<int:pk>/renvoyer/", outbox.send_again, name="office-message-again"),
    path("comptes/", people.people, name="office-people"),
    path("comptes/nouveau/", people.new_person, name="office-new-person"),
    path("comptes/evenements/", people.security_events, name="office-security-events"),
    path("comptes/<int:pk>/", people.person, name="office-person"),
    path("territoires/", edit.place_search, name="office-places"),
    path("structures/nouvelle/", edit.new_structure, name="office-new-structure"),
    path("structures/<slug:uid>/offres/nouvelle/", edit.new_child, {"kind": "offer"}, name="office-new-offer"),
    path("structures/<slug:uid>/relais/nouveau/", edit.new_child, {"kind": "relay"}, name="office-new-relay"),
    path("<sheets:kind>/", sheets.sheet_list, name="office-list"),
    path("<sheets:kind>/<slug:uid>/", sheets.sheet, name="office-sheet"),
    path("<sheets:kind>/<slug:uid>/modifier/", edit.edit, name="office-edit"),
    path("<sheets:kind>/<slug:uid>/apercu/", sheets.preview, name="office-preview"),
    path("<sheets:kind>/<slug:uid>/historique/", sheets.history, name="office-history"),
    path("<sheets:kind>/<slug:uid>/champs/", acts.release, name="office-release"),
    path("<sheets:kind>/<slug:uid>/deduit/", acts.confirm, name="office-confirm"),
    path("<sheets:kind>/<slug:uid>/demande/", reports.ask, name="office-ask"),
    path("<sheets:kind>/<slug:uid>/<act:act>/", acts.act, name="office-act"),
]
