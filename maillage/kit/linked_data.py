"""Pages told to machines: JSON-LD with the words of schema.org. What every page shares; each app says its own things."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.safestring import SafeString, mark_safe

CONTEXT = "https://schema.org"
#: Characters that could end a <script> element or a line of JavaScript, written as JSON escapes (as Django's json_script does).
_ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


def script_text(data: dict[str, Any]) -> SafeString:
    """The data as the text of a `<script type="application/ld+json">` element: nothing in it can close the element."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308  # every < > & is escaped above


def said(data: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {key: value for key, value in data.items() if value not in ("", None, [], {})}


def breadcrumb(trail: Iterable[tuple[str, str]], whole: Callable[[str], str]) -> dict[str, Any]:
    """Where a page is: (label, path) pairs from the home page down, a page without a path being itself. `whole` makes whole addresses."""
    items = [
        said({"@type": "ListItem", "position": number, "name": str(name), "item": whole(path) if path else None})
        for number, (name, path) in enumerate(trail, start=1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}


def page(url: str, language: str, site: str, home: str) -> dict[str, Any]:
    """The least that a page says of itself: which one it is, and of which site."""
    return {
        "@context": CONTEXT,
        "@type": "WebPage",
        "url": url,
        "inLanguage": language,
        "isPartOf": {"@type": "WebSite", "name": site, "url": home},
    }
