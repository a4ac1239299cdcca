"""The site itself told to machines: WebSite, its search, and who keeps it."""

from __future__ import annotations

from typing import Any

from maillage.kit.linked_data import CONTEXT, said
from maillage.vocabulary.portals import Portal


def site_as_linked_data(portal: Portal, home: str, results: str, language: str) -> dict[str, Any]:
    """The portal as a site that can be searched. `home` and `results` are whole addresses."""
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{results}?texte={{search_term_string}}"},
        "query-input": "required name=search_term_string",
    }
    publisher = {"@type": "Organization", "name": portal.organiser_name} if portal.organiser_name else None
    return said(
        {
            "@context": CONTEXT,
            "@type": "WebSite",
            "@id": home,
            "url": home,
            "name": portal.name,
            "description": portal.tagline,
            "inLanguage": language,
            "publisher": publisher,
            "potentialAction": search,
        }
    )
