"""A programme → one offer, and a structure for each operator. The first operator in charge hosts the offer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from maillage.interop.sources import aids, contacts, coverage, figures, files
from maillage.interop.sources.aides_entreprises_mte.parts import Parts, parts
from maillage.interop.sources.contract import Mapped, Raw, Unknown
from maillage.interop.sources.funders import structure
from maillage.interop.sources.maps import MISSING, Findings, labels
from maillage.territories import queries
from maillage.territories.queries import Territory
from maillage.territories.values import FRANCE

_FOLDER = Path(__file__).parent
_PLACE = re.compile(r"(PAYS|REG|DEP|EPCI|COM)-(\w+)")
_LEVELS = {"REG": "region", "DEP": "departement", "EPCI": "epci", "COM": "commune"}
#: With this many of the 21 NAF sections, an aid is for everybody: a list of nearly all our sectors would say nothing.
_NEARLY_ALL = 17
_YEARS = re.compile(r"au moins (\d+|un|deux|trois) ans?\b", re.IGNORECASE)
_WORDS = {"un": 1, "deux": 2, "trois": 3}


def clean(raw: Raw) -> Raw:
    """Texts tidied, operators read. Raises ValueError for a broken record, or one without title or operator."""
    files.refuse_broken(raw.payload)
    payload = dict(raw.payload)
    payload["titre"] = aids.line(payload.get("titre"))
    if not payload["titre"]:
        raise ValueError("ce dispositif n’a pas de titre.")
    try:
        operators = json.loads(str(payload.get("porteurs") or "[]"))
    except ValueError as error:
        raise ValueError("la liste des porteurs de ce dispositif est illisible.") from error
    operators = (
        [one for one in operators if isinstance(one, Mapping) and aids.line(one.get("nom"))]
        if isinstance(operators, list)
        else []
    )
    if not operators:
        raise ValueError("ce dispositif n’a pas de porteur : personne à appeler.")
    return Raw(raw.ref, {**payload, "porteurs": operators}, raw.revision)


def map(raw: Raw) -> Mapped:
    """One offer and its operators."""
    record, findings = raw.payload, Findings()
    findings.several(labels(_FOLDER, "cibles"), str(record["cibles"]).split("|"))
    where, elsewhere = _coverage(str(record["eligibilite_geographique"]), findings)
    if not where and not findings.unknown:
        return aids.left_out("Le dispositif ne concerne que des collectivités d’outre-mer hors de notre référentiel.")
    opens = _day(findings, str(record["date_ouverture"]), "d’ouverture")
    closes = _day(findings, str(record["date_cloture"]), "de clôture")
    if reason := aids.closed_for_long(closes):
        return aids.left_out(reason)
    operators = [structure(str(one["nom"]), str(one.get("siren") or "")) for one in record["porteurs"]]
    in_charge = next(
        (one for one, said in zip(operators, record["porteurs"], strict=True) if "instructeur" in (said.get("roles") or ())),
        operators[0],
    )
    said = parts(str(record["description"]), str(record["eligibilite"]))
    offer = _offer(raw, said, findings)
    offer["structure_id"] = in_charge["id"]
    offer["coverage"] = coverage.written(where)
    excluded, _ = _coverage(str(record["eligibilite_geographique_exclusions"]), findings)
    offer["excluded"] = coverage.written(excluded)
    offer["opens"], offer["closes"] = opens, closes
    others = [str(one["name"]) for one in operators if one["id"] != in_charge["id"]]
    offer["description"] = aids.sections(
        ("", aids.text(said.intro)),
        ("Pour quels projets", ", ".join(said.projects)),
        ("Montant de l’aide ou coût", aids.text(said.amount)),
        ("Durée", aids.text(said.duration)),
        ("Conditions", aids.text(said.eligibility)),
        ("Avec", ", ".join(others)),
        ("Aussi ouvert hors de notre référentiel", ", ".join(elsewhere)),
    )
    return findings.mapped(structures=list({one["id"]: one for one in operators}.values()), offers=[offer])


def _offer(raw: Raw, said: Parts, findings: Findings) -> dict[str, Any]:
    record, entry = raw.payload, f"offer:{raw.ref}"
    kinds = findings.several(labels(_FOLDER, "types_aides"), str(record["types_aides"]).split("|"))
    instruments = findings.several(labels(_FOLDER, "instruments"), str(record["types_aides"]).split("|"))
    source_url = aids.http(str(record["url_source"]).partition("?utm_")[0])
    offer: dict[str, Any] = {
        "id": raw.ref,
        "name": record["titre"],
        "summary": aids.summary(aids.text(record["promesse"]), aids.text(said.intro)),
        "kind": aids.first_kind(kinds),
        "needs": findings.several(labels(_FOLDER, "projets"), said.projects),
        "how_to_apply": aids.text(said.steps),
        "url": aids.http(said.link) or source_url,
        "source_url": source_url,
        "updated": findings.kept(figures.day, str(record["date_mise_a_jour"])),
        "cost_detail": said.amount[:500],
    }
    if offer["kind"] == "financement":
        amount = figures.amount(said.amount)
        offer |= {"amount_min": amount.least, "amount_max": amount.most, "rate_max": amount.rate, "cost_detail": ""}
        if instruments:
            offer["instrument"] = instruments[0]
            findings.infer(entry, "instrument", "d’après le type d’aide annoncé")
    elif figures.is_free(said.amount):
        offer["cost"] = "gratuit"
    _add_sectors(offer, said, findings)
    months = _months(said.age)
    if months:
        offer["conditions"] = [{"field": "mois-creation", "operator": ">=", "value": months, "label": said.age[:300]}]
    offer["phone"], offer["email"] = contacts.in_text(said.contact)
    aids.add_stages(findings, offer, record["titre"], str(record["promesse"]), months_at_least=months)
    return offer


def _add_sectors(offer: dict[str, Any], said: Parts, findings: Findings) -> None:
    """Sections of the NAF → our sectors: a coarse reading, marked as deduced."""
    sections = [one for one in said.sections.split("|") if one.strip()]
    if 0 < len(sections) < _NEARLY_ALL:
        offer["sectors"] = findings.several(labels(_FOLDER, "secteurs"), sections)
        findings.infer(f"offer:{offer['id']}", "sectors", "d’après les sections de la nomenclature d’activités")
    elif sections:
        findings.several(labels(_FOLDER, "secteurs"), sections)


def _months(age: str) -> int | None:
    found = _YEARS.search(age)
    return 12 * (_WORDS.get(found[1].lower()) or int(found[1])) if found else None


def _coverage(written: str, findings: Findings) -> tuple[list[Territory], list[str]]:
    """« REG-93|COM-987 » → territories of ours, and the names of overseas collectivities, which are not in our reference."""
    here: list[Territory] = []
    elsewhere: list[str] = []
    names = labels(_FOLDER, "collectivites")
    for code in (one.strip() for one in written.split("|") if one.strip()):
        found = _PLACE.fullmatch(code)
        known = names.get(code)
        if code == "PAYS-99100":
            here.append(FRANCE)
        elif known is not MISSING:
            elsewhere.append(str(known))
        elif found and found[1] in _LEVELS and (place := queries.place(_LEVELS[found[1]], found[2])):
            here.append(Territory(place.level, place.code))
        else:
            findings.unknown.append(Unknown("eligibilite_geographique", code))
    return coverage.gathered(here), elsewhere


def _day(findings: Findings, written: str, which: str) -> str:
    """A date of the export, unless its day and month may be the other way round.

    In the export of October 2025 none of the 28 different dates has a day above 12, which chance does not do: day and month
    were swapped on the way, and dates that could not be were lost. A date is taken only when both readings are the same day.
    """
    found = findings.kept(figures.day, written)
    if not found:
        return ""
    read = date.fromisoformat(found)
    if read.day > 12 or read.day == read.month:
        return found
    swapped = read.replace(month=read.day, day=read.month)
    findings.review.append(
        f"La date {which} est écrite {read:%d/%m/%Y}, mais l’export semble inverser jour et mois : ce serait le {swapped:%d/%m/%Y}. "
        "Choisissez d’après la page du dispositif."
    )
    return ""
