"""What the public pages share: the frame, the trail, the sentences on risk and money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.crowdfunding.rules import Text
from maillage.kit.typography import typographic
from maillage.vocabulary.middleware import PortalRequest


def said(text: Text) -> str:
    """A text of the rules in the reader's language."""
    return typographic(text.said(get_language()))


def crowdfunding_page(
    request: PortalRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    problems: bool = False,
    suggests: bool = False,
) -> HttpResponse:
    """A page whose body is a Jinja template, in Django's frame (docs/decisions/0009)."""
    home = template == "campaigns.jinja"
    shared = {"portal": request.portal, "said": said, **context}
    body = mark_safe(render_to_string(f"crowdfunding/{template}", shared, using="jinja"))  # noqa: S308  # escaped by Jinja
    trail = [(_("Financement participatif"), "" if home else reverse("crowdfunding"))]
    if not home:
        trail.append((title, ""))
    return render(
        request,
        "crowdfunding/page.html",
        {"body": body, "title": title, "trail": trail, "problems": problems, "suggests": suggests, "section": "crowdfunding"},
    )
