"""Public pages and files about exchanges: feeds, calendars, the page that explains the API, the widget."""

from __future__ import annotations

from django.urls import path

from maillage.interop.views import feeds
from maillage.interop.views.api_page import api_page
from maillage.interop.views.widget import embed, widget, widget_style

urlpatterns = [
    path("flux/nouveautes.atom", feeds.new_offers, name="feed-new"),
    path("flux/appels.atom", feeds.calls, name="feed-calls"),
    path("flux/dates-limites.ics", feeds.deadlines, name="deadlines"),
    path("api/", api_page, name="api"),
    path("widget/", widget, name="widget"),
    path("widget/couleurs.css", widget_style, name="widget-style"),
    path("integrer/", embed, name="embed"),
]
