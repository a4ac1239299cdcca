"""The sources of this installation: the folders shipped in `maillage/interop/sources/`, then those of MAILLAGE_SOURCES.

A folder is a source when it holds `source.toml`. Its `reader.py` gives `read`, its `mapping.py` gives `clean` and `map`
(docs/algorithms/sources.md). A broken folder does not take the others down: it is told by `maillage sources`.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import re
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from maillage.interop.sources.contract import Source
from maillage.vocabulary.portals import portals
from maillage.vocabulary.words import VocabularyError, read_toml

SHIPPED = Path(__file__).resolve().parent
#: The package under which the modules of MAILLAGE_SOURCES are imported.
_EXTRA_PACKAGE = "maillage_sources"

_TEXTS = ("name", "producer", "homepage", "licence", "attribution")
_REQUIRED: Mapping[str, type] = {**dict.fromkeys(_TEXTS, str), "relicensable": bool, "every_days": int}
_OPTIONAL: Mapping[str, type] = {"code": str, "needs": list, "publishes": str}
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
PUBLISHES = ("at-once", "review")
#: Codes that name other origins of sheets.
_TAKEN = ("depart", "gestion")


class SourceError(ValueError):
    """A source's folder is wrong, or no source has that code. The message is a French sentence that names the file."""


@dataclass(frozen=True, slots=True)
class Registry:
    """The sources by code, and what is wrong with the folders that are not among them."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def registry() -> Registry:
    """The sources of this installation, read once per process."""
    return _read(os.environ.get("MAILLAGE_SOURCES", "").strip())


#: Gives sources that are not folders (files whose columns a person matched on a screen…); filled when apps start.
PROVIDERS: list[Callable[[], Iterable[Source]]] = []


def sources() -> Mapping[str, Source]:
    """The sources that can be used, by code, in order of code: folders, then those of `PROVIDERS`."""
    given = {one.code: one for provider in PROVIDERS for one in provider()}
    return dict(sorted({**given, **registry().sources}.items())) if given else registry().sources


def source(code: str) -> Source:
    """One source. Raises SourceError, with the codes that exist."""
    if code in registry().sources:  # nearly always: nothing to ask of the providers
        return registry().sources[code]
    every = sources()
    found = every.get(code)
    if found is None:
        known = ", ".join(every) or "aucune"
        raise SourceError(f"Aucune source n’a le code « {code} ». Sources connues : {known}.")
    return found


@cache
def _read(extra: str) -> Registry:
    found: dict[str, Source] = {}
    problems: list[str] = []
    for package, folder in _folders(extra):
        try:
            one = load(folder, package)
            if one.code in found:
                raise SourceError(f"{folder.name} : le code « {one.code} » est déjà celui d’une autre source.")
            found[one.code] = one
        except SourceError as error:
            problems.append(str(error))
    for code in sorted({code for portal in portals().values() for code in portal.review_sources}):
        if code in found:
            found[code] = replace(found[code], publishes="review")
        else:
            problems.append(f"portal.toml : « review_sources » nomme « {code} », qui n’est le code d’aucune source.")
    return Registry(dict(sorted(found.items())), tuple(problems))


def _folders(extra: str) -> Iterator[tuple[str, Path]]:
    """(package, folder) of every source."""
    parents = [("maillage.interop.sources", SHIPPED)]
    if extra:
        _forget(_EXTRA_PACKAGE)
        package = types.ModuleType(_EXTRA_PACKAGE)
        package.__path__ = [extra]
        sys.modules[_EXTRA_PACKAGE] = package
        importlib.invalidate_caches()
        parents.append((_EXTRA_PACKAGE, Path(extra)))
    for package_name, parent in parents:
        if parent.is_dir():
            for folder in sorted(parent.iterdir()):
                if (folder / "source.toml").is_file():
                    yield package_name, folder


def _forget(package: str) -> None:
    """Modules of a folder that MAILLAGE_SOURCES no longer names must not answer for those of another."""
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]


def load(folder: Path, package: str) -> Source:
    """The source of one folder, its modules imported under `package`. Raises SourceError."""
    words = _words(folder)
    reader = _module(folder, package, "reader", ("read",))
    mapping = _module(folder, package, "mapping", ("clean", "map"))
    return Source(
        code=words.get("code") or folder.name.replace("_", "-"),
        **{name: words[name] for name in _REQUIRED},
        read=reader.read,
        clean=mapping.clean,
        map=mapping.map,
        needs=tuple(words.get("needs", ())),
        publishes=words.get("publishes", "review"),
        rules=_digest(folder),
    )


def _words(folder: Path) -> dict[str, Any]:
    label = f"{folder.name}/source.toml"
    try:
        words = read_toml(folder / "source.toml")
    except VocabularyError as error:
        raise SourceError(f"{folder.name} : {error}") from error
    for key, kind in {**_REQUIRED, **_OPTIONAL}.items():
        if key not in words:
            if key in _REQUIRED:
                raise SourceError(f"{label} : il manque la clé « {key} ».")
        elif type(words[key]) is not kind:
            said = {str: "un texte", bool: "true ou false", int: "un nombre entier", list: "une liste"}[kind]
            raise SourceError(f"{label} : la clé « {key} » attend {said}.")
    if unknown := words.keys() - _REQUIRED.keys() - _OPTIONAL.keys():
        raise SourceError(f"{label} : la clé « {min(unknown)} » n’est pas connue.")
    if empty := [name for name in _TEXTS if not words[name].strip()]:
        raise SourceError(f"{label} : la clé « {empty[0]} » est vide.")
    code = words.get("code") or folder.name.replace("_", "-")
    if not _CODE.fullmatch(code) or len(code) > 60 or code in _TAKEN:
        raise SourceError(
            f"{label} : le code « {code} » s’écrit en minuscules et traits d’union, et n’est ni « depart » ni « gestion »."
        )
    if words.get("publishes", "review") not in PUBLISHES:
        raise SourceError(f"{label} : « publishes » vaut « at-once » ou « review ».")
    if words["every_days"] < 0:
        raise SourceError(f"{label} : « every_days » est un nombre de jours, 0 pour une source lue à la main.")
    return words


def _module(folder: Path, package: str, name: str, wanted: tuple[str, ...]) -> Any:
    try:
        module = importlib.import_module(f"{package}.{folder.name}.{name}")
    except Exception as error:  # whatever the module does when it is read, the other sources go on
        raise SourceError(f"{folder.name}/{name}.py ne peut pas être lu : {type(error).__name__}, {error}.") from error
    for function in wanted:
        if not callable(getattr(module, function, None)):
            raise SourceError(f"{folder.name}/{name}.py : il manque la fonction « {function} ».")
    return module


def _digest(folder: Path) -> str:
    """What the mapping of a source depends on: its own files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".py", ".toml", ".csv", ".json"}:
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
