"""The application on a phone that shows six digits every 30 seconds (RFC 6238)."""

from __future__ import annotations

import io

import segno
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.db import transaction
from django.utils.crypto import constant_time_compare

from maillage.accounts.models import Person


def new_secret() -> str:
    """A fresh key, to be confirmed by a first code."""
    return str(auth.generate_totp_secret())


def address(person: Person, secret: str) -> str:
    """The otpauth:// address that an application reads."""
    return str(get_adapter().build_totp_url(person, secret))


def drawing(address: str) -> str:
    """The QR code of an address, as SVG without script nor style."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, border=4, omitsize=True, light="#fff", svgclass="", lineclass=""
    )
    return out.getvalue().decode()


def _matching_step(secret: str, typed: str) -> int | None:
    """The step of 30 seconds whose code this is: now, the one before or the one after."""
    digits = "".join(character for character in typed if character.isdecimal())
    steps = [
        step
        for step in auth.yield_hotp_counters_from_time()
        if constant_time_compare(auth.format_hotp_value(auth.hotp_value(secret, step)), digits)
    ]
    return steps[0] if steps else None


def is_right(secret: str, typed: str) -> bool:
    """Is this the code that this key shows now?"""
    return _matching_step(secret, typed) is not None


def set_up(person: Person, secret: str) -> Authenticator:
    """Keep this key, in place of the one before."""
    with transaction.atomic():
        Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).delete()
        return auth.TOTP.activate(person, secret).instance


def check(person: Person, typed: str) -> bool:
    """Try a code. A code works once, in whatever process: the step it belongs to is remembered in the row."""
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(user=person, type=Authenticator.Type.TOTP).first()
        if row is None:
            return False
        step = _matching_step(get_adapter().decrypt(row.data["secret"]), typed)
        if step is None or step <= row.data.get("last_step", 0):
            return False
        row.data["last_step"] = step
        row.save(update_fields=["data"])
        row.record_usage()
        return True
