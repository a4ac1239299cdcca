"""An aid of Aides-territoires → its first funder and one offer; aids for public bodies alone are left out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from maillage.interop.sources import aids, contacts, coverage, figures, files, funders
from maillage.interop.sources.contract import Mapped, Raw
from maillage.interop.sources.maps import Findings, labels
from maillage.interop.sources.perimeters import Found, territory
from maillage.territories import queries
from maillage.vocabulary.words import vocabulary

_FOLDER = Path(__file__).parent
_SITE = "https://aides-territoires.beta.gouv.fr"
#: Columns of the extract → fields of the API.
_EXTRACT = {
    "Nom": "name", "Lien": "url", "Descriptif": "description", "Récurrence": "recurrence", "Date Clôture": "submission_deadline",
}  # fmt: skip
_EXTRACT_LISTS = {"Financeurs": "financers", "Bénéficiaire": "targeted_audiences", "Types d'aides": "aid_types"}
_TEXTS = ("description", "eligibility", "subvention_comment", "project_examples")
_LISTS = (
    "financers", "instructors", "programs", "targeted_audiences", "aid_types", "mobilization_steps", "destinations",
)  # fmt: skip


def clean(raw: Raw) -> Raw:
    """The fields of today's API, whatever the generation it came from; texts tidied. Raises ValueError without a name.

    Of the contact, which most often names a person, only a generic address and a switchboard are read.
    """
    files.refuse_broken(raw.payload)
    given = dict(raw.payload)
    if "Nom" in given:  # the extract
        for column, field in _EXTRACT.items():
            given[field] = given.get(column)
        for column, field in _EXTRACT_LISTS.items():
            given[field] = [part.strip() for part in str(given.get(column) or "").split(";") if part.strip()]
        given["is_call_for_project"] = str(given.get("AAP/AMI") or "").strip().lower() == "oui"
    name = aids.line(given.get("name"))
    if not name:
        raise ValueError("cette aide n’a pas de nom.")
    payload: dict[str, Any] = {key: value for key, value in given.items() if not isinstance(value, str | list | dict)}
    payload |= {
        key: aids.line(value) for key, value in given.items() if isinstance(value, str) and key not in (*_TEXTS, "contact")
    }
    payload |= {key: aids.text(given.get(key)) for key in _TEXTS}
    payload |= {key: [aids.line(one) for one in aids.listed(given.get(key))] for key in _LISTS}
    for key in ("financers", "instructors"):
        payload[key] = payload[key] or aids.named(given.get(f"{key}_full"), "name")
    payload["aid_types"] = payload["aid_types"] or aids.named(given.get("aid_types_full"), "name")
    payload["categories"] = _categories(given.get("categories"))
    contact = given.get("contact")
    payload["phone"], payload["email"] = contacts.in_html(contact) if isinstance(contact, str) else ("", "")
    payload["name"] = name
    payload["page"] = urljoin(_SITE, str(given.get("url") or f"/aides/{given.get('slug') or ''}/"))
    return Raw(raw.ref, payload, raw.revision)


def _categories(value: Any) -> list[str]:
    """A list today; in the first API, one text with « | » between the labels."""
    return [part.strip() for one in aids.listed(value) for part in one.split("|") if part.strip()]


def map(raw: Raw) -> Mapped:
    """The funder and the offer."""
    aid, found = raw.payload, Findings()
    forms = found.several(labels(_FOLDER, "audiences"), aid["targeted_audiences"])
    if aid.get("is_live") is False:
        return aids.left_out("L’aide n’est plus en ligne sur Aides-territoires.")
    if not found.unknown and (aids.for_public_bodies_only(forms) or (aid["targeted_audiences"] and not forms)):
        return aids.left_out("L’aide n’est ni pour les associations ni pour les entreprises.")
    closes = found.kept(figures.day, str(aid.get("submission_deadline") or ""))
    if reason := aids.closed_for_long(closes):
        return aids.left_out(reason)
    offer: dict[str, Any] = {
        "id": raw.ref,
        "name": aid["name"][:300],
        "summary": aids.summary(aid["description"]),
        "legal_forms": forms,
        "opens": found.kept(figures.day, str(aid.get("start_date") or "")),
        "closes": closes,
        "recurrence": found.one(labels(_FOLDER, "recurrences"), str(aid.get("recurrence") or "")),
        "rate_max": _number(aid.get("subvention_rate_upper_bound"), 100),
        "url": aids.http(aid.get("origin_url")) or aids.http(aid["page"]),
        "source_url": aids.http(aid["page"]),
        "licence": found.one(labels(_FOLDER, "licences"), str(aid.get("import_share_licence") or "")),
        "updated": found.kept(figures.day, str(aid.get("date_updated") or "")),
    }
    if not aid["targeted_audiences"]:
        found.review.append(
            "La fiche ne dit pas à qui l’aide s’adresse : vérifiez qu’elle est ouverte aux associations ou entreprises."
        )
    if offer["opens"] and closes and closes < offer["opens"]:
        found.review.append(f"L’aide fermerait ({closes}) avant d’ouvrir ({offer['opens']}) : ses dates n’ont pas été reprises.")
        offer["opens"] = offer["closes"] = ""
    structure = _funder(aid, found)
    offer["structure_id"] = structure["id"]
    _kind(aid, offer, found)
    _themes(aid, offer, found)
    _where(aid, offer, found)
    _texts(aid, offer)
    hints = found.several(labels(_FOLDER, "etapes"), aid["mobilization_steps"])
    aids.add_stages(found, offer, aid["name"], aid["description"][:600], types=hints)
    return found.mapped(structures=[structure], offers=[offer])


def _funder(aid: Mapping[str, Any], found: Findings) -> Mapping[str, Any]:
    """The first funder, else who handles the requests. The others are told in the description."""
    names = aid["financers"] or aid["instructors"]
    if not names:
        found.review.append("La fiche ne dit pas qui porte l’aide : choisissez la structure.")
    return funders.structure(names[0] if names else "Porteur à préciser")


def _kind(aid: Mapping[str, Any], offer: dict[str, Any], found: Findings) -> None:
    words = vocabulary()
    codes = found.several(labels(_FOLDER, "types"), aid["aid_types"])
    offer["kind"] = aids.first_kind(code for code in codes if words.knows("kind", code)) or "information"
    if not codes:
        found.review.append("La fiche ne dit pas de quelle nature est l’aide : « information » est mis en attendant.")
    offer["needs"] = [code for code in codes if words.knows("need", code)]
    if offer["kind"] == "financement":
        instruments = [code for code in codes if words.knows("instrument", code)]
        offer["instrument"] = instruments[0] if instruments else ""
        offer["needs"] = ["recherche-financement", *(code for code in offer["needs"] if code != "recherche-financement")]
        amounts = [_number(aid.get(key), 999_999_999_999) for key in ("loan_amount", "recoverable_advance_amount")]
        offer["amount_max"] = max((amount for amount in amounts if amount), default=None)
    elif isinstance(aid.get("is_charged"), bool):
        offer["cost"] = "payant" if aid["is_charged"] else "gratuit"


def _themes(aid: Mapping[str, Any], offer: dict[str, Any], found: Findings) -> None:
    """Sectors and needs of the themes. An aid for nearly every sector is an aid for all: none is told."""
    codes = [code.partition(":") for code in found.several(labels(_FOLDER, "categories"), aid["categories"])]
    sectors = [code for kind, _, code in codes if kind == "sector"]
    offer["sectors"] = sectors if len(sectors) <= 6 else []
    offer["needs"] += [code for kind, _, code in codes if kind == "need" and code not in offer["needs"]]


def _where(aid: Mapping[str, Any], offer: dict[str, Any], found: Findings) -> None:
    """By name and scale: the API gives no code. A perimeter that is not one territory waits for a person, with what it may be."""
    name, scale = str(aid.get("perimeter") or ""), str(aid.get("perimeter_scale") or "")
    place = territory(name, scale)
    if not place.coverage:
        at = f" ({scale})" if scale else ""
        said = f"Le périmètre « {name} »{at} n’est pas un territoire connu" if name else "L’aide ne dit pas son périmètre"
        known = [one.name for one in (queries.place(*queries.parse_key(key)) for key in place.candidates) if one]
        perhaps = f" ; peut-être : {', '.join(known)}" if known else ""
        found.review.append(f"{said}{perhaps}. Un territoire a été mis provisoirement : corrigez-le avant de publier.")
        funder = next(
            (one for one in (territory(name) for name in aid["financers"] if _is_authority(name)) if one.coverage), None
        )
        found.infer(
            f"offer:{offer['id']}", "coverage", "territoire du financeur" if funder else "valeur provisoire : toute la France"
        )
        place = funder or Found("france", coverage=("france",))
    offer["coverage"] = coverage.keys(place.coverage)
    offer["excluded"] = coverage.keys(place.excluded)


def _is_authority(name: str) -> bool:
    """A collectivité funds its own territory; the territory of another funder is not in its name."""
    return name.lower().startswith(
        ("conseil départemental", "conseil régional", "département d", "région ", "communauté d", "cc ", "ca ", "cu ")
    )


def _texts(aid: Mapping[str, Any], offer: dict[str, Any]) -> None:
    others = [name for name in (*aid["financers"][1:], *aid["instructors"]) if name not in aid["financers"][:1]]
    offer["description"] = aids.sections(
        ("", aid["description"]),
        ("Conditions d’éligibilité", aid["eligibility"]),
        ("Dépenses prises en compte", ", ".join(aid["destinations"])),
        ("Précisions sur le montant", aid["subvention_comment"]),
        ("Autres financeurs et instructeurs", ", ".join(dict.fromkeys(others))),
        ("Programmes", ", ".join(aid["programs"])),
        ("Exemples de projets", aid["project_examples"]),
        ("", str(aid.get("import_data_mention") or "")),
    )
    offer["phone"], offer["email"] = aid["phone"], aid["email"]
    application = aids.http(aid.get("application_url"))
    predeposit = str(aid.get("predeposit_date") or "")
    offer["how_to_apply"] = aids.sections(
        ("", f"Demande en ligne : {application}" if application else ""),
        ("", f"Pré-dépôt avant le {predeposit}." if predeposit else ""),
    )


def _number(value: Any, most: int) -> int | float | None:
    """A number above zero and at most `most`; the API gives whole numbers, texts, or nothing."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if not 0 < number <= most:
        return None
    return int(number) if number == int(number) else number
