"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The portal of the request."""
    return {"portal": getattr(request, "portal", None)}
