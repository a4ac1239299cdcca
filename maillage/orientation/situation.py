"""The situation of a project, as its holder told it: one frozen value, the same for the page, the command line and the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from maillage.territories.queries import Commune, Territory, territories_of
from maillage.vocabulary.words import vocabulary

#: Names in the address, per field of a situation. Order is the order of a canonical address.
PARAMETERS = {
    "stage": "etape",
    "commune": "commune",
    "needs": "besoin",
    "sectors": "secteur",
    "legal_form": "forme",
    "audiences": "public",
    "modes": "acces",
    "costs": "cout",
    "kinds": "nature",
    "text": "texte",
}

#: The vocabulary list behind each field that holds codes.
LIST_OF = {
    "stage": "stage",
    "needs": "need",
    "sectors": "sector",
    "legal_form": "legal_form",
    "audiences": "audience",
    "modes": "mode",
    "costs": "cost",
    "kinds": "kind",
}


@dataclass(frozen=True, slots=True)
class Situation:
    """What a person said. Everything is optional: what is not said is « à vérifier », never a refusal.

    Fields hold vocabulary codes. `kinds` is a filter on what to show, not a fact about the project. `facts` holds what was said
    of the project (fact code → int or bool), such as {"salaries": 2}.
    """

    stage: str | None = None
    commune: Commune | None = None
    needs: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    legal_form: str | None = None
    audiences: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    costs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    text: str = ""
    facts: Mapping[str, int | bool] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def territories(self) -> tuple[Territory, ...]:
        """The territories that contain the commune, from closest to widest; empty when no commune was said."""
        return territories_of(self.commune) if self.commune else ()

    @property
    def is_distress(self) -> bool:
        """Did the person say that the project is in difficulties? Then telephone numbers come first."""
        return self.stage == "difficultes"

    def known_facts(self) -> dict[str, int | bool]:
        """What was said, plus what follows from it (`implication` entries of the vocabulary); what was said wins."""
        known: dict[str, int | bool] = {}
        for implication in vocabulary().implications:
            if all(getattr(self, name) == value for name, value in implication.when.items()):
                known.update(implication.then)
        return {**known, **self.facts}

    def values(self, name: str) -> tuple[str, ...]:
        """The codes said for a field, always as a tuple (stage and legal form too)."""
        value = getattr(self, name)
        if isinstance(value, tuple):
            return value
        return (value,) if value else ()

    def pairs(self) -> list[tuple[str, str]]:
        """The canonical (parameter, value) pairs of the address: fixed order, vocabulary order inside a list, no blanks."""
        pairs: list[tuple[str, str]] = []
        for name, parameter in PARAMETERS.items():
            if name == "commune":
                pairs += [(parameter, self.commune.code)] if self.commune else []
            elif name == "text":
                pairs += [(parameter, self.text)] if self.text else []
            else:
                said = self.values(name)
                ordered = said if len(said) < 2 else [code for code in vocabulary().codes(LIST_OF[name]) if code in said]
                pairs += [(parameter, code) for code in ordered]
        for code, term in vocabulary().terms("fact").items() if self.facts else ():
            if code in self.facts:
                value = self.facts[code]
                text = ("oui" if value else "non") if isinstance(value, bool) else str(value)
                pairs.append((term.extra["parameter"], text))
        return pairs

    def query(self, **extra: str) -> str:
        """The canonical query string, without « ? »; `extra` pairs come last."""
        return urlencode(self.pairs() + list(extra.items()))

    def without(self, name: str, code: str | None = None) -> Situation:
        """The same situation without one value (`code`) of a field, or without the whole field; for facts, `name` is the fact."""
        if name in vocabulary().terms("fact"):
            return replace(self, facts={key: value for key, value in self.facts.items() if key != name})
        current = getattr(self, name)
        if isinstance(current, tuple):
            return self._with(name, tuple(value for value in current if code is not None and value != code))
        return self._with(name, "" if name == "text" else None)

    def with_value(self, name: str, code: str) -> Situation:
        """The same situation with one more value in a list field, or with that value in a single field."""
        current = getattr(self, name)
        if isinstance(current, tuple):
            return self if code in current else self._with(name, (*current, code))
        return self._with(name, code)

    def with_only(self, name: str, code: str) -> Situation:
        """The same situation with exactly this code in a field."""
        return self._with(name, (code,) if isinstance(getattr(self, name), tuple) else code)

    def _with(self, name: str, value: Any) -> Situation:
        return replace(self, **{name: value})
