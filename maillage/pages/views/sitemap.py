"""The site map for search engines (sitemaps.org): an index, then parts that hold a bounded number of addresses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillage.catalogue.models import Offer, Structure
from maillage.crowdfunding.models import Campaign
from maillage.kit.absolute import absolute_url
from maillage.territories import queries as territories
from maillage.vocabulary.middleware import PortalRequest

#: Addresses of one part. The protocol allows 50,000; small parts are quick to make.
PER_PART = 10_000
#: Parts of one kind: 100 million sheets is far beyond any catalogue, and a number that no database refuses.
PARTS_AT_MOST = 10_000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
#: Public pages without a parameter.
PAGES = (
    "home",
    "relays",
    "territories",
    "plan",
    "diagnosis",
    "crowdfunding",
    "crowdfunding-forms",
    "royalties",
    "topup",
    "crowdfunding-figures",
    "observatory",
    "observatory-demand",
    "observatory-trend",
    "observatory-supply",
    "observatory-access",
    "observatory-equity",
    "observatory-what-if",
    "sources",
    "open-data",
    "validate",
    "hsds-profile",
    "legal",
    "accessibility",
    "sitemap",
    "api",
    "embed",
)
MODELS = {"structures": Structure, "offres": Offer, "campagnes": Campaign}

Entry = tuple[str, datetime | None]


@require_safe
@login_not_required
def sitemap_index(request: PortalRequest) -> HttpResponse:
    """Which parts there are."""
    parts = ["pages-1", "territoires-1"]
    for name, model in MODELS.items():
        count = model._default_manager.visible().count()  # type: ignore[attr-defined]  # each of the three has it
        parts += [f"{name}-{number + 1}" for number in range(-(-count // PER_PART))]
    lines = (
        f"<sitemap><loc>{_location(request, reverse('sitemap_part', args=tuple(part.rsplit('-', 1))))}</loc></sitemap>"
        for part in parts
    )
    return _xml("sitemapindex", lines)


@require_safe
@login_not_required
def sitemap_part(request: PortalRequest, name: str, number: int) -> HttpResponse:
    """The addresses of one part, with the day each sheet last changed. 404 for a part that does not exist."""
    if name in MODELS and 1 <= number <= PARTS_AT_MOST:
        entries = list(_sheets(name, number))
    elif number == 1 and name == "pages":
        entries = [(reverse(page), None) for page in PAGES]
    elif number == 1 and name == "territoires":
        entries = list(_territories(request.portal.regions))
    else:
        entries = []
    if not entries:
        raise Http404
    return _xml("urlset", (_url(request, path, changed) for path, changed in entries))


def _sheets(name: str, number: int) -> Iterator[Entry]:
    start = (number - 1) * PER_PART
    sheets = MODELS[name]._default_manager.visible().order_by("pk").only("name", "uid", "modified_at")  # type: ignore[attr-defined]
    for sheet in sheets[start : start + PER_PART]:
        yield sheet.get_absolute_url(), sheet.modified_at


def _territories(regions: tuple[str, ...]) -> Iterator[Entry]:
    for region in regions:
        yield reverse("territory", args=("region", region)), None
        yield reverse("observatory-territory", args=("region", region)), None
        for departement in territories.departements_of_region(region):
            yield reverse("territory", args=("departement", departement.code)), None
            yield reverse("observatory-territory", args=("departement", departement.code)), None
        communes = territories.communes_of("region", region)
        for epci in sorted({commune.epci for commune in communes if commune.epci}):
            yield reverse("territory", args=("epci", epci)), None
            yield reverse("observatory-territory", args=("epci", epci)), None
        for commune in communes:
            yield reverse("territory", args=("commune", commune.code)), None


def _location(request: PortalRequest, path: str) -> str:
    return escape(absolute_url(request, path, request.portal.hosts))


def _url(request: PortalRequest, path: str, changed: datetime | None) -> str:
    """One address, with the same page in English beside it."""
    modified = f"<lastmod>{changed:%Y-%m-%d}</lastmod>" if changed else ""
    english = f'<xhtml:link rel="alternate" hreflang="en" href="{_location(request, "/en" + path)}"/>'
    return f"<url><loc>{_location(request, path)}</loc>{modified}{english}</url>"


def _xml(root: str, lines: Iterator[str]) -> HttpResponse:
    body = "\n".join(lines)
    return HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}" xmlns:xhtml="{XHTML}">\n{body}\n</{root}>\n',
        content_type="application/xml; charset=utf-8",
    )
