"""The bare Django page that the results page is compared with: same size, same server, no database, no middleware of ours."""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

SIZE = int(os.environ.get("BARE_SIZE", "30000"))
ROW = '<li><a href="/{{ row }}">{{ title }} {{ row }}</a> <span>{{ words }}</span></li>\n'
PAGE = "<!doctype html><html lang=fr><title>{{ title }}</title><ul>{% for row in rows %}" + ROW + "{% endfor %}</ul></html>"

if not settings.configured:
    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        (
                            "django.template.loaders.cached.Loader",
                            [("django.template.loaders.locmem.Loader", {"page.html": PAGE})],
                        )
                    ]
                },
            }
        ],
    )
    django.setup()

CONTEXT = {"title": "Un titre ordinaire", "words": "des mots ordinaires " * 10, "rows": range(max(1, SIZE // 270))}


def page(request: HttpRequest) -> HttpResponse:
    """A list as long as the page it stands for: about as many variables as 20 cards have."""
    return render(request, "page.html", CONTEXT)


urlpatterns = [path("", page)]
application = get_wsgi_application()
