"""Where sessions are kept (SESSION_ENGINE): Django's database store, in a table that knows whose session it is, so that it can be ended."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from maillage.accounts.models import Session


def handle_of(session_key: str) -> str:
    """The name of a session in pages and forms: it does not give the key away."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:20]


class SessionStore(DatabaseStore):
    """Sessions that can be listed and ended by their person."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Our table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to save: what the session holds, and whose it is."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]  # the same
        row.person_id = int(data["_auth_user_id"]) if "_auth_user_id" in data else None
        row.handle = handle_of(str(row.session_key))
        row.device = data.get("device", "")
        row.opened_at = datetime.fromisoformat(data["opened_at"]) if "opened_at" in data else timezone.now()
        return row
