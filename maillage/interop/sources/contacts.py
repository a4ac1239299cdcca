"""Contacts of a producer's record → a switchboard and a generic address. No line or mailbox of a named person comes in.

Rule (docs/data/sources.md, « Contacts »): names are never read. An e-mail address is kept when its local part holds a generic
word (contact, accueil, msap…). A mobile number is somebody's pocket: left out. In a free text, a land line is kept only when
nothing around it names a person. What is left out stays in the raw record, which is not published.
"""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from maillage.interop.sources.texts import tidy
from maillage.kit.remembered import remembered

# Overseas départements have their own numbering plans; the number itself says which.
_REGIONS = ("FR", "RE", "GP", "MQ", "GF", "YT")
_SHORT = re.compile(r"(?:3\d{3}|1[0-9]|11[2-9]|10\d{2}|116\d{3})")
_SIGNS = re.compile(r"[\s .\-/()]+")
_NUMBER = re.compile(r"(?:\+33|0033|0)[\s .\-]*(?:\(0\)[\s .\-]*)?[1-9](?:[\s .\-]*\d{2}){4}")
# Bounded, and started only where a word starts: a text of one endless word costs no more than its length.
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+'-])[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])"
)
#: Words that make a local part generic: a desk, a service, a place; never a first name.
_GENERIC = re.compile(
    r"contact|accueil|info|mairie|commune|ville|agglo|communaute|service|msap|mfs|ccas|cias|rsp|pimms|france|espace|maison"
    r"|secretariat|standard|relation|entreprise|economie|eco\b|aide|subvention|projet|culture|sport|tourisme|environnement"
    r"|energie|energy|formation|emploi|asso|ess\b|cress|dla|europe|leader|developpement|innovation|bonjour|hello|courrier"
    r"|direction|dir\.|pole|guichet|conseil|support|numerique|ingenierie|habitat|jeunesse|lcd\b|fse(?:thoiry)?\b|agence|agir|ademe"
)
_MAILTO = re.compile(r"mailto:([^\"'?>\s]+)")
_MASS_PROVIDERS = frozenset(
    [
        "gmail.com",
        "orange.fr",
        "wanadoo.fr",
        "laposte.net",
        "laposte.fr",
        "outlook.fr",
        "outlook.com",
        "hotmail.fr",
        "hotmail.com",
        "yahoo.fr",
        "yahoo.com",
        "free.fr",
        "sfr.fr",
        "live.fr",
        "nomdedomaine.fr",
    ]
)
_BARE = frozenset({"contact", "info", "infos", "accueil", "mairie", "direction"})
_PERSON = re.compile(
    r"\b(?:M\.|Mme|Mlle|Monsieur|Madame)\s"
    r"|(?<![A-Za-zÀ-ÿ])[A-ZÀ-Ý][a-zà-ÿ]{1,30}(?:[- ][A-ZÀ-Ý][A-Za-zà-ÿ]{1,30}){1,4}\s{0,2}:"
    r"|(?<![A-Za-zÀ-ÿ])[a-zà-ÿ]{1,30} [a-zà-ÿ]{1,30} - "
)


@remembered(4_096)
def phone(written: str) -> str:
    """One number → E.164 (or the short number as it is dialled); empty when it is a mobile or no number.

    Raises ValueError, with a French sentence, when digits were given that no French number has.
    """
    digits = _SIGNS.sub("", written)
    if _SHORT.fullmatch(digits):
        return digits
    if not re.search(r"\d", digits):
        return ""
    for region in _REGIONS:
        try:
            number = phonenumbers.parse(written, region)
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number_for_region(number, region):
            if phonenumbers.number_type(number) == PhoneNumberType.MOBILE:
                return ""
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    raise ValueError(f"« {written} » n’est pas un numéro de téléphone français : il n’a pas été repris.")


def email(written: str) -> str:
    """One address, in lower case, when it is generic; empty otherwise.

    Raises ValueError, with a French sentence, when what was given is not an address.
    """
    address = written.strip().rstrip(".").lower()
    if not address:
        return ""
    if not _EMAIL.fullmatch(address):
        raise ValueError(f"« {written.strip()} » n’est pas une adresse électronique : elle n’a pas été reprise.")
    local, _, host = address.partition("@")
    if host in _MASS_PROVIDERS and local in _BARE:
        return ""  # contact@ of a mail provider is the provider's desk, not the organisation's
    return address if _GENERIC.search(local) else ""


def in_text(text: str) -> tuple[str, str]:
    """A free text → (phone, e-mail): the first generic address, and the first land line when nothing in the text names a person."""
    addresses = _EMAIL.findall(text)
    generic = [kept for kept in map(email, addresses) if kept]
    named = len(generic) < len(addresses) or bool(_PERSON.search(text))
    found = ""
    if not named:
        for written in _NUMBER.findall(text):
            try:
                found = phone(written)
            except ValueError:
                continue
            if found:
                break
    return found, generic[0] if generic else ""


def in_html(html: str) -> tuple[str, str]:
    """The same from an HTML fragment: the addresses of its `mailto:` links are surer than the text around them."""
    text = tidy(html)
    linked = _MAILTO.findall(html)
    phone_found, email_found = in_text(" ".join([_EMAIL.sub(" ", text), *linked]) if linked else text)
    return phone_found, email_found


def without_persons(text: str) -> str:
    """A description without the addresses and mobile numbers of persons that it may hold; the place where they stood is shown."""
    text = _EMAIL.sub(lambda found: found[0] if email(found[0]) else "[adresse nominative retirée]", text)
    return _NUMBER.sub(lambda found: "[numéro de mobile retiré]" if _mobile(found[0]) else found[0], text)


def _mobile(written: str) -> bool:
    try:
        return not phone(written)
    except ValueError:
        return False
