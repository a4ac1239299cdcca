"""Every file of the starter catalogue that we ship: readable, complete, and each fact with its source."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from maillage.interop.starter import SECTIONS, catalogue_files, read_starter
from maillage.kit.regions import SHIPPED_REGIONS
from maillage.territories import queries
from maillage.vocabulary.portals import portals

#: Facts that mislead when they are wrong: each must be supported by a source by name.
HARD_FACTS = frozenset({
    "amount_min", "amount_max", "rate_max", "opens", "closes", "phone", "email", "address", "siren", "siret", "rna", "website", "url",
    "opening_hours", "conditions",
})  # fmt: skip
#: Texts that a reader takes for facts: a figure in them is also in a structured field, or a source supports the text by name.
TEXTS = ("summary", "description", "cost_detail")
FIGURE = re.compile(r"(\d[\d \u202f\u00a0.]*(?:,\d+)?)\s*(?:€|euros?\b|%)|\b((?:19|20)\d\d(?:-\d\d-\d\d)?)\b")
#: What a person's name looks like in our texts. Places and prizes that bear a name are not persons.
PERSON = re.compile(r"\b(?:M\.|MM\.|Mme|Mlle|Monsieur|Madame|Dr|Me)\s+[A-ZÉÈÀ]\w+")
FIRST_NAMES = (
    "Alain|Alexandre|Alice|Amélie|André|Anne|Antoine|Aurélie|Benoît|Bernard|Bruno|Camille|Caroline|Catherine|Cécile|"
    "Céline|Charlotte|Christelle|Christian|Christine|Christophe|Claire|Claude|Clément|Corinne|Damien|Daniel|David|"
    "Delphine|Denis|Didier|Dominique|Élise|Élodie|Émilie|Emmanuel|Éric|Estelle|Fabien|Fabrice|Florence|Florian|Franck|"
    "François|Françoise|Frédéric|Gaëlle|Gérard|Gilles|Guillaume|Hélène|Hervé|Isabelle|Jacques|Jean|Jérôme|Joël|Julie|"
    "Julien|Karine|Laetitia|Laurence|Laurent|Léa|Lucie|Ludovic|Marc|Marie|Marine|Marion|Martine|Mathieu|Mathilde|Maxime|"
    "Michel|Mickaël|Monique|Nadia|Nathalie|Nicolas|Olivier|Pascal|Patrice|Patricia|Patrick|Paul|Pauline|Philippe|Pierre|"
    "Quentin|Raphaël|Romain|Sabrina|Samuel|Sandra|Sandrine|Sébastien|Séverine|Sophie|Stéphane|Stéphanie|Sylvain|Sylvie|"
    "Thierry|Thomas|Valérie|Véronique|Vincent|Virginie|Xavier|Yann|Yves"
)
NAMED = re.compile(rf"\b(?:{FIRST_NAMES})[ -](?:[A-ZÉ][a-zéèêëïöç]+|[A-ZÉ]{{2,}})\b")
#: Names that places and institutes bear (a village, a house, the maker of the Familistère).
PLACES = frozenset({"Pierre-Rabhi", "Stéphane-Hessel", "Jean-Baptiste"})
#: Words of a generic mailbox. Anything else before the @ must be the name of the organisation, not of somebody.
MAILBOX = re.compile(
    r"(?:contact|accueil|info|infos|bonjour|secretariat|asso|association|associations|centreressources|ressources)[\w.-]*"
)
#: Sites that were only read at an http:// address: nobody knows whether they answer at https://.
HTTP_ONLY = frozenset({
    "www.centres-sociaux.fr", "www.regiedequartier.org", "www.reseaucocagne.asso.fr", "www.autonomieetsolidarite.fr",
    "www.baiedesomme3vallees.fr", "dk-solidaire.fr", "www.artsenresidence.fr", "www.maam.fr", "www.mdaroubaix.org", "www.rtes.fr",
    "dla-hdf.org", "www.initiative-mayenne.fr", "www.mecene-et-loire.fr", "petr-paysderetz.fr",
})  # fmt: skip


class Sheet(NamedTuple):
    """One sheet as its file writes it: its file, its name in `supports`, its keys, and all the file's sources."""

    file: str
    name: str
    entry: dict[str, Any]
    sources: list[dict[str, Any]]

    @property
    def supported(self) -> set[str]:
        return {fact for source in self.sources for fact in source["supports"]}


def shipped() -> Iterator[Path]:
    yield from (path for path in catalogue_files() if path.is_relative_to(SHIPPED_REGIONS))


@cache
def sheets() -> tuple[Sheet, ...]:
    found = []
    for path in shipped():
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for section, word, _ in SECTIONS:
            some = content.get(section, [])
            for entry in [some] if isinstance(some, dict) else some:
                name = word if word == "structure" else f"{word}:{entry['id']}"
                found.append(Sheet(f"{path.parent.parent.name}/{path.name}", name, entry, content["sources"]))
    return tuple(found)


def offers() -> Iterator[Sheet]:
    yield from (sheet for sheet in sheets() if sheet.name.startswith("offer:"))


def test_the_catalogue_is_as_large_as_the_issue_asked() -> None:
    """120 national offers of 50 organisations; 50 offers and 30 organisations in each of the two regions."""
    for folder, least_organisations, least_offers in (
        ("france", 50, 120),
        ("pays-de-la-loire", 30, 50),
        ("hauts-de-france", 30, 50),
    ):
        here = [sheet for sheet in sheets() if sheet.file.startswith(f"{folder}/")]
        assert sum(sheet.name == "structure" for sheet in here) >= least_organisations, folder
        assert sum(sheet.name.startswith("offer:") for sheet in here) >= least_offers, folder


