"""A kept diagnosis: only who holds the link, until it ends; two voices; what moved; deletion."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from maillage.accounts.models import Person
from maillage.diagnosis import documents
from maillage.diagnosis.documents import Refused, kind_of
from maillage.diagnosis.models import Assessment, Diagnosis, Document, Evidence
from maillage.journal.models import Entry
from tests.conftest import StrictClient
from tests.diagnosis.conftest import HERE
from tests.diagnosis.test_open import words

Post = Callable[..., HttpResponse]


def at(page: str, secret: str, *rest: object) -> str:
    return reverse(f"private-{page}", args=(secret, *rest))


def invited(client: StrictClient, post: Post, secret: str) -> str:
    """Invite an adviser; gives the secret of the link that the page shows."""
    assert post(at("settings", secret), acte="inviter").status_code == 303
    shown = re.findall(r"prive/([\w-]+)/<", client.get(at("settings", secret)).content.decode())
    return str(next(other for other in shown if other != secret))


def test_the_link_opens_what_was_kept_and_the_database_does_not_hold_it(client: StrictClient, kept: str) -> None:
    page = words(client.get(at("list", kept)))
    assert "6 réponses sur 21" in page
    assert "Il s’efface le" in page
    diagnosis = Diagnosis.objects.get()
    assert kept not in str(diagnosis.__dict__)
    assert not diagnosis.counted
    assert abs(diagnosis.expires_at - timezone.now() - timedelta(days=180)) < timedelta(minutes=5)


def test_an_answer_and_its_proof_are_kept_then_the_next_question_comes(client: StrictClient, kept: str, post: Post) -> None:
    answer = post(at("step", kept, "but-ecrit"), reponse="e", preuve="Article 2 des statuts.", suite="suivant")
    assert answer.status_code == 303
    assert answer["Location"] == at("step", kept, "conception-partagee")
    page = client.get(at("step", kept, "but-ecrit")).content.decode()
    assert 'value="e" checked' in page
    assert "Article 2 des statuts." in page
    assert "Article 2 des statuts." in words(client.get(at("result", kept)))
    post(at("step", kept, "but-ecrit"), reponse="", preuve="", suite="liste")
    assert Assessment.objects.get().answers == "1onoep"
    assert not Evidence.objects.exists()


def test_what_is_wrong_is_said_beside_and_what_was_typed_is_kept(client: StrictClient, kept: str, post: Post) -> None:
    page = post(at("step", kept, "but-ecrit"), reponse="z", preuve="é" * 2_001)
    assert page.status_code == 200
    assert "Ce texte est trop long" in words(page)
    assert "Choisissez une des réponses proposées." in words(page)
    assert "é" * 2_001 in page.content.decode()
    assert Assessment.objects.get().answers == "1onoop"


def test_an_expired_or_unknown_link_is_a_plain_page_that_gives_the_text_back(client: StrictClient, kept: str, post: Post) -> None:
    Diagnosis.objects.update(expires_at=timezone.now())
    for secret in (kept, "jamais-vu"):
        for page in ("list", "result", "pdf", "json", "compare", "settings"):
            answer = client.get(at(page, secret))
            assert answer.status_code == 410
            assert "Ce lien n’ouvre plus rien" in words(answer)
    answer = post(at("step", kept, "but-ecrit"), reponse="o", preuve="Une longue preuve.")
    assert answer.status_code == 410
    assert "Une longue preuve." in answer.content.decode()


def test_a_form_of_another_site_changes_nothing(client: StrictClient, kept: str) -> None:
    answer = client.post(at("settings", kept), {"acte": "effacer", "sur": "oui"}, headers={"Origin": "https://ailleurs.example"})
    assert answer.status_code == 403
    assert Diagnosis.objects.exists()


def test_the_adviser_fills_the_same_grid_blind_and_the_two_are_compared(client: StrictClient, kept: str, post: Post) -> None:
    post(at("step", kept, "besoin-nomme"), reponse="o", preuve="Vingt entretiens.")
    adviser = invited(client, post, kept)
    assert "0 réponses sur 21" in words(client.get(at("list", adviser)))
    assert "Vingt entretiens" not in client.get(at("step", adviser, "besoin-nomme")).content.decode()
    post(at("step", adviser, "besoin-nomme"), reponse="n", preuve="Cinq seulement.")
    post(at("step", adviser, "besoin-verifie"), reponse="n")
    for secret in (kept, adviser):
        page = words(client.get(at("compare", secret)))
        assert "d’accord sur 1 critère" in page
        assert "1 est à discuter" in page
        assert "Vingt entretiens." in page
        assert "Cinq seulement." in page
    assert Assessment.objects.get(voice="porteur").answers == "1onoop", "the holder's answers are the holder's"


def test_the_adviser_settles_nothing_and_the_link_can_be_changed_or_closed(client: StrictClient, kept: str, post: Post) -> None:
    first = invited(client, post, kept)
    assert client.get(at("settings", first))["Location"] == at("list", first)
    assert post(at("settings", first), acte="effacer", sur="oui").status_code == 302
    assert Diagnosis.objects.exists()
    second = invited(client, post, kept)
    assert second != first
    assert client.get(at("list", first)).status_code == 410
    assert client.get(at("list", second)).status_code == 200
    post(at("settings", kept), acte="fermer")
    assert client.get(at("list", second)).status_code == 410


def test_a_new_round_keeps_the_old_profile_and_says_what_moved(client: StrictClient, kept: str, post: Post) -> None:
    before = client.get(at("result", kept)).content
    post(at("settings", kept), acte="refaire")
    post(at("step", kept, "besoin-verifie"), reponse="o")
    post(at("step", kept, "besoin-nomme"), reponse="e")
    page = words(client.get(at("compare", kept)))
    assert "Un besoin vérifié sur le terrain Non → puis Oui, avec preuve A progressé" in page
    assert "A reculé" in page
    assert "18 critères n’ont pas bougé" in page
    old = json.loads(client.get(at("json", kept) + "?tour=1").content)
    assert old["code"] == "1onoop"
    assert json.loads(client.get(at("json", kept)).content)["code"] == "1eooop"
    assert b"Un besoin nomm" in before
    assert client.get(at("result", kept) + "?tour=nimporte").status_code == 200


def test_place_and_settings_are_changed_and_kept(client: StrictClient, kept: str, post: Post) -> None:
    assert post(at("place", kept), etape="idee", commune="Laval 53000", saisie="1").status_code == 303
    assert (Diagnosis.objects.get().stage, Diagnosis.objects.get().commune) == ("idee", "53130")
    wrong = post(at("place", kept), etape="idee", commune="Nulle-Part-sur-Rien", saisie="1")
    assert wrong.status_code == 200
    assert 'value="Nulle-Part-sur-Rien"' in wrong.content.decode()
    end = Diagnosis.objects.get().expires_at
    post(at("settings", kept), acte="regler", days="", counted="on")
    assert Diagnosis.objects.get().counted
    assert Diagnosis.objects.get().expires_at == end
    post(at("settings", kept), acte="regler", days="30")
    assert not Diagnosis.objects.get().counted
    assert Diagnosis.objects.get().expires_at < end


def test_deletion_is_asked_twice_and_leaves_nothing(
    client: StrictClient, kept: str, post: Post, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    post(at("step", kept, "but-ecrit"), reponse="o", preuve="Article 2.")
    _give(client, kept, _pdf())
    assert "Cochez" in words(post(at("settings", kept), acte="effacer"))
    with django_capture_on_commit_callbacks(execute=True):
        assert post(at("settings", kept), acte="effacer", sur="oui")["Location"] == reverse("diagnosis-deleted")
    assert client.get(at("list", kept)).status_code == 410
    for model in (Diagnosis, Assessment, Evidence, Document):
        assert not model._default_manager.exists()
    assert not list(documents.folder().glob("*"))
    assert not Entry.objects.exclude(subject_kind="grid").exists(), "no trace in the journal"


def test_the_purge_takes_what_expired_and_files_that_nobody_holds(
    client: StrictClient,
    kept: str,
    post: Post,
    capsys: pytest.CaptureFixture[str],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    _give(client, kept, _pdf())
    fresh = post(reverse("diagnosis-keep", args=("rapide", 1)), r="oo", days="30")["Location"]
    Diagnosis.objects.filter(grid__code="complete").update(expires_at=timezone.now() - timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        call_command("purge-diagnoses")
    assert "effacés : 1" in capsys.readouterr().out
    assert client.get(fresh).status_code == 200
    assert not Document.objects.exists()
    assert not list(documents.folder().glob("*"))


# --- documents


def _pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("../../Étude <b>2025</b>.exe.pdf", b"%PDF-1.7 essai", content_type="text/html")


def _member() -> Person:
    return Person.objects.filter(email="membre@example.org").first() or Person.objects.create_user(
        "membre@example.org", "un mot de passe long"
    )


def _give(client: StrictClient, secret: str, upload: SimpleUploadedFile) -> HttpResponse:
    client.force_login(_member())
    answer = client.post(at("add-document", secret, "but-ecrit"), {"document": upload}, headers=HERE)
    client.logout()
    return answer


@pytest.fixture(autouse=True)
def _own_folder(settings: object, tmp_path: Path) -> None:
    settings.MAILLAGE_DATA = tmp_path  # type: ignore[attr-defined]


def test_a_document_is_kept_under_a_random_name_and_sent_as_an_attachment_to_who_holds_a_link(
    client: StrictClient, kept: str, post: Post
) -> None:
    adviser = invited(client, post, kept)
    assert _give(client, kept, _pdf()).status_code == 303
    document = Document.objects.get()
    assert document.name.endswith(".pdf")
    assert "<" not in document.name
    assert "/" not in document.name
    assert (documents.folder() / document.stored_as).read_bytes() == b"%PDF-1.7 essai"
    assert len(document.stored_as) == 48
    for secret in (kept, adviser):
        sent = client.get(at("document", secret, document.pk))
        assert sent.status_code == 200
        assert sent["Content-Disposition"].startswith("attachment;")
        assert sent["Content-Type"] == "application/pdf"
        assert sent["X-Content-Type-Options"] == "nosniff"
        assert b"".join(sent) == b"%PDF-1.7 essai"  # type: ignore[call-overload]  # a streamed answer


def test_another_diagnosis_does_not_open_the_document(client: StrictClient, kept: str, post: Post) -> None:
    _give(client, kept, _pdf())
    other = post(reverse("diagnosis-keep", args=("rapide", 1)), r="oo", days="30")["Location"].rstrip("/").rpartition("/")[2]
    pk = Document.objects.get().pk
    assert client.get(at("document", other, pk)).status_code == 404
    assert client.get(at("document", "jamais-vu", pk)).status_code == 410
    assert post(at("remove-document", other, pk)).status_code == 303
    assert Document.objects.exists()


def test_without_an_account_no_document_is_taken(client: StrictClient, kept: str) -> None:
    assert "connectez-vous" in words(client.get(at("step", kept, "but-ecrit")))
    client.post(at("add-document", kept, "but-ecrit"), {"document": _pdf()}, headers=HERE)
    assert not Document.objects.exists()


def test_a_wrong_document_is_refused_in_a_sentence(client: StrictClient, kept: str) -> None:
    for content, sentence in (
        (b"MZ not a document", "pas d’un format accepté"),
        (b"", "pas vide"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "pas d’un format accepté"),
        (b"%PDF-" + b"x" * documents.LARGEST, "trop lourd"),
    ):
        answer = _give(client, kept, SimpleUploadedFile("etude.pdf", content))
        assert answer.status_code == 200
        assert sentence in words(answer)
    assert not Document.objects.exists()
    assert not list(documents.folder().glob("*"))


def _zipped(**parts: bytes) -> bytes:
    held = BytesIO()
    with ZipFile(held, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return held.getvalue()


def test_each_format_is_known_by_what_it_holds() -> None:
    assert kind_of(b"\x89PNG\r\n\x1a\n....") == "png"
    assert kind_of(b"\xff\xd8\xff\xe0....") == "jpg"
    office = {"[Content_Types].xml": b"<Types/>"}
    assert kind_of(_zipped(**office, **{"word/document.xml": b""})) == "docx"
    assert kind_of(_zipped(**office, **{"xl/workbook.xml": b""})) == "xlsx"
    for kind in ("odt", "ods"):
        assert kind_of(_zipped(mimetype=documents.TYPES[kind].encode())) == kind
    for wrong in (
        _zipped(**{"readme.txt": b""}),
        _zipped(**office, **{"word/document.xml": b"", "word/vbaProject.bin": b""}),
        _zipped(mimetype=b"application/epub+zip"),
        b"PK\x03\x04 broken",
    ):
        with pytest.raises(Refused):
            kind_of(wrong)


def test_a_voice_fills_a_round_once(kept: str) -> None:
    one = Assessment.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.create(diagnosis=one.diagnosis, version=one.version, voice="porteur", round=1)
