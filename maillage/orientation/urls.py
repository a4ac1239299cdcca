"""The journey of a visitor: questions, then results. Everything is in the address."""

from __future__ import annotations

from django.urls import path

from maillage.orientation.alerts import views as alerts
from maillage.orientation.views.offer import offer, offer_calendar
from maillage.orientation.views.plan import plan, plan_pdf
from maillage.orientation.views.questions import question
from maillage.orientation.views.relays import relays
from maillage.orientation.views.results import results
from maillage.orientation.views.territory import territory, territory_list

urlpatterns = [
    path("questions/<slug:step>/", question, name="questions"),
    path("resultats/", results, name="results"),
    path("offres/<slug:handle>/", offer, name="offer"),
    path("offres/<slug:handle>/echeances.ics", offer_calendar, name="offer_calendar"),
    path("reseaux-et-relais/", relays, name="relays"),
    path("territoires/", territory_list, name="territories"),
    path("territoires/<slug:level>/<slug:code>/", territory, name="territory"),
    path("alertes/", alerts.ask, name="alerts"),
    path("alertes/demandee/", alerts.asked, name="alert-asked"),
    path("alertes/<str:token>/", alerts.alert, name="alert"),
    path("parcours/", plan, name="plan"),
    path("parcours.pdf", plan_pdf, name="plan_pdf"),
]