def test_no_file_has_a_defect() -> None:
    """Codes are known, territories exist, ids are given once, each sheet has a source (the loader's own rules)."""
    assert [str(problem) for problem in read_starter().refusals] == []


def test_no_file_gives_a_warning() -> None:
    """Above all no field that nobody reads: the fact it carries would be lost."""
    assert [str(problem) for problem in read_starter().warnings] == []


def test_the_file_is_named_after_its_organisation() -> None:
    assert [
        sheet.file for sheet in sheets() if sheet.name == "structure" and not sheet.file.endswith(f"/{sheet.entry['id']}.toml")
    ] == []


def test_each_hard_fact_has_a_source_by_name() -> None:
    missing = [
        f"{sheet.file}: {sheet.name}.{key}"
        for sheet in sheets()
        for key in sorted(HARD_FACTS & sheet.entry.keys())
        if sheet.entry[key] not in ([], "") and f"{sheet.name}.{key}" not in sheet.supported
    ]
    assert missing == []


def test_a_source_says_what_it_supports_and_the_fact_is_there() -> None:
    by_file: dict[str, set[str]] = defaultdict(set)
    for sheet in sheets():
        by_file[sheet.file] |= {f"{sheet.name}.{key}" for key in sheet.entry}
    said = {(sheet.file, source["url"], *source.get("supports", ())) for sheet in sheets() for source in sheet.sources}
    assert [file for file, *supports in said if len(supports) < 2] == []
    # `source` of a fact that the sheet no longer holds would be noise; notes may gather several pages
    gone = sorted(f"{file}: {fact}" for file, _, *facts in said for fact in facts if fact not in by_file[file])
    assert gone == []


def test_a_figure_in_a_text_is_a_structured_fact_or_has_a_source() -> None:
    wrong = []
    for sheet in sheets():
        known = {f"{float(sheet.entry[key]):g}" for key in ("amount_min", "amount_max", "rate_max") if key in sheet.entry}
        known |= {str(sheet.entry[key])[:length] for key in ("opens", "closes") if key in sheet.entry for length in (4, 10)}
        for key in TEXTS:
            if f"{sheet.name}.{key}" not in sheet.supported:
                found = {figure(match) for match in FIGURE.finditer(sheet.entry.get(key, ""))}
                wrong += [f"{sheet.file}: {sheet.name}.{key} says {value}" for value in sorted(found - known)]
    assert wrong == []


def figure(match: re.Match[str]) -> str:
    """« 10 000 € » → 10000, « 4,5 % » → 4.5, 2026-12-31 as it is."""
    number, day = match.groups()
    return day or f"{float(re.sub(r'[^0-9,]', '', number).replace(',', '.')):g}"


def test_a_figure_is_seen_however_it_is_written() -> None:
    said = "de 1 500 à 10 000 € (4,5 % au plus), jusqu'au 2026-12-31, depuis 2019, 12 salariés"
    assert [figure(match) for match in FIGURE.finditer(said)] == ["10000", "4.5", "2026-12-31", "2019"]


def test_nobody_is_named() -> None:
    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | dict):
            for item in value.values() if isinstance(value, dict) else value:
                yield from texts(item)

    named = [
        f"{sheet.file}: {sheet.name}.{key}: {match.group()}"
        for sheet in sheets()
        for key, value in sheet.entry.items()
        if key not in {"address", "url", "website"}  # streets and page names bear the names of the dead, of towns, of prizes
        for text in texts(value)
        for match in (*PERSON.finditer(text), *NAMED.finditer(text))
        if match.group() not in PLACES
    ]
    assert named == []


def test_a_mailbox_is_nobodys() -> None:
    owners = {sheet.file: sheet.entry["id"] for sheet in sheets() if sheet.name == "structure"}
    wrong = []
    for sheet in sheets():
        local, _, domain = sheet.entry.get("email", "").partition("@")
        words = set(owners[sheet.file].split("-"))
        of_the_organisation = any(word[:4] in local for word in words if len(word) > 3)
        if local and not MAILBOX.fullmatch(local) and not of_the_organisation:
            wrong.append(f"{sheet.file}: {local}@{domain}")
    assert wrong == []


def test_pages_are_read_in_the_past_and_addresses_are_safe() -> None:
    future = {(sheet.file, source["url"]) for sheet in sheets() for source in sheet.sources if source["read_on"] > date.today()}
    assert future == set()
    plain = {
        (urlsplit(address).hostname, sheet.file)
        for sheet in sheets()
        for key in ("website", "url")
        if (address := sheet.entry.get(key, "")).startswith("http://")
    }
    assert {host for host, _ in plain} == HTTP_ONLY, "an http:// address more, or one less: correct HTTP_ONLY"


def test_a_postcode_is_one_of_its_commune() -> None:
    wrong = []
    for sheet in sheets():
        if "postcode" in sheet.entry and "cedex" not in sheet.entry.get("address", "").lower():
            commune = queries.commune(sheet.entry["commune"])
            assert commune is not None
            if sheet.entry["postcode"] not in commune.postcodes:
                wrong.append(f"{sheet.file}: {sheet.entry['postcode']} is not in {commune.name}")
    assert wrong == []


def test_nothing_is_shipped_as_verified() -> None:
    assert [sheet.name for sheet in sheets() if {"verified_on", "status"} & sheet.entry.keys()] == []


def test_nothing_is_shipped_closed() -> None:
    """On the day when the files were last read."""
    read_on = max(source["read_on"] for sheet in sheets() for source in sheet.sources)
    assert [sheet.name for sheet in offers() if sheet.entry.get("closes", read_on) < read_on] == []


def test_the_organiser_of_each_portal_is_in_the_catalogue() -> None:
    known = {record.key[1] for record in read_starter().records["structure"]}
    assert {portal.organiser for portal in portals().values()} <= known
