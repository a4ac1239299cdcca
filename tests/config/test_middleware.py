"""Probes answer to an address; everything else only to the site's names."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import StrictClient


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/livez", "/healthz", "/readyz"])
def test_a_probe_by_ip_address_without_tls_gets_its_answer(path: str, client: StrictClient, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(path, headers={"host": "10.0.0.7:8000"}).status_code == 200


@pytest.mark.django_db
def test_a_page_asked_under_a_name_that_is_not_ours_is_refused(client: StrictClient) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.django_db
def test_what_a_signed_in_person_sees_is_kept_by_no_cache(client: StrictClient, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create_user("alice@example.org", "un mot de passe long"))
    assert client.get("/mon-compte/").headers["Cache-Control"] == "no-store"
    assert "no-store" not in StrictClient().get("/").headers.get("Cache-Control", "")
