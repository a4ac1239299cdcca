"""The forms of crowdfunding, the platforms and the Régions' matching rules, read from the data files. No Django.

`regions/_crowdfunding/` holds what is the same everywhere; `regions/<region>/crowdfunding.toml` adds platforms and matching rules, or
replaces one that has the same code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from maillage.kit.regions import SHIPPED_REGIONS, region_folders
from maillage.vocabulary.words import VocabularyError, read_toml

#: What a condition may ask about. The first two are codes of the vocabulary, the next two whole numbers, the others yes or no.
CODES, NUMBERS, YES_NO = ("legal_form", "stage"), ("amount", "horizon"), ("sells", "repays", "commercial")
FIELDS = (*CODES, *NUMBERS, *YES_NO)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the data in French, and in English when it was translated."""

    fr: str
    en: str = ""

    def said(self, language: str | None) -> str:
        """The text in this language, in French when it has none."""
        return self.en if self.en and (language or "").startswith("en") else self.fr


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing a form asks. `blocking` excludes the form when it does not hold; otherwise it is advice. `ours` marks our own estimate."""

    field: str
    text: Text
    blocking: bool
    among: tuple[str, ...] = ()
    not_among: tuple[str, ...] = ()
    min: int | None = None
    max: int | None = None
    value: bool | None = None
    ours: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Regime:
    """A legal status of platforms: who may operate what, and the public register where to check."""

    code: str
    name: Text
    text: Text
    register: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One form of crowdfunding. `risky`: contributors may lose what they put in, the standard risk sentence is shown."""

    code: str
    name: Text
    plain: Text
    regimes: tuple[str, ...]
    conditions: tuple[Condition, ...]
    risky: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A line of the readiness check-list, for some forms or (empty) for all."""

    code: str
    text: Text
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """Where a platform publishes its campaigns as JSON, and where each of our columns is in it (`fields`: column → dotted path)."""

    url: str
    fields: Mapping[str, str]
    items: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform of the list. An empty `status` or `registration` means that nobody has read it: it is unknown."""

    code: str
    name: str
    website: str
    forms: tuple[str, ...]
    source: str
    read_on: date
    status: str = ""
    registration: str = ""
    feed: Feed | None = None


@dataclass(frozen=True, slots=True)
class TopUpRule:
    """What a Région adds to gifts: `share` per euro, then caps in euros (None: no cap known). `region` is an INSEE code.

    `per_gift`, `per_person` and `per_project` cap what is added; `total` is the whole envelope. `goal_reached`: paid only if the campaign
    reaches its goal. Empty `forms` or `sectors` mean all.
    """

    code: str
    name: Text
    share: Decimal
    region: str = ""
    per_gift: Decimal | None = None
    per_person: Decimal | None = None
    per_project: Decimal | None = None
    total: Decimal | None = None
    goal_reached: bool = False
    forms: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    note: Text = Text("")
    source: str = ""


@dataclass(frozen=True, eq=False)
class Rules:
    """Everything, by code, in the order of the files."""

    forms: Mapping[str, Form]
    regimes: Mapping[str, Regime]
    checks: tuple[Check, ...]
    platforms: Mapping[str, Platform]
    topups: Mapping[str, TopUpRule]

    def form_name(self, code: str, language: str | None) -> str:
        """How a form is called; the code itself when it is unknown (old data stays readable)."""
        form = self.forms.get(code)
        return form.name.said(language) if form else code


def _made(kind: type[Any], data: Mapping[str, Any], where: str) -> Any:
    """A value of `kind` from an entry: tables of languages become texts, lists tuples, decimals are read. Raises VocabularyError."""
    values: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, dict) and "fr" in value:
            values[name] = Text(**value)
        elif isinstance(value, list):
            values[name] = tuple(value)
        else:
            values[name] = value
    wanted = {each.name: str(each.type) for each in fields(kind)}
    try:
        for name in values.keys() & wanted.keys():
            if "Decimal" in wanted[name]:
                values[name] = Decimal(str(values[name]))
        return kind(**values)
    except (TypeError, InvalidOperation) as error:
        raise VocabularyError(f"{where} : une clé manque, n’est pas connue ou n’est pas un nombre ({error}).") from error


def _form(data: Mapping[str, Any], where: str) -> Form:
    asked = []
    for entry in data.get("conditions", ()):
        condition: Condition = _made(Condition, entry, where)
        if condition.field not in FIELDS:
            raise VocabularyError(f"{where} : la condition porte sur « {condition.field} », attendu {', '.join(FIELDS)}.")
        asked.append(condition)
    return _made(Form, {**data, "conditions": asked}, where)  # type: ignore[no-any-return]


def _platform(data: Mapping[str, Any], where: str) -> Platform:
    feed = data.get("feed")
    return _made(Platform, {**data, "feed": Feed(**feed) if feed else None}, where)  # type: ignore[no-any-return]


def _known(codes: Iterable[str], known: Iterable[str], where: str) -> None:
    for code in set(codes).difference(known):
        raise VocabularyError(f"{where} : le code « {code} » n’est pas connu.")


@cache
def rules() -> Rules:
    """The rules of this installation, read once per process. Raises VocabularyError when a file is wrong."""
    common = SHIPPED_REGIONS / "_crowdfunding"
    texts = read_toml(common / "forms.toml")
    where = "_crowdfunding/forms.toml"
    regimes = {code: _made(Regime, {"code": code, **entry}, where) for code, entry in texts["regime"].items()}
    forms = {entry["code"]: _form(entry, where) for entry in texts["form"]}
    for form in forms.values():
        _known(form.regimes, regimes, where)
    checks = tuple(_made(Check, entry, where) for entry in texts["check"])
    platforms: dict[str, Platform] = {}
    topups: dict[str, TopUpRule] = {}
    files = [common / "platforms.toml", common / "topups.toml", *(folder / "crowdfunding.toml" for folder in region_folders())]
    for path in files:
        if not path.is_file():
            continue
        data, where = read_toml(path), f"{path.parent.name}/{path.name}"
        for entry in data.get("platform", ()):
            platform = _platform(entry, where)
            _known(platform.forms, forms, where)
            platforms[platform.code] = platform
        for entry in data.get("topup", ()):
            topup: TopUpRule = _made(TopUpRule, entry, where)
            _known(topup.forms, forms, where)
            topups[topup.code] = topup
    return Rules(forms, regimes, checks, platforms, topups)
