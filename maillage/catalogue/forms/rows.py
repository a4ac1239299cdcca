"""Lists of small records inside a sheet (conditions, roles, sources), edited as rows; an emptied row is removed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.catalogue.enums import Operator
from maillage.catalogue.forms.fields import CodeField, TerritoryField, WebField
from maillage.territories.values import parse_key
from maillage.vocabulary.words import vocabulary

Record = dict[str, Any]


class RowForm(forms.Form):
    """One row. `record` gives the record it stands for, or None when the row is empty."""

    use_required_attribute = False

    def is_blank(self) -> bool:
        """Did the person leave (or make) every field empty?"""
        return not any(self.cleaned_data.get(name) not in (None, "", []) for name in self.fields)

    def record(self) -> Record | None:
        """The record of this row. Abstract: each kind of row below says its own (a Django form cannot also be an ABC)."""
        raise NotImplementedError

    @classmethod
    def initial_of(cls, record: Mapping[str, Any]) -> Record:
        """The initial values of the fields for a record."""
        return dict(record)


class ConditionForm(RowForm):
    """A free condition: a fact about the project, compared with a value, and the sentence shown to people."""

    field = CodeField("fact", label=gettext_lazy("Ce qui est demandé"))
    operator = forms.ChoiceField(label=gettext_lazy("Comparaison"), choices=[("", "—"), *Operator.choices], required=False)
    value = forms.CharField(
        label=gettext_lazy("Valeur"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Un nombre, ou oui / non. « parmi » : plusieurs valeurs séparées par des virgules."),
    )
    label = forms.CharField(label=gettext_lazy("Phrase montrée aux personnes"), required=False, max_length=300)

    def clean(self) -> Record:
        """A row is whole or empty; the value fits the fact."""
        data = super().clean() or {}
        if self.errors or self.is_blank():
            return data
        for name in ("field", "operator", "value", "label"):
            if not data.get(name):
                self.add_error(name, _("Complétez cette case, ou videz toute la ligne."))
        if not self.errors:
            try:
                data["value"] = typed(data["field"], data["operator"], data["value"])
            except ValueError as error:
                self.add_error("value", str(error))
        return data

    def record(self) -> Record | None:
        """{field, operator, value, label}."""
        if self.is_blank():
            return None
        return {name: self.cleaned_data[name] for name in ("field", "operator", "value", "label")}

    @classmethod
    def initial_of(cls, record: Mapping[str, Any]) -> Record:
        """The value as a person writes it."""
        return {**record, "value": written(record.get("value"))}


def typed(fact: str, operator: str, text: str) -> Any:
    """The value of a condition as the fact has it: a number, true or false, or a list of them. Raises ValueError in French."""
    term = vocabulary().terms("fact").get(fact)
    kind = term.extra.get("kind") if term else None
    parts = [part.strip() for part in text.split(",")] if operator == Operator.ONE_OF else [text.strip()]
    values: list[Any] = []
    for part in parts:
        if kind == "yes-no":
            if part.lower() not in ("oui", "non"):
                raise ValueError(_("Écrivez « oui » ou « non »."))
            values.append(part.lower() == "oui")
        elif kind == "integer":
            if not part.replace(" ", "").isdigit():
                raise ValueError(_("Écrivez un nombre entier, par exemple 12."))
            values.append(int(part.replace(" ", "")))
        else:
            values.append(part)
    return values if operator == Operator.ONE_OF else values[0]


def written(value: Any) -> str:
    """The value of a condition as a person writes it."""
    if isinstance(value, list):
        return ", ".join(map(written, value))
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    return "" if value is None else str(value)


class RoleForm(RowForm):
    """A role of a structure in a network, on a territory, with its dates and who granted it."""

    role = CodeField("role", label=gettext_lazy("Rôle"))
    territory = TerritoryField(
        label=gettext_lazy("Territoire"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Par exemple : Mayenne (département 53)"),
    )
    since = forms.DateField(
        label=gettext_lazy("Depuis le"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("Jusqu’au"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    authority = forms.CharField(label=gettext_lazy("Accordé par"), required=False, max_length=200)

    def clean(self) -> Record:
        """A role is named; one that an authority grants names it."""
        data = super().clean() or {}
        if self.errors or self.is_blank():
            return data
        if not data.get("role"):
            self.add_error("role", _("Choisissez le rôle, ou videz toute la ligne."))
            return data
        term = vocabulary().terms("role").get(data["role"])
        if term and term.extra.get("granted") and not data.get("authority"):
            self.add_error("authority", _("Ce rôle est accordé par une autorité : écrivez laquelle."))
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", _("La fin vient avant le début."))
        return data

    def record(self) -> Record | None:
        """{role, territory: {level, code}, since, until, authority}, without what is empty."""
        if self.is_blank():
            return None
        data = self.cleaned_data
        found: Record = {"role": data["role"]}
        if data.get("territory"):
            level, code = parse_key(data["territory"])
            found["territory"] = {"level": level, "code": code} if code else {"level": level}
        for name in ("since", "until"):
            if data.get(name):
                found[name] = data[name].isoformat()
        if data.get("authority"):
            found["authority"] = data["authority"]
        return found

    @classmethod
    def initial_of(cls, record: Mapping[str, Any]) -> Record:
        """The territory as its key."""
        territory = record.get("territory") or {}
        key = f"{territory['level']}:{territory['code']}" if territory.get("code") else territory.get("level", "")
        return {**record, "territory": key}


class ExceptionForm(RowForm):
    """Days when a place is closed, or open at other hours: written at the end of the opening hours (`catalogue.closures`)."""

    first = forms.DateField(
        label=gettext_lazy("Du"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    last = forms.DateField(
        label=gettext_lazy("Au"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("Vide\u202f: ce seul jour"),
    )
    times = forms.CharField(
        label=gettext_lazy("Horaires ces jours-là"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Vide\u202f: fermé. Sinon 10:00-12:00"),
    )
    why = forms.CharField(label=gettext_lazy("Pourquoi"), required=False, max_length=80)

    def clean(self) -> Record:
        """A first day, a last one that is not before, hours that can be read."""
        data = super().clean() or {}
        if self.errors or self.is_blank():
            return data
        if not data.get("first"):
            self.add_error("first", _("Écrivez le premier jour, ou videz toute la ligne."))
        elif data.get("last") and data["last"] < data["first"]:
            self.add_error("last", _("Le dernier jour vient avant le premier."))
        if data.get("times") and not _TIMES.fullmatch(data["times"].replace(" ", "")):
            self.add_error("times", _("Écrivez par exemple 10:00-12:00, ou laissez vide si c’est fermé."))
        return data

    def record(self) -> Record | None:
        """{first, last, times, why}."""
        if self.is_blank():
            return None
        data = self.cleaned_data
        last = data.get("last") or data["first"]
        times = data["times"].replace(" ", "")
        return {"first": data["first"].isoformat(), "last": last.isoformat(), "times": times, "why": data["why"].strip()}


_HOUR = r"(?:[01]\d|2[0-4]):[0-5]\d"
_TIMES = re.compile(rf"{_HOUR}-{_HOUR}(?:,{_HOUR}-{_HOUR})*")


class SourceForm(RowForm):
    """A page that was read to write the sheet: its address, the day, its licence, what it supports."""

    url = WebField(label=gettext_lazy("Adresse de la page"))
    read_on = forms.DateField(
        label=gettext_lazy("Lue le"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    licence = forms.CharField(label=gettext_lazy("Licence"), required=False, max_length=120)
    supports = forms.CharField(
        label=gettext_lazy("Ce qu’elle établit"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Champs séparés par des virgules"),
    )

    def clean(self) -> Record:
        """A source has an address and a day."""
        data = super().clean() or {}
        if self.errors or self.is_blank():
            return data
        for name in ("url", "read_on"):
            if not data.get(name):
                self.add_error(name, _("Complétez cette case, ou videz toute la ligne."))
        return data

    def record(self) -> Record | None:
        """{url, read_on, licence, supports}, without what is empty."""
        if self.is_blank():
            return None
        data = self.cleaned_data
        found: Record = {"url": data["url"], "read_on": data["read_on"].isoformat()}
        if data.get("licence"):
            found["licence"] = data["licence"]
        if supports := [part.strip() for part in data.get("supports", "").split(",") if part.strip()]:
            found["supports"] = supports
        return found

    @classmethod
    def initial_of(cls, record: Mapping[str, Any]) -> Record:
        """What it establishes, on one line."""
        supports = record.get("supports", [])
        return {**record, "supports": ", ".join(supports) if isinstance(supports, list) else supports}


class Rows:
    """The rows of one list field of a sheet: those it has, then empty ones."""

    EMPTY = 2
    MOST = 60

    def __init__(self, name: str, form: type[RowForm], records: list[Record], data: Mapping[str, Any] | None = None) -> None:
        self.name, self.records, self.form = name, records, form
        self.data = data
        shown = len(records) + self.EMPTY
        if data is not None:
            text = str(data.get(f"{name}-rows", ""))
            shown = min(int(text), self.MOST) if text.isdigit() and len(text) < 4 else 0
            if f"more-{name}" in data:
                shown = min(shown + self.EMPTY, self.MOST)
        self.forms = [
            form(data, prefix=f"{name}-{n}", initial=form.initial_of(records[n]) if n < len(records) else {})
            for n in range(shown)
        ]

    @property
    def title(self) -> str:
        """What one row is called."""
        names = {"conditions": _("Condition"), "exceptions": _("Exception"), "roles": _("Rôle"), "sources": _("Source")}
        return names.get(self.name, self.name)

    @property
    def count(self) -> int:
        """How many rows the page shows: sent back with the form."""
        return len(self.forms)

    def is_valid(self) -> bool:
        """Is every row whole or empty?"""
        judged = [form.is_valid() for form in self.forms]  # every row, so that each shows its errors
        return all(judged)

    def clean_records(self) -> list[Record]:
        """The records typed. What a record holds beyond the form (keys of a source) stays while its row stays."""
        found = []
        for n, form in enumerate(self.forms):
            record = form.record()
            if record is None:
                continue
            if n < len(self.records):
                before = self.records[n]
                record = {**{key: value for key, value in before.items() if key not in form.fields}, **record}
                if {key: value for key, value in before.items() if value not in (None, "", [])} == record:
                    record = before  # unchanged, down to how empty values were written
            found.append(record)
        return found

    def errors(self) -> list[tuple[str, str]]:
        """(id of the input, sentence) for the error summary."""
        return [
            (form[name].auto_id, f"{self.title} {number}, {form.fields[name].label} : {message}")
            for number, form in enumerate(self.forms, 1)
            for name, messages in form.errors.items()
            if name in form.fields
            for message in messages
        ]
