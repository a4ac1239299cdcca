"""What the apps declare (`kit.personal`), and what their models hold that nobody declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from maillage.accounts.models import Person
from maillage.kit.discovery import declared
from maillage.kit.personal import Holder, NotPersonal, Personal, Replay

#: Names of columns that say somebody: any of these words, alone or between underscores.
_LOOKS_PERSONAL = re.compile(
    r"(?:^|_)(?:e?mail|phone|telephone|mobile|name|names|surname|firstname|lastname|contact|address|holder|author|actor|owner|to|by|"
    r"ip|password|user|username|login|birth|nir|iban|digest|session_data|text|html|message|note|notes|proof|agent)$"
)


@cache
def every_personal() -> tuple[Personal, ...]:
    """Every declaration, those of the highest apps first: what hangs on a person goes before the person."""
    return tuple(reversed(declared("personal", "PERSONAL", Personal)))


@cache
def every_not_personal() -> tuple[NotPersonal, ...]:
    """Every column that is said not to be personal."""
    return tuple(declared("personal", "NOT_PERSONAL", NotPersonal))


@cache
def every_replay() -> tuple[Replay, ...]:
    """Every kind of erasure that a restore does again."""
    return tuple(declared("personal", "REPLAYS", Replay))


def _declarations() -> list[Personal | NotPersonal]:
    return [*every_personal(), *every_not_personal()]


def holder_of(person: Person) -> Holder:
    """Somebody with an account, as rows may name them."""
    names = {person.email, str(person), person.name} - {""}
    return Holder(person, person.pk, person.email, tuple(sorted(names, key=len, reverse=True)))


def looks_personal(field: Any) -> bool:
    """Does this column look as if it named somebody? A key to a person, an e-mail column, or a text whose name says so."""
    if field.is_relation:
        return field.related_model is Person
    if isinstance(field, models.EmailField):
        return True
    return isinstance(field, models.CharField | models.TextField | models.JSONField | models.GenericIPAddressField) and bool(
        _LOOKS_PERSONAL.search(field.name)
    )


def undeclared() -> Iterator[str]:
    """« app.Model.column » for each column that looks personal and that no app declares, one way or the other."""
    known: set[tuple[str, str]] = set()
    for declaration in _declarations():
        known |= {(declaration.model.lower(), column) for column in declaration.columns}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            concrete = getattr(field, "concrete", False) and not field.auto_created
            if concrete and looks_personal(field) and (model._meta.label_lower, field.name) not in known:
                yield f"{model._meta.label}.{field.name}"


def unknown() -> Iterator[str]:
    """« app.Model.column » for each declared column that no model has, « app.Model » when it is the model: a declaration that has aged."""
    for declaration in _declarations():
        try:
            model = apps.get_model(declaration.model)
        except LookupError:
            yield declaration.model
            continue
        names = {field.name for field in model._meta.get_fields()}
        yield from (f"{declaration.model}.{column}" for column in declaration.columns if column not in names)
