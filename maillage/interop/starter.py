"""The starter catalogue of the regions: one TOML file per organisation, with the sources of each fact.

Sheets come published and never verified: they show « à confirmer par la structure » until somebody of the structure does it.
A sheet that left the files is marked as withdrawn. What a person edited here is never overwritten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from maillage.interop import values
from maillage.interop.cleaning import Key, Record, clean
from maillage.interop.formats import OFFERS, RELAYS, STRUCTURES, Field, Format
from maillage.interop.problems import Problem, Wrong
from maillage.interop.upsert import Outcome, batches, withdraw_missing, write
from maillage.kit.regions import region_folders
from maillage.vocabulary.words import VocabularyError, read_toml

#: The source code of the starter catalogue.
SOURCE = "depart"
#: The sections of a file, and the word that `supports` uses for each.
SECTIONS: tuple[tuple[str, str, Format], ...] = (
    ("structure", "structure", STRUCTURES),
    ("relays", "relay", RELAYS),
    ("offers", "offer", OFFERS),
)
_SOURCE_KEYS = ("url", "read_on", "licence", "supports")


def _sources(raw: Any, warnings: values.Warnings) -> list[dict[str, Any]]:
    """The pages that were read for a sheet: [{url, read_on, licence, supports}]."""
    found = []
    for item in raw:
        if not isinstance(item, dict) or not item.get("url") or not item.get("read_on"):
            raise Wrong("une source a une adresse (url) et le jour où elle a été lue (read_on).", item)
        read: dict[str, Any] = {
            "url": values.url(item["url"], warnings),
            "read_on": values.day(item["read_on"], warnings).isoformat(),
        }
        if item.get("licence"):
            read["licence"] = values.text(120)(item["licence"], warnings)
        if item.get("supports"):
            read["supports"] = list(item["supports"])
        found.append(read)
    return found


_EXTRA = (Field("notes", values.text(5_000, lines=True)), Field("sources", _sources, empty=[]))


@dataclass(slots=True)
class Starter:
    """What the files hold: clean records by section, and what is wrong with the files."""

    records: dict[str, list[Record]] = field(default_factory=lambda: {name: [] for name, _, _ in SECTIONS})
    refusals: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    files: int = 0


@dataclass(slots=True)
class Loaded:
    """What a load did, by section, and what it refused."""

    outcomes: dict[str, Outcome]
    withdrawn: int
    refusals: list[Problem]
    warnings: list[Problem]


def region_names() -> list[str]:
    """The folders of regions that this installation has."""
    return sorted(folder.name for folder in region_folders())


def catalogue_files(regions: frozenset[str] = frozenset()) -> Iterator[Path]:
    """The catalogue files of the named regions' folders (all by default), in order."""
    for folder in region_folders():
        if not regions or folder.name in regions:
            yield from sorted((folder / "catalogue").glob("*.toml"))


def read_starter(regions: frozenset[str] = frozenset()) -> Starter:
    """Read and clean every catalogue file; defects are listed, not raised."""
    starter = Starter()
    seen: dict[tuple[str, Key], str] = {}
    for path in catalogue_files(regions):
        starter.files += 1
        label = f"{path.parent.parent.name}/catalogue/{path.name}"
        try:
            content = read_toml(path)
        except VocabularyError as error:
            starter.refusals.append(Problem(label, 0, "", "", str(error)))
            continue
        _read_file(content, label, starter, seen)
    return starter


