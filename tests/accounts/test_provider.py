"""An identity provider: it opens the account that its owner linked, and nothing else; every forged answer is refused with a sentence."""

from __future__ import annotations

import html
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client, override_settings
from django.urls import reverse

from maillage.accounts.models import Person, Role, SecurityEvent
from maillage.kit.oidc import PRESETS, oidc_from, origin_of
from tests.accounts.hands import give_totp, sign_in_by_code
from tests.accounts.identity_provider import CLIENT, FOREIGN, OURS, PASSWORD, IdentityProvider, running, unsigned
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _server() -> Iterator[IdentityProvider]:
    with running() as provider:
        yield provider


@pytest.fixture
def idp(_server: IdentityProvider) -> Iterator[IdentityProvider]:
    """The provider as it answers when all is well, configured in the settings."""
    fresh = IdentityProvider(_server.url)
    _server.__dict__.update(fresh.__dict__)
    ours = {
        "name": "Identité",
        "issuer": _server.url,
        "client_id": CLIENT,
        "secret": PASSWORD,
        "algorithm": "RS256",
        "strong": ("eidas2",),
    }
    with override_settings(MAILLAGE_OIDC=ours):
        yield _server


@pytest.fixture
def alice() -> Person:
    return Person.objects.create_user("alice@example.org", name="Alice", role=Role.ANIMATION)


def go(client: Client, idp: IdentityProvider, **posted: str) -> dict[str, str]:
    """Press the button; gives what the browser carries to the provider."""
    answer = client.post(reverse("provider"), posted)
    assert answer.status_code == 303, answer.content.decode()
    address = urlsplit(answer.url)
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{idp.url}/authorize"
    sent = {name: values[0] for name, values in parse_qs(address.query).items()}
    idp.nonce = sent["nonce"]
    return sent


def come_back(client: Client, state: str, **query: str) -> Any:
    return client.get(reverse("provider-return"), {"code": "given", "state": state, **query})


def link(person: Person, idp: IdentityProvider) -> None:
    SocialAccount.objects.create(user=person, provider=idp.url, uid=idp.sub)


def sign_in(client: Client, idp: IdentityProvider, **posted: str) -> Any:
    back = come_back(client, go(client, idp, **posted)["state"])
    assert back.status_code == 200, back.content.decode()
    return client.post(reverse("provider-return"))


def test_a_linked_identity_signs_in_and_two_factors_there_are_two_factors_here(
    client: Client, idp: IdentityProvider, alice: Person
) -> None:
    link(alice, idp)
    assert sign_in(client, idp, next="/gestion/offres/").url == "/gestion/offres/"
    assert client.get("/gestion/offres/").status_code == 200
    assert SecurityEvent.objects.get(kind="signed-in").detail == "provider+provider"


def test_one_factor_there_is_one_factor_here(client: Client, idp: IdentityProvider, alice: Person) -> None:
    link(alice, idp)
    give_totp(alice)
    idp.acr = "eidas1"
    assert sign_in(client, idp).url == reverse("second-factor")
    assert client.get(reverse("office")).status_code == 302


def test_coming_back_signs_nobody_in_before_the_button(client: Client, idp: IdentityProvider, alice: Person) -> None:
    link(alice, idp)
    assert come_back(client, go(client, idp)["state"]).status_code == 200
    assert client.get(reverse("account")).status_code == 302


def test_only_an_identifier_is_asked_for(client: Client, idp: IdentityProvider) -> None:
    sent = go(client, idp)
    assert sent["scope"] == "openid"
    assert len(sent["state"]) >= 32
    assert len(sent["nonce"]) >= 32
    come_back(client, sent["state"])
    assert idp.asked[-1]["client_secret"] == PASSWORD
    assert idp.asked[-1]["redirect_uri"] == sent["redirect_uri"]
    assert sent["redirect_uri"].endswith("/connexion/fournisseur/retour/")


def test_the_return_address_is_the_same_in_english(client: Client, idp: IdentityProvider) -> None:
    answer = client.post("/en/connexion/fournisseur/")
    assert "retour%2F" in answer.url
    assert "%2Fen%2F" not in answer.url


