"""What people type in the address becomes values, or a plain sentence beside the field. What was typed is always kept."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from maillage.kit.typography import money, number
from maillage.territories import queries as territories
from maillage.territories.values import Commune
from maillage.territories.wording import commune_label

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
_SPACES = re.compile(r"[\s\u00a0\u202f]")
#: « 12 000,50 », « 12000.5 », « 12 000 € ». ASCII digits only.
_AMOUNT = re.compile(r"([0-9]{1,15})(?:[.,]([0-9]{1,6}))?€?", re.ASCII)
LONGEST = 120


def cleaned(text: str, longest: int = LONGEST) -> str:
    """A text without invisible characters nor double spaces, cut to what anybody may want to write."""
    return " ".join(_UNSEEN.sub(" ", text[: 4 * longest]).split())[:longest]


def decimal_of(text: str) -> Decimal | None:
    """The number that somebody wrote, None when it is not one (a sign is not read: no amount here is negative)."""
    found = _AMOUNT.fullmatch(_SPACES.sub("", text))
    return Decimal(f"{found[1]}.{found[2] or 0}") if found else None


class Reader:
    """Reads the parameters of an address. `problems` holds a sentence by parameter, `typed` what was written."""

    def __init__(self, parameters: QueryDict) -> None:
        self.parameters = parameters
        self.problems: dict[str, str] = {}
        self.choices: dict[str, list[tuple[str, str]]] = {}

    def typed(self, name: str) -> str:
        """What was written in a field, cleaned."""
        return cleaned(self.parameters.get(name, ""))

    def refuse(self, name: str, sentence: str) -> None:
        """Keep the first sentence about a field."""
        self.problems.setdefault(name, sentence)

    def number(
        self,
        name: str,
        *,
        least: Decimal | int = 0,
        most: Decimal | int,
        default: Decimal | None = None,
        places: int = 2,
        euros: bool = False,
    ) -> Decimal | None:
        """A number within bounds, cut to `places` decimals by refusing more; the default when nothing was written."""
        text = self.typed(name)
        if not text:
            return default
        value = decimal_of(text)
        said = money if euros else _plain
        if value is None:
            if re.match(r"\s*[-−–]", text):
                self.refuse(
                    name,
                    _("Un nombre négatif n’a pas de sens ici\u202f: écrivez %(least)s ou plus.")
                    % {"least": said(Decimal(least))},
                )
            else:
                self.refuse(
                    name,
                    _(
                        "Nous n’avons pas compris «\u202f%(value)s\u202f»\u202f: écrivez un nombre en chiffres, par exemple %(example)s."
                    )
                    % {"value": text[:40], "example": said(min(Decimal(most), max(Decimal(least), Decimal(1000))))},
                )
            return None
        if value < least:
            self.refuse(name, _("C’est trop peu\u202f: %(least)s au moins.") % {"least": said(Decimal(least))})
            return None
        if value > most:
            self.refuse(name, _("C’est trop\u202f: %(most)s au plus.") % {"most": said(Decimal(most))})
            return None
        if value != value.quantize(Decimal(1).scaleb(-places)):
            self.refuse(name, _("Écrivez %(places)s chiffres au plus après la virgule.") % {"places": places})
            return None
        return value

    def code(self, name: str, known: Collection[str]) -> str:
        """One code of a list; empty when nothing was said. An unknown one is refused with a sentence."""
        text = self.typed(name)
        if text and text not in known:
            self.refuse(
                name, _("Le choix «\u202f%(value)s\u202f» n’existe pas\u202f: choisissez dans la liste.") % {"value": text[:40]}
            )
            return ""
        return text

    def yes_no(self, name: str) -> bool | None:
        """« oui », « non », or not said."""
        text = self.code(name, ("oui", "non"))
        return None if not text else text == "oui"

    def commune(self, name: str = "commune") -> Commune | None:
        """A commune by name, postal code or INSEE code. Homonyms and near names are kept in `choices` as (code, label)."""
        text = self.typed(name)
        if not text:
            return None
        found = territories.resolve(text, codes_first="saisie" not in self.parameters)
        if found.commune is not None:
            return found.commune
        self.choices[name] = [(each.commune.code, commune_label(each.commune, each.former_name)) for each in found.others[:12]]
        if self.choices[name]:
            self.refuse(
                name,
                _("Plusieurs communes peuvent correspondre à «\u202f%(value)s\u202f»\u202f: choisissez la vôtre.")
                % {"value": text[:40]},
            )
        else:
            self.refuse(
                name,
                _("Nous ne connaissons pas de commune «\u202f%(value)s\u202f». Vérifiez son nom, ou écrivez son code postal.")
                % {"value": text[:40]},
            )
        return None


def _plain(value: Decimal) -> str:
    return number(value) if value == value.to_integral_value() else str(value.normalize())


def as_errors(reader: Reader, anchors: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """The problems for ui/error_summary.html: message and anchor of the field."""
    return [
        {"message": sentence, "anchor": (anchors or {}).get(name, f"id-{name}")} for name, sentence in reader.problems.items()
    ]
