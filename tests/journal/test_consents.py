"""Consent: per recipient and category, in the words that were read, ended at once; and who looked."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from maillage.journal.actions import accesses_to, looked
from maillage.journal.consents import consents_of, give, has_consent, revoke
from tests.conftest import _refuse_writes

pytestmark = pytest.mark.django_db


class File:
    KIND, name = "request", "Une demande"

    def __init__(self, uid: str) -> None:
        self.uid = uid


class Host:
    def __init__(self, uid: str, name: str = "Une structure") -> None:
        self.uid, self.name = uid, name


def test_consent_is_for_one_recipient_one_category_and_one_file() -> None:
    give(File("f1"), Host("s1"), "contact", wording="Oui", language="fr")
    assert has_consent(File("f1"), "s1", "contact")
    assert not has_consent(File("f1"), "s1", "project")
    assert not has_consent(File("f1"), "s2", "contact")
    assert not has_consent(File("f2"), "s1", "contact")


def test_revoking_ends_it_at_once_and_keeps_what_was_agreed() -> None:
    give(File("f1"), Host("s1"), "contact", wording="Oui, j’accepte.", language="fr")
    give(File("f1"), Host("s2"), "contact", wording="Oui", language="fr")
    assert revoke(File("f1"), "s1") == 1
    assert not has_consent(File("f1"), "s1", "contact")
    assert has_consent(File("f1"), "s2", "contact")
    assert revoke(File("f1"), "s1") == 0
    (kept,) = consents_of(File("f1")).filter(recipient_uid="s1")
    assert kept.revoked_at
    assert kept.wording == "Oui, j’accepte."


def test_given_twice_it_is_one_and_given_again_after_a_revocation_it_is_new() -> None:
    first = give(File("f1"), Host("s1"), "contact", wording="Premier", language="fr")
    assert give(File("f1"), Host("s1"), "contact", wording="Second", language="fr").pk == first.pk
    revoke(File("f1"))
    assert give(File("f1"), Host("s1"), "contact", wording="Second", language="fr").pk != first.pk
    assert consents_of(File("f1")).count() == 2


def test_an_unknown_category_is_refused() -> None:
    with pytest.raises(ValueError, match="health"):
        give(File("f1"), Host("s1"), "health", wording="Oui", language="fr")


def test_a_page_that_shows_data_may_write_who_looked_and_nothing_else() -> None:
    with connection.execute_wrapper(_refuse_writes):
        looked(None, File("f1"), "contact", organisation="Une structure")
        with pytest.raises(AssertionError, match="GET wrote"), transaction.atomic():
            accesses_to(File("f1")).delete()
    (line,) = accesses_to(File("f1"))
    assert (line.organisation, line.category) == ("Une structure", "contact")
