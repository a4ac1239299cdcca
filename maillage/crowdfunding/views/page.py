"""What the public pages share: the frame, the trail, the sentences on risk and money."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.crowdfunding.memory import Memory
from maillage.crowdfunding.rules import Text
from maillage.kit.frame import framed, kept
from maillage.kit.typography import typographic
from maillage.vocabulary.middleware import PortalRequest
from maillage.vocabulary.portals import Portal


def said(text: Text) -> str:
    """A text of the rules in the reader's language."""
    return typographic(text.said(get_language()))


@dataclass(frozen=True, slots=True)
class Written:
    """A page but for its frame."""

    body: str
    title: str
    trail: tuple[tuple[str, str], ...]
    problems: bool
    suggests: bool


_memory: Memory[Written] = Memory()


def content(
    portal: Portal,
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    problems: bool = False,
    suggests: bool = False,
) -> Written:
    """The body of a page, from a Jinja template. `suggests`: it has a field that suggests communes."""
    home = template == "campaigns.jinja"
    body = render_to_string(f"crowdfunding/{template}", {"portal": portal, "said": said, **context}, using="jinja")
    trail = [(_("Financement participatif"), "" if home else reverse("crowdfunding")), *([] if home else [(title, "")])]
    return Written(body, title, tuple(trail), problems, suggests)


def crowdfunding_page(request: PortalRequest, page: Written) -> HttpResponse:
    """The page in the frame of the site."""
    return framed(
        request,
        page.body,
        title=f"{_('Erreur :')} {page.title}" if page.problems else page.title,
        section="crowdfunding",
        trail=page.trail,
        scripts=kept("ui/suggestions.html", request.portal, "crowdfunding") if page.suggests else "",
    )


def kept_page(request: PortalRequest, make: Callable[[], Written]) -> HttpResponse:
    """The same for a page that only the address, the day and what is written decide: made once (see `memory`)."""
    return crowdfunding_page(request, _memory.get(request, make))


def forget() -> None:
    """Make every page again."""
    _memory.forget()
