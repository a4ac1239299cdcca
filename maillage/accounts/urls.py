from __future__ import annotations

from django.urls import path

from maillage.accounts import views

urlpatterns = [
    path("connexion/", views.sign_in, name="sign-in"),
    path("connexion/lien/<str:secret>/", views.sign_in_link, name="sign-in-link"),
    path("deconnexion/", views.sign_out, name="sign-out"),
    path("mon-compte/", views.account, name="account"),
    path("mon-compte/deconnexion-partout/", views.sign_out_everywhere, name="sign-out-everywhere"),
]
