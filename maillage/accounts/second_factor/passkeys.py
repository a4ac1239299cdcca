"""Passkeys: a phone, a computer or a key that proves itself (WebAuthn). They need JavaScript; the application and its codes do not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.db import transaction
from fido2.utils import websafe_encode

from maillage.accounts.models import Person


class Refused(Exception):
    """The answer of the key is not the one to the question that this session asked."""


def question_to_register(person: Person) -> str:
    """What the browser must ask the key, to remember it, as JSON. The question is kept in the session."""
    return json.dumps(_plain(auth.begin_registration(person, passwordless=False)))


def question_to_prove(person: Person) -> str:
    """What the browser must ask one of the keys of this person, as JSON."""
    return json.dumps(_plain(auth.begin_authentication(person)))


def _plain(value: Any) -> Any:
    """The question without the types of the library: what JSON can say."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items() if one is not None}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return websafe_encode(value) if isinstance(value, bytes) else value


def _read(answer: str) -> dict[str, Any]:
    try:
        value = json.loads(answer)
    except ValueError as error:
        raise Refused from error
    if not isinstance(value, dict):
        raise Refused
    return value


def register(person: Person, answer: str, name: str) -> Authenticator:
    """Remember the key that answered. Raises Refused."""
    credential = _read(answer)
    try:
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
        return auth.WebAuthn.add(person, name, credential).instance
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError) as error:  # a forged answer fails in many ways
        raise Refused from error
    finally:
        auth.clear_state()


def prove(person: Person, answer: str) -> Authenticator:
    """The key of this person that answered. Raises Refused: unknown key, other question, other site, bad signature, a copy of the key."""
    credential = _read(answer)
    try:
        auth.parse_authentication_response(credential)
        with transaction.atomic():
            found = auth.complete_authentication(person, credential)
            _refuse_a_copy(found, credential)
            found.record_usage()
            return found
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused from error
    finally:
        auth.clear_state()


def _refuse_a_copy(row: Authenticator, credential: dict[str, Any]) -> None:
    """A key that counts must count upwards: an answer with an old count comes from a copy (WebAuthn, section 7.2, step 22)."""
    counted = auth.parse_authentication_response(credential).response.authenticator_data.counter
    locked = Authenticator.objects.select_for_update().get(pk=row.pk)
    before = locked.data.get("counter", 0)
    if (counted or before) and counted <= before:
        raise Refused
    locked.data["counter"] = counted
    locked.save(update_fields=["data"])


def name_of(row: Authenticator) -> str:
    """The name that its person gave to a passkey."""
    return str(row.data.get("name", ""))