def test_an_identity_that_nobody_linked_opens_nothing_and_creates_nothing(
    client: Client, idp: IdentityProvider, alice: Person
) -> None:
    answer = sign_in(client, idp)
    assert answer.status_code == 403
    assert "Aucun compte n’est encore relié" in answer.content.decode()
    assert Person.objects.count() == 1
    assert not SocialAccount.objects.exists()
    assert client.get(reverse("account")).status_code == 302


@pytest.mark.parametrize("verified", [True, False, None])
def test_the_address_of_an_account_in_the_token_is_worth_nothing(
    client: Client, idp: IdentityProvider, alice: Person, verified: bool | None
) -> None:
    idp.change = lambda claims: {**claims, "email": alice.email, "email_verified": verified}
    assert sign_in(client, idp).status_code == 403
    assert client.get(reverse("account")).status_code == 302
    assert not SocialAccount.objects.exists()


def test_its_owner_links_it_from_my_account(idp: IdentityProvider, alice: Person) -> None:
    client = StrictClient()
    client.force_login(alice)
    assert sign_in(client, idp, relier="1").url == reverse("account")
    assert SocialAccount.objects.get().user == alice
    assert "Ne plus relier" in client.get(reverse("account")).content.decode()
    other = StrictClient()
    assert sign_in(other, idp).url == reverse("office")
    assert client.post(reverse("provider-unlink")).status_code == 303
    assert not SocialAccount.objects.exists()


def test_linking_asks_for_a_fresh_proof(idp: IdentityProvider, alice: Person, time_machine) -> None:
    time_machine.move_to("2026-11-23 10:00:00+01:00", tick=False)
    client = StrictClient()
    client.force_login(alice)
    time_machine.shift(11 * 60)
    assert client.post(reverse("provider"), {"relier": "1"}).url.startswith(reverse("confirm"))


def test_an_identity_linked_to_somebody_else_is_not_taken(idp: IdentityProvider, alice: Person) -> None:
    link(Person.objects.create_user("bob@example.org"), idp)
    client = StrictClient()
    client.force_login(alice)
    answer = sign_in(client, idp, relier="1")
    assert "déjà reliée à un autre compte" in answer.content.decode()
    assert SocialAccount.objects.get().user != alice


def test_somebody_who_signs_in_meanwhile_does_not_get_the_link(idp: IdentityProvider, alice: Person) -> None:
    """Login CSRF: the question was a sign-in; its answer links nothing to whoever is signed in."""
    client = StrictClient()
    client.force_login(alice)
    assert sign_in(client, idp).status_code == 403
    assert not SocialAccount.objects.exists()


def test_a_closed_account_does_not_open(client: Client, idp: IdentityProvider, alice: Person) -> None:
    link(alice, idp)
    Person.objects.filter(pk=alice.pk).update(is_active=False)
    assert sign_in(client, idp).status_code == 403


def _public_pem() -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return OURS.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _hmac(claims: dict[str, Any]) -> str:
    """Signed with our public key as if it were a shared secret (PyJWT refuses to make it: by hand)."""
    import base64
    import hashlib
    import hmac

    head = unsigned(claims, {"alg": "HS256", "kid": "one", "typ": "JWT"}).rstrip(".")
    signature = hmac.new(_public_pem(), head.encode(), hashlib.sha256).digest()
    return f"{head}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def _signed(**header: Any) -> Callable[[dict[str, Any]], str]:
    return lambda claims: jwt.encode(claims, OURS, "RS256", {"kid": "one", **header})


