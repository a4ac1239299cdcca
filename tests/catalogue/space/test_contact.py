"""A contact that is hidden is nowhere but on the page of who asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from maillage.accounts.models import Person
from maillage.catalogue.models import Structure
from maillage.interop.jsonl_export import export_folder
from maillage.journal.models import Entry
from tests.catalogue.office.pages import edit, said
from tests.catalogue.space.conftest import Cast

Browser = Callable[[Person], Client]
PHONE, EMAIL = "02 43 99 88 77", "cachee@reseau-essai.fr"


@pytest.fixture
def hidden(cast: Cast) -> Structure:
    """The structure, its contact shown only to those who ask."""
    cast.structure.hidden_contact = {"phone": PHONE, "email": EMAIL}
    cast.structure.save()
    return cast.structure


def test_no_page_nor_export_gives_it_away(hidden: Structure, cast: Cast, client: Client, tmp_path: Path) -> None:
    export_folder(tmp_path)
    told = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    pages = [
        hidden.get_absolute_url(),
        cast.offer.get_absolute_url(),
        "/resultats/?etape=creation&commune=53130",
        "/reseaux-et-relais/?commune=53130",
    ]
    pages += [
        reverse("api-structure", args=(hidden.uid,)),
        reverse("api-offer", args=(cast.offer.uid,)),
        reverse("export-table", args=("structures", "csv")),
    ]
    pages += [reverse("hsds-organizations"), reverse("export-inclusion", args=("structures",))]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        told += b"".join(answer).decode() if answer.streaming else answer.content.decode()
    digits = told.replace(" ", "").replace("\u202f", "").replace("\xa0", "")
    assert EMAIL not in told
    assert "0243998877" not in digits
    assert "243998877" not in digits
    assert "hidden_contact" not in told


def test_asking_shows_it_and_is_written(hidden: Structure, client: Client) -> None:
    assert "Afficher le contact" in said(client.get(hidden.get_absolute_url()))
    asked = client.post(reverse("contact-ask", args=("structure", hidden.handle)))
    assert asked.status_code == 303
    shown = client.get(asked["Location"])
    assert PHONE.replace(" ", "") in said(shown).replace(" ", "")
    assert EMAIL in shown.content.decode()
    assert "noindex" in shown["X-Robots-Tag"]
    assert not shown.cookies
    entry = Entry.objects.get(verb="contact-asked")
    assert (entry.actor, entry.actor_name) == (None, "Un visiteur")


def test_a_link_to_the_contact_of_one_sheet_opens_no_other(hidden: Structure, cast: Cast, client: Client) -> None:
    cast.other.hidden_contact = {"phone": "03 22 00 00 00"}
    cast.other.save()
    token = client.post(reverse("contact-ask", args=("structure", hidden.handle)))["Location"].rstrip("/").rpartition("/")[2]
    assert client.get(reverse("contact-shown", args=("structure", cast.other.handle, token))).status_code == 410
    assert client.get(reverse("contact-shown", args=("structure", hidden.handle, "faux"))).status_code == 410


def test_another_site_and_a_program_are_stopped(hidden: Structure, client: Client) -> None:
    page = reverse("contact-ask", args=("structure", hidden.handle))
    assert client.post(page, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    statuses = [client.post(page).status_code for _ in range(21)]
    assert statuses == [303] * 20 + [429]
    assert int(client.post(page)["Retry-After"]) > 0


def test_hiding_it_in_the_form_moves_it_away(cast: Cast, as_person: Browser) -> None:
    url = reverse("office-edit", args=("structure", cast.structure.uid))
    assert edit(as_person(cast.ada), url, hide_contact="on").status_code == 303
    cast.structure.refresh_from_db()
    assert (cast.structure.phone, cast.structure.email) == ("", "")
    assert cast.structure.hidden_contact == {"phone": "02 43 00 00 00", "email": "contact@reseau-essai.fr"}
    assert {"phone", "email"} <= set(cast.structure.kept_fields), "no import writes them again"
    assert edit(as_person(cast.ada), url, hide_contact=None).status_code == 303
    cast.structure.refresh_from_db()
    assert (cast.structure.email, cast.structure.hidden_contact) == ("contact@reseau-essai.fr", {})
    assert json.dumps(cast.structure.hidden_contact) == "{}"
