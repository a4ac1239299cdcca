"""What a source gives and what it must answer: the words between readers, which know a producer, and the steps, which know none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Raw:
    """One record as its producer gave it. `payload` holds JSON values only, and is kept whole, unknown fields included.

    A record whose `revision` is the one of `since` may come with an empty payload: it is still there, what is kept stays.
    """

    ref: str  # its id at the producer
    payload: Mapping[str, Any]
    revision: str = ""  # the producer's own version or date of change; empty: the steps compare the payloads


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that no mapping of the source knows: it is reported, and the sheet waits for a person."""

    field: str  # field of the producer
    value: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """What one record means here: entries with the keys of Maillage JSONL 1 (`id`, `structure_id`… but no `source`).

    `deduced` says which keys were inferred by a rule, by entry then key: {"offer:42": {"stages": "name of the rule"}}.
    `review` are French sentences: why a person must look before the sheets are published. A record that gives no sheet says
    why in `left_out` (out of scope: aids for public bodies only, closed for years…): nothing is lost silently.
    """

    structures: tuple[Mapping[str, Any], ...] = ()
    relays: tuple[Mapping[str, Any], ...] = ()
    offers: tuple[Mapping[str, Any], ...] = ()
    deduced: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unknown: tuple[Unknown, ...] = ()
    review: tuple[str, ...] = ()
    left_out: str = ""


class Unreadable(Exception):
    """The whole source cannot be read (schema changed, service refused, file broken). The message is a French sentence."""


class Incomplete(Exception):
    """Raised after the last record of a read that stopped before the end (daily quota…). The message is a French sentence.

    What was given counts; what was not given is not missing: it comes with the next read.
    """


class Reader(Protocol):
    """Gives every record that the source holds today. Raises Unreadable, or Incomplete at the end; a broken record is given as it
    is, `clean` refuses it."""

    def __call__(self, origin: Path | None, since: Mapping[str, str]) -> Iterator[Raw]:
        """`origin` is a file or folder given by hand, None for the producer's service. `since`: ref → revision already kept."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """One source, as its folder says: `source.toml` for the words, `reader.py` and `mapping.py` for the rest."""

    code: str  # the `source` of its sheets
    name: str
    producer: str
    homepage: str
    licence: str
    attribution: str  # the sentence its producer wants beside each sheet
    relicensable: bool  # may its sheets be in our dump under Licence Ouverte 2.0?
    every_days: int  # schedule; 0 = by hand only
    read: Reader
    clean: Callable[
        [Raw], Raw
    ]  # texts tidied, HTML sanitised; raises ValueError with a French sentence when nothing can be made of it
    map: Callable[[Raw], Mapped]
    needs: tuple[str, ...] = ()  # environment variables without which the service cannot be asked
    publishes: str = "review"  # "at-once": new complete sheets go live « à confirmer »; "review": a person looks first
    rules: str = ""  # digest of the source's own files: records are mapped again when it moves


def refs(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of mapped entries, in order."""
    return [str(entry["id"]) for entry in entries]