def _without(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda claims: {name: value for name, value in claims.items() if name not in names}


def _with(**values: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda claims: {**claims, **values}


def _spoiled(claims: dict[str, Any]) -> str:
    head, body, signature = _signed()(claims).split(".")
    return f"{head}.{body}.{('A' if signature[0] != 'A' else 'B') + signature[1:]}"


def _other_body(claims: dict[str, Any]) -> str:
    head, _body, signature = _signed()(claims).split(".")
    return f"{head}.{unsigned({**claims, 'sub': 'agent-2'}, {}).split('.')[1]}.{signature}"


#: name → what the provider changes
FORGED: dict[str, dict[str, Any]] = {
    "audience of another site": {"change": _with(aud="another")},
    "audience among others": {"change": _with(aud=[CLIENT, "another"])},
    "no audience": {"change": _without("aud")},
    "audience empty": {"change": _with(aud=[])},
    "authorised party is another site": {"change": _with(azp="another")},
    "issuer of another provider": {"change": _with(iss="https://evil.example")},
    "issuer with one more slash": {"change": lambda claims: {**claims, "iss": claims["iss"] + "/"}},
    "no issuer": {"change": _without("iss")},
    "nonce of another session": {"change": _with(nonce="another")},
    "nonce empty": {"change": _with(nonce="")},
    "no nonce": {"change": _without("nonce")},
    "nonce is a list": {"change": lambda claims: {**claims, "nonce": [claims["nonce"]]}},
    "expired": {"change": lambda claims: {**claims, "exp": int(time.time()) - 120}},
    "no expiry": {"change": _without("exp")},
    "issued in the future": {"change": lambda claims: {**claims, "iat": int(time.time()) + 600}},
    "issued long ago": {"change": lambda claims: {**claims, "iat": int(time.time()) - 3600}},
    "not valid yet": {"change": lambda claims: {**claims, "nbf": int(time.time()) + 600}},
    "no subject": {"change": _without("sub")},
    "subject empty": {"change": _with(sub="")},
    "subject with spaces": {"change": _with(sub=" agent-1 ")},
    "subject is a number": {"change": _with(sub=1)},
    "subject without end": {"change": _with(sub="a" * 5000)},
    "algorithm none": {"sign": lambda claims: unsigned(claims, {"alg": "none", "kid": "one"})},
    "algorithm None, written otherwise": {"sign": lambda claims: unsigned(claims, {"alg": "nOnE", "kid": "one"})},
    "public key as a shared secret": {"sign": _hmac},
    "another algorithm than agreed": {"sign": lambda claims: jwt.encode(claims, OURS, "RS512", {"kid": "one"})},
    "signed by another key": {"sign": lambda claims: jwt.encode(claims, FOREIGN, "RS256", {"kid": "one"})},
    "key that brings itself": {
        "sign": lambda claims: jwt.encode(claims, FOREIGN, "RS256", {"kid": "two", "jwk": {"kty": "RSA"}})
    },
    "key at an address it gives": {
        "sign": lambda claims: jwt.encode(claims, FOREIGN, "RS256", {"kid": "two", "jku": "http://127.0.0.1/"})
    },
    "unknown key": {"sign": _signed(kid="two")},
    "critical header": {"sign": _signed(crit=["exp"], exp=1)},
    "signature spoiled": {"sign": _spoiled},
    "body changed after signing": {"sign": _other_body},
    "not a token": {"sign": lambda claims: "hello"},
    "token is an object": {"sign": lambda claims: claims},
    "no token": {"token_answer": {"access_token": "bearer"}},
    "token refused": {"token_status": 400, "token_answer": {"error": "invalid_grant"}},
    "token answer is not for us": {"token_answer": {"id_token": "x"}},
    "provider broken": {"token_status": 500, "token_answer": {}},
    "no keys": {"keys": []},
    "two keys of the same name": {"keys": [{"kid": "one", "kty": "RSA"}, {"kid": "one", "kty": "RSA"}]},
    "key for encryption": {"keys": [{"kid": "one", "kty": "RSA", "use": "enc"}]},
}


@pytest.mark.parametrize("name", sorted(FORGED))
def test_a_forged_answer_is_refused_with_a_sentence(name: str, client: Client, idp: IdentityProvider, alice: Person) -> None:
    link(alice, idp)
    sent = go(client, idp)
    for part, value in FORGED[name].items():
        setattr(idp, part, value)
    answer = come_back(client, sent["state"])
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 403
    assert "Connexion refusée" in page
    assert "Identité" in page
    assert client.post(reverse("provider-return")).status_code == 403
    assert client.get(reverse("account")).status_code == 302


def test_the_same_answers_unforged_are_accepted(client: Client, idp: IdentityProvider, alice: Person) -> None:
    """What the forgeries start from is right: the refusals above are not those of a broken provider."""
    link(alice, idp)
    assert sign_in(client, idp).status_code == 303
    idp.change = _with(azp=CLIENT, aud=[CLIENT])
    assert sign_in(StrictClient(), idp).status_code == 303


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://evil.example/authorize"},
    ],
)
def test_a_provider_that_describes_another_is_refused_before_anybody_goes_there(
    client: Client, idp: IdentityProvider, described: dict[str, str]
) -> None:
    idp.described = described
    answer = client.post(reverse("provider"))
    assert answer.status_code == 502
    assert "Connexion refusée" in answer.content.decode()


