"""Words of strangers inside our e-mails: quoted, shortened, and never a link that a mail reader would open. Pure."""

from __future__ import annotations

import re

#: How much of a text an e-mail repeats. The page holds the whole.
LONGEST = 600
_SCHEME = re.compile(r"\b([a-z][a-z0-9+.-]{1,20}):(?=//|\S)", re.IGNORECASE)
#: A dot between two characters that a mail reader would take for a site: « exemple.fr », « www.exemple ».
_DOT = re.compile(r"(?<=[^\W_])\.(?=[^\W\d_]{2})|(?<=www)\.", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ud800-\udfff]")

_NIR = re.compile(
    r"(?<!\d)[12]\s?\d{2}\s?(?:0[1-9]|1[0-2]|[2-9]\d)\s?(?:\d{2}|2[AB])\s?\d{3}\s?\d{3}(?:\s?\d{2})?(?!\d)", re.IGNORECASE
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?\b")


def harmless(text: str) -> str:
    """The same words without a link to open: « https[:]//exemple[.]fr »."""
    return _DOT.sub("[.]", _SCHEME.sub(r"\1[:]", _UNSEEN.sub("", text)))


def one_line(text: str, most: int = 120) -> str:
    """A short text of a stranger (a name) for the middle of a sentence."""
    return harmless(" ".join(text.split()))[:most]


def quoted(text: str, most: int = LONGEST) -> str:
    """A text of a stranger for an e-mail: each line behind « > »."""
    shortened = text.strip()
    if len(shortened) > most:
        shortened = shortened[:most].rsplit(" ", 1)[0] + " […]"
    return "\n".join(f"> {line.strip()}".rstrip() for line in harmless(shortened).splitlines())


def forbidden(text: str) -> str:
    """What a text holds that nobody should send: "nir" (social security number), "iban", or ""."""
    if _NIR.search(text):
        return "nir"
    return "iban" if _IBAN.search(text) else ""
