"""What django-allauth asks of the site about second factors: secrets are encrypted at rest, and the site is called by its portal's name."""

from __future__ import annotations

import base64
import hashlib

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def _cipher() -> MultiFernet:
    """Keys made from the installation's secret key, then from the former ones (SECRET_KEY_FALLBACKS)."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"maillage.accounts.mfa\0{key}".encode()).digest())) for key in keys]
    )


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Named by MFA_ADAPTER."""

    def encrypt(self, text: str) -> str:
        """A copy of the database alone gives no code."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text again. Raises InvalidToken when the secret key was lost."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        portal = getattr(context.request, "portal", None)
        return str(portal.name) if portal else "Maillage"
