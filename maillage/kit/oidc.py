"""What the environment says of an identity provider (OpenID Connect), read before Django starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

#: Known providers. ProConnect (DINUM): no address to give; only answers with two factors are asked for; RS256 is chosen when the service is declared there.
PRESETS: Mapping[str, Mapping[str, Any]] = {
    "proconnect": {
        "name": "ProConnect",
        "issuer": "https://auth.agentconnect.gouv.fr/api/v2",
        "algorithm": "RS256",
        "strong": (
            "eidas2",
            "eidas3",
            "https://proconnect.gouv.fr/assurance/self-asserted-2fa",
            "https://proconnect.gouv.fr/assurance/consistency-checked-2fa",
        ),
        "asks_strong": True,
    }
}


def oidc_from(environ: Mapping[str, str]) -> dict[str, Any]:
    """The settings of the provider, empty when there is none: an identifier and an address (or a preset) are needed."""
    given = {
        "name": environ.get("MAILLAGE_OIDC_NAME", "").strip(),
        "issuer": environ.get("MAILLAGE_OIDC_URL", "").strip(),
        "client_id": environ.get("MAILLAGE_OIDC_CLIENT_ID", "").strip(),
        "secret": environ.get("MAILLAGE_OIDC_SECRET", "").strip(),
        "algorithm": environ.get("MAILLAGE_OIDC_ALGORITHM", "").strip(),
        "strong": tuple(environ.get("MAILLAGE_OIDC_STRONG", "").split()),
    }
    preset = PRESETS.get(environ.get("MAILLAGE_OIDC_PRESET", "").strip().lower(), {})
    found = {"name": "OpenID Connect", "algorithm": "RS256", **preset, **{name: value for name, value in given.items() if value}}
    return found if found.get("client_id") and found.get("issuer") and found.get("secret") else {}


def oidc_asked(environ: Mapping[str, str]) -> bool:
    """Did somebody begin to describe a provider?"""
    return any(name.startswith("MAILLAGE_OIDC_") and value.strip() for name, value in environ.items())


def origin_of(address: str) -> str:
    """The scheme, host and port of an address: what a security policy names."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
