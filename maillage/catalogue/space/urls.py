from __future__ import annotations

from django.urls import path

from maillage.catalogue.space.views import home, members, sheets

urlpatterns = [
    path("", home.spaces, name="spaces"),
    path("territoires/", sheets.places, name="space-places"),
    path("<slug:uid>/", home.space, name="space"),
    path("<slug:uid>/confirmer/", home.confirm, name="space-confirm"),
    path("<slug:uid>/rythme/", home.rhythm, name="space-rhythm"),
    path("<slug:uid>/membres/", members.members, name="space-members"),
    path("<slug:uid>/membres/<int:pk>/", members.member, name="space-member"),
    path("<slug:uid>/invitations/<int:pk>/", members.invitation_revoke, name="space-invitation"),
    path("<slug:uid>/quitter/", members.leave, name="space-leave"),
    path("<slug:uid>/offres/nouvelle/", sheets.new, {"kind": "offer"}, name="space-new-offer"),
    path("<slug:uid>/relais/nouveau/", sheets.new, {"kind": "relay"}, name="space-new-relay"),
    path("<slug:uid>/<sheets:kind>/<slug:sheet_uid>/", sheets.sheet, name="space-sheet"),
    path("<slug:uid>/<sheets:kind>/<slug:sheet_uid>/modifier/", sheets.edit, name="space-edit"),
    path("<slug:uid>/<sheets:kind>/<slug:sheet_uid>/envoyer/", sheets.submit, name="space-submit"),
]
