"""What the public pages share: the frame, the trail, the sentences on risk and money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.crowdfunding.rules import Text
from maillage.kit.frame import framed, kept
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
    body = render_to_string(f"crowdfunding/{template}", shared, using="jinja")
    trail = [(_("Financement participatif"), "" if home else reverse("crowdfunding"))]
    if not home:
        trail.append((title, ""))
    return framed(
        request,
        body,
        title=f"{_('Erreur :')} {title}" if problems else title,
        section="crowdfunding",
        trail=trail,
        scripts=kept("ui/suggestions.html", request.portal, "crowdfunding") if suggests else "",
    )
