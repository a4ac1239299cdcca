"""Everything kept about somebody is declared, taken away whole, and erased without a trace."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings as conf
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.actions import sign_in_link
from maillage.accounts.models import Person, Role
from maillage.catalogue.models import ErrorReport, Invitation, Membership, ProposedEdit
from maillage.diagnosis import documents
from maillage.diagnosis.models import Assessment, Diagnosis, Document, Evidence
from maillage.journal.actions import looked, record
from maillage.journal.consents import give
from maillage.journal.messages import tell
from maillage.journal.models import Access, Entry, Message, Notice, Stop
from maillage.journal.privacy import ledger, retention
from maillage.journal.privacy.erasure import LastAdministrator, erase
from maillage.journal.privacy.export import as_zip, rows_of
from maillage.journal.privacy.registry import every_personal, holder_of, undeclared, unknown
from maillage.kit.personal import GONE
from maillage.orientation.models import Alert
from tests.catalogue.worlds import offer, relay, structure
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db

#: What nothing else in the base holds: the name and the address of somebody, and the words that they wrote.
NAME, EMAIL, WORDS = "Zoé Canarienne", "zoe.canarienne@example.org", "canari-écrit-par-zoé"
CANARIES = (NAME, EMAIL, WORDS, "canarienne", "canari-")


class Sheet:
    """Something that the journal speaks of."""

    KIND, uid, name = "offer", "aaaaaaaaaaaa", "Une fiche"


def test_every_column_that_looks_personal_is_declared_by_its_app() -> None:
    found = sorted(undeclared())
    assert not found, f"declare them in the personal.py of their app (docs/guides/privacy.md): {found}"


def test_every_declaration_speaks_of_a_column_that_exists() -> None:
    assert not list(unknown())


def test_whatever_stays_says_why() -> None:
    assert not [one.model for one in every_personal() if one.fate.value != "erase" and not one.reason]
    assert not [one.model for one in every_personal() if one.fate.value == "anonymise" and not (one.blanks or one.scrubs)]


@pytest.fixture(autouse=True)
def _place(settings: Any, tmp_path: Path) -> None:
    settings.MAILLAGE_DATA = tmp_path


@pytest.fixture
def zoe() -> Person:
    Person.objects.create_user("autre@example.org", role=Role.ADMINISTRATION)
    return Person.objects.create_user(EMAIL, "un mot de passe long", name=NAME, role=Role.ANIMATION)


def plant(zoe: Person) -> None:
    """Put Zoé in every place where somebody may be."""
    host = structure(verified_by=NAME)
    offer(host, verified_by=NAME)
    relay(host, verified_by=NAME)
    sign_in_link(zoe)
    record("verified", Sheet(), actor=zoe, changes={"verified_by": ["", NAME], "list": [{"by": EMAIL}]}, note="rien")
    subject = Sheet()
    subject.KIND, subject.uid, subject.name = "person", str(zoe.pk), EMAIL  # type: ignore[misc]
    record("account-opened", subject)
    tell(zoe, "journal/mail/retention", {"on": timezone.localdate(), "url": WORDS, "months": 24}, kind="retention")
    tell(EMAIL.upper(), "journal/mail/retention", {"on": timezone.localdate(), "url": "", "months": 24}, kind="retention")
    Stop.objects.create(person=zoe, kind="alert")
    looked(None, Sheet(), "contact", organisation="Une structure", person=zoe)
    looked(zoe, Sheet(), "project")
    give(Sheet(), host, "contact", wording=WORDS, language="fr", person=zoe)
    give(Sheet(), host, "project", wording="Accord d’un autre", language="fr", recorded_by=zoe)
    Notice.objects.create(person=zoe, sent_at=timezone.now())
    Membership.objects.create(person=zoe, structure=host, role=Membership.Role.MANAGER)
    somebody = Person.objects.create_user("quelquun@example.org")
    Membership.objects.create(person=somebody, structure=host, role=Membership.Role.ADVISER, decided_by=NAME)
    soon = timezone.now() + timedelta(days=1)
    Invitation.objects.create(
        digest="1" * 64, structure=host, email=zoe.email, role="conseil", inviter_name="Autre", expires_at=soon
    )
    Invitation.objects.create(
        digest="2" * 64, structure=host, email="x@example.org", role="conseil", invited_by=zoe, inviter_name=NAME, expires_at=soon
    )
    ProposedEdit.objects.create(sheet_kind="offer", sheet_uid="c" * 12, sheet_name="Une fiche", person=zoe, person_name=NAME)
    ProposedEdit.objects.create(sheet_kind="offer", sheet_uid="d" * 12, sheet_name="Une fiche", decided_by=NAME, state="refusee")
    ErrorReport.objects.create(
        sheet_kind="offer", sheet_uid="a" * 12, sheet_name="Une fiche", reason="other", email=EMAIL, message=WORDS
    )
    ErrorReport.objects.create(sheet_kind="offer", sheet_uid="b" * 12, sheet_name="Une fiche", reason="other", handled_by=NAME)
    Alert.objects.create(email=EMAIL, query="", frequency="weekly", language="fr")
    plant_account(zoe)
    plant_diagnosis(zoe)
    plant_interop(zoe)
    plant_requests(zoe, host)
    plant_siting(zoe)


def plant_siting(zoe: Person) -> None:
    from maillage.observatory.models import SitingRun

    SitingRun.objects.create(
        uid="siting", author=zoe, author_name=NAME, territory="departement:53", method="couverture", count=2, threshold=15
    )


def plant_requests(zoe: Person, host: Any) -> None:
    from maillage.accompaniment.actions import answering, following
    from maillage.accompaniment.actions.sending import Draft, send
    from maillage.accompaniment.models import Handover, Line
    from maillage.accompaniment.recipients import boxes, organiser, target
    from maillage.vocabulary.portals import portals

    host.email = EMAIL
    portal = portals()["pays-de-la-loire"]
    where, keeper = target(host), organiser(portal)
    fields = {"needed": WORDS, "holder_name": NAME, "email": EMAIL, "phone": "0612345678", "commune": "53130"}
    draft = Draft("r" * 16, fields, where, keeper, boxes(where, keeper), "fr", portal.code, person=zoe)
    request, _new = send(draft)
    following.add_word(request, WORDS)
    handover = Handover.objects.get(request=request)
    answering.accept(handover, word=WORDS, caller=NAME)
    other, _new = send(
        Draft("s" * 16, {"needed": "autre", "phone": "0612345679"}, where, keeper, [], "fr", portal.code, agent=zoe)
    )
    Line.objects.create(request=other, move="cloture", who=NAME)


def plant_account(zoe: Person) -> None:
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator
    from allauth.socialaccount.models import SocialAccount

    from maillage.accounts.models import Code, SecurityEvent, Session

    soon = timezone.now() + timedelta(minutes=10)
    for number, more in enumerate(({"person": zoe, "email": "autre@example.org"}, {"email": EMAIL.upper()})):
        Code.objects.create(purpose="sign-in", handle=f"h{number}", digest="d", link_digest=f"l{number}", expires_at=soon, **more)
    Session.objects.create(session_key="k", session_data=WORDS, expire_date=soon, person=zoe, handle="h")
    SecurityEvent.objects.create(kind="signed-in", person=zoe)
    SecurityEvent.objects.create(kind="role-changed", actor=zoe)
    Authenticator.objects.create(user=zoe, type=Authenticator.Type.TOTP, data={"secret": WORDS})
    EmailAddress.objects.create(user=zoe, email=EMAIL, verified=True, primary=True)
    SocialAccount.objects.create(user=zoe, provider="proconnect", uid=WORDS, extra_data={"given_name": NAME})


def plant_diagnosis(zoe: Person) -> None:
    from maillage.diagnosis.actions import keep
    from maillage.diagnosis.filling import OpenFilling
    from maillage.diagnosis.load import load_grids
    from maillage.diagnosis.versions import version
    from maillage.diagnosis.whereabouts import known

    load_grids()
    filling = OpenFilling(version("complete", 1), {"porte": "1", "besoin-nomme": "o"}, known("creation", "53084"))
    keep(filling, days=30, counted=False, portal="pays-de-la-loire", owner=zoe)
    mine = Assessment.objects.get(diagnosis__owner=zoe)
    Evidence.objects.create(assessment=mine, criterion="besoin-nomme", text=WORDS)
    name = documents.store(f"%PDF- {WORDS}".encode())
    Document.objects.create(assessment=mine, criterion="besoin-nomme", name=f"{WORDS}.pdf", kind="pdf", size=9, stored_as=name)


def plant_interop(zoe: Person) -> None:
    from maillage.interop.models import Duplicate, Merge, Proposal, Run
    from maillage.interop.table_imports.models import TableImport, TableSource

    day = timezone.localdate()
    source = TableSource.objects.create(code="essai", name="Essai", licence="Licence Ouverte 2.0")
    TableImport.objects.create(uid="t1", name="t.csv", kind="structure", source=source, author=zoe, author_name=NAME)
    TableImport.objects.create(uid="t2", name="t.csv", kind="structure", source=source, author_name="Autre", confirmed_by=zoe)
    Run.objects.create(source="essai", state=Run.State.DISMISSED, decided_by=NAME)
    Proposal.objects.create(
        kind="offer",
        uid="a" * 12,
        name="Fiche",
        source="essai",
        ref="1",
        field="name",
        before="",
        after="",
        proposed_on=day,
        decided_by=NAME,
    )
    Duplicate.objects.create(sheet_kind="offer", first="a", second="b", score=90, reasons=[], found_on=day, decided_by=NAME)
    Merge.objects.create(sheet_kind="offer", kept="a", away="b", merged_by=NAME)
    Merge.objects.create(sheet_kind="offer", kept="c", away="d", merged_by="Autre", undone_by=NAME)


def everything_written() -> Iterator[tuple[str, str]]:
    """(where, what) for each value of each table, as the database gives it, and for each file of the data folder."""
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
            for row in cursor.fetchall():
                yield (
                    model._meta.label,
                    " ".join(
                        value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False) for value in row
                    ),
                )
    for file in Path(conf.MAILLAGE_DATA).rglob("*"):
        if file.is_file():
            yield file.name, file.name + file.read_bytes().decode("utf-8", "replace")


def found_canaries() -> list[str]:
    found = []
    for where, text in everything_written():
        read = text + text.encode().decode("unicode_escape", "replace") if "\\u" in text else text
        found += [f"{where}: {canary}" for canary in CANARIES if canary.lower() in read.lower()]
    return found


def test_what_is_planted_is_exported_then_erased_everywhere(
    zoe: Person, caplog: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    plant(zoe)
    settings.EMAIL_URL, settings.MAILLAGE_QUIET_HOURS = "file:", "non"
    from maillage.journal.outbox.sending import send_due

    assert send_due().sent == Message.objects.count() > 2
    holder = holder_of(zoe)
    empty = [
        f"{one.model} ({one.title})"
        for one in every_personal()
        if not rows_of(one, holder).exists() and "organisation" not in one.columns
    ]
    assert not empty, f"plant somebody there too: {empty}"

    with zipfile.ZipFile(io.BytesIO(as_zip(zoe))) as archive:
        data, page = archive.read("donnees.json").decode(), archive.read("donnees.html").decode()
        files = [archive.read(name).decode() for name in archive.namelist() if name.startswith("documents/")]
    content = json.loads(data)
    exported = {section["title"] for section in content["sections"]}
    assert exported == {str(one.title) for one in every_personal() if rows_of(one, holder).exists()}
    for canary in (NAME, EMAIL, WORDS):
        assert canary in data
        assert canary in page
    assert any(WORDS in file for file in files)
    assert "un mot de passe" not in data
    assert zoe.password not in data

    others = {model: model._default_manager.count() for model in (Access, Entry)}
    with django_capture_on_commit_callbacks(execute=True):
        erase(zoe)
    assert found_canaries() == []
    assert not [line for line in caplog.messages if any(canary in line for canary in CANARIES)]
    assert Entry.objects.count() == others[Entry], "the history of sheets stays"
    assert set(Entry.objects.values_list("actor_name", flat=True)) >= {GONE, "Maillage"}
    assert Access.objects.count() == 1, "those whose data she looked at still know it"
    assert not list((Path(conf.MAILLAGE_DATA) / "diagnosis-documents").glob("*"))
    assert not Diagnosis.objects.exists()


def test_the_search_for_canaries_finds_them(zoe: Person) -> None:
    plant(zoe)
    places = {line.partition(":")[0] for line in found_canaries()}
    assert {"accounts.Person", "journal.Entry", "journal.Message", "diagnosis.Evidence", "orientation.Alert"} <= places
    assert any(len(place) == 48 for place in places), "files too"


def test_somebody_else_keeps_everything(zoe: Person) -> None:
    other = Person.objects.create_user("leo@example.org", name="Léo")
    record("edited", Sheet(), actor=other, changes={"verified_by": ["", "Léo"]})
    tell(other, "journal/mail/retention", {"on": timezone.localdate(), "url": "", "months": 24}, kind="retention")
    plant(zoe)
    erase(zoe)
    assert Entry.objects.get(actor=other).changes == {"verified_by": ["", "Léo"]}
    assert Message.objects.filter(person=other).count() == 1


def signed_in(person: Person) -> StrictClient:
    client = StrictClient()
    client.force_login(person)
    return client


def test_the_page_says_what_is_kept_who_looked_and_what_becomes_of_it(zoe: Person) -> None:
    plant(zoe)
    page = signed_in(zoe).get(reverse("my-data")).content.decode()
    for words in ("Une structure", "Vos autodiagnostics", "gardé sans votre nom", "identité et coordonnées"):
        assert words in page


def test_the_archive_is_taken_away_from_the_page(zoe: Person) -> None:
    answer = signed_in(zoe).get(reverse("my-data-export"))
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None


def test_erasing_asks_for_the_word_then_ends_everything(zoe: Person) -> None:
    client = signed_in(zoe)
    answer = client.post(reverse("my-data-erase"), {"word": "oui"})
    assert "Écrivez le mot" in answer.content.decode()
    assert Person.objects.filter(pk=zoe.pk).exists()
    answer = client.post(reverse("my-data-erase"), {"word": " Effacer "})
    assert (answer.status_code, answer.url) == (303, reverse("erased"))  # type: ignore[attr-defined]  # a redirect
    assert not Person.objects.filter(pk=zoe.pk).exists()
    assert client.get(reverse("account")).status_code == 302


def test_the_only_administrator_stays() -> None:
    ada = Person.objects.create_user("ada@example.org", role=Role.ADMINISTRATION)
    with pytest.raises(LastAdministrator):
        erase(ada)
    assert "la seule personne" in signed_in(ada).post(reverse("my-data-erase"), {"word": "effacer"}).content.decode()


# --- The ledger


def write_all(run: Callable[[], None], capture: Any) -> None:
    with capture(execute=True):
        run()


def test_the_ledger_names_nobody_and_a_restored_base_forgets_again(zoe: Person, django_capture_on_commit_callbacks: Any) -> None:
    write_all(lambda: erase(zoe), django_capture_on_commit_callbacks)
    assert not any(canary.lower() in ledger.path().read_text().lower() for canary in CANARIES)
    assert ledger.path().stat().st_mode & 0o077 == 0
    back = Person.objects.create_user(EMAIL, name=NAME)  # as an old backup brings her back
    Person.objects.filter(pk=back.pk).update(created_at=timezone.now() - timedelta(days=300))
    assert ledger.replay() == 1
    assert found_canaries() == []
    assert ledger.replay() == 0


def test_somebody_who_came_back_after_an_erasure_stays(zoe: Person, django_capture_on_commit_callbacks: Any) -> None:
    write_all(lambda: erase(zoe), django_capture_on_commit_callbacks)
    Person.objects.create_user(EMAIL, name=NAME)
    assert ledger.replay() == 0
    assert Person.objects.filter(email=EMAIL).exists()


def test_an_alert_that_was_stopped_does_not_come_back_either(django_capture_on_commit_callbacks: Any) -> None:
    from maillage.orientation.alerts.actions import stop

    long_ago = timezone.now() - timedelta(days=9)
    alert = Alert.objects.create(email=EMAIL, query="etape=idee", frequency="weekly", language="fr", created_at=long_ago)
    write_all(lambda: stop(alert), django_capture_on_commit_callbacks)
    Alert.objects.create(email=EMAIL, query="etape=idee", frequency="weekly", language="fr", created_at=long_ago)
    Alert.objects.create(email=EMAIL, query="etape=creation", frequency="weekly", language="fr", created_at=long_ago)
    assert ledger.replay() == 1
    assert Alert.objects.get().query == "etape=creation"


def test_a_line_cut_by_a_crash_loses_no_other(zoe: Person) -> None:
    ledger.write("person", EMAIL)
    with ledger.path().open("a") as file:
        file.write('{"at": "2026-')
    Person.objects.filter(pk=zoe.pk).update(created_at=timezone.now() - timedelta(days=9))
    assert ledger.replay() == 1


# --- Two years


def test_an_account_without_contact_is_told_then_erased_a_month_later(zoe: Person) -> None:
    start = timezone.now()

    def after(days: float) -> retention.Forgotten:
        with time_machine.travel(start + timedelta(days=days)):
            return retention.run()

    Person.objects.exclude(pk=zoe.pk).update(last_login=start + timedelta(days=5000))
    assert after(699).told == 0
    assert (after(701).told, after(702).told) == (1, 0)
    assert "effacé le" in Message.objects.get(person=zoe).subject
    assert after(729).erased == 0
    assert after(732).erased == 1
    assert not Person.objects.filter(pk=zoe.pk).exists()


def test_who_signs_in_after_the_notice_stays_and_is_told_again_two_years_later(zoe: Person) -> None:
    start = timezone.now()
    Person.objects.exclude(pk=zoe.pk).update(last_login=start + timedelta(days=5000))
    with time_machine.travel(start + timedelta(days=701)):
        assert retention.run().told == 1
        Person.objects.filter(pk=zoe.pk).update(last_login=timezone.now())
    with time_machine.travel(start + timedelta(days=800)):
        assert retention.run() == retention.Forgotten()
    with time_machine.travel(start + timedelta(days=701 + 702)):
        assert retention.run().told == 1


def test_nobody_is_erased_without_having_been_told_a_month_before(zoe: Person) -> None:
    Person.objects.exclude(pk=zoe.pk).update(last_login=timezone.now() + timedelta(days=5000))
    with time_machine.travel(timezone.now() + timedelta(days=3000)):
        assert retention.run() == retention.Forgotten(told=1, erased=0)
        assert retention.run() == retention.Forgotten()


def test_the_last_administrator_outlives_the_retention() -> None:
    Person.objects.create_user("ada@example.org", role=Role.ADMINISTRATION)
    with time_machine.travel(timezone.now() + timedelta(days=3000)):
        retention.run()
    with time_machine.travel(timezone.now() + timedelta(days=3040)):
        assert retention.run().erased == 0
    assert Person.objects.filter(email="ada@example.org").exists()
