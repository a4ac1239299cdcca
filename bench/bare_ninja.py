"""The bare ninja endpoint that the API's orientation is compared with: the same answer, no database, no middleware of ours.

BARE_ANSWER names a file that holds the answer. `/declared` gives it as one writes an endpoint with ninja, its response declared; `/plain`
without declaring it; `/bytes` as bytes made beforehand.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

if not settings.configured:
    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
    )
    django.setup()

from ninja import NinjaAPI

from maillage.interop.api import schemas

BYTES = Path(os.environ["BARE_ANSWER"]).read_bytes()
CONTENT = json.loads(BYTES)
api = NinjaAPI(openapi_url=None, docs_url=None)


@api.get("/declared", response=schemas.Orientation)
def declared(request: HttpRequest) -> Any:
    """The object, declared."""
    return CONTENT


@api.get("/plain")
def plain(request: HttpRequest) -> Any:
    """The object, not declared."""
    return CONTENT


@api.get("/bytes")
def ready(request: HttpRequest) -> HttpResponse:
    """The bytes."""
    return HttpResponse(BYTES, content_type="application/json")


urlpatterns = [path("", api.urls)]
application = get_wsgi_application()