@pytest.mark.parametrize("address", ["http://192.0.2.1/keys", "file:///etc/passwd", "{idp}/moved"])
def test_keys_are_read_at_a_safe_address_without_redirection(client: Client, idp: IdentityProvider, address: str) -> None:
    sent = go(client, idp)
    idp.described = {"jwks_uri": address.format(idp=idp.url)}
    assert come_back(client, sent["state"]).status_code == 403


def test_a_state_that_is_not_ours_or_was_used_is_refused(client: Client, idp: IdentityProvider, alice: Person) -> None:
    link(alice, idp)
    sent = go(client, idp)
    assert come_back(client, "another").status_code == 403
    assert come_back(client, sent["state"]).status_code == 403  # the question was spent by the wrong answer
    sent = go(client, idp)
    assert come_back(client, sent["state"]).status_code == 200
    assert come_back(client, sent["state"]).status_code == 403
    assert come_back(StrictClient(), sent["state"]).status_code == 403
    assert client.get(reverse("provider-return")).status_code == 403


def test_two_states_another_issuer_or_an_error_are_refused(client: Client, idp: IdentityProvider) -> None:
    sent = go(client, idp)
    assert client.get(f"{reverse('provider-return')}?code=given&state={sent['state']}&state={sent['state']}").status_code == 403
    sent = go(client, idp)
    assert come_back(client, sent["state"], iss="https://evil.example").status_code == 403
    sent = go(client, idp)
    assert "interrompu" in come_back(client, sent["state"], error="access_denied").content.decode()


def test_an_answer_that_comes_late_is_refused(client: Client, idp: IdentityProvider, time_machine) -> None:
    sent = go(client, idp)
    time_machine.move_to(time.time() + 601, tick=False)
    assert come_back(client, sent["state"]).status_code == 403


def test_too_many_departures_wait(client: Client, idp: IdentityProvider) -> None:
    for _ in range(20):
        go(client, idp)
    answer = client.post(reverse("provider"))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_without_a_provider_the_pages_do_not_exist(client: Client) -> None:
    assert client.post(reverse("provider")).status_code == 404
    assert client.get(reverse("provider-return")).status_code == 404


def test_proconnect_needs_an_identifier_and_a_secret_only() -> None:
    given = {"MAILLAGE_OIDC_PRESET": "proconnect", "MAILLAGE_OIDC_CLIENT_ID": "us", "MAILLAGE_OIDC_SECRET": "s"}
    found = oidc_from(given)
    assert found["name"] == "ProConnect"
    assert found["issuer"] == PRESETS["proconnect"]["issuer"]
    assert found["asks_strong"]
    assert oidc_from({**given, "MAILLAGE_OIDC_SECRET": ""}) == {}
    assert oidc_from({}) == {}
    assert origin_of(found["issuer"]) == "https://auth.agentconnect.gouv.fr"


def test_proconnect_is_asked_for_two_factors(client: Client, idp: IdentityProvider) -> None:
    from django.conf import settings

    with override_settings(MAILLAGE_OIDC={**settings.MAILLAGE_OIDC, "asks_strong": True}):
        asked = json.loads(go(client, idp)["claims"])
    assert asked == {"id_token": {"acr": {"essential": True, "values": ["eidas2"]}}}


def test_the_sign_in_page_offers_it(client: Client, idp: IdentityProvider, alice: Person) -> None:
    assert "Me connecter avec Identité" in client.get(reverse("sign-in")).content.decode()
    sign_in_by_code(client, alice.email)
