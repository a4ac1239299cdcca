from __future__ import annotations

from django.urls import path

from maillage.accounts.views import account, factors, provider, second_factor, sign_in

urlpatterns = [
    path("connexion/", sign_in.sign_in, name="sign-in"),
    path("connexion/code/", sign_in.sign_in_code, name="sign-in-code"),
    path("connexion/courriel/<str:token>/", sign_in.sign_in_email, name="sign-in-email"),
    path("connexion/compte/", sign_in.sign_up, name="sign-up"),
    path("connexion/mot-de-passe/", sign_in.sign_in_password, name="sign-in-password"),
    path("connexion/lien/<str:secret>/", sign_in.sign_in_link, name="sign-in-link"),
    path("connexion/verification/", second_factor.second_factor, name="second-factor"),
    path("connexion/fournisseur/", provider.begin, name="provider"),
    path("connexion/fournisseur/retour/", provider.come_back, name="provider-return"),
    path("deconnexion/", sign_in.sign_out, name="sign-out"),
    path("mon-compte/", account.account, name="account"),
    path("mon-compte/evenements/", account.own_events, name="account-events"),
    path("mon-compte/mot-de-passe/", account.password, name="password"),
    path("mon-compte/adresse/", account.address, name="address"),
    path("mon-compte/adresse/code/", account.address_code, name="address-code"),
    path("mon-compte/confirmer/", second_factor.confirm, name="confirm"),
    path("mon-compte/second-facteur/", factors.second_factor_setup, name="second-factor-setup"),
    path("mon-compte/second-facteur/application/", factors.totp_setup, name="totp-setup"),
    path("mon-compte/second-facteur/cle/", factors.passkey_setup, name="passkey-setup"),
    path("mon-compte/second-facteur/<int:pk>/retirer/", factors.remove_factor, name="remove-factor"),
    path("mon-compte/codes-de-secours/", factors.recovery_codes, name="recovery-codes"),
    path("mon-compte/fournisseur/delier/", provider.unlink, name="provider-unlink"),
    path("mon-compte/sessions/<str:handle>/fermer/", account.end_session, name="end-session"),
    path("mon-compte/deconnexion-partout/", sign_in.sign_out_everywhere, name="sign-out-everywhere"),
]
