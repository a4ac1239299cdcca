"""What the sources of aids share: who may ask, what is out of scope, the texts of a sheet, its stages. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from maillage.interop.sources import figures
from maillage.interop.sources.contacts import without_persons
from maillage.interop.sources.contract import Mapped
from maillage.interop.sources.maps import Findings
from maillage.interop.sources.stages import RULES, deduce
from maillage.interop.sources.texts import shorten, tidy

_MARKDOWN_LINK = re.compile(r"\[([^\]\[]{0,300})\]\((https?://[^)\s]{1,2000})\)")
_MARKDOWN_SIGNS = re.compile(r"\*\*+|^#{1,6} |^<!-- -->$|(?<=\w)\\(?=\W|$)", re.MULTILINE)

#: Legal forms of public bodies: an aid for these alone is not for a project of the ESS.
PUBLIC_BODIES = frozenset({"collectivite", "etablissement-public"})
SUMMARY, DESCRIPTION = 500, 20_000
_FILLER = re.compile(r"\blorem ipsum\b|\bdolor sit amet\b|\bVestibulum\b|\bVivamus\b|\bnunc et a\b", re.IGNORECASE)


def left_out(reason: str) -> Mapped:
    """A record that gives no sheet, and why."""
    return Mapped(left_out=reason)


def text(value: Any) -> str:
    """A text of a payload, tidied, without the contacts of persons; empty for anything else."""
    return without_persons(tidy(value)) if isinstance(value, str) else ""


def line(value: Any) -> str:
    """The same on one line: names, titles."""
    return " ".join(text(value).split())


def plain(markdown: str) -> str:
    """Markdown as producers use it → plain text: no stars nor hashes, links as « text (address) »."""
    found = _MARKDOWN_SIGNS.sub("", _MARKDOWN_LINK.sub(r"\1 (\2)", markdown))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[^\S\n]+\n", "\n", found)).strip()


def sections(*parts: tuple[str, str]) -> str:
    """A description made of headed parts; empty ones are skipped. Cut at what a sheet may hold."""
    said = "\n\n".join(f"{heading}\n{body}" if heading else body for heading, body in parts if body)
    return said if len(said) <= DESCRIPTION else said[: DESCRIPTION - 1].rsplit(" ", 1)[0] + "…"


def summary(*texts: str) -> str:
    """The first text that says something, cut at whole sentences."""
    return next((shorten(one, SUMMARY) for one in texts if one.strip()), "")


def is_filler(*texts: str) -> bool:
    """Is this a printer's filler text? Some producers leave test records in their feeds."""
    return any(_FILLER.search(one) for one in texts)


def for_public_bodies_only(forms: Iterable[str]) -> bool:
    """Do the legal forms that may ask hold public bodies and nobody else?"""
    some = set(forms)
    return bool(some) and some <= PUBLIC_BODIES


def closed_for_long(closes: str) -> str:
    """Why a record whose deadline is long past is left out; empty when it is not."""
    return f"L’aide est close depuis le {closes}." if figures.is_history(closes) else ""


def add_stages(findings: Findings, offer: dict[str, Any], *words: str, **hints: Any) -> None:
    """Fill `stages` of an offer by rule, and note which rule: no source says the stage."""
    stages, rule = deduce("\n".join(words), **hints)
    offer["stages"] = list(stages)
    findings.infer(f"offer:{offer['id']}", "stages", RULES[rule])


def first_kind(kinds: Iterable[str]) -> str:
    """One kind out of several: money first, because who looks for money must find it; then what asks most of the structure."""
    some = set(kinds)
    order = ("financement", "hebergement", "formation", "conseil", "mise-en-reseau", "information")
    return next((kind for kind in order if kind in some), "")


def http(value: Any) -> str:
    """A web address as it can be followed; empty when it cannot. Producers leave spaces inside (« https: //… »)."""
    if not isinstance(value, str):
        return ""
    address = re.sub(r"\s+", "", value[:2000])
    return address if len(address) <= 1000 and re.fullmatch(r"https?://[^\s<>\"'`\\]+\.[^\s<>\"'`\\]+", address) else ""


def listed(value: Any) -> list[str]:
    """The texts of a list, whatever it holds; a single text is a list of one."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    return [one for one in value if isinstance(one, str) and one.strip()] if isinstance(value, list) else []


def named(value: Any, key: str) -> list[str]:
    """The `key` of each object of a list."""
    some = value if isinstance(value, list) else []
    return [str(one[key]) for one in some if isinstance(one, Mapping) and one.get(key)]
