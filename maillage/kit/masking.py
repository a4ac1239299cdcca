"""Show that something is known without showing it."""

from __future__ import annotations


def masked_address(address: str) -> str:
    """« m•••@e•••.org » for an e-mail address: enough for its owner to recognise it."""
    local, _, domain = address.partition("@")
    name, dot, end = domain.rpartition(".")
    return f"{local[:1]}•••@{name[:1]}•••{dot}{end}"
