"""Addresses for programs, without a language: the same for everyone."""

from __future__ import annotations

from django.urls import path, re_path

from maillage.interop.api.app import urlpatterns as api
from maillage.interop.hsds import views as hsds
from maillage.interop.views import exports, open_data
from maillage.interop.views.mcp import mcp
from maillage.interop.views.widget import widget_script

urlpatterns = [
    *api,
    path("widget.js", widget_script, name="widget-script"),
    path("mcp", mcp, name="mcp"),
    re_path(r"^donnees/(?P<name>offres|structures|relais)\.(?P<suffix>csv|xlsx|geojson)$", exports.table, name="export-table"),
    re_path(r"^donnees/data-inclusion/(?P<kind>structures|services)\.json$", exports.inclusion, name="export-inclusion"),
    path("donnees/catalogue.jsonld", open_data.dcat_catalogue, name="dcat"),
    path("donnees/fichiers/<str:day>/<path:path>", open_data.dump_file, name="dump-file"),
    path("hsds/", hsds.root, name="hsds-root"),
    path("hsds/profil.json", open_data.profile_json, name="hsds-profile-json"),
    path("hsds/services", hsds.services, name="hsds-services"),
    path("hsds/services/<str:uuid>", hsds.service, name="hsds-service"),
    path("hsds/organizations", hsds.organizations, name="hsds-organizations"),
    path("hsds/organizations/<str:uuid>", hsds.organization, name="hsds-organization"),
    path("hsds/taxonomies", hsds.taxonomies, name="hsds-taxonomies"),
    path("hsds/taxonomy_terms", hsds.taxonomy_terms, name="hsds-taxonomy-terms"),
    path("hsds/service_at_locations", hsds.service_at_locations, name="hsds-service-at-locations"),
]
