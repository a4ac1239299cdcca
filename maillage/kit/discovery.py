"""What apps declare for others to find, in a module of an agreed name, without anybody importing upwards."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TypeVar

from django.apps import apps

Declared = TypeVar("Declared")


def declared(module: str, name: str, kind: type[Declared]) -> list[Declared]:
    """The values of the tuple `name` in the module `module` of each of our apps, in the order of the apps.

    An app without this module declares nothing. Raises TypeError when a value is not a `kind`.
    """
    found: list[Declared] = []
    for config in apps.get_app_configs():
        if not config.name.startswith("maillage.") or find_spec(f"{config.name}.{module}") is None:
            continue
        values = getattr(import_module(f"{config.name}.{module}"), name)
        for value in values:
            if not isinstance(value, kind):
                raise TypeError(f"{config.name}.{module}.{name} holds a {type(value).__name__}, not a {kind.__name__}")
            found.append(value)
    return found
