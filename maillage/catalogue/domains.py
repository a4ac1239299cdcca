"""Does an e-mail address come from the domain that a sheet gives? Pure, with a list of domains where anybody can have an address."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

_LIST = Path(__file__).with_name("free_mail.txt")


@cache
def free_mail() -> frozenset[str]:
    """Domains of mailboxes open to everybody, and of site builders: having an address there proves nothing."""
    lines = (line.partition("#")[0].strip().lower() for line in _LIST.read_text(encoding="utf-8").splitlines())
    return frozenset(line for line in lines if line)


def domain_of_email(address: str) -> str:
    """« Lea@Exemple.org » → « exemple.org »; empty when it is no address."""
    name, at, domain = address.strip().rpartition("@")
    domain = domain.lower().rstrip(".")
    return domain if name and at and "." in domain else ""


def domain_of_site(url: str) -> str:
    """« https://www.exemple.org/page » → « exemple.org »; empty when it is no address of the web."""
    try:
        host = (urlsplit(url.strip()).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""
    host = host.removeprefix("www.")
    return host if "." in host and not host.replace(".", "").isdigit() else ""


def is_open_to_everybody(domain: str) -> bool:
    """Is this domain, or one that contains it, on the list?"""
    parts = domain.split(".")
    return any(".".join(parts[at:]) in free_mail() for at in range(len(parts) - 1))


def proving(website: str, emails: tuple[str, ...]) -> frozenset[str]:
    """The domains whose addresses prove that one is of the structure: those of its site and of its addresses, open ones left out."""
    found = {domain_of_site(website), *map(domain_of_email, emails)} - {""}
    return frozenset(domain for domain in found if not is_open_to_everybody(domain))


def proves(address: str, domains: frozenset[str]) -> bool:
    """Is the address of one of these domains exactly? A sub-domain may belong to somebody else (jean.hebergeur.fr)."""
    return domain_of_email(address) in domains
