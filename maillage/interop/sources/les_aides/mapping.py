"""An aid of les-aides.fr → one structure (who manages it) and one offer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from maillage.interop.sources import aids, contacts, coverage, figures, files, funders
from maillage.interop.sources.contract import Mapped, Raw, Unknown
from maillage.interop.sources.les_aides import criteria
from maillage.interop.sources.maps import Findings, labels
from maillage.territories import queries
from maillage.territories.values import FRANCE, Territory
from maillage.vocabulary.words import vocabulary

_FOLDER = Path(__file__).parent
#: Texts of the sheet and their headings, in the order in which they are read.
_TEXTS = (
    ("objet", "Objet"),
    ("conditions", "Conditions d’attribution"),
    ("montants", "Montant de l’aide"),
    ("conseils", "Informations pratiques"),
    ("conseil", "Conseils"),
    ("references", "Sources et références légales"),
)
_LISTS = (
    ("pour", "Critères"),
    ("contre", "Ce qui exclut"),
    ("restrictions", "Restrictions"),
    ("particularites", "Particularités"),
)


def clean(raw: Raw) -> Raw:
    """One level, texts tidied, persons out: names of contacts are never read. Raises ValueError without a number or a name."""
    files.refuse_broken(raw.payload)
    summary = _object(raw.payload.get("dispositif")) or raw.payload
    sheet = {**summary, **{key: value for key, value in _object(raw.payload.get("fiche")).items() if value not in (None, "", [])}}
    name = aids.line(sheet.get("nom"))
    if not str(sheet.get("numero") or "").isdecimal():
        raise ValueError("cet enregistrement n’a pas de numéro de dispositif.")
    if not name:
        raise ValueError("ce dispositif n’a pas de nom.")
    said = _object(sheet.get("criteres"))
    lists = {
        "pour": said.get("pour"),
        "contre": said.get("contre"),
        **{key: sheet.get(key) for key in ("restrictions", "particularites")},
    }
    payload = {
        "numero": str(sheet["numero"]),
        "nom": name,
        "resume": aids.text(sheet.get("resume")),
        "textes": {key: aids.text(sheet.get(key)) for key, _ in _TEXTS},
        "listes": {key: _items(value) for key, value in lists.items()},
        "responsabilites": aids.text(sheet.get("responsabilites")),
        "domaines": _labelled(sheet.get("domaines") if not summary.get("domaines") else summary["domaines"]),
        "moyens": _labelled(sheet.get("moyens") if not summary.get("moyens") else summary["moyens"]),
        "implantation": aids.line(sheet.get("implantation")).upper(),
        "departements": [str(code) for code in raw.payload.get("departements") or [] if isinstance(code, str | int)],
        "organisme": _body(_object(sheet.get("organisme")), aids.line(sheet.get("sigle")), aids.line(sheet.get("auteur"))),
        "page": aids.http(sheet.get("uri")),
        "validation": str(sheet.get("validation") or "")[:10],
        "complete": bool(raw.payload.get("fiche")) or "objet" in raw.payload,
    }
    return Raw(raw.ref, payload, raw.revision)


def map(raw: Raw) -> Mapped:
    """The structure and the offer. What the texts say is kept as text; a criterion becomes a condition when it is one."""
    aid, found = raw.payload, Findings()
    offer: dict[str, Any] = {"id": aid["numero"], "name": aid["nom"][:300], "url": aid["page"], "source_url": aid["page"]}
    body = aid["organisme"]
    if not body["name"]:
        found.review.append("La fiche ne dit pas quel organisme gère l’aide : choisissez la structure.")
        body = {**body, "id": "organisme-inconnu", "name": "Organisme à préciser"}
    offer["structure_id"] = body["id"]
    structure = {**body, "phone": found.kept(contacts.phone, body["phone"]), "email": found.kept(contacts.email, body["email"])}
    structure["nonprofit"] = funders.nature(structure["name"])
    hints = _kind(aid, offer, found)
    _where(aid, offer, found)
    required = [criteria.condition(one) for one in aid["listes"]["pour"]]
    offer["conditions"] = [one for one in required if one]
    lists = dict(aid["listes"], pour=[one for one, said in zip(aid["listes"]["pour"], required, strict=True) if not said])
    offer["summary"] = aids.summary(aid["resume"], aid["textes"]["objet"])
    offer["description"] = _description(aid, lists)
    amount = figures.amount(aid["textes"]["montants"])
    offer |= {"amount_min": amount.least, "amount_max": amount.most, "rate_max": amount.rate}
    offer["how_to_apply"] = aid["textes"]["conseils"]
    if aid["validation"]:
        offer["updated"] = found.kept(figures.day, aid["validation"])
    if not aid["complete"]:
        found.review.append("les-aides.fr n’a donné que le résumé de cette aide : complétez la fiche avec sa page.")
    aids.add_stages(
        found, offer, aid["nom"], aid["textes"]["objet"][:600], types=hints,
        months=criteria.oldest(offer["conditions"]), months_at_least=criteria.youngest(offer["conditions"]),
    )  # fmt: skip
    return found.mapped(structures=[structure], offers=[offer])


def _kind(aid: Mapping[str, Any], offer: dict[str, Any], found: Findings) -> list[str]:
    """Kind, instrument and needs, from the lists of the service. Returns the hints on the stage."""
    words = vocabulary()
    means = found.several(labels(_FOLDER, "moyens"), _known(aid["moyens"], "moyens", found))
    kinds = [code for code in means if words.knows("kind", code)]
    offer["kind"] = aids.first_kind(kinds) or "information"
    if not kinds:
        found.review.append("La fiche ne dit pas de quelle nature est l’aide : « information » est mis en attendant.")
    if offer["kind"] == "financement":
        offer["instrument"] = next((code for code in means if words.knows("instrument", code)), "")
    purposes = found.several(labels(_FOLDER, "domaines"), _known(aid["domaines"], "domaines", found))
    offer["needs"] = [code for code in purposes if words.knows("need", code)]
    if offer["kind"] == "financement":
        offer["needs"].append("recherche-financement")
    return [code for code in purposes if not words.knows("need", code)]


def _known(numbered: list[Mapping[str, str]], field: str, found: Findings) -> list[str]:
    """The labels; a number that has left the service's list is reported."""
    for one in numbered:
        if not one["libelle"]:
            found.unknown.append(Unknown(field, one["numero"]))
    return [one["libelle"] for one in numbered if one["libelle"]]


