"""Error pages: a sentence, a way out, the status that says the truth."""

from __future__ import annotations

import pytest
from django.contrib.auth.decorators import login_not_required
from django.test import Client, override_settings
from django.urls import path

from maillage.config import urls
from tests.conftest import StrictClient


@login_not_required
def _broken(request: object) -> None:
    raise RuntimeError("a fault of ours")


class _Addresses:
    """The addresses of the site plus one page that fails."""

    handler500 = urls.handler500
    urlpatterns = (*urls.urlpatterns, path("cassee/", _broken))


def test_an_unknown_address_leads_back_to_the_project_or_to_somebody(client: StrictClient) -> None:
    answer = client.get("/nulle-part/")
    assert answer.status_code == 404
    html = answer.content.decode()
    assert "Il n’y a rien à cette adresse" in html
    assert 'href="/reseaux-et-relais/"' in html


@pytest.mark.parametrize("path", ["/resultats/?texte=a%00b", "/resultats/?texte=%ff", "/%00/"])
def test_what_is_not_text_is_refused_with_a_sentence(client: StrictClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert "Nous n’avons pas pu lire cette adresse" in answer.content.decode()


def test_what_is_not_text_is_refused_in_the_language_of_the_address(client: StrictClient) -> None:
    client.get("/en/nowhere/")
    assert '<html lang="fr"' in client.get("/resultats/?texte=%ff").content.decode()
    assert '<html lang="en"' in client.get("/en/resultats/?texte=%ff").content.decode()


def test_a_fault_of_ours_says_that_nothing_is_lost() -> None:
    client = Client(raise_request_exception=False)
    with override_settings(ROOT_URLCONF=_Addresses):
        answer = client.get("/cassee/")
    assert answer.status_code == 500
    assert "Quelque chose s’est cassé chez nous" in answer.content.decode()


def test_error_pages_exist_in_english(client: StrictClient) -> None:
    html = client.get("/en/nowhere/").content.decode()
    assert '<html lang="en"' in html
