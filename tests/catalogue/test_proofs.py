"""Which addresses prove a claim, who belongs to the non-lucrative network, when a link is broken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.catalogue.domains import domain_of_email, domain_of_site, is_open_to_everybody, proves, proving
from maillage.catalogue.links import FAILURES, OVER, Health, after, due
from maillage.catalogue.nonlucrative import standing


@pytest.mark.parametrize(
    ("address", "website", "email", "expected"),
    [
        ("lea@reseau-essai.fr", "https://www.reseau-essai.fr/equipe", "", True),
        ("LEA@Reseau-Essai.FR", "http://reseau-essai.fr", "", True),
        ("lea@reseau-essai.fr", "", "contact@reseau-essai.fr", True),
        ("lea@antenne.reseau-essai.fr", "https://reseau-essai.fr", "", False),  # a sub-domain may be somebody else's
        ("lea@reseau-essai.fr", "https://antenne.reseau-essai.fr", "", False),
        ("lea@mauvais-reseau-essai.fr", "https://reseau-essai.fr", "", False),
        ("lea@gmail.com", "", "reseau@gmail.com", False),
        ("lea@orange.fr", "", "reseau@orange.fr", False),
        ("lea@wordpress.com", "https://reseau.wordpress.com", "", False),
        ("lea@reseau.wordpress.com", "https://reseau.wordpress.com", "", False),
        ("lea@127.0.0.1", "https://127.0.0.1/", "", False),
        ("sans-arobase", "https://reseau-essai.fr", "", False),
        ("lea@", "", "contact@", False),
    ],
)
def test_an_address_of_the_structure_s_own_domain_proves(address: str, website: str, email: str, expected: bool) -> None:
    assert proves(address, proving(website, (email,))) is expected


@given(text=st.text(max_size=40))
def test_any_text_has_a_domain_or_none(text: str) -> None:
    for domain in (domain_of_email(text), domain_of_site(text)):
        assert domain == "" or "." in domain
    assert not is_open_to_everybody("")


def test_who_belongs_to_the_non_lucrative_network() -> None:
    assert standing("public", 0).belongs
    assert standing("ess", 1).belongs
    for nonprofit, free, missing in (("ess", 0, "no-free-offer"), ("autre", 3, "other-nature"), ("", 3, "nature-unknown")):
        found = standing(nonprofit, free)
        assert (found.belongs, found.reason) == (False, missing)


START = datetime(2026, 11, 1, 3, tzinfo=UTC)
VISITS = st.lists(st.tuples(st.sampled_from((True, False, False, None)), st.integers(1, 400)), max_size=20)


@given(visits=VISITS)
def test_the_flag_says_three_failures_in_a_row_over_a_week(visits: list[tuple[bool | None, int]]) -> None:
    health, at = Health(), START
    told: list[tuple[bool, datetime]] = []
    for answered, hours in visits:
        at += timedelta(hours=hours)
        health = after(health, answered, at)
        if answered is not None:
            told.append((answered, at))
        # by brute force: the failures since the last success; flagged from the first that is the third or later and a week old
        run: list[datetime] = []
        for ok, moment in told:
            run = [] if ok else [*run, moment]
        flagged = next((moment for n, moment in enumerate(run, 1) if n >= FAILURES and moment - run[0] >= OVER), None)
        assert health == Health(len(run), run[0] if run else None, flagged)


@given(hours=st.integers(0, 400), failures=st.integers(0, 5))
def test_a_failing_address_is_visited_sooner(hours: int, failures: int) -> None:
    at = START + timedelta(hours=hours)
    assert due(START, failures, at) == (hours >= (72 if failures else 168))
    assert due(None, failures, at)