def _where(aid: Mapping[str, Any], offer: dict[str, Any], found: Findings) -> None:
    """N and E: everywhere. T: the départements where the search finds it, which become a région when they make one."""
    where = [Territory("departement", code) for code in aid["departements"] if queries.place("departement", code)]
    if aid["implantation"] in ("N", "E"):
        offer["coverage"] = coverage.written([FRANCE])
    elif aid["implantation"] == "T" and where:
        offer["coverage"] = coverage.written(coverage.gathered(where))
        found.infer(
            f"offer:{offer['id']}", "coverage", "départements où les-aides.fr propose l’aide, parmi ceux qui ont été demandés"
        )
    else:
        if aid["implantation"] not in ("N", "E", "T"):
            found.unknown.append(Unknown("implantation", aid["implantation"] or "(vide)"))
        found.review.append(
            "Le territoire de cette aide n’est pas connu : il a été mis provisoirement, corrigez-le avant de publier."
        )
        offer["coverage"] = coverage.written(coverage.gathered(where) or [FRANCE])
        found.infer(f"offer:{offer['id']}", "coverage", "valeur provisoire")


def _description(aid: Mapping[str, Any], lists: Mapping[str, list[str]]) -> str:
    said = [(heading, aid["textes"][key]) for key, heading in _TEXTS if key != "conseils"]
    said += [(heading, "\n".join(f"- {item}" for item in lists[key])) for key, heading in _LISTS]
    return aids.sections(*said, ("Limites de responsabilité", aid["responsabilites"]))


def _body(body: Mapping[str, Any], acronym: str, author: str) -> dict[str, Any]:
    """Who manages the aid. Of its addresses, the first; its contact's name is not read."""
    addresses = [one for one in body.get("adresses") or [] if isinstance(one, Mapping)]
    first: Mapping[str, Any] = addresses[0] if addresses else {}
    name = aids.line(body.get("raison_sociale")) or aids.line(body.get("sigle")) or author or acronym
    return {
        "id": f"organisme-{body['numero']}" if str(body.get("numero") or "").isdecimal() else funders.slug(name),
        "name": name[:300],
        "address": aids.line(first.get("adresse"))[:300],
        "website": aids.http(first.get("web")),
        "phone": str(first.get("telephone") or ""),
        "email": str(first.get("email") or ""),
    }


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _items(value: Any) -> list[str]:
    """The texts of a list whose items are texts, or objects with a label: the documentation does not say which."""
    found = []
    for item in value if isinstance(value, list) else []:
        if isinstance(item, Mapping):
            item = next((item[key] for key in ("libelle", "nom", "texte", "valeur") if item.get(key)), "")
        if said := aids.line(item):
            found.append(said)
    return found


def _labelled(value: Any) -> list[dict[str, str]]:
    found = []
    for item in value if isinstance(value, list) else []:
        if isinstance(item, Mapping):
            found.append({"numero": str(item.get("numero", "")), "libelle": aids.line(item.get("libelle"))})
        else:
            found.append({"numero": str(item), "libelle": ""})
    return found
