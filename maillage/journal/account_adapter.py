"""What django-allauth asks of the site about accounts: its messages go through our outbox, and it opens no account by itself.

Accounts stand below the journal and cannot import it; they speak to `allauth.account.adapter.get_adapter()`, and the setting ACCOUNT_ADAPTER
names this class (docs/decisions/0031-…).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from maillage.journal.messages import tell


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Named by ACCOUNT_ADAPTER."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the message in the caller's transaction. Urgent: a code does not wait for the end of quiet hours, nor leaves once it is over."""
        over = timezone.now() + timedelta(minutes=context["minutes"]) if "minutes" in context else None
        tell(email, template_prefix, context, kind="security", language=get_language() or "fr", urgent=True, not_after=over)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by our own page, once the address is proved."""
        return False
