"""Bad input never gives a 500: every public address, with anything in its query, on both databases."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from maillage.orientation.situation import PARAMETERS
from maillage.vocabulary.words import vocabulary
from tests.conftest import StrictClient
from tests.whole.cast import World, make_world

NAMES = [
    *PARAMETERS.values(),
    *(term.extra["parameter"] for term in vocabulary().terms("fact").values()),
    "page", "niveau", "offre", "q", "limite", "debut", "etape-choisie", "zzz",
]  # fmt: skip
PLAUSIBLE = [
    "creation",
    "difficultes",
    "53062",
    "Craon",
    "Saint-Aubin",
    "53400",
    "juridique",
    "gratuit",
    "association",
    "2",
    "-1",
    "0",
    "oui",
]
NASTY = ["", " ", "\0", "\x1b[31m", "é" * 500, "9" * 400, "NaN", "1e309", "../../etc/passwd", "{{ 7 }}", "%(x)s", "'; DROP TABLE x", "<script>",
         "\ud7ff", "\u202e", "٣", "½", "1\u00a0000", "[]", "-0", "+1", "0x10", "😀"]  # fmt: skip
values = st.one_of(st.sampled_from(PLAUSIBLE), st.sampled_from(NASTY), st.text(max_size=40))
PATHS = [
    "/", "/resultats/", "/questions/etape/", "/questions/commune/", "/questions/besoins/", "/questions/rien/", "/reseaux-et-relais/",
    "/territoires/", "/territoires/departement/53/", "/territoires/commune/99999/", "/territoires/zone/1/", "/territoires/france/france/",
    "/parcours/", "/parcours.pdf", "/api/v1/orientation", "/api/v1/communes", "/offres/rien/", "/structures/rien-aaaaaaaaaaaa/",
    "/offres/rien/echeances.ics", "/signaler/offre/rien/", "/sitemap.xml", "/plan-du-site/", "/en/resultats/", "/connexion/lien/x/",
    "/autodiagnostic/", "/autodiagnostic/prive/x/resultat/", "/autodiagnostic/complete/1/resultat/",
]  # fmt: skip
#: What an honest answer to a wrong question may be; 503 is the PDF that would be too long.
HONEST = {200, 301, 302, 303, 400, 404, 405, 410, 503}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


queries = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=6)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(path=st.sampled_from(PATHS), query=queries, htmx=st.booleans())
def test_anything_in_the_query_gets_an_honest_answer(world: World, path: str, query: list[tuple[str, str]], htmx: bool) -> None:
    if path == "/parcours.pdf":
        query = query[:2]  # each page set in type costs a tenth of a second
    address = f"{path}?{urlencode(query, errors='surrogatepass')}"
    status = StrictClient().get(address, headers={"HX-Request": "true"} if htmx else None).status_code
    assert status in HONEST, (status, address)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.one_of(
        st.text(max_size=60), st.lists(st.sampled_from([*PLAUSIBLE, *NASTY, "offres", "en", "gestion"]), max_size=5).map("/".join)
    )
)
def test_any_path_gets_an_honest_answer(world: World, path: str) -> None:
    status = StrictClient().get("/" + quote(path, safe="/")).status_code
    assert status in HONEST, (status, path)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.lists(st.tuples(st.sampled_from(["reason", "message", "email", "site", "started", "jeton"]), values), max_size=6)
)
def test_any_error_report_gets_an_honest_answer(world: World, fields: list[tuple[str, str]]) -> None:
    assume(
        not any("{{" in value or "{%" in value for _, value in fields)
    )  # shown again as typed: the client takes it for a leftover
    address = f"/signaler/offre/{world.offer.handle}/"
    body = urlencode(fields, errors="surrogatepass")
    answer = StrictClient().post(
        address, body, content_type="application/x-www-form-urlencoded", headers={"Origin": "http://testserver"}
    )
    assert answer.status_code in HONEST | {403, 422, 429}, answer.status_code


@pytest.mark.parametrize("query", ["etape=%FF", "commune=%00", "texte=%C3%28", "x=%ED%A0%80"])
def test_broken_encodings_are_refused_with_a_sentence(world: World, query: str) -> None:
    answer = StrictClient().get(f"/resultats/?{query}")
    assert answer.status_code == 400
    assert "<h1" in answer.content.decode()
