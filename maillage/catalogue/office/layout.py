"""How a sheet form is laid out on the page: titled groups of fields, territory editors and rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from maillage.catalogue.forms.fields import HoursField, TerritoriesField, TerritoryChoice, territory_choices
from maillage.catalogue.forms.rows import Rows
from maillage.catalogue.forms.sheets import SheetForm
from maillage.catalogue.hours import Week, in_words
from maillage.catalogue.queries import today


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of the form: `shape` says how the template shows it (field, checks, tick, territories, hours, rows)."""

    shape: str
    name: str
    field: BoundField | None = None
    rows: Rows | None = None
    choices: tuple[TerritoryChoice, ...] = ()
    search: str = ""
    week: Week | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A titled part of the form."""

    anchor: str
    title: str
    hint: str
    items: tuple[Item, ...]


def groups(form: SheetForm) -> list[Group]:
    """The parts of the form, in order."""
    return [
        Group(f"partie-{n}", str(title), str(hint), tuple(_item(form, name) for name in names))
        for n, (title, hint, names) in enumerate(form.GROUPS, 1)
    ]


def _item(form: SheetForm, name: str) -> Item:
    if name in form.rows:
        return Item("rows", name, rows=form.rows[name])
    bound = form[name]
    if isinstance(bound.field, TerritoriesField):
        value: Any = bound.value()
        return Item("territories", name, bound, choices=tuple(territory_choices(value)), search=getattr(value, "search", ""))
    if isinstance(bound.field, HoursField):
        return Item("hours", name, bound, week=None if bound.errors else in_words(str(bound.value() or ""), today()))
    if isinstance(bound.field.widget, forms.CheckboxSelectMultiple):
        return Item("checks", name, bound)
    if isinstance(bound.field, forms.BooleanField):
        return Item("tick", name, bound)
    return Item("field", name, bound)
