"""The page that explains the API to people: made from its OpenAPI description, so that it never says anything else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from maillage.interop.api.app import described
from maillage.kit.absolute import absolute_url
from maillage.vocabulary.middleware import PortalRequest

#: Examples that a reader can open: they answer something on any catalogue.
_EXAMPLES = {
    "/api/v1/orientation": {"etape": "creation", "commune": "53062"},
    "/api/v1/communes": {"q": "laval"},
    "/api/v1/offers": {"territoire": "departement:53", "nature": "financement"},
    "/api/v1/structures": {"territoire": "region:52"},
    "/api/v1/relays": {"territoire": "region:52"},
    "/api/v1/territories": {"niveau": "departement", "dans": "region:52"},
    "/api/v1/statistics/coverage": {"territoire": "departement:53"},
}


@require_safe
@login_not_required
def api_page(request: PortalRequest) -> HttpResponse:
    """What may be asked, with examples to open."""
    document = described()
    operations = [_operation(request, path, methods["get"], document) for path, methods in document["paths"].items()]
    context = {
        "operations": operations,
        "parameter_columns": [_("Paramètre"), _("Ce qu’il dit")],
        "field_columns": [_("Champ"), _("Ce qu’il dit")],
        "document": reverse("api-openapi") + f"?lang={get_language()}",
        "trail": [(_("Interface publique"), "")],
    }
    return render(request, "interop/api.html", context)


def _operation(request: HttpRequest, path: str, operation: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    query = _EXAMPLES.get(path)
    example = path + (f"?{urlencode(query)}" if query else "")
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return {
        "anchor": operation["operationId"],
        "path": path,
        "summary": operation["summary"],
        "description": operation["description"],
        "example": "" if "{" in path else absolute_url(request, example),
        "parameters": [
            [format_html("<code>{}</code>", one["name"]), one.get("description", "")]
            for one in operation["parameters"]
            if one["in"] == "query"
        ],
        "fields": _fields(schema, document),
    }


def _fields(schema: Mapping[str, Any], document: Mapping[str, Any]) -> list[list[Any]]:
    """The fields of an answer, those of the items of a list after it."""
    rows = []
    for name, field in _resolved(schema, document).get("properties", {}).items():
        rows.append([format_html("<code>{}</code>", name), field.get("description", "")])
        if name == "items":
            inner = _resolved(field["items"], document)
            rows += [
                [format_html("<code>items[].{}</code>", key), each.get("description", "")]
                for key, each in inner.get("properties", {}).items()
            ]
    return rows


def _resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref", "")
    return document["components"]["schemas"][reference.rsplit("/", 1)[-1]] if reference else schema