def _read_file(content: Mapping[str, Any], label: str, starter: Starter, seen: dict[tuple[str, Key], str]) -> None:
    def refuse(reason: str, entry: str = "", field_name: str = "") -> None:
        starter.refusals.append(Problem(label, 0, field_name, "", reason, entry))

    known = {name for name, _, _ in SECTIONS} | {"sources"}
    for name in content:
        if name not in known:
            refuse(f"la section « {name} » n’existe pas (sections : {', '.join(sorted(known))}).")
    structure = content.get("structure")
    if not isinstance(structure, dict) or not isinstance(structure.get("id"), str):
        refuse("il faut une section [structure] avec un « id ».")
        return
    sources = content.get("sources", [])
    if not isinstance(sources, list) or any(not isinstance(source, dict) for source in sources):
        refuse("les sources s’écrivent [[sources]].")
        return
    entries = _entries(content, structure, refuse)
    targets = {f"{word}:{entry['id']}" if word != "structure" else word for _, word, _, entry in entries}
    for source in sources:
        for key in source:
            if key not in _SOURCE_KEYS:
                refuse(f"une source n’a pas de clé « {key} ».", field_name="sources")
        for supported in source.get("supports", ()):
            if supported.rpartition(".")[0] not in targets:
                refuse(f"une source dit appuyer « {supported} », qui n’est pas dans ce fichier.", field_name="sources")
    for section, word, form, entry in entries:
        _read_entry(section, word, form, entry, sources, label, starter, seen)


def _entries(content: Mapping[str, Any], structure: dict[str, Any], refuse: Any) -> list[tuple[str, str, Format, dict[str, Any]]]:
    found: list[tuple[str, str, Format, dict[str, Any]]] = []
    for section, word, form in SECTIONS:
        some = [structure] if section == "structure" else content.get(section, [])
        for entry in some if isinstance(some, list) else [some]:
            if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
                refuse(f"chaque entrée de « {section} » a un « id ».")
                continue
            host = {} if section == "structure" else {"structure_id": structure["id"]}
            found.append((section, word, form, {**entry, **host, "source": SOURCE}))
    return found


def _read_entry(
    section: str, word: str, form: Format, entry: dict[str, Any], sources: list[dict[str, Any]],
    label: str, starter: Starter, seen: dict[tuple[str, Key], str],
) -> None:  # fmt: skip
    prefix = f"{word}." if word == "structure" else f"{word}:{entry['id']}."
    own = []
    for source in sources:
        supported = [name.removeprefix(prefix) for name in source.get("supports", ()) if name.startswith(prefix)]
        if supported or not source.get("supports"):
            own.append({**source, "supports": supported})
    days = [source["read_on"] for source in own if type(source.get("read_on")) is date]
    whole = {"updated": max(days, default=None), "source_url": own[0].get("url") if own else None, **entry, "sources": own}
    cleaned = clean(whole, form, file=label, extra=_EXTRA)
    starter.refusals.extend(cleaned.refusals)
    # in our own files an unknown field is a defect: the fact it carries would be lost
    starter.warnings.extend(cleaned.warnings)
    if not own:
        starter.refusals.append(Problem(label, 0, "sources", "", "aucune source n’appuie cette fiche.", entry["id"]))
        return
    if cleaned.record is None:
        return
    identity = (word, cleaned.record.key)
    if identity in seen:
        starter.refusals.append(Problem(label, 0, "id", entry["id"], f"cet identifiant est déjà pris dans {seen[identity]}."))
        return
    seen[identity] = label
    starter.records[section].append(cleaned.record)


def load_starter(regions: frozenset[str] = frozenset()) -> Loaded:
    """Load the starter catalogue: idempotent, batch by batch. Without `regions`, what left the files is marked as withdrawn."""
    starter = read_starter(regions)
    outcomes: dict[str, Outcome] = {}
    withdrawn = 0
    for section, _, form in SECTIONS:
        total = outcomes[section] = Outcome()
        for batch in batches(starter.records[section]):
            done = write(form.model, batch, origin="catalogue de départ")
            total.created += done.created
            total.changed += done.changed
            total.unchanged += done.unchanged
            total.restored += done.restored
            total.orphans += done.orphans
        starter.refusals.extend(
            Problem(
                record.file, 0, "structure", record.structure[1] if record.structure else "", "structure refusée.", record.key[1]
            )
            for record in total.orphans
        )
    if not regions and not starter.refusals:
        for section, _, form in SECTIONS:
            present = {record.key for record in starter.records[section]}
            withdrawn += withdraw_missing(form.model, {SOURCE}, present, today=date.today(), origin="catalogue de départ")
    return Loaded(outcomes, withdrawn, starter.refusals, starter.warnings)
