"""Start-up checks: a production installation that is unsafe or incomplete does not start."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from maillage.accounts.oidc.claims import ALGORITHMS
from maillage.interop.holes import written_holes
from maillage.interop.widget import is_origin
from maillage.kit.oidc import oidc_asked
from maillage.vocabulary.portals import portals
from maillage.vocabulary.words import VocabularyError


@register()
def production_is_complete(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """With MAILLAGE_PRODUCTION, the address of the site and the legal notice of each served portal must be filled in."""
    if not settings.MAILLAGE_PRODUCTION:
        return []
    problems: list[CheckMessage] = []
    if not settings.SITE_IS_HTTPS:
        problems.append(
            Error(
                "SITE_URL doit être l’adresse https:// publique du site (par exemple https://essor.example.org).",
                id="maillage.E001",
            )
        )
    served = [portals()[settings.MAILLAGE_PORTAL]] if settings.MAILLAGE_PORTAL else list(portals().values())
    for portal in served:
        missing = portal.legal.missing()
        if missing:
            problems.append(
                Error(
                    f"Mentions légales incomplètes pour le portail « {portal.name} » : {', '.join(missing)}.",
                    hint=f"Remplissez la section [legal] de regions/{portal.code}/portal.toml.",
                    id="maillage.E002",
                )
            )
    return problems


@register()
def widget_parents_are_origins(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Each site of MAILLAGE_WIDGET_PARENTS is an origin, or « * »: anything else would break the policy of every frame."""
    wrong = [parent for parent in settings.MAILLAGE_WIDGET_PARENTS if parent != "*" and not is_origin(parent)]
    return [
        Error(
            f"MAILLAGE_WIDGET_PARENTS : « {parent} » n’est pas l’origine d’un site.",
            hint="Écrivez par exemple https://partenaire.example.org, sans chemin, ou * pour tous les sites.",
            id="maillage.E003",
        )
        for parent in wrong
    ]


@register()
def holes_are_sentences(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The `holes.toml` of every region can be read: a page shows it."""
    try:
        for portal in portals().values():
            written_holes(portal)
    except VocabularyError as error:
        return [Error(str(error), id="maillage.E004")]
    return []


@register()
def second_factor_is_required(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A production installation asks professionals for a second factor."""
    if not settings.MAILLAGE_PRODUCTION or settings.MAILLAGE_SECOND_FACTOR:
        return []
    return [Error("MAILLAGE_SECOND_FACTOR=non est réservé aux démonstrations : retirez cette variable.", id="maillage.E010")]


@register()
def identity_provider_is_complete(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Either no identity provider is configured, or everything that it needs is."""
    if not oidc_asked(os.environ):
        return []
    if not settings.MAILLAGE_OIDC:
        hint = "Il faut MAILLAGE_OIDC_CLIENT_ID, MAILLAGE_OIDC_SECRET, et MAILLAGE_OIDC_URL ou MAILLAGE_OIDC_PRESET=proconnect."
        return [Error("Le fournisseur d’identité est mal décrit.", hint=hint, id="maillage.E011")]
    problems: list[CheckMessage] = []
    if settings.MAILLAGE_OIDC["algorithm"] not in ALGORITHMS:
        problems.append(
            Error("MAILLAGE_OIDC_ALGORITHM : il faut une signature par clé publique, comme RS256 ou ES256.", id="maillage.E011")
        )
    if settings.MAILLAGE_PRODUCTION and not settings.MAILLAGE_OIDC["issuer"].startswith("https://"):
        problems.append(Error("MAILLAGE_OIDC_URL doit commencer par https://.", id="maillage.E011"))
    return problems
